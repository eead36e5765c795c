/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libeconf 0.5.1 keeps the first of repeated keys, merges repeated sections, and forgets sections
 * without keys. So we look at the text as well: for repetitions, and for the order.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libeconf.h>
#include <libeconf_ext.h>

#include "config/config-file.h"
#include "config/config-line.h"
#include "util/file.h"

#define CONFIG_FILE_MAX ((size_t)1 << 20)
#define CONFIG_SECTIONS_MAX 512
#define CONFIG_KEYS_MAX 64 /* in one section */

static void econf_filep(econf_file **f)
{
	econf_freeFile(*f);
}

static void econf_extp(econf_ext_value **v)
{
	econf_freeExtValue(*v);
}

typedef struct Reading {
	econf_file *econf; /* NULL: only the form is looked at */
	const char *file;
	unsigned line;
	Span sections[CONFIG_SECTIONS_MAX], keys[CONFIG_KEYS_MAX];
	size_t n_sections, n_keys;
	ConfigTake take;
	void *userdata;
} Reading;

static bool stands_in(const Span *seen, size_t n, Span s)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(seen[i], s))
			return true;
	return false;
}

static int hand_over(Reading *reading, const char *section, const char *key, const char *value,
		     Diag *d)
{
	ConfigLine line = { reading->file, reading->line, section, key, value };
	int r;

	if (!reading->econf)
		return 0;
	r = reading->take(&line, reading->userdata, d);
	if (r < 0 && d && d->line == 0)
		d->line = reading->line;
	return MIN(r, 0);
}

static int read_section(Reading *reading, Span name, Diag *d)
{
	_cleanup_free_ char *section = span_dup(name);

	if (!section)
		return diag_set(d, -ENOMEM, "out of memory");
	if (stands_in(reading->sections, reading->n_sections, name))
		return diag_set_at(d, -EINVAL, reading->line, 0,
				   "section [%s] stands twice: join the two", section);
	if (reading->n_sections == CONFIG_SECTIONS_MAX)
		return diag_set_at(d, -E2BIG, reading->line, 0, "more than %d sections",
				   CONFIG_SECTIONS_MAX);
	reading->sections[reading->n_sections++] = name;
	reading->n_keys = 0;
	return hand_over(reading, section, NULL, NULL, d);
}

/* A # or ; anywhere starts a comment for libeconf, so that half of a name would be left. */
static int check_value(const Reading *reading, const char *key, Span raw, Span value, Diag *d)
{
	if (raw.n >= 2 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"' && !span_eq(raw, value))
		raw = span_make(raw.p + 1, raw.n - 2);
	if (span_eq(raw, value))
		return 0;
	return diag_set_at(
		d, -EINVAL, reading->line, 0,
		"%s= would be read as \"%.*s\": put a comment on a line of its own; a value"
		" cannot hold # or ;",
		key, (int)value.n, value.p);
}

static int read_value(Reading *reading, const char *section, const char *key, Span raw, Diag *d)
{
	_cleanup_(econf_extp) econf_ext_value *value = NULL;
	const char *text;
	int r;

	if (!reading->econf)
		return 0;
	if (econf_getExtValue(reading->econf, section, key, &value) != ECONF_SUCCESS || !value)
		return diag_set_at(d, -EIO, reading->line, 0, "cannot read %s= in section [%s]",
				   key, section);
	text = value->values && value->values[0] ? value->values[0] : "";
	r = check_value(reading, key, raw, span_of(text), d);
	return r < 0 ? r : hand_over(reading, section, key, text, d);
}

static int read_key(Reading *reading, Span key_span, Span raw, Diag *d)
{
	_cleanup_free_ char *section = NULL, *key = span_dup(key_span);

	if (reading->n_sections == 0)
		return diag_set_at(d, -EINVAL, reading->line, 0,
				   "%.*s= stands before any [section]", (int)key_span.n,
				   key_span.p);
	section = span_dup(reading->sections[reading->n_sections - 1]);
	if (!section || !key)
		return diag_set(d, -ENOMEM, "out of memory");
	if (stands_in(reading->keys, reading->n_keys, key_span))
		return diag_set_at(d, -EINVAL, reading->line, 0,
				   "%s= stands twice in section [%s]: keep one of them", key,
				   section);
	if (reading->n_keys == CONFIG_KEYS_MAX)
		return diag_set_at(d, -E2BIG, reading->line, 0, "more than %d keys in section [%s]",
				   CONFIG_KEYS_MAX, section);
	reading->keys[reading->n_keys++] = key_span;
	return read_value(reading, section, key, raw, d);
}

static int read_line(Reading *reading, Span line, Diag *d)
{
	Span name, value;

	switch (config_line_parse(line, &name, &value)) {
	case CONFIG_LINE_SECTION:
		return read_section(reading, name, d);
	case CONFIG_LINE_KEY:
		return read_key(reading, name, value, d);
	case CONFIG_LINE_OTHER:
		return diag_set_at(d, -EINVAL, reading->line, 0,
				   "neither a [section], a Key=value nor a comment");
	default:
		return 0;
	}
}

static int read_lines(Reading *reading, Span text, Diag *d)
{
	Span line;
	int r = 0;

	reading->line = 0;
	reading->n_sections = reading->n_keys = 0;
	while (r == 0 && span_split(&text, '\n', &line)) {
		reading->line++;
		r = read_line(reading, line, d);
	}
	return r;
}

/* --config /dev/null is a good way to say "none of it". */
static int read_text(const char *path, char **ret, size_t *ret_n)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd < 0 ? negative_errno() : file_read_fd(fd, CONFIG_FILE_MAX, ret, ret_n);
}

static int open_econf(const char *path, econf_file **ret, Diag *d)
{
	_cleanup_free_ char *where = NULL;
	uint64_t line = 0;
	econf_err e = econf_readFile(ret, path, "=", "#;");

	if (e == ECONF_SUCCESS)
		return 0;
	econf_errLocation(&where, &line);
	return diag_set_at(d, e == ECONF_NOMEM ? -ENOMEM : -EINVAL, (unsigned)line, 0, "%s",
			   econf_errString(e));
}

static int read_one(const char *path, ConfigTake take, void *userdata, Diag *d)
{
	_cleanup_(econf_filep) econf_file *econf = NULL;
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ Reading *reading = calloc(1, sizeof(*reading));
	size_t n;
	int r;

	r = read_text(path, &text, &n);
	if (r < 0)
		return diag_set(d, r, "cannot read it: %s", strerror(-r));
	if (n == 0)
		return 0;
	if (!reading)
		return diag_set(d, -ENOMEM, "out of memory");
	if (memchr(text, '\0', n))
		return diag_set(d, -EINVAL, "it holds a NUL byte and is no text");
	*reading = (Reading){ .file = path, .take = take, .userdata = userdata };
	r = read_lines(reading, span_make(text, n), d);
	if (r == 0)
		r = open_econf(path, &econf, d);
	if (r < 0)
		return r;
	reading->econf = econf;
	return read_lines(reading, span_make(text, n), d);
}

static int read_noting_file(const char *path, ConfigTake take, void *userdata, Diag *d,
			    char **ret_file)
{
	int r = read_one(path, take, userdata, d);

	if (r < 0 && ret_file)
		*ret_file = strdup(path);
	return r;
}

static int is_drop_in(const struct dirent *e)
{
	return e->d_name[0] != '.' && span_ends(span_of(e->d_name), SPAN_LIT(".conf"));
}

/* Not by the locale, which is another in a shell than in a service. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_drop_in(const char *folder, const char *name, ConfigTake take, void *userdata,
			Diag *d, char **ret_file)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return diag_set(d, -ENOMEM, "out of memory");
	}
	return read_noting_file(path, take, userdata, d, ret_file);
}

static int read_drop_ins(const char *folder, ConfigTake take, void *userdata, Diag *d,
			 char **ret_file)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, is_drop_in, by_name), r = 0;

	if (n < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (n < 0) {
		r = diag_set(d, -errno, "cannot read it: %s", strerror(errno));
		if (ret_file)
			*ret_file = strdup(folder);
		return r;
	}
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = read_drop_in(folder, entries[i]->d_name, take, userdata, d, ret_file);
		free(entries[i]);
	}
	free(entries);
	return r;
}

int config_file_read(const char *path, bool must_exist, ConfigTake take, void *userdata, Diag *d,
		     char **ret_file)
{
	_cleanup_free_ char *folder = NULL;
	int r = 0;

	if (must_exist || access(path, F_OK) == 0 || errno != ENOENT)
		r = read_noting_file(path, take, userdata, d, ret_file);
	if (r < 0)
		return r;
	if (asprintf(&folder, "%s.d", path) < 0) {
		folder = NULL;
		return diag_set(d, -ENOMEM, "out of memory");
	}
	return read_drop_ins(folder, take, userdata, d, ret_file);
}
