/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
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

static int read_path(econf_file *f, const char *file, const char *key, char **path, Diag *d)
{
	_cleanup_free_ char *value = NULL;
	econf_err e;

	e = econf_getStringValue(f, "seccompd", key, &value);
	if (e == ECONF_NOKEY || e == ECONF_NOGROUP)
		return 0;
	if (e != ECONF_SUCCESS && e != ECONF_KEY_HAS_NULL_VALUE)
		return read_error(e, file, d);
	if (!value || !is_absolute_line(value))
		return diag_set(d, -EBADMSG, "%s: %s=%s is not an absolute path", file, key,
				value ?: "");
	free(*path);
	*path = STEAL(value);
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

static int is_drop_in(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && span_ends(span_of(entry->d_name), SPAN_LIT(".conf"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_drop_in(const char *folder, const char *name, CtlConfig *c, Diag *d)
{
	_cleanup_free_ char *file = NULL;

	if (asprintf(&file, "%s/%s", folder, name) < 0) {
		file = NULL;
		return -ENOMEM;
	}
	return read_file(file, c, d);
}

/* libeconf merges drop-ins only when it is given a vendor's folder as well; the rule is simple
 * enough to have it here: by name, and the last one that sets a key wins. */
static int read_drop_ins(const char *dir, CtlConfig *c, Diag *d)
{
	_cleanup_free_ struct dirent **found = NULL;
	_cleanup_free_ char *folder = NULL;
	int n, r = 0;

	if (asprintf(&folder, "%s/seccompd.conf.d", dir) < 0) {
		folder = NULL;
		return -ENOMEM;
	}
	n = scandir(folder, &found, is_drop_in, by_name);
	if (n < 0)
		return errno == ENOENT
			       ? 0
			       : diag_set(d, -EBADMSG,
					  "cannot read %s: %m; name the ledger with --ledger",
					  folder);
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = read_drop_in(folder, found[i]->d_name, c, d);
		free(found[i]);
	}
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
