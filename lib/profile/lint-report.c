/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings: collected with the node that they are about, and given their places in one pass at the
 * end. */
#include <errno.h>
#include <stdarg.h>

#include "profile/lint-private.h"
#include "util/buffer.h"

#define MESSAGE_MAX 640

struct LintRaw {
	LintCode code;
	LintSeverity severity;
	const ScanNode *node; /* NULL: a place without a node */
	size_t order;
	unsigned line, column;
	char *message;
};

void *lint_grow(Lint *l, void *array, size_t n, size_t *allocated, size_t size)
{
	size_t want = *allocated ? *allocated * 2 : 64;
	void *p;

	if (n < *allocated)
		return array;
	p = reallocarray(array, want, size);
	if (!p) {
		l->error = -ENOMEM;
		return array;
	}
	*allocated = want;
	return p;
}

static void add(Lint *l, LintRaw raw, const char *message)
{
	l->raw = lint_grow(l, l->raw, l->n_raw, &l->raw_allocated, sizeof(*l->raw));
	if (l->error < 0)
		return;
	raw.message = strdup(message);
	if (!raw.message) {
		l->error = -ENOMEM;
		return;
	}
	raw.order = l->n_raw;
	l->raw[l->n_raw++] = raw;
}

void lint_say(Lint *l, LintCode code, LintSeverity severity, const ScanNode *at, const char *fmt,
	      ...)
{
	char message[MESSAGE_MAX];
	va_list ap;

	if (l->error < 0)
		return;
	if (l->reported[code]++ >= LINT_EACH_MAX) {
		l->dropped[code]++;
		l->dropped_severity[code] = MAX(l->dropped_severity[code], severity);
		return;
	}
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	add(l, (LintRaw){ .code = code, .severity = severity, .node = at }, message);
}

void lint_say_place(Lint *l, LintCode code, const Diag *d)
{
	add(l,
	    (LintRaw){ .code = code,
		       .severity = LINT_ERROR,
		       .line = MAX(d->line, 1U),
		       .column = MAX(d->column, 1U) },
	    d->text);
}

bool lint_has_error(const Lint *l, LintCode code, const ScanNode *node)
{
	for (size_t i = 0; i < l->n_raw; i++) {
		const LintRaw *raw = &l->raw[i];

		if (raw->code == code && raw->severity == LINT_ERROR && raw->node &&
		    raw->node->begin >= node->begin && raw->node->end <= node->end)
			return true;
	}
	return false;
}

/* A node's parent, and its number among the children. */
typedef struct Parent {
	uint32_t node, index;
} Parent;

static Parent *find_parents(const Scan *s)
{
	Parent *parents = calloc(s->n_nodes, sizeof(*parents));

	for (uint32_t i = 0; parents && i < s->n_nodes; i++) {
		uint32_t index = 0;

		SCAN_EACH(s, &s->nodes[i], child)
		parents[child - s->nodes] = (Parent){ i, index++ };
	}
	return parents;
}

static void add_step(Buffer *b, const Scan *s, const ScanNode *node, uint32_t index)
{
	Span key = scan_key(s, node);

	buffer_add_char(b, '/');
	if (node->key_end == 0)
		buffer_printf(b, "%u", index);
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] == '~' || key.p[i] == '/')
			buffer_add_str(b, key.p[i] == '~' ? "~0" : "~1");
		else
			buffer_add_char(b, key.p[i]);
}

static char *pointer_to(const Scan *s, const Parent *parents, const ScanNode *node)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	uint32_t path[SCAN_DEPTH_MAX], n = 0, at = node ? (uint32_t)(node - s->nodes) : 0;

	for (; at != 0; at = parents[at].node)
		path[n++] = at;
	while (n-- > 0)
		add_step(&b, s, &s->nodes[path[n]], parents[path[n]].index);
	return b.n > 0 ? buffer_steal(&b) : strdup("");
}

static uint32_t offset_of(const LintRaw *r)
{
	return !r->node ? 0 : r->node->key_end ? r->node->key_begin : r->node->begin;
}

static int compare_raw(const void *a, const void *b)
{
	const LintRaw *x = a, *y = b;
	uint32_t p = offset_of(x), q = offset_of(y);

	return p != q ? (p > q) - (p < q) : (x->order > y->order) - (x->order < y->order);
}

int lint_find_lines(Lint *l)
{
	Span text = l->scan.text;
	uint32_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	l->line_ends = calloc(n + 1, sizeof(*l->line_ends));
	if (!l->line_ends)
		return l->error = -ENOMEM;
	for (uint32_t i = 0; i < text.n; i++)
		if (text.p[i] == '\n')
			l->line_ends[l->n_line_ends++] = i;
	return 0;
}

/* How many lines end before @offset. */
static uint32_t lines_before(const Lint *l, uint32_t offset)
{
	uint32_t low = 0, high = l->n_line_ends;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (l->line_ends[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

unsigned lint_line(const Lint *l, const ScanNode *node)
{
	return lines_before(l, node->begin) + 1;
}

static void place(Lint *l)
{
	for (size_t i = 0; i < l->n_raw; i++) {
		uint32_t offset = offset_of(&l->raw[i]), lines;

		if (!l->raw[i].node)
			continue;
		lines = lines_before(l, offset);
		l->raw[i].line = lines + 1;
		l->raw[i].column = offset - (lines ? l->line_ends[lines - 1] + 1 : 0) + 1;
	}
}

static void add_dropped(Lint *l)
{
	char message[MESSAGE_MAX];

	for (LintCode c = 0; c < _LINT_CODE_MAX; c++) {
		if (l->dropped[c] == 0)
			continue;
		snprintf(message, sizeof(message), "%zu more findings of this kind are not listed",
			 l->dropped[c]);
		add(l, (LintRaw){ .code = c, .severity = l->dropped_severity[c], .node = l->root },
		    message);
	}
}

static int convert(Lint *l, const Parent *parents, LintReport *report)
{
	for (size_t i = 0; i < l->n_raw; i++) {
		LintRaw *raw = &l->raw[i];
		LintFinding *f = &report->findings[report->n];

		f->where = pointer_to(&l->scan, parents, raw->node);
		if (!f->where)
			return -ENOMEM;
		f->severity = raw->severity;
		snprintf(f->code, sizeof(f->code), "L%02u", (unsigned)raw->code % 100);
		f->line = raw->line;
		f->column = raw->column;
		f->message = STEAL(raw->message);
		report->counts[f->severity]++;
		report->n++;
	}
	return 0;
}

int lint_finish(Lint *l, LintReport *ret)
{
	_cleanup_lint_ LintReport report = { 0 };
	_cleanup_free_ Parent *parents = NULL;
	int r;

	add_dropped(l);
	if (l->error < 0)
		return l->error;
	if (l->n_raw > 0)
		qsort(l->raw, l->n_raw, sizeof(*l->raw), compare_raw);
	place(l);
	parents = l->scan.n_nodes > 0 ? find_parents(&l->scan) : NULL;
	report.findings = calloc(MAX(l->n_raw, 1U), sizeof(*report.findings));
	if (!report.findings || (l->scan.n_nodes > 0 && !parents))
		return -ENOMEM;
	r = convert(l, parents, &report);
	if (r < 0)
		return r;
	*ret = report;
	report = (LintReport){ 0 };
	return 0;
}

void lint_forget(Lint *l)
{
	for (size_t i = 0; i < l->n_raw; i++)
		free(l->raw[i].message);
	free(l->raw);
}

void lint_done(LintReport *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->findings[i].where);
		free(r->findings[i].message);
	}
	free(r->findings);
	*r = (LintReport){ 0 };
}
