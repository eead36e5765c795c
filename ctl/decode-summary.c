/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <linux/limits.h>

#include "audit/action.h"
#include "audit/arch.h"
#include "audit/syscall.h"
#include "ctl/decode-summary.h"
#include "ctl/table.h"
#include "profile/json-line.h"
#include "util/hash.h"
#include "util/text.h"

#define INDEX_SIZE (2 * DECODE_SUMMARY_MAX) /* a power of 2 */
#define TEXT_MAX ((size_t)4 << 20)          /* of all programs' paths together */

typedef struct Row {
	uint64_t count;
	uint64_t hash;
	int64_t nr;
	uint32_t has; /* RECORD_HAS_EXE, _ARCH, _NR and _CODE */
	uint32_t arch;
	Action action;
	uint32_t exe_at, exe_n; /* in texts */
} Row;

struct DecodeSummary {
	uint64_t seed;
	uint32_t n;
	uint64_t other; /* records that found no room */
	size_t texts_n;
	Row rows[DECODE_SUMMARY_MAX];
	uint32_t index[INDEX_SIZE]; /* of the row, + 1 */
	char scratch[PATH_MAX + 1];
	char texts[TEXT_MAX];
};

DecodeSummary *decode_summary_new(uint64_t seed)
{
	DecodeSummary *s = calloc(1, sizeof(*s));

	if (s)
		s->seed = seed;
	return s;
}

DecodeSummary *decode_summary_free(DecodeSummary *s)
{
	free(s);
	return NULL;
}

/* The path in the clear: nearly always it stands in the line as it is. */
static Span exe_of(const Line *line, char *buf, size_t size)
{
	Span raw = line->record.exe;
	int n;

	if (line->interpreted)
		return raw;
	if (raw.n >= 2 && raw.p[0] == '"')
		return span_make(raw.p + 1, raw.n - 2);
	n = record_text(raw, buf, size);
	return n < 0 ? SPAN_NULL : span_make(buf, (size_t)n);
}

static bool row_is(const DecodeSummary *s, const Row *row, const Row *key, Span exe)
{
	return row->hash == key->hash && row->nr == key->nr && row->arch == key->arch &&
	       row->action == key->action && row->has == key->has &&
	       span_eq(span_make(s->texts + row->exe_at, row->exe_n), exe);
}

/* The row of @key, made when new; NULL when there is no room. */
static Row *find_row(DecodeSummary *s, const Row *key, Span exe)
{
	uint64_t pos = key->hash;
	Row *row;

	for (; s->index[pos % INDEX_SIZE] != 0; pos++) {
		row = &s->rows[s->index[pos % INDEX_SIZE] - 1];
		if (row_is(s, row, key, exe))
			return row;
	}
	if (s->n == DECODE_SUMMARY_MAX || exe.n > TEXT_MAX - s->texts_n)
		return NULL;
	row = &s->rows[s->n++];
	*row = *key;
	row->exe_at = (uint32_t)s->texts_n;
	row->exe_n = (uint32_t)exe.n;
	if (exe.n > 0)
		memcpy(s->texts + s->texts_n, exe.p, exe.n);
	s->texts_n += exe.n;
	s->index[pos % INDEX_SIZE] = s->n;
	return row;
}

void decode_summary_add(DecodeSummary *s, const Line *line)
{
	const uint32_t wanted = RECORD_HAS_ARCH | RECORD_HAS_NR | RECORD_HAS_CODE;
	const Record *r = &line->record;
	Span exe = exe_of(line, s->scratch, sizeof(s->scratch));
	Row key = { .has = (r->has & wanted) | (exe.p ? RECORD_HAS_EXE : 0) }, *row;

	if (r->has & RECORD_HAS_NR)
		key.nr = r->nr;
	if (r->has & RECORD_HAS_ARCH)
		key.arch = arch_of_call(r->arch, r->nr);
	if (r->has & RECORD_HAS_CODE)
		key.action = action_of_code(r->code);
	key.hash = hash_u64(s->seed ^ (uint64_t)key.nr ^ (uint64_t)key.arch << 24 ^
			    (uint64_t)key.action << 56);
	key.hash = hash_bytes(exe, key.hash);
	row = find_row(s, &key, exe);
	if (row)
		row->count++;
	else
		s->other++;
}

static int compare_rows(const void *pa, const void *pb)
{
	const Row *a = *(const Row *const *)pa, *b = *(const Row *const *)pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	/* As they came, which is the order of the rows. */
	return a < b ? -1 : a > b;
}

typedef struct Shown {
	Span exe;
	const char *arch, *syscall, *action; /* NULL: not known */
	char name[SYSCALL_NAME_MAX];
} Shown;

static void show(const DecodeSummary *s, const Row *row, Shown *ret)
{
	ret->exe = row->has & RECORD_HAS_EXE ? span_make(s->texts + row->exe_at, row->exe_n)
					     : SPAN_NULL;
	ret->arch = row->has & RECORD_HAS_ARCH ? arch_name(row->arch) : NULL;
	ret->action = row->has & RECORD_HAS_CODE ? action_name(row->action) : NULL;
	ret->syscall = (row->has & RECORD_HAS_ARCH) && (row->has & RECORD_HAS_NR) &&
				       syscall_name(row->arch, row->nr, ret->name) == 0
			       ? ret->name
			       : NULL;
}

static int print_json(const DecodeSummary *s, const Row *row)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	Shown shown;

	show(s, row, &shown);
	json_line_uint(j, "count", row->count);
	json_line_text(j, "exe", shown.exe);
	json_line_str(j, "arch", shown.arch ?: "unknown");
	if (row->has & RECORD_HAS_NR)
		json_line_int(j, "nr", row->nr);
	else
		json_line_null(j, "nr");
	json_line_str(j, "syscall", shown.syscall);
	json_line_str(j, "action", shown.action);
	return json_line_write(j, stdout);
}

static void add_row(Table *t, const DecodeSummary *s, const Row *row)
{
	Shown shown;

	show(s, row, &shown);
	table_cellf(t, TONE_PLAIN, "%" PRIu64, row->count);
	table_cell(t, shown.exe.p ? shown.exe : SPAN_LIT("-"), TONE_PLAIN);
	table_cell(t, span_of(shown.arch ?: "-"), TONE_PLAIN);
	if (shown.syscall || !(row->has & RECORD_HAS_NR))
		table_cell(t, span_of(shown.syscall ?: "-"), TONE_PLAIN);
	else
		table_cellf(t, TONE_PLAIN, "%" PRId64, row->nr);
	table_cell(t, span_of(shown.action ?: "-"), TONE_PLAIN);
}

static int print_table(const DecodeSummary *s, const Row *const *rows, bool color)
{
	static const TableColumn columns[] = {
		{ "COUNT", true },    { "EXE", false },    { "ARCH", false },
		{ "SYSCALL", false }, { "ACTION", false },
	};
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));

	for (uint32_t i = 0; i < s->n; i++)
		add_row(t, s, rows[i]);
	return table_print(t, stdout, color);
}

int decode_summary_print(const DecodeSummary *s, bool json, bool color)
{
	_cleanup_free_ const Row **rows = calloc(s->n + 1, sizeof(*rows));
	int r = 0;

	if (!rows)
		return -ENOMEM;
	for (uint32_t i = 0; i < s->n; i++)
		rows[i] = &s->rows[i];
	qsort(rows, s->n, sizeof(*rows), compare_rows);
	if (!json && s->n > 0)
		r = print_table(s, rows, color);
	for (uint32_t i = 0; json && r == 0 && i < s->n; i++)
		r = print_json(s, rows[i]);
	if (r == 0 && s->other > 0)
		fprintf(stderr, "%" PRIu64 " %s of further kinds: the table holds %d\n", s->other,
			text_plural(s->other, "record", "records"), DECODE_SUMMARY_MAX);
	return r;
}
