/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds of every record, shown on random ones: decode(print(r)) = r, and damage is damage. */
#include "audit/line.h"
#include "audit/record-memo.h"
#include "tests/unit/record-random.h"
#include "tests/unit/unit.h"

#define ROUNDS (4000 / UNIT_SHARE)
#define SEED 1326

static const struct {
	const char *head;
	bool stamp;
} envelopes[] = {
	{ "", true },
	{ "type=SECCOMP msg=", true },
	{ "type=1326 msg=", true },
	{ "type=UNKNOWN[1326] msg=", true },
	{ "node=host type=SECCOMP msg=", true },
	{ "Jan 29 07:58:12 host audispd[568]: node=h type=SECCOMP msg=", true },
	{ "audit: type=1326 ", true },
	{ "[  270.853767] audit: type=1326 ", true },
	{ "[  +1,261094] audit: type=1326 ", true },
	{ "[mer. 22 oct. 16:59:18 2025] audit: type=1326 ", true },
	{ "[28922.398944] 000: audit: type=1326 ", true },
	{ "[26083697.716609][   T55] audit: type=1326 ", true },
	{ "<5>[  198.963101] audit: type=1326 ", true },
	{ "Jan 11 09:11:48 h kern.notice kernel: [ 1033.124371] audit: type=1326 ", true },
	{ "general protection fault: 0000 [#1] [ 387.811073] audit: type=1326 ", true },
	{ "Oct 26 18:47:40 host audit[53400]: SECCOMP ", false },
	{ "Oct 26 18:47:40 host audit[53400]: UNKNOWN[1326] ", false },
	{ "SECCOMP ", false },
};
static const char *const ends[] = {
	"",
	"\r",
	" ",
	("\x1d"
	 "AUID=\"unset\" UID=\"root\" GID=\"root\" ARCH=x86_64 SYSCALL=clone"),
	"AUID=\"unset\" UID=\"root\"",
	" subj_selinux=u:r subj_apparmor=docker (enforce)",
};

/* One envelope around one record: the text, and what it must decode to. */
static void print_line(Random *rnd, Buffer *b, Line *wanted)
{
	size_t e = random_below(rnd, ELEMENTSOF(envelopes)), at;
	_cleanup_buffer_ Buffer fields = BUFFER_NULL;
	Record *r = &wanted->record;
	uint64_t sec = random_number(rnd, UINT32_MAX);
	uint32_t msec = (uint32_t)random_below(rnd, 1000);
	uint32_t serial = (uint32_t)random_number(rnd, UINT32_MAX);

	*wanted = (Line){ .status = LINE_RECORD, .has_stamp = envelopes[e].stamp };
	random_record(rnd, random_one_in(rnd, 2), &fields, r);
	buffer_add_str(b, envelopes[e].head);
	if (envelopes[e].stamp) {
		r->sec = sec;
		r->msec = msec;
		r->serial = serial;
		buffer_printf(b, "audit(%" PRIu64 ".%03" PRIu32 ":%" PRIu32 "): ", sec, msec,
			      serial);
	}
	at = b->n;
	buffer_add(b, buffer_span(&fields));
	buffer_add_str(b, ends[random_below(rnd, ELEMENTSOF(ends))]);
	r->comm.p = b->p + at + (r->comm.p - fields.p);
	r->exe.p = b->p + at + (r->exe.p - fields.p);
	if (r->subj.p)
		r->subj.p = b->p + at + (r->subj.p - fields.p);
}

static void test_what_was_printed_is_decoded(void **state)
{
	Random rnd = { SEED };

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Line wanted, got;

		print_line(&rnd, &b, &wanted);
		line_decode(buffer_span(&b), &got);
		if (got.status != LINE_RECORD || got.has_stamp != wanted.has_stamp ||
		    got.record.sec != wanted.record.sec || got.record.msec != wanted.record.msec ||
		    got.record.serial != wanted.record.serial ||
		    !random_same(&got.record, &wanted.record))
			fail_msg("%s: %s", got.reason ?: "another record", b.p);
	}
}

/* What a record in the kernel's order is read by, and what all others are, are two readers: a field
 * of no meaning in front asks the second one. */
static void assert_one_answer(Span body)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const char *reason = "", *other_reason = "";
	Record r, other;
	int e, f;

	buffer_add_str(&b, "x=1 ");
	buffer_add(&b, body);
	e = record_parse(body, &r, &reason);
	f = record_parse(buffer_span(&b), &other, &other_reason);
	if (e != f || strcmp(reason, other_reason) != 0 || (e == 0 && !random_same(&r, &other)))
		fail_msg("\"%s\" and \"%s\": %.*s", reason, other_reason, (int)body.n, body.p);
}

/* Puts a value that is at some limit, or over it, behind a random '='. */
static void put_value(Random *rnd, Buffer *b)
{
	static const char *const values[] = {
		"-1",
		"-0",
		"00",
		"2147483647",
		"2147483648",
		"4294967296",
		"9223372036854775808",
		"18446744073709551616",
		"0xffffffffffffffff",
		"fffffffffffffffff",
		"100000000",
		"\"a b\"",
		"\"\"",
		"AB",
		"ABC",
		"(null)",
		"",
	};
	_cleanup_buffer_ Buffer changed = BUFFER_NULL;
	size_t from = random_below(rnd, b->n);
	Span all = buffer_span(b), rest = span_from(all, from);
	ssize_t equal = span_find(rest, SPAN_LIT("=")), space;

	if (equal < 0)
		return;
	rest = span_from(rest, (size_t)equal + 1);
	space = span_find(rest, SPAN_LIT(" "));
	buffer_add(&changed, span_first(all, all.n - rest.n));
	buffer_add_str(&changed, values[random_below(rnd, ELEMENTSOF(values))]);
	buffer_add(&changed, span_from(rest, space < 0 ? rest.n : (size_t)space));
	buffer_done(b);
	*b = changed;
	changed = BUFFER_NULL;
}

/* Replaces, removes, copies, cuts, or changes a value. */
static void damage(Random *rnd, Buffer *b)
{
	static const char bytes[] = " =\"0x-9aF(\x1d\x00\xff.:[,pcse";
	size_t at = random_below(rnd, b->n), most = random_below(rnd, 12), n = MIN(most, b->n - at);

	switch (random_below(rnd, 8)) {
	case 0:
		b->p[at] = bytes[random_below(rnd, sizeof(bytes) - 1)];
		break;
	case 1:
		memmove(b->p + at, b->p + at + n, b->n - at - n);
		b->n -= n;
		break;
	case 2:
		memmove(b->p + at, b->p + random_below(rnd, b->n - n + 1), n);
		break;
	case 3:
		b->n = at;
		break;
	default:
		put_value(rnd, b);
	}
}

static void test_both_readers_agree_on_records_and_on_damage(void **state)
{
	Random rnd = { SEED + 1 };

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r;

		random_record(&rnd, random_one_in(&rnd, 2), &b, &r);
		buffer_add_str(&b, ends[random_below(&rnd, ELEMENTSOF(ends))]);
		for (unsigned times = 0; times < 3 && b.n > 0; times++) {
			assert_one_answer(buffer_span(&b));
			damage(&rnd, &b);
		}
	}
}

static void test_no_label_changes_a_field(void **state)
{
	Random rnd = { SEED + 2 };

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		_cleanup_buffer_ Buffer plain = BUFFER_NULL, labelled = BUFFER_NULL,
					label = BUFFER_NULL;
		const char *reason = "";
		Record r, got;
		ssize_t pid;

		random_record(&rnd, false, &plain, &r);
		random_label(&rnd, &label);
		pid = span_find(buffer_span(&plain), SPAN_LIT(" pid="));
		assert_true(pid > 0);
		buffer_add(&labelled, span_first(buffer_span(&plain), (size_t)pid));
		buffer_add_str(&labelled, " subj=");
		buffer_add(&labelled, buffer_span(&label));
		buffer_add(&labelled, span_from(buffer_span(&plain), (size_t)pid));
		if (record_parse(buffer_span(&labelled), &got, &reason) < 0)
			fail_msg("%s: %s", reason, labelled.p);
		assert_true(span_eq(got.subj, buffer_span(&label)));
		got.subj = SPAN_NULL;
		got.has &= ~(uint32_t)RECORD_HAS_SUBJ;
		if (!random_same(&got, &r))
			fail_msg("%s", labelled.p);
	}
}

/* Does the byte at @p lie in a text that a stranger chose? */
static bool is_free_text(const Record *r, const char *p)
{
	const Span spans[] = { r->subj, r->comm, r->exe };

	for (size_t i = 0; i < ELEMENTSOF(spans); i++)
		if (spans[i].p && p >= spans[i].p && p < spans[i].p + spans[i].n)
			return true;
	return false;
}

/* How many of the numbers differ. */
static unsigned n_differences(const Record *a, const Record *b)
{
	return (a->auid != b->auid) + (a->uid != b->uid) + (a->gid != b->gid) + (a->ses != b->ses) +
	       (a->pid != b->pid) + (a->sig != b->sig) + (a->arch != b->arch) + (a->nr != b->nr) +
	       (a->compat != b->compat) + (a->ip != b->ip) + (a->code != b->code);
}

/*
 * A flipped byte makes a number another number, or hides the field in front of the label that it
 * names; it never moves a value to another field. In a text it changes that text alone, unless the
 * byte ends the text or starts a field.
 */
static void assert_flip(const Buffer *b, size_t at, const Record *before)
{
	bool free_text = is_free_text(before, b->p + at);
	const char *reason;
	Record r;

	if (record_parse(buffer_span(b), &r, &reason) < 0)
		return;
	if (free_text ? n_differences(&r, before) != 0 : n_differences(&r, before) > 1)
		fail_msg("byte %zu: %s", at, b->p);
	if (!free_text && (!span_eq(r.comm, before->comm) || !span_eq(r.exe, before->exe)))
		fail_msg("byte %zu: %s", at, b->p);
}

static void test_a_flipped_byte_changes_what_it_lies_in(void **state)
{
	static const char flips[] = "\x01\x02\x04\x08\x10\x20\x40\x80";
	Random rnd = { SEED + 3 };

	(void)state;
	for (unsigned i = 0; i < ROUNDS / 40; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r;

		random_record(&rnd, random_one_in(&rnd, 2), &b, &r);
		for (size_t at = 0; at < b.n; at++)
			for (size_t f = 0; f < sizeof(flips) - 1; f++) {
				b.p[at] ^= flips[f];
				assert_flip(&b, at, &r);
				b.p[at] ^= flips[f];
			}
	}
}

static void test_no_truncation_changes_a_field(void **state)
{
	Random rnd = { SEED + 4 };

	(void)state;
	for (unsigned i = 0; i < ROUNDS / 10; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r, got;

		random_record(&rnd, false, &b, &r);
		for (size_t n = 0; n < b.n; n++) {
			/* A copy of its own size: a read behind its end is seen. */
			_cleanup_free_ char *copy = malloc(n + 1);
			const char *reason;

			assert_non_null(copy);
			memcpy(copy, b.p, n);
			if (record_parse(span_make(copy, n), &got, &reason) == 0)
				fail_msg("cut at %zu: %s", n, b.p);
		}
	}
}

/* What a memo answers is what it would have read, its spans in the text that it was asked about. */
static void assert_memo_agrees(RecordMemo *memo, Span body)
{
	const char *reason = "", *other_reason = "";
	Record r, other;
	int e = record_parse(body, &r, &reason);
	int f = record_memo_parse(memo, body, &other, &other_reason);

	if (e != f || strcmp(reason, other_reason) != 0)
		fail_msg("\"%s\" and \"%s\": %.*s", reason, other_reason, (int)body.n, body.p);
	if (e == 0 && (!random_same(&r, &other) || r.subj.p != other.subj.p ||
		       r.comm.p != other.comm.p || r.exe.p != other.exe.p))
		fail_msg("other fields: %.*s", (int)body.n, body.p);
}

#define MEMO_BODIES (2 * RECORD_MEMO_SETS * RECORD_MEMO_WAYS)

static void test_a_memo_changes_no_answer(void **state)
{
	RecordMemo *memo = calloc(1, sizeof(*memo));
	Buffer *bodies = calloc(MEMO_BODIES, sizeof(*bodies));
	Random rnd = { SEED + 5 };
	Record r;

	(void)state;
	assert_non_null(memo);
	assert_non_null(bodies);
	for (size_t i = 0; i < MEMO_BODIES; i++)
		random_record(&rnd, random_one_in(&rnd, 2), &bodies[i], &r);
	for (size_t i = 0; i < 8 * (size_t)MEMO_BODIES; i++) {
		/* Some come often, as they do where a memo helps, and all come. */
		size_t range = random_one_in(&rnd, 2) ? 16 : MEMO_BODIES;
		Buffer *b = &bodies[random_below(&rnd, range)];
		size_t at = random_below(&rnd, b->n);

		assert_memo_agrees(memo, buffer_span(b));
		b->p[at] ^= 1;
		assert_memo_agrees(memo, buffer_span(b));
		b->p[at] ^= 1;
		assert_memo_agrees(memo, span_first(buffer_span(b), at));
		assert_memo_agrees(memo, buffer_span(b));
	}
	for (size_t i = 0; i < MEMO_BODIES; i++)
		buffer_done(&bodies[i]);
	free(bodies);
	free(memo);
}

UNIT_MAIN(cmocka_unit_test(test_what_was_printed_is_decoded),
	  cmocka_unit_test(test_both_readers_agree_on_records_and_on_damage),
	  cmocka_unit_test(test_no_label_changes_a_field),
	  cmocka_unit_test(test_a_flipped_byte_changes_what_it_lies_in),
	  cmocka_unit_test(test_no_truncation_changes_a_field),
	  cmocka_unit_test(test_a_memo_changes_no_answer))
