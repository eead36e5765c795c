/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stddef.h>

#include "config/daemon-section.h"
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

static const struct DaemonKey {
	const char *key;
	int (*set)(void *target, const char *value);
	size_t offset;
	const char *wants;
} keys[] = {
	{ "Source", set_source, offsetof(DaemonSection, source), DAEMON_SOURCES },
	{ "Ledger", set_path, offsetof(DaemonSection, ledger), "an absolute path" },
	{ "Tally", set_path, offsetof(DaemonSection, tally), "an absolute path" },
	{ "ReceiveBuffer", set_size, offsetof(DaemonSection, receive_buffer),
	  "a size from 4K to 1G" },
	{ "Journal", set_bool, offsetof(DaemonSection, journal), "yes or no" },
	{ "Lineage", set_bool, offsetof(DaemonSection, lineage), "yes or no" },
	{ "Backfill", set_bool, offsetof(DaemonSection, backfill), "yes or no" },
	{ "WorkloadsDir", set_path, offsetof(DaemonSection, workloads_dir), "an absolute path" },
	{ "MetricsFile", set_path, offsetof(DaemonSection, metrics_file), "an absolute path" },
};

void daemon_section_done(DaemonSection *s)
{
	free(s->source);
	free(s->ledger);
	free(s->tally);
	free(s->metrics_file);
	free(s->workloads_dir);
	*s = (DaemonSection){ 0 };
}

int daemon_section_set_source(DaemonSection *s, const char *value)
{
	return set_source(&s->source, value);
}

static const struct DaemonKey *find_key(const char *key)
{
	for (size_t i = 0; i < ELEMENTSOF(keys); i++)
		if (strcmp(keys[i].key, key) == 0)
			return &keys[i];
	return NULL;
}

int daemon_section_take(const ConfigLine *line, DaemonSection *s, Diag *d)
{
	bool ours = strcmp(line->section, "seccompd") == 0;
	const struct DaemonKey *k;
	int r;

	if (!line->key)
		return ours ? 0
			    : diag_set(d, -EINVAL, "there is no section [%s], see seccompd.conf(5)",
				       line->section);
	k = ours ? find_key(line->key) : NULL;
	if (!k)
		return diag_set(d, -EINVAL,
				"there is no key %s= in section [%s], see seccompd.conf(5)",
				line->key, line->section);
	r = k->set((char *)s + k->offset, line->value);
	if (r == -ENOMEM)
		return diag_set(d, r, "out of memory");
	if (r < 0)
		return diag_set(d, -EINVAL, "%s=%s is no good value: %s is needed", line->key,
				line->value, k->wants);
	return 0;
}
