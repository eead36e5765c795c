/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/action.h"
#include "audit/record.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

#define HEAD "auid=4294967295 uid=1000 gid=100 ses=7"
#define TAIL                                                                              \
	" pid=4709 comm=\"sh\" exe=\"/bin/sh\" sig=31 arch=c000003e syscall=13 compat=1 " \
	"ip=0x7f3c012e467b code=0x7ffc0000"
#define FORGED \
	" pid=1 comm=\"nginx\" exe=\"/x\" sig=0 arch=c000003e syscall=59 compat=0 ip=0x0 code=0x0"

static int parse(const char *text, Record *ret)
{
	const char *reason = NULL;
	int r = record_parse(span_of(text), ret, &reason);

	if (r < 0) {
		assert_int_equal(r, -EBADMSG);
		assert_non_null(reason);
	}
	return r;
}

static void assert_tail(const Record *r)
{
	assert_int_equal(r->pid, 4709);
	assert_true(span_is(r->comm, "\"sh\""));
	assert_true(span_is(r->exe, "\"/bin/sh\""));
	assert_int_equal(r->sig, 31);
	assert_int_equal(r->arch, 0xc000003e);
	assert_int_equal(r->nr, 13);
	assert_int_equal(r->compat, 1);
	assert_int_equal(r->ip, 0x7f3c012e467b);
	assert_int_equal(r->code, 0x7ffc0000);
}

static void test_every_field_is_read(void **state)
{
	Record r;

	(void)state;
	assert_int_equal(parse(HEAD " subj=kernel" TAIL, &r), 0);
	assert_tail(&r);
	assert_int_equal(r.auid, UINT32_MAX);
	assert_int_equal(r.uid, 1000);
	assert_int_equal(r.gid, 100);
	assert_int_equal(r.ses, 7);
	assert_true(span_is(r.subj, "kernel"));
	assert_int_equal(r.has, (RECORD_HAS_CODE * 2 - 1) & ~RECORD_HAS_STAMP);
}

static void test_no_label_forges_a_field(void **state)
{
	static const char *const labels[] = {
		"=docker-default (enforce)",
		"system_u:system_r:container_t:s0:c5,c26",
		"?",
		"",
		"x pid=1",
		"x" FORGED,
		"x" FORGED " y",
		"?" FORGED,
		"x pid=1 comm=\"a",
		"x uid=0 auid=0 pid=",
		"x code=0x50000",
		"p//null-/bin/a pid=1 comm=\"x\" (complain)",
		"x subj=y pid=2",
		"a  b ",
		"\xff\x01\x1d",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(labels); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r;

		buffer_printf(&b, HEAD " subj=%s" TAIL, labels[i]);
		assert_int_equal(parse(b.p, &r), 0);
		assert_tail(&r);
		assert_int_equal(r.uid, 1000);
		assert_true(r.has & RECORD_HAS_SUBJ);
		assert_true(span_is(r.subj, labels[i]));
	}
}

static void test_ppid_is_no_part_of_the_label(void **state)
{
	Record r;

	(void)state;
	assert_int_equal(parse(HEAD " subj=u:r:browser:s0 ppid=4843" TAIL, &r), 0);
	assert_true(span_is(r.subj, "u:r:browser:s0"));
	assert_tail(&r);
	assert_int_equal(parse(HEAD " subj=a ppid=x1" TAIL, &r), 0);
	assert_true(span_is(r.subj, "a ppid=x1"));
	assert_int_equal(parse(HEAD " ppid=4843" TAIL, &r), 0);
	assert_false(r.has & RECORD_HAS_SUBJ);
	assert_tail(&r);
}

static void test_fields_of_other_kernels_are_passed_over(void **state)
{
	Record r;

	(void)state;
	assert_int_equal(parse("new=1 " HEAD " other=2 auid4294967295" TAIL, &r), 0);
	assert_tail(&r);
	assert_int_equal(parse(HEAD TAIL " subj_selinux=u:r subj_apparmor=docker (enforce)", &r),
			 0);
	assert_tail(&r);
}

static void test_no_cut_passes_for_a_record(void **state)
{
	static const char *const codes[] = { "80000000", "0",        "30000",    "50001",
					     "7fc00000", "7ff00000", "7ffc0000", "12340000",
					     "ffff0000", "50016" };
	Record r;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(codes); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		const char *reason;

		buffer_add(&b, SPAN_LIT(HEAD " subj==a (enforce)" TAIL));
		b.n -= sizeof("7ffc0000") - 1;
		buffer_add_str(&b, codes[i]);
		for (size_t n = 0; n < b.n; n++)
			assert_int_equal(record_parse(span_make(b.p, n), &r, &reason), -EBADMSG);
		assert_int_equal(record_parse(buffer_span(&b), &r, &reason), 0);
	}
}

static void test_a_cut_behind_a_forging_label_is_seen(void **state)
{
	const char text[] = HEAD " subj=x" FORGED " y (enforce)" TAIL;
	/* Only right behind the forged record there is nothing left that would show the cut. */
	const size_t blind = sizeof(HEAD " subj=x" FORGED) - 1;
	const char *reason;
	Record r;

	(void)state;
	for (size_t n = 0; n < sizeof(text) - 1; n++)
		if (n != blind && n != blind + 1)
			assert_int_equal(record_parse(span_make(text, n), &r, &reason), -EBADMSG);
	assert_int_equal(parse(text, &r), 0);
	assert_tail(&r);
}

static void test_mandatory_fields_are_missed_and_others_are_not(void **state)
{
	static const struct {
		const char *field;
		bool needed;
		uint32_t flag;
	} fields[] = {
		{ "pid=1", true, RECORD_HAS_PID },        { "comm=\"a\"", true, RECORD_HAS_COMM },
		{ "exe=\"/a\"", false, RECORD_HAS_EXE },  { "sig=0", true, RECORD_HAS_SIG },
		{ "arch=16", false, RECORD_HAS_ARCH },    { "syscall=1", true, RECORD_HAS_NR },
		{ "compat=0", false, RECORD_HAS_COMPAT }, { "ip=0x0", true, RECORD_HAS_IP },
		{ "code=0x0", true, RECORD_HAS_CODE },
	};

	(void)state;
	for (size_t left_out = 0; left_out < ELEMENTSOF(fields); left_out++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r;

		buffer_add_str(&b, HEAD);
		for (size_t i = 0; i < ELEMENTSOF(fields); i++)
			if (i != left_out)
				buffer_printf(&b, " %s", fields[i].field);
		assert_int_equal(parse(b.p, &r), fields[left_out].needed ? -EBADMSG : 0);
		if (!fields[left_out].needed)
			assert_false(r.has & fields[left_out].flag);
	}
}

static void test_damage_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		HEAD,
		HEAD " pid=4709" TAIL,
		HEAD " sig=31" TAIL,
		HEAD " uid=0" TAIL,
		"auid=1 ... gid=2" TAIL,
		"auid=1x" TAIL,
		"uid=4294967296" TAIL,
		"pid=1 comm=\"a\" sig=0 sig=31 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a b\" sig=0 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a\"b\" sig=0 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a sig=0 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=bare sig=0 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=616 sig=0 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm= sig=0 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=2147483648 comm=\"a\" sig=0 syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a\" sig=0 syscall=9223372036854775808 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a\" sig=0 syscall=1-1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a\" sig=0 syscall=- compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a\" sig=0 arch=1c000003e syscall=1 compat=0 ip=0x0 code=0x0",
		"pid=1 comm=\"a\" sig=0 syscall=1 compat=0 ip=0x10000000000000000 code=0x0",
		"pid=1 comm=\"a\" sig=0 syscall=1 compat=0 ip=0x0 code=0x",
		"pid=1 comm=\"a\" sig=0 syscall=1 compat=0 ip=0x0 code=0x7ffc00000",
		"pid=1 comm=\"a\" sig=0 syscall=1 compat=0 ip=0x0 code=0x7ffc...",
		"pid=1 comm=\"a\" sig=0 syscall=1 compat=0 ip=0x0 code=0x0 code=0x0",
		HEAD TAIL " junk",
		HEAD TAIL " a=1 comm=\"x\"",
		HEAD TAIL " " HEAD TAIL,
	};
	Record r;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(texts); i++)
		assert_int_equal(parse(texts[i], &r), -EBADMSG);
}

static void test_nul_is_refused_anywhere(void **state)
{
	char text[] = HEAD " subj=a" TAIL;
	const char *reason;
	Record r;

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		char saved = text[i];

		text[i] = '\0';
		assert_int_equal(record_parse(span_make(text, sizeof(text) - 1), &r, &reason),
				 -EBADMSG);
		text[i] = saved;
	}
}

static void test_code_ends_where_the_kernel_ended_it(void **state)
{
	static const struct {
		const char *text;
		uint32_t code;
	} rows[] = {
		{ "7ffc0000AUID=\"unset\" UID=\"root\" SYSCALL=clone", 0x7ffc0000 },
		{ "50000AUID=\"unset\" UID=\"root\"", 0x50000 },
		{ "0AUID=\"unset\"", 0 },
		{ "7ffc0000\035AUID=\"unset\" UID=\"root\" GID=\"root\" ARCH=x86_64 SYSCALL=x",
		  0x7ffc0000 },
		{ "7ffc0000#035AUID=\"unset\"", 0x7ffc0000 },
		{ "80000000 AUID=\"unset\" UID=\"some one\"", 0x80000000 },
		{ "7ffc0000[  387.811073] BUG: something", 0x7ffc0000 },
		{ "50016", 0x50016 },
		{ "12340000", 0x12340000 },
		{ "10000", 0x10000 },
		{ "0 ", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r;

		buffer_printf(&b, HEAD " pid=1 comm=\"a\" sig=0 syscall=1 ip=0x0 code=0x%s",
			      rows[i].text);
		assert_int_equal(parse(b.p, &r), 0);
		assert_int_equal(r.code, rows[i].code);
	}
}

static void test_numbers_are_kept_as_printed(void **state)
{
	static const struct {
		const char *text;
		int64_t nr;
	} rows[] = { { "-1", -1 },
		     { "1073741863", 1073741863 },
		     { "983045", 983045 },
		     { "9223372036854775807", INT64_MAX },
		     { "-9223372036854775808", INT64_MIN } };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r;

		buffer_printf(&b,
			      "pid=-1 comm=\"a\" sig=9 arch=16 syscall=%s compat=0 "
			      "ip=0xffffffffffffffff code=0x0",
			      rows[i].text);
		assert_int_equal(parse(b.p, &r), 0);
		assert_true(r.nr == rows[i].nr);
		assert_int_equal(r.pid, -1);
		assert_int_equal(r.arch, 0x16);
		assert_true(r.ip == UINT64_MAX);
	}
}

static void test_texts_are_decoded(void **state)
{
	char buf[32], small[4];

	(void)state;
	assert_int_equal(record_text(SPAN_LIT("\"sh\""), buf, sizeof(buf)), 2);
	assert_string_equal(buf, "sh");
	assert_int_equal(record_text(SPAN_LIT("6120622263"), buf, sizeof(buf)), 5);
	assert_string_equal(buf, "a b\"c");
	assert_int_equal(record_text(SPAN_LIT("6E61C3"), buf, sizeof(buf)), 3);
	assert_string_equal(buf, "na\xc3");
	assert_int_equal(record_text(SPAN_LIT("\"<too_long>\""), buf, sizeof(buf)), 10);
	assert_string_equal(buf, "<too_long>");
	assert_int_equal(record_text(SPAN_LIT("\"\""), buf, sizeof(buf)), 0);
	assert_int_equal(record_text(SPAN_LIT("\"abcdef\""), small, sizeof(small)), 3);
	assert_string_equal(small, "abc");
	assert_int_equal(record_text(SPAN_LIT("61626364"), small, sizeof(small)), 3);
	assert_string_equal(small, "abc");
	assert_int_equal(record_text(SPAN_LIT("(null)"), buf, sizeof(buf)), -ENODATA);
	assert_int_equal(record_text(SPAN_NULL, buf, sizeof(buf)), -ENODATA);
	assert_int_equal(record_text(SPAN_LIT("6100"), buf, sizeof(buf)), -EBADMSG);
	assert_int_equal(record_text(SPAN_LIT("616"), buf, sizeof(buf)), -EBADMSG);
	assert_int_equal(record_text(SPAN_LIT("bare"), buf, sizeof(buf)), -EBADMSG);
	assert_int_equal(record_text(SPAN_LIT(""), buf, sizeof(buf)), -EBADMSG);
}

/* Wherever it stands, also in the few bytes that may follow a short code=. */
static void test_nul_is_refused_at_each_place(void **state)
{
	static const char *const trails[] = { "", " y=4 x", " AUID=\"root\"" };
	const char *reason;
	Record r;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(trails); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		buffer_add_str(&b, HEAD " subj=x" FORGED);
		buffer_add_str(&b, trails[i]);
		assert_int_equal(record_parse(buffer_span(&b), &r, &reason), 0);
		for (size_t at = 0; at < b.n; at++) {
			char was = b.p[at];

			b.p[at] = '\0';
			assert_int_equal(record_parse(buffer_span(&b), &r, &reason), -EBADMSG);
			b.p[at] = was;
		}
	}
}

UNIT_MAIN(cmocka_unit_test(test_nul_is_refused_at_each_place),
	  cmocka_unit_test(test_every_field_is_read),
	  cmocka_unit_test(test_no_label_forges_a_field),
	  cmocka_unit_test(test_ppid_is_no_part_of_the_label),
	  cmocka_unit_test(test_fields_of_other_kernels_are_passed_over),
	  cmocka_unit_test(test_no_cut_passes_for_a_record),
	  cmocka_unit_test(test_a_cut_behind_a_forging_label_is_seen),
	  cmocka_unit_test(test_mandatory_fields_are_missed_and_others_are_not),
	  cmocka_unit_test(test_damage_is_refused), cmocka_unit_test(test_nul_is_refused_anywhere),
	  cmocka_unit_test(test_code_ends_where_the_kernel_ended_it),
	  cmocka_unit_test(test_numbers_are_kept_as_printed),
	  cmocka_unit_test(test_texts_are_decoded))
