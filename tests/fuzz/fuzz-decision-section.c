/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decisions in a workload's file: any bytes are read without harm; one that is put in is read again
 * as it was, beside all that were there; taken out again, the others are as before. */
#undef NDEBUG
#include <assert.h>
#include <errno.h>

#include "audit/arch.h"
#include "config/decision-section.h"

#define NOW (1700000000 * USEC_PER_SEC)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Read {
	SectionText text;
	DecisionList list;
} Read;

static void read_all(Span text, Read *r)
{
	assert(section_text_read(text, &r->text) == 0);
	assert(decision_list_read(&r->text, NOW, &r->list) == 0);
}

static void read_done(Read *r)
{
	decision_list_done(&r->list);
	section_text_done(&r->text);
}

static const Decision *find(const Read *r, const Decision *d)
{
	for (size_t i = 0; i < r->list.n; i++)
		if (r->list.items[i].arch == d->arch &&
		    strcmp(r->list.items[i].syscall, d->syscall) == 0)
			return &r->list.items[i];
	return NULL;
}

static bool is_same(const Decision *a, const Decision *b)
{
	return a && b && a->answer == b->answer && a->errno_ret == b->errno_ret &&
	       a->until == b->until && strcmp(a->why, b->why) == 0 &&
	       strcmp(a->user, b->user) == 0 && strcmp(a->time, b->time) == 0;
}

static void check_others(const Read *before, const Read *after, const Decision *but)
{
	for (size_t i = 0; i < before->list.n; i++) {
		const Decision *d = &before->list.items[i];

		if (d->arch != but->arch || strcmp(d->syscall, but->syscall) != 0)
			assert(is_same(d, find(after, d)));
	}
}

static void check_put(Span text, Read *before, const Decision *d, const char *until)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL, back = BUFFER_NULL;
	Read after = { 0 }, gone = { 0 };

	if (decision_put(text, &before->text, d, until, &out) == -E2BIG)
		return;
	read_all(buffer_span(&out), &after);
	assert(is_same(d, find(&after, d)));
	check_others(before, &after, d);
	assert(decision_remove(buffer_span(&out), d->syscall, d->arch, &back) == 1);
	read_all(buffer_span(&back), &gone);
	assert(!find(&gone, d));
	check_others(before, &gone, d);
	read_done(&gone);
	read_done(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const Decision all[] = {
		{ .syscall = "mount",
		  .answer = DECISION_DENY,
		  .user = "a",
		  .time = "t",
		  .why = "no; #1\\\x1b\xff " },
		{ .syscall = "bpf",
		  .arch = ARCH_WORD_I386,
		  .answer = DECISION_ERRNO,
		  .errno_ret = EPERM,
		  .user = "",
		  .time = "",
		  .until = 1896134400 * USEC_PER_SEC,
		  .why = "[decision bpf]" },
	};
	Span text = span_make((const char *)data, size);
	Read r = { 0 };

	if (size > 16384)
		return 0;
	read_all(text, &r);
	check_put(text, &r, &all[0], "");
	check_put(text, &r, &all[1], "2030-01-31");
	read_done(&r);
	return 0;
}
