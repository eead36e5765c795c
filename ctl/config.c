/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <glob.h>
#include <libeconf.h>

#include "ctl/config.h"
#include "util/span.h"

static void econf_donep(econf_file **f)
{
	if (*f)
		econf_freeFile(*f);
}

void ctl_config_done(CtlConfig *c)
{
	free(c->ledger);
	free(c->tally);
	*c = (CtlConfig){ 0 };
}

static int read_error(econf_err e, const char *file, Diag *d)
{
	_cleanup_free_ char *where = NULL;
	uint64_t line = 0;

	if (e == ECONF_NOMEM)
		return -ENOMEM;
	econf_errLocation(&where, &line);
	return diag_set(d, -EBADMSG, "%s:%llu: %s; correct it, or name the ledger with --ledger",
			file, (unsigned long long)line, econf_errString(e));
}

/* libeconf joins lines without a delimiter to the value before them. */
static bool is_absolute_line(const char *s)
{
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p < ' ')
			return false;
	return s[0] == '/';
}

/* An empty value takes back what an earlier file said. */
static int read_path(econf_file *f, const char *file, const char *key, char **path, Diag *d)
{
	_cleanup_free_ char *value = NULL;
	econf_err e;

	e = econf_getStringValue(f, "seccompd", key, &value);
	if (e == ECONF_NOKEY || e == ECONF_NOGROUP)
		return 0;
	if (e != ECONF_SUCCESS && e != ECONF_KEY_HAS_NULL_VALUE)
		return read_error(e, file, d);
	if (value && value[0] != '\0' && !is_absolute_line(value))
		return diag_set(d, -EBADMSG, "%s: %s=%s is not an absolute path", file, key, value);
	free(*path);
	*path = value && value[0] != '\0' ? STEAL(value) : NULL;
	return 0;
}

static int read_file(const char *file, CtlConfig *c, Diag *d)
{
	_cleanup_(econf_donep) econf_file *f = NULL;
	econf_err e;
	int r;

	if (access(file, R_OK) < 0)
		return errno == ENOENT
			       ? 0
			       : diag_set(d, -EBADMSG,
					  "cannot read %s: %m; name the ledger with --ledger",
					  file);
	e = econf_readFile(&f, file, "=", "#;");
	if (e != ECONF_SUCCESS)
		return read_error(e, file, d);
	r = read_path(f, file, "Ledger", &c->ledger, d);
	return r < 0 ? r : read_path(f, file, "Tally", &c->tally, d);
}

/* libeconf merges drop-ins only when it is given a vendor's folder as well; the rule is simple
 * enough to have it here: by name, and the last one that sets a key wins. */
static int read_drop_ins(const char *dir, CtlConfig *c, Diag *d)
{
	_cleanup_(globfree) glob_t found = { 0 };
	_cleanup_free_ char *pattern = NULL;
	int r = 0;

	if (asprintf(&pattern, "%s/seccompd.conf.d/*.conf", dir) < 0) {
		pattern = NULL;
		return -ENOMEM;
	}
	if (glob(pattern, 0, NULL, &found) == GLOB_NOSPACE)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < found.gl_pathc; i++)
		r = read_file(found.gl_pathv[i], c, d);
	return r;
}

int ctl_config_read(const char *dir, CtlConfig *ret, Diag *d)
{
	_cleanup_ctl_config_ CtlConfig c = { 0 };
	_cleanup_free_ char *file = NULL;
	int r;

	if (asprintf(&file, "%s/seccompd.conf", dir) < 0) {
		file = NULL;
		return -ENOMEM;
	}
	r = read_file(file, &c, d);
	if (r == 0)
		r = read_drop_ins(dir, &c, d);
	if (r < 0)
		return r;
	*ret = c;
	c = (CtlConfig){ 0 };
	return 0;
}
