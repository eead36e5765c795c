/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal-entry.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

typedef struct Seen {
	size_t n;
	JournalEntry entries[8];
	char messages[8][64];
} Seen;

static void see(Seen *s, const JournalEntry *e)
{
	assert_true(s->n < ELEMENTSOF(s->entries));
	s->entries[s->n] = *e;
	if (e->fields[JOURNAL_MESSAGE].p)
		span_copy(e->fields[JOURNAL_MESSAGE], s->messages[s->n], sizeof(s->messages[0]));
	s->n++;
}

/* Fed @step bytes at a time. */
static Seen read_export(Span text, size_t step)
{
	_cleanup_free_ JournalExport *x = calloc(1, sizeof(*x));
	JournalEntry e;
	Seen s = { 0 };

	while (text.n > 0) {
		Span part = span_first(text, step);

		text = span_from(text, part.n);
		while (journal_export_next(x, &part, &e))
			see(&s, &e);
	}
	if (journal_export_last(x, &e))
		see(&s, &e);
	return s;
}

#define BINARY "MESSAGE\n\x0e\0\0\0\0\0\0\0two\nlines\n_X=1\n"
#define LONG_NAME "A23456789_123456789_123456789_123456789_123456789_123456789_123456789_"

static void test_pieces_of_any_size_give_the_same(void **state)
{
	static const char text[] = "__CURSOR=s\nMESSAGE=one\n_TRANSPORT=kernel\n\n\n"
				   "__CURSOR=t\n" BINARY LONG_NAME "=2\n\n"
				   "MESSAGE=three\nMESSAGE=not this\nMESSAGEX=nor this\nEMPTY\n"
				   "\0\0\0\0\0\0\0\0\n_AUDIT_ID=9\n";

	(void)state;
	for (size_t step = 1; step < sizeof(text); step++) {
		Seen s = read_export(span_make(text, sizeof(text) - 1), step);

		assert_int_equal(s.n, 3);
		for (size_t i = 0; i < s.n; i++)
			assert_null(s.entries[i].damage);
		assert_string_equal(s.messages[0], "one");
		assert_string_equal(s.messages[1], "two\nlines\n_X=1");
		assert_string_equal(s.messages[2], "three");
		assert_null(s.entries[1].fields[JOURNAL_TRANSPORT].p);
		assert_int_equal(s.entries[2].fields[JOURNAL_AUDIT_ID].n, 1);
	}
}

static void test_damage_is_told_and_the_next_entry_is_read(void **state)
{
	static const char cut[] = "__CURSOR=a\nMESSAGE\n\xff\0\0\0\0\0\0\0only this";
	static const char wrong[] = "__CURSOR=a\nMESSAGE\n\1\0\0\0\0\0\0\0xy\n\nMESSAGE=b\n\n";
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Seen s = read_export(span_make(cut, sizeof(cut) - 1), 100);

	(void)state;
	assert_int_equal(s.n, 1);
	assert_non_null(strstr(s.entries[0].damage, "cut off"));
	s = read_export(span_make(wrong, sizeof(wrong) - 1), 100);
	assert_int_equal(s.n, 2);
	assert_non_null(s.entries[0].damage);
	assert_null(s.entries[1].damage);
	assert_string_equal(s.messages[1], "b");
	buffer_add_str(&b, "MESSAGE=");
	for (size_t i = 0; i < JOURNAL_TEXT_MAX; i++)
		buffer_add_char(&b, 'x');
	buffer_add_str(&b, "y\n_TRANSPORT=stdout\n\nMESSAGE=c\n\n");
	s = read_export(buffer_span(&b), 1000);
	assert_int_equal(s.n, 2);
	assert_non_null(strstr(s.entries[0].left_out, "too long"));
	assert_null(s.entries[0].fields[JOURNAL_MESSAGE].p);
	assert_int_equal(s.entries[0].fields[JOURNAL_TRANSPORT].n, 6);
	assert_null(s.entries[1].left_out);
	assert_string_equal(s.messages[1], "c");
}

static void test_nothing_is_no_entry(void **state)
{
	(void)state;
	assert_int_equal(read_export(SPAN_LIT(""), 1).n, 0);
	assert_int_equal(read_export(SPAN_LIT("\n\n\n"), 1).n, 0);
	assert_true(journal_is_export(SPAN_LIT("__CURSOR=s=1")));
	assert_false(journal_is_export(SPAN_LIT("type=SECCOMP")));
}

UNIT_MAIN(cmocka_unit_test(test_pieces_of_any_size_give_the_same),
	  cmocka_unit_test(test_damage_is_told_and_the_next_entry_is_read),
	  cmocka_unit_test(test_nothing_is_no_entry))
