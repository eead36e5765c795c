/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libeconf.h>
#include <libeconf_ext.h>
#include <stddef.h>

#include "daemon/config.h"
#include "util/file.h"
#include "util/parse.h"

#define CONFIG_FILE_MAX ((size_t)256 << 10)
#define CONFIG_KEYS_MAX 256

static int set_text(void *target, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*(char **)target);
	*(char **)target = copy;
	return 0;
}

static int set_path(void *target, const char *value)
{
	return value[0] == '/' ? set_text(target, value) : -EINVAL;
}

static int set_source(void *target, const char *value)
{
	Span v = span_of(value);

	if (!span_is(v, "netlink") && !span_is(v, "-") &&
	    !(span_starts(v, SPAN_LIT("file:")) && v.n > 5))
		return -EINVAL;
	return set_text(target, value);
}

static int set_size(void *target, const char *value)
{
	uint64_t size;

	if (parse_size(span_of(value), &size) < 0 || size < 4096 || size > ((uint64_t)1 << 30))
		return -EINVAL;
	*(uint64_t *)target = size;
	return 0;
}

static int set_bool(void *target, const char *value)
{
	return parse_bool(span_of(value), target);
}

static const struct ConfigKey {
	const char *section, *key;
	int (*set)(void *target, const char *value);
	size_t offset;
	const char *wants;
} config_keys[] = {
	{ "seccompd", "Source", set_source, offsetof(Config, source), "netlink, file:PATH or -" },
	{ "seccompd", "Ledger", set_path, offsetof(Config, ledger), "an absolute path" },
	{ "seccompd", "Tally", set_path, offsetof(Config, tally), "an absolute path" },
	{ "seccompd", "ReceiveBuffer", set_size, offsetof(Config, receive_buffer),
	  "a size from 4K to 1G" },
	{ "seccompd", "Journal", set_bool, offsetof(Config, journal), "yes or no" },
	{ "seccompd", "Lineage", set_bool, offsetof(Config, lineage), "yes or no" },
	{ "state", "DockerRoot", set_path, offsetof(Config, docker_root), "an absolute path" },
	{ "state", "DockerExecRoot", set_path, offsetof(Config, docker_exec_root),
	  "an absolute path" },
	{ "state", "ContainerdState", set_path, offsetof(Config, containerd_state),
	  "an absolute path" },
	{ "state", "PodmanRoot", set_path, offsetof(Config, podman_root), "an absolute path" },
	{ "state", "PodmanRunRoot", set_path, offsetof(Config, podman_run_root),
	  "an absolute path" },
};

int config_init(Config *c)
{
	*c = (Config){ .receive_buffer = (uint64_t)64 << 20, .journal = true, .lineage = true };
	c->source = strdup("netlink");
	c->ledger = strdup(SECCOMPD_STATE_DIR "/ledger.db");
	c->tally = strdup(SECCOMPD_RUNTIME_DIR "/tally");
	return c->source && c->ledger && c->tally ? 0 : -ENOMEM;
}

void config_done(Config *c)
{
	free(c->source);
	free(c->ledger);
	free(c->tally);
	free(c->docker_root);
	free(c->docker_exec_root);
	free(c->containerd_state);
	free(c->podman_root);
	free(c->podman_run_root);
	*c = (Config){ 0 };
}

/* What libeconf does not report: it keeps the first of repeated keys and merges sections. */
typedef struct Repeats {
	char *seen[CONFIG_KEYS_MAX]; /* "section" or "section\nkey" */
	size_t n;
} Repeats;

static void repeats_done(Repeats *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->seen[i]);
}

static Span strip(Span s)
{
	while (s.n > 0 && strchr(" \t\r", s.p[0]))
		s = span_from(s, 1);
	while (s.n > 0 && strchr(" \t\r", s.p[s.n - 1]))
		s.n--;
	return s;
}

static int note_once(Repeats *seen, Span section, Span key, unsigned line, Diag *d)
{
	_cleanup_free_ char *name = NULL;

	if (asprintf(&name, "%.*s%s%.*s", (int)section.n, section.p, key.p ? "\n" : "", (int)key.n,
		     key.p ? key.p : "") < 0) {
		name = NULL;
		return diag_set(d, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < seen->n; i++)
		if (strcmp(seen->seen[i], name) == 0 && key.p)
			return diag_set_at(d, -EINVAL, line, 0,
					   "%.*s= stands twice in section [%.*s]: keep one of them",
					   (int)key.n, key.p, (int)section.n, section.p);
		else if (strcmp(seen->seen[i], name) == 0)
			return diag_set_at(d, -EINVAL, line, 0,
					   "section [%.*s] stands twice: join the two",
					   (int)section.n, section.p);
	if (seen->n == CONFIG_KEYS_MAX)
		return diag_set_at(d, -E2BIG, line, 0, "more than %d keys", CONFIG_KEYS_MAX);
	seen->seen[seen->n++] = STEAL(name);
	return 0;
}

static int refuse_repeats(Span text, Diag *d)
{
	_cleanup_(repeats_done) Repeats seen = { .n = 0 };
	Span section = SPAN_LIT(""), line, key;
	unsigned n = 0;
	int r = 0;

	while (r == 0 && span_split(&text, '\n', &line)) {
		n++;
		line = strip(line);
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (line.p[0] == '[' && line.p[line.n - 1] == ']') {
			section = span_make(line.p + 1, line.n - 2);
			r = note_once(&seen, section, SPAN_NULL, n, d);
		} else if (memchr(line.p, '=', line.n)) {
			span_split(&line, '=', &key);
			r = note_once(&seen, section, strip(key), n, d);
		} else {
			r = diag_set_at(d, -EINVAL, n, 0,
					"neither a [section], a Key=value nor a comment");
		}
	}
	return r;
}

static void econf_filep(econf_file **f)
{
	econf_freeFile(*f);
}

static void econf_arrayp(char ***a)
{
	econf_freeArray(*a);
}

static void econf_extp(econf_ext_value **v)
{
	econf_freeExtValue(*v);
}

static const struct ConfigKey *find_key(const char *section, const char *key)
{
	for (size_t i = 0; i < ELEMENTSOF(config_keys); i++)
		if (strcmp(config_keys[i].section, section) == 0 &&
		    strcmp(config_keys[i].key, key) == 0)
			return &config_keys[i];
	return NULL;
}

static int apply_key(Config *c, econf_file *file, const char *section, const char *key, Diag *d)
{
	_cleanup_(econf_extp) econf_ext_value *value = NULL;
	const struct ConfigKey *k = find_key(section, key);
	const char *text;
	unsigned line;
	int r;

	if (econf_getExtValue(file, section, key, &value) != ECONF_SUCCESS || !value)
		return diag_set(d, -EIO, "cannot read %s= in section [%s]", key, section);
	line = (unsigned)value->line_number;
	if (!k)
		return diag_set_at(d, -EINVAL, line, 0,
				   "there is no key %s= in section [%s], see seccompd.conf(5)", key,
				   section);
	text = value->values && value->values[0] ? value->values[0] : "";
	r = k->set((char *)c + k->offset, text);
	if (r == -ENOMEM)
		return diag_set(d, r, "out of memory");
	if (r < 0)
		return diag_set_at(d, -EINVAL, line, 0, "%s=%s is no good value: %s is needed", key,
				   text, k->wants);
	return 0;
}

static int apply_section(Config *c, econf_file *file, const char *section, Diag *d)
{
	_cleanup_(econf_arrayp) char **keys = NULL;
	size_t n = 0;
	int r = 0;

	if (econf_getKeys(file, section, &n, &keys) != ECONF_SUCCESS)
		return 0;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = apply_key(c, file, section, keys[i], d);
	return r;
}

static int apply_all(Config *c, econf_file *file, Diag *d)
{
	_cleanup_(econf_arrayp) char **groups = NULL, **loose = NULL;
	size_t n = 0, n_loose = 0;
	int r = 0;

	if (econf_getKeys(file, NULL, &n_loose, &loose) == ECONF_SUCCESS && n_loose > 0)
		return diag_set(d, -EINVAL, "%s= stands before any [section]", loose[0]);
	if (econf_getGroups(file, &n, &groups) != ECONF_SUCCESS)
		return 0;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = apply_section(c, file, groups[i], d);
	return r;
}

/* --config /dev/null is a good way to say "none of it". */
static int read_text(const char *path, char **ret, size_t *ret_n)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd < 0 ? -errno : file_read_fd(fd, CONFIG_FILE_MAX, ret, ret_n);
}

static int read_one(Config *c, const char *path, Diag *d)
{
	_cleanup_(econf_filep) econf_file *file = NULL;
	_cleanup_free_ char *text = NULL;
	econf_err e;
	size_t n;
	int r;

	r = read_text(path, &text, &n);
	if (r < 0)
		return diag_set(d, r, "cannot read it: %s", strerror(-r));
	r = refuse_repeats(span_make(text, n), d);
	if (r < 0)
		return r;
	if (n == 0)
		return 0;
	e = econf_readFile(&file, path, "=", "#;");
	if (e != ECONF_SUCCESS)
		return diag_set(d, -EINVAL, "%s", econf_errString(e));
	return apply_all(c, file, d);
}

static int is_drop_in(const struct dirent *e)
{
	return e->d_name[0] != '.' && span_ends(span_of(e->d_name), SPAN_LIT(".conf"));
}

static int read_noting_file(Config *c, const char *path, Diag *d, char **ret_file)
{
	int r = read_one(c, path, d);

	if (r < 0 && ret_file)
		*ret_file = strdup(path);
	return r;
}

static int read_drop_ins(Config *c, const char *folder, Diag *d, char **ret_file)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, is_drop_in, alphasort), r = 0;

	for (int i = 0; i < n; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0)
			path = NULL;
		if (r == 0)
			r = path ? read_noting_file(c, path, d, ret_file) : -ENOMEM;
		free(entries[i]);
	}
	free(entries);
	return r;
}

int config_read(Config *c, const char *path, bool must_exist, Diag *d, char **ret_file)
{
	_cleanup_free_ char *folder = NULL;
	int r;

	if (must_exist || access(path, F_OK) == 0) {
		r = read_noting_file(c, path, d, ret_file);
		if (r < 0)
			return r;
	}
	if (asprintf(&folder, "%s.d", path) < 0) {
		folder = NULL;
		return -ENOMEM;
	}
	return read_drop_ins(c, folder, d, ret_file);
}

int config_override(Config *c, const char *ledger, const char *source, Diag *d)
{
	_cleanup_free_ char *tally = NULL;
	int r = 0;

	if (source && set_source(&c->source, source) < 0)
		return diag_set(d, -EINVAL, "--source %s: netlink, file:PATH or - is needed",
				source);
	if (!ledger)
		return 0;
	if (asprintf(&tally, "%s.tally", ledger) < 0) {
		tally = NULL;
		return diag_set(d, -ENOMEM, "out of memory");
	}
	r = set_text(&c->ledger, ledger);
	return r < 0 ? r : set_text(&c->tally, tally);
}
