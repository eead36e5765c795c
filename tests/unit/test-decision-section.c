/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/decision-section.c: decisions are read as they stand, and written without touching
 * anything else. */
#include <errno.h>

#include "audit/arch.h"
#include "config/decision-section.h"
#include "tests/unit/unit.h"

#define NOW (1700000000 * USEC_PER_SEC) /* 2023-11-14 */

typedef struct Read {
	SectionText text;
	DecisionList list;
} Read;

static void read_text(const char *text, Read *r)
{
	*r = (Read){ 0 };
	assert_int_equal(section_text_read(span_of(text), &r->text), 0);
	assert_int_equal(decision_list_read(&r->text, NOW, &r->list), 0);
}

static void read_done(Read *r)
{
	decision_list_done(&r->list);
	section_text_done(&r->text);
}

/* The text with one more decision; frees @text. */
static char *put_text(char *text, const char *syscall, uint32_t arch, DecisionAnswer answer,
		      const char *why, const char *until)
{
	const Decision d = { .syscall = syscall,
			     .arch = arch,
			     .answer = answer,
			     .errno_ret = answer == DECISION_ERRNO ? ENOSYS : 0,
			     .user = "alice",
			     .time = "2023-11-14T22:13:20.000000Z",
			     .why = why };
	_cleanup_section_text_ SectionText t = { 0 };
	Buffer out = BUFFER_NULL;

	assert_int_equal(section_text_read(span_of(text), &t), 0);
	assert_int_equal(decision_put(span_of(text), &t, &d, until, &out), 0);
	free(text);
	return buffer_steal(&out);
}

static const char written[] = "[workload]\nName=w\n"
			      "\n[decision bpf]\nAnswer=deny\nUser=alice\n"
			      "Time=2023-11-14T22:13:20.000000Z\nWhy=no\n"
			      "\n[decision mount:i386]\nAnswer=errno=ENOSYS\nUser=alice\n"
			      "Time=2023-11-14T22:13:20.000000Z\nUntil=2030-01-31\nWhy=later\n"
			      "\n[decision ptrace]\nAnswer=allow\nUser=alice\n"
			      "Time=2023-11-14T22:13:20.000000Z\nWhy=gdb\\x3b \\x231\n"
			      "\n[stage x]\n";

static void test_they_stand_in_order_whatever_the_order_of_writing(void **state)
{
	static const unsigned orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 }, { 2, 0, 1 } };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(orders); i++) {
		char *text = strdup("[workload]\nName=w\n\n[stage x]\n");

		for (size_t k = 0; k < 3; k++)
			switch (orders[i][k]) {
			case 0:
				text = put_text(text, "bpf", 0, DECISION_DENY, "no", "");
				break;
			case 1:
				text = put_text(text, "mount", ARCH_WORD_I386, DECISION_ERRNO,
						"later", "2030-01-31");
				break;
			default:
				text = put_text(text, "ptrace", 0, DECISION_ALLOW, "gdb; #1", NULL);
			}
		assert_string_equal(text, written);
		free(text);
	}
}

static void test_what_was_written_is_read(void **state)
{
	const Decision *d;
	Read r;

	(void)state;
	read_text(written, &r);
	assert_int_equal(r.text.n_complaints, 0);
	assert_int_equal(r.list.n, 3);
	d = &r.list.items[1];
	assert_string_equal(d->syscall, "mount");
	assert_int_equal(d->arch, ARCH_WORD_I386);
	assert_int_equal(d->answer, DECISION_ERRNO);
	assert_int_equal(d->errno_ret, ENOSYS);
	assert_int_equal(d->until, 1896134400 * USEC_PER_SEC); /* the end of that day */
	assert_false(d->expired);
	assert_int_equal(d->line, 10);
	assert_string_equal(r.list.items[2].why, "gdb; #1");
	assert_int_equal(r.list.items[2].until, 0);
	read_done(&r);
}

static const char edited[] = "# reviewed by all\r\n"
			     "[decision bpf] \n"
			     "# for the exporter,\n"
			     "Why=old\n"
			     "  Answer = allow\n"
			     "Until=2001-01-01\n"
			     "Ticket=OPS-1\n"
			     "# and nothing else\n"
			     "\n"
			     "# about ptrace\n"
			     "[decision ptrace]\nAnswer=deny\nWhy=x\n"
			     "# below ptrace\n";

static void test_a_changed_one_keeps_its_place_and_comments(void **state)
{
	char *text = put_text(strdup(edited), "bpf", 0, DECISION_DENY, "new", "");

	(void)state;
	assert_string_equal(text, "# reviewed by all\r\n"
				  "[decision bpf] \n"
				  "# for the exporter,\n"
				  "Why=new\n"
				  "Answer=deny\n"
				  "Ticket=OPS-1\n"
				  "User=alice\n"
				  "Time=2023-11-14T22:13:20.000000Z\n"
				  "# and nothing else\n"
				  "\n"
				  "# about ptrace\n"
				  "[decision ptrace]\nAnswer=deny\nWhy=x\n"
				  "# below ptrace\n");
	free(text);
}

static void test_a_new_one_does_not_come_between_a_comment_and_its_section(void **state)
{
	char *text = put_text(strdup(edited), "mount", 0, DECISION_DENY, "new", "");

	(void)state;
	assert_non_null(strstr(text, "Ticket=OPS-1\n# and nothing else\n\n[decision mount]\n"));
	assert_non_null(strstr(text, "Why=new\n\n# about ptrace\n[decision ptrace]\n"));
	text = put_text(text, "umount2", 0, DECISION_DENY, "new", "");
	assert_non_null(strstr(text, "# below ptrace\n\n[decision umount2]\n"));
	free(text);
}

static void check_removed(const char *text, const char *name, int wanted, const char *left)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	assert_int_equal(decision_remove(span_of(text), name, 0, &out), wanted);
	assert_string_equal(out.n > 0 ? out.p : "", left);
}

static void test_removing_takes_one_section_and_its_doubles(void **state)
{
	(void)state;
	check_removed("# a\n[decision bpf]\nAnswer=deny\nWhy=x\n\n# b\n[other]\nK=v\n", "bpf", 1,
		      "# a\n# b\n[other]\nK=v\n");
	check_removed("[decision bpf]\nAnswer=deny\nWhy=x\n", "mount", 0, "");
	check_removed("[decision bpf:i386]\nAnswer=deny\nWhy=x\n", "bpf", 0, "");
	check_removed("[decision bpf]\nAnswer=deny\n[a]\n[decision bpf]\nAnswer=allow\n", "bpf", 1,
		      "[a]\n");
}

static void test_mistakes_are_told_and_the_rest_holds(void **state)
{
	static const char text[] = "[decision nosuchcall]\nAnswer=deny\nWhy=x\n"           /* 1 */
				   "[decision arch_prctl:aarch64]\nAnswer=deny\nWhy=x\n"   /* 4 */
				   "[decision bpf]\nAnswer=perhaps\nWhy=x\n"               /* 8 */
				   "[decision mount]\nAnswer=errno=EFOO\nWhy=x\n"          /* 11 */
				   "[decision mkdir]\nAnswer=deny\n"                       /* 13 */
				   "[decision ptrace]\nAnswer=deny\nUntil=soon\nWhy=x\n"   /* 17 */
				   "[decision chmod]\nAnswer=allow\nColour=red\nWhy=yes\n" /* 21 */
				   "[Decision kill]\nAnswer=allow\nWhy=x\n";               /* 23 */
	static const unsigned lines[] = { 1, 4, 8, 11, 13, 17, 21, 23 };
	Read r;

	(void)state;
	read_text(text, &r);
	assert_int_equal(r.list.n, 1);
	assert_string_equal(r.list.items[0].syscall, "chmod");
	assert_int_equal(r.text.n_complaints, ELEMENTSOF(lines));
	for (size_t i = 0; i < ELEMENTSOF(lines); i++)
		assert_int_equal(r.text.complaints[i].line, lines[i]);
	read_done(&r);
}

static void test_the_last_day_still_counts(void **state)
{
	Read r;

	(void)state;
	read_text("[decision bpf]\nAnswer=deny\nWhy=x\nUntil=2023-11-14\n"
		  "[decision mount]\nAnswer=deny\nWhy=x\nUntil=2023-11-13\n",
		  &r);
	assert_int_equal(r.list.n, 2);
	assert_false(r.list.items[0].expired);
	assert_true(r.list.items[1].expired);
	read_done(&r);
}

static void test_no_more_than_are_read_are_written(void **state)
{
	const Decision d = { .syscall = "bpf", .user = "", .time = "", .why = "x" };
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_buffer_ Buffer text = BUFFER_NULL, out = BUFFER_NULL;

	(void)state;
	for (unsigned i = 0; i < SECTION_TEXT_SECTIONS_MAX; i++)
		buffer_printf(&text, "[s%u]\n", i);
	assert_int_equal(section_text_read(buffer_span(&text), &t), 0);
	assert_int_equal(decision_put(buffer_span(&text), &t, &d, "", &out), -E2BIG);
}

UNIT_MAIN(cmocka_unit_test(test_they_stand_in_order_whatever_the_order_of_writing),
	  cmocka_unit_test(test_what_was_written_is_read),
	  cmocka_unit_test(test_a_changed_one_keeps_its_place_and_comments),
	  cmocka_unit_test(test_a_new_one_does_not_come_between_a_comment_and_its_section),
	  cmocka_unit_test(test_removing_takes_one_section_and_its_doubles),
	  cmocka_unit_test(test_mistakes_are_told_and_the_rest_holds),
	  cmocka_unit_test(test_the_last_day_still_counts),
	  cmocka_unit_test(test_no_more_than_are_read_are_written))
