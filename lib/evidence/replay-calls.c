/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "evidence/replay-calls.h"
#include "util/array.h"
#include "util/hash.h"

#define INDEX_SIZE (1U << 16) /* a power of 2, and room enough for twice what is in it */

struct ReplayCalls {
	uint64_t seed;
	ReplayCall *rows;
	size_t n, allocated;
	uint32_t max;
	uint32_t highest; /* of those that were kept, when there are .max; else none */
	bool full;
	uint32_t index[INDEX_SIZE]; /* of the row, + 1 */
};

int replay_calls_new(uint64_t seed, uint32_t max, ReplayCalls **ret)
{
	ReplayCalls *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->seed = seed;
	c->max = MIN(max, INDEX_SIZE / 4);
	*ret = c;
	return 0;
}

static void call_done(ReplayCall *call)
{
	for (size_t i = 0; i < call->n_examples; i++)
		free(call->examples[i].exe);
	free(call->examples);
}

ReplayCalls *replay_calls_free(ReplayCalls *c)
{
	if (!c)
		return NULL;
	for (size_t i = 0; i < c->n; i++)
		call_done(&c->rows[i]);
	free(c->rows);
	free(c);
	return NULL;
}

uint32_t replay_calls_n(const ReplayCalls *c)
{
	return (uint32_t)c->n;
}

ReplayCall *replay_calls_at(ReplayCalls *c, uint32_t i)
{
	return &c->rows[i];
}

/* ---- finding ---- */

/* Negative numbers are high ones. */
static int compare_calls(const void *a, const void *b)
{
	const ReplayCall *x = a, *y = b;

	if (x->nr != y->nr)
		return (uint64_t)x->nr < (uint64_t)y->nr ? -1 : 1;
	if (x->arch != y->arch)
		return x->arch < y->arch ? -1 : 1;
	if (x->action != y->action)
		return x->action < y->action ? -1 : 1;
	return (x->origin > y->origin) - (x->origin < y->origin);
}

static uint32_t *place_of(ReplayCalls *c, const ReplayCall *key)
{
	uint64_t parts = (uint64_t)key->arch << 16 | (uint64_t)key->action << 8 | key->origin;
	uint64_t h = hash_u64((uint64_t)key->nr ^ hash_u64(parts ^ c->seed));

	for (;; h++) {
		uint32_t *place = &c->index[h & (INDEX_SIZE - 1)];

		if (*place == 0 || compare_calls(&c->rows[*place - 1], key) == 0)
			return place;
	}
}

int replay_calls_find(ReplayCalls *c, uint32_t arch, int64_t nr, Action action, Origin origin,
		      uint32_t *ret)
{
	const ReplayCall key = { .arch = arch, .nr = nr, .action = action, .origin = origin };
	uint32_t *place = place_of(c, &key);
	ReplayCall *rows;

	if (*place > 0) {
		*ret = *place - 1;
		return 0;
	}
	if ((c->full && compare_calls(&key, &c->rows[c->highest]) > 0) || c->n >= INDEX_SIZE / 2) {
		*ret = REPLAY_CALL_DROPPED;
		return 0;
	}
	rows = array_room(c->rows, c->n, &c->allocated, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	c->rows = rows;
	c->rows[c->n++] = key;
	*place = (uint32_t)c->n;
	*ret = *place - 1;
	return 0;
}

static void make_index(ReplayCalls *c)
{
	memset(c->index, 0, sizeof(c->index));
	for (size_t i = 0; i < c->n; i++)
		*place_of(c, &c->rows[i]) = (uint32_t)i + 1;
}

int replay_calls_trim(ReplayCalls *c, int (*f)(const ReplayCall *call, void *userdata),
		      void *userdata)
{
	int r = 0;

	if (c->n < c->max || (c->full && c->n == c->max))
		return 0;
	qsort(c->rows, c->n, sizeof(*c->rows), compare_calls);
	for (; r == 0 && c->n > c->max; c->n--) {
		r = f(&c->rows[c->n - 1], userdata);
		call_done(&c->rows[c->n - 1]);
	}
	c->full = true;
	c->highest = c->max - 1;
	make_index(c);
	return r;
}

/* ---- what a record says ---- */

static int compare_programs(const ReplayExample *a, const ReplayExample *b)
{
	int r = strcmp(a->comm, b->comm);

	if (r != 0 || !a->exe || !b->exe)
		return r != 0 ? r : !!a->exe - !!b->exe;
	return strcmp(a->exe, b->exe);
}

static int compare_examples(const ReplayExample *a, const ReplayExample *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return compare_programs(a, b);
}

/* Of one program. */
static bool is_earlier(const ReplayExample *a, const ReplayExample *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	return a->pid != b->pid ? a->pid < b->pid : a->ip < b->ip;
}

/* Moves the example @i to its place among those before it. */
static void sort_in(ReplayCall *call, size_t i)
{
	ReplayExample e = call->examples[i];

	for (; i > 0 && compare_examples(&e, &call->examples[i - 1]) < 0; i--)
		call->examples[i] = call->examples[i - 1];
	call->examples[i] = e;
}

/* Takes @e, or frees what it holds. */
static int take_example(ReplayCall *call, ReplayExample *e)
{
	size_t i = 0;

	e->comm_n = strlen(e->comm);
	e->exe_n = e->exe ? strlen(e->exe) : 0;
	if (!call->examples)
		call->examples = calloc(LEDGER_EXAMPLES_MAX, sizeof(*call->examples));
	if (!call->examples) {
		free(e->exe);
		return -ENOMEM;
	}
	while (i < call->n_examples && compare_programs(&call->examples[i], e) != 0)
		i++;
	if (i < call->n_examples
		    ? !is_earlier(e, &call->examples[i])
		    : i == LEDGER_EXAMPLES_MAX && compare_examples(e, &call->examples[i - 1]) > 0) {
		free(e->exe);
		return 0;
	}
	if (i == LEDGER_EXAMPLES_MAX)
		i--;
	else if (i == call->n_examples)
		call->n_examples++;
	free(call->examples[i].exe);
	call->examples[i] = *e;
	sort_in(call, i);
	call->changed = true;
	return 0;
}

/* Names differ at their ends, if anywhere. */
static inline bool ends_alike(const char *a, const char *b, size_t n)
{
	uint64_t x, y;

	if (n < sizeof(x))
		return true;
	memcpy(&x, a + n - sizeof(x), sizeof(x));
	memcpy(&y, b + n - sizeof(y), sizeof(y));
	return x == y;
}

/* Is @raw, as it stands in a record, this text? Nearly always it stands there as it is; what is
 * encoded is left to who decodes it. */
static bool is_text(Span raw, const char *text, size_t n)
{
	return raw.n == n + 2 && raw.p[0] == '"' && ends_alike(raw.p + 1, text, n) &&
	       memcmp(raw.p + 1, text, n) == 0;
}

/* Would it change nothing, as nearly every one? Decides without decoding. */
static bool is_known(const ReplayCall *call, const Record *record, usec_t time)
{
	if (call->n_examples == LEDGER_EXAMPLES_MAX &&
	    time > call->examples[LEDGER_EXAMPLES_MAX - 1].time)
		return true;
	for (size_t i = 0; i < call->n_examples; i++) {
		const ReplayExample *e = &call->examples[i];

		if (time > e->time && e->exe && is_text(record->exe, e->exe, e->exe_n) &&
		    is_text(record->comm, e->comm, e->comm_n))
			return true;
	}
	return false;
}

static int note_example(ReplayCall *call, const Record *record, usec_t time)
{
	ReplayExample e = { .time = time, .pid = record->pid, .ip = record->ip };
	char exe[REPLAY_EXE_MAX];

	if (is_known(call, record, time))
		return 0;
	if (record_text(record->comm, e.comm, sizeof(e.comm)) < 0)
		e.comm[0] = '\0';
	if (record_text(record->exe, exe, sizeof(exe)) > 0) {
		e.exe = strdup(exe);
		if (!e.exe)
			return -ENOMEM;
	}
	return take_example(call, &e);
}

int replay_call_note(ReplayCall *call, const Record *record, usec_t time)
{
	if (call->first == 0 || time < call->first ||
	    (time == call->first && record->serial < call->serial)) {
		call->first = time;
		call->serial = record->serial;
		call->changed = true;
	}
	if (time > call->last) {
		call->last = time;
		call->changed = true;
	}
	return note_example(call, record, time);
}

/* ---- from the ledger ---- */

int replay_call_load(ReplayCall *call, const LedgerSightingRow *row)
{
	call->count = row->count;
	call->first = row->first;
	call->last = row->last;
	call->serial = row->serial;
	call->row = row->id;
	return 0;
}

int replay_call_load_example(ReplayCall *call, const LedgerExampleRow *row)
{
	ReplayExample e = { .time = row->time, .pid = row->pid, .ip = row->ip };
	bool changed = call->changed;
	int r;

	(void)span_copy(row->comm, e.comm, sizeof(e.comm));
	if (row->exe.p) {
		e.exe = span_dup(span_first(row->exe, REPLAY_EXE_MAX - 1));
		if (!e.exe)
			return -ENOMEM;
	}
	r = take_example(call, &e);
	call->changed = changed;
	return r;
}
