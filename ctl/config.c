/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
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

static int syntax_error(econf_err e, const char *dir, Diag *d)
{
	_cleanup_free_ char *file = NULL;
	uint64_t line = 0;

	econf_errLocation(&file, &line);
	return diag_set(d, -EBADMSG, "%s:%llu: %s; correct it or name the ledger with --ledger",
			file ?: dir, (unsigned long long)line, econf_errString(e));
}

static int read_path(econf_file *f, const char *key, char **ret, Diag *d)
{
	_cleanup_free_ char *value = NULL;
	econf_err e;

	e = econf_getStringValue(f, "seccompd", key, &value);
	if (e == ECONF_NOMEM)
		return -ENOMEM;
	if (e != ECONF_SUCCESS || !value || value[0] == '\0')
		return 0;
	if (value[0] != '/')
		return diag_set(d, -EBADMSG, "seccompd.conf: %s=%s is not an absolute path", key,
				value);
	*ret = STEAL(value);
	return 0;
}

int ctl_config_read(const char *dir, CtlConfig *ret, Diag *d)
{
	_cleanup_(econf_donep) econf_file *f = NULL;
	_cleanup_ctl_config_ CtlConfig c = { 0 };
	econf_err e;
	int r;

	e = econf_readDirs(&f, NULL, dir, "seccompd", ".conf", "=", "#;");
	if (e == ECONF_NOFILE) {
		*ret = (CtlConfig){ 0 };
		return 0;
	}
	if (e == ECONF_NOMEM)
		return -ENOMEM;
	if (e != ECONF_SUCCESS)
		return syntax_error(e, dir, d);
	r = read_path(f, "Ledger", &c.ledger, d);
	if (r == 0)
		r = read_path(f, "Tally", &c.tally, d);
	if (r < 0)
		return r;
	*ret = c;
	c = (CtlConfig){ 0 };
	return 0;
}
