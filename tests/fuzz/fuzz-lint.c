/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any bytes as a profile of each dialect. Every finding has a code, a sentence, a place in the
 * text, and a pointer that leads to a node whose place that is; what lint finds no error in, the
 * reader does not call malformed JSON.
 */
#include "audit/arch.h"
#include "profile/lint.h"
#include "profile/scan.h"
#include "suggest/lint-risk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_place(const Scan *s, const LintFinding *f)
{
	const ScanNode *node = scan_at(s, f->where);
	unsigned line, column;

	if (!node)
		abort();
	scan_place(s->text, node->key_end ? node->key_begin : node->begin, &line, &column);
	if (line != f->line || column != f->column)
		abort();
}

/* Keys that stand twice lead to the first one by pointer. */
static bool has_repeated_keys(const LintReport *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (strstr(r->findings[i].message, "stands twice in one object"))
			return true;
	return false;
}

static void check(const LintReport *r, Span text)
{
	_cleanup_scan_ Scan s = { 0 };
	bool is_json = scan_read_loosely(text, &s, NULL) == 0;
	size_t n = 0;

	for (unsigned i = 0; i < _LINT_SEVERITY_MAX; i++)
		n += r->counts[i];
	if (n != r->n || (!is_json && r->counts[LINT_ERROR] != 1))
		abort();
	for (size_t i = 0; i < r->n; i++) {
		const LintFinding *f = &r->findings[i];

		if (f->code[0] != 'L' || !f->message[0] || f->line == 0 || f->column == 0)
			abort();
		if (is_json && !has_repeated_keys(r))
			check_place(&s, f);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = span_make((const char *)data, size);

	for (unsigned i = 0; i < _DIALECT_JSON_MAX; i++) {
		_cleanup_lint_ LintReport whole = { 0 }, part = { 0 };
		LintInput in = { .text = text,
				 .dialect = (Dialect)i,
				 .host_arch = ARCH_WORD_X86_64,
				 .risk = lint_risk_of };

		if (lint(&in, &whole) < 0)
			abort();
		check(&whole, text);
		in.at = "/linux/seccomp";
		if (lint(&in, &part) < 0)
			abort();
	}
	return 0;
}
