/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "suggest/workload-lookup.h"
#include "util/similar.h"
#include "util/text.h"

#define CANDIDATES_SHOWN 8

void workload_done(Workload *w)
{
	char *const texts[] = { w->name,         w->runtime,        w->container_name,
				w->image,        w->stage,          w->visibility,
				w->profile_hash, w->profile_source, w->dialect };

	for (size_t i = 0; i < ELEMENTSOF(texts); i++)
		free(texts[i]);
}

void workloads_done(Workloads *w)
{
	for (size_t i = 0; i < w->n; i++)
		workload_done(&w->rows[i]);
	free(w->rows);
	*w = (Workloads){ 0 };
}

static int copy_texts(Workload *w, const LedgerWorkloadRow *row)
{
	const struct {
		char **to;
		const char *from;
	} texts[] = {
		{ &w->name, row->name },
		{ &w->runtime, row->runtime },
		{ &w->container_name, row->container_name },
		{ &w->image, row->image },
		{ &w->stage, row->stage },
		{ &w->visibility, row->visibility },
		{ &w->profile_hash, row->profile_hash },
		{ &w->profile_source, row->profile_source },
		{ &w->dialect, row->dialect },
	};

	for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
		*texts[i].to = strdup(texts[i].from ?: "");
		if (!*texts[i].to)
			return -ENOMEM;
	}
	return 0;
}

int workloads_add(Workloads *w, const LedgerWorkloadRow *row)
{
	Workload copy = {
		.id = row->id,
		.sightings = row->sightings,
		.records = row->records,
		.dropped = row->dropped,
		.first = row->first,
		.last = row->last,
		.heuristic = row->heuristic,
		.asserted = row->asserted,
		.imported = row->imported,
		.hosts = row->hosts,
		.others = row->others,
	};

	if (w->n == w->allocated) {
		size_t n = w->allocated ? 2 * w->allocated : 32;
		Workload *rows = reallocarray(w->rows, n, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		w->rows = rows;
		w->allocated = n;
	}
	if (copy_texts(&copy, row) < 0) {
		workload_done(&copy);
		return -ENOMEM;
	}
	w->rows[w->n++] = copy;
	return 0;
}

static int on_workload(const LedgerWorkloadRow *row, void *userdata)
{
	return workloads_add(userdata, row);
}

int workloads_read(Ledger *l, Workloads *ret)
{
	_cleanup_workloads_ Workloads w = { 0 };
	int r;

	r = ledger_each_workload(l, on_workload, &w);
	if (r < 0)
		return r;
	*ret = w;
	w = (Workloads){ 0 };
	return 0;
}

/* A name is shown escaped; who pastes what was shown means the same workload. */
static bool is_exact(const Workload *w, const char *word)
{
	char shown[4 * WORKLOAD_NAME_MAX];

	return strcmp(w->name, word) == 0 ||
	       strcmp(text_escape_to(span_of(w->name), shown, sizeof(shown)), word) == 0;
}

static bool is_part(const Workload *w, const char *word)
{
	const char *colon = strchr(w->name, ':');

	return (colon && strcmp(colon + 1, word) == 0) || strcmp(w->container_name, word) == 0 ||
	       strcmp(w->image, word) == 0;
}

static bool is_prefix(const Workload *w, const char *word)
{
	return strncmp(w->name, word, strlen(word)) == 0;
}

static const Workload *closest(const Workloads *all, const char *word)
{
	Similar s = similar_begin(word);
	const Workload *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const char *name = all->rows[i].name, *colon = strchr(name, ':');

		if (similar_offer(&s, name) || (colon && similar_offer(&s, colon + 1)))
			best = &all->rows[i];
	}
	return best;
}

static int fail_unknown(const Workloads *all, const char *word, Diag *d)
{
	const Workload *w = closest(all, word);

	if (w)
		return diag_set(d, -ENOENT,
				"the ledger has no workload \"%s\"; did you mean \"%s\"?", word,
				w->name);
	return diag_set(
		d, -ENOENT,
		"the ledger has no workload \"%s\"; \"seccompctl list --all\" shows those it has",
		word);
}

typedef bool (*Match)(const Workload *w, const char *word);

static int fail_ambiguous(const Workloads *all, Match match, const char *word, size_t n, Diag *d)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	size_t shown = 0;

	for (size_t i = 0; i < all->n && shown < CANDIDATES_SHOWN; i++)
		if (match(&all->rows[i], word))
			buffer_printf(&b, "%s%s", shown++ > 0 ? ", " : "", all->rows[i].name);
	if (n > shown)
		buffer_printf(&b, " and %zu more", n - shown);
	return diag_set(d, -ENOTUNIQ, "\"%s\" may mean %zu workloads: %s", word, n,
			buffer_error(&b) < 0 ? "" : b.p);
}

int workload_lookup(const Workloads *all, const char *word, const Workload **ret, Diag *d)
{
	static const Match matches[] = { is_exact, is_part, is_prefix };

	for (size_t m = 0; word[0] != '\0' && m < ELEMENTSOF(matches); m++) {
		const Workload *found = NULL;
		size_t n = 0;

		for (size_t i = 0; i < all->n; i++)
			if (matches[m](&all->rows[i], word)) {
				found = &all->rows[i];
				n++;
			}
		if (n > 1)
			return fail_ambiguous(all, matches[m], word, n, d);
		if (n == 1) {
			*ret = found;
			return 0;
		}
	}
	return fail_unknown(all, word, d);
}
