/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/config.h"

static int explain(int r, const char *file, const Diag *inner, Diag *d)
{
	char line[16] = "";

	if (r == -ENOMEM)
		return diag_set(d, r, "out of memory");
	if (inner->line > 0)
		snprintf(line, sizeof(line), ":%u", inner->line);
	return diag_set(d, -EBADMSG, "%s%s: %s; correct it, or read another file with --config",
			file, line, inner->text);
}

int ctl_config_read(const char *path, bool must_exist, Config *ret, Diag *d)
{
	_cleanup_config_ Config c = { 0 };
	_cleanup_free_ char *file = NULL;
	Diag inner = { 0 };
	int r;

	r = config_read(&c, path, must_exist, &inner, &file);
	if (r < 0)
		return explain(r, file ?: path, &inner, d);
	*ret = c;
	c = (Config){ 0 };
	return 0;
}
