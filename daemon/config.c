/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stddef.h>

#include "daemon/config.h"
#include "util/parse.h"

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

#define SOURCES "netlink, auditd, journal, file:PATH or -"

static int set_source(void *target, const char *value)
{
	static const char *const sources[] = { "netlink", "auditd", "journal", "-" };
	Span v = span_of(value);

	for (size_t i = 0; i < ELEMENTSOF(sources); i++)
		if (span_is(v, sources[i]))
			return set_text(target, value);
	if (!span_starts(v, SPAN_LIT("file:")) || v.n <= 5)
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
	{ "seccompd", "Source", set_source, offsetof(Config, source), SOURCES },
	{ "seccompd", "Ledger", set_path, offsetof(Config, ledger), "an absolute path" },
	{ "seccompd", "Tally", set_path, offsetof(Config, tally), "an absolute path" },
	{ "seccompd", "ReceiveBuffer", set_size, offsetof(Config, receive_buffer),
	  "a size from 4K to 1G" },
	{ "seccompd", "Journal", set_bool, offsetof(Config, journal), "yes or no" },
	{ "seccompd", "Lineage", set_bool, offsetof(Config, lineage), "yes or no" },
	{ "seccompd", "Backfill", set_bool, offsetof(Config, backfill), "yes or no" },
	{ "seccompd", "WorkloadsDir", set_path, offsetof(Config, workloads_dir),
	  "an absolute path" },
	{ "seccompd", "MetricsFile", set_path, offsetof(Config, metrics_file), "an absolute path" },
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
	free(c->metrics_file);
	free(c->profile_path);
	free(c->workloads_dir);
	state_section_done(&c->state);
	risk_settings_done(&c->risks);
	workload_rules_done(&c->workloads);
	gate_section_done(&c->gate);
	*c = (Config){ 0 };
}

static const struct ConfigKey *find_key(const char *section, const char *key)
{
	for (size_t i = 0; i < ELEMENTSOF(config_keys); i++)
		if (strcmp(config_keys[i].section, section) == 0 &&
		    (!key || strcmp(config_keys[i].key, key) == 0))
			return &config_keys[i];
	return NULL;
}

static int set_key(Config *c, const ConfigLine *line, Diag *d)
{
	const struct ConfigKey *k = find_key(line->section, line->key);
	int r;

	if (!k && !line->key)
		return diag_set(d, -EINVAL, "there is no section [%s], see seccompd.conf(5)",
				line->section);
	if (!k)
		return diag_set(d, -EINVAL,
				"there is no key %s= in section [%s], see seccompd.conf(5)",
				line->key, line->section);
	if (!line->key)
		return 0;
	r = k->set((char *)c + k->offset, line->value);
	if (r == -ENOMEM)
		return diag_set(d, r, "out of memory");
	if (r < 0)
		return diag_set(d, -EINVAL, "%s=%s is no good value: %s is needed", line->key,
				line->value, k->wants);
	return 0;
}

static int take_line(const ConfigLine *line, void *userdata, Diag *d)
{
	Config *c = userdata;
	int r = workload_section_take(line, &c->workloads, d);

	if (r == 0)
		r = gate_section_take(line, &c->gate, d);
	if (r == 0)
		r = state_section_take(line, &c->state, d);
	if (r == 0)
		r = profile_path_take(line, &c->profile_path, d);
	if (r == 0)
		r = risk_section_take(line, &c->risks, d);
	return r == 0 ? set_key(c, line, d) : r;
}

int config_read(Config *c, const char *path, bool must_exist, Diag *d, char **ret_file)
{
	int r = config_file_read(path, must_exist, take_line, c, d, ret_file);

	return r < 0 ? r : workload_section_finish(&c->workloads, d, ret_file);
}

/* The sentence with its place before it. */
static int add_place(const char *file, int r, Diag *d)
{
	const Diag said = *d;

	if (!file)
		return r;
	if (said.line > 0)
		return diag_set(d, r, "%s:%u: %s", file, said.line, said.text);
	return diag_set(d, r, "%s: %s", file, said.text);
}

int config_load(const ConfigOrigin *origin, Config *ret, Diag *d)
{
	_cleanup_free_ char *file = NULL;
	_cleanup_config_ Config c = { 0 };
	int r = config_init(&c);

	if (r < 0)
		return diag_set(d, r, "out of memory");
	r = config_read(&c, origin->file, origin->must_exist, d, &file);
	if (r < 0)
		return add_place(file, r, d);
	r = config_override(&c, origin->ledger, origin->source, d);
	if (r < 0)
		return r;
	if (origin->no_journal)
		c.journal = false;
	*ret = c;
	c = (Config){ 0 };
	return 0;
}

int config_override(Config *c, const char *ledger, const char *source, Diag *d)
{
	_cleanup_free_ char *tally = NULL;
	int r = 0;

	if (source && set_source(&c->source, source) < 0)
		return diag_set(d, -EINVAL, "--source %s: " SOURCES " is needed", source);
	if (!ledger)
		return 0;
	if (asprintf(&tally, "%s.tally", ledger) < 0) {
		tally = NULL;
		return diag_set(d, -ENOMEM, "out of memory");
	}
	r = set_text(&c->ledger, ledger);
	return r < 0 ? r : set_text(&c->tally, tally);
}
