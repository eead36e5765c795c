/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/systemd-text: lines and words of unit files. */
#include "profile/systemd-text.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

/* "[section]key=word|word" for each line, ";" between them. */
static void check(const char *text, const char *wanted)
{
	static const char *const kinds[] = { "head", "", "badhead", "bad" };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	SystemdText t;
	SystemdLine line;

	systemd_text_init(&t, span_of(text));
	while (systemd_text_next(&t, &line)) {
		char word[SYSTEMD_WORD_MAX];
		Span at;

		buffer_printf(&b, "%s[%.*s]%s", b.n > 0 ? ";" : "", (int)line.section.n,
			      line.section.p, kinds[line.kind]);
		if (line.kind != SYSTEMD_ASSIGNMENT)
			continue;
		buffer_printf(&b, "%.*s=", (int)line.key.n, line.key.p);
		if (systemd_is_empty(line.value))
			buffer_add_str(&b, "EMPTY");
		if (systemd_inverts(&line.value))
			buffer_add_char(&b, '~');
		for (unsigned i = 0; systemd_word(&line.value, word, &at); i++) {
			assert_in_range((uintptr_t)at.p, (uintptr_t)text,
					(uintptr_t)text + strlen(text));
			buffer_printf(&b, "%s%s", i > 0 ? "|" : "", word);
		}
	}
	assert_string_equal(b.n > 0 ? b.p : "", wanted);
}

static void test_lines_as_systemd_reads_them(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "", "" },
		{ "\n\n# a\n; b\n", "" },
		{ "[A]\nb=c d\n[B]\ne=", "[A]head;[A]b=c|d;[B]head;[B]e=EMPTY" },
		{ "\xef\xbb\xbf[A]\nb=c", "[A]head;[A]b=c" },
		{ "[A]\r\nb = c\td \r\n", "[A]head;[A]b=c|d" },
		{ "  [A]  \n\t b\t= c", "[A]head;[A]b=c" },
		{ "a=b", "[]a=b" },
		{ "[A\nb=c", "[]badhead;[]b=c" },
		{ "[]\nb=c", "[]head;[]b=c" },
		{ "[A]\nb\n=c\nd==e", "[A]head;[A]bad;[A]bad;[A]d==e" },
		{ "[A]\nb=~c", "[A]head;[A]b=~c" },
		{ "[A]\nb= ~ c", "[A]head;[A]b=~c" },
		{ "[A]\nb=c ~d", "[A]head;[A]b=c|~d" },
		/* lines that go on, and what stands between them */
		{ "[A]\nb=c \\\n d\\\ne\nf=g", "[A]head;[A]b=c|d|e;[A]f=g" },
		{ "[A]\nb=c \\\n# d \\\n  ; e\n f\ng=h", "[A]head;[A]b=c|f;[A]g=h" },
		{ "[A]\nb=\\\n\\\n~c", "[A]head;[A]b=~c" },
		{ "[A]\nb=c \\\n\nd=e", "[A]head;[A]b=c;[A]d=e" },
		{ "[A]\nb=c \\ \nd=e", "[A]head;[A]b=c|\\;[A]d=e" },
		{ "[A]\nb=c\\\\\nd=e", "[A]head;[A]b=c\\;[A]d=e" },
		{ "[A]\nb=c\\", "[A]head;[A]b=c" },
		{ "[A]\nb=c\\\n# d", "[A]head;[A]b=c" },
		{ "[A]\nb=\\", "[A]head;[A]b=EMPTY" },
		{ "[A]\nb=c\\\r\nd", "[A]head;[A]b=c|d" },
		{ "[A]\nb=c # d", "[A]head;[A]b=c|#|d" },
		/* backslashes and quotes in words */
		{ "[A]\nb=c\\d 'e f'", "[A]head;[A]b=cd|'e|f'" },
		{ "[A]\nb=c\\ d", "[A]head;[A]b=c d" },
		/* what systemctl cat puts between files */
		{ "# /lib/systemd/system/a.service\n[A]\nb=c\n\n# "
		  "/etc/systemd/system/a.service.d/x.conf\nd=e",
		  "[A]head;[A]b=c;[]d=e" },
		{ "[A]\n# /etc/systemd/system/a.conf\nb=c", "[A]head;[A]b=c" },
		{ "[A]\n\n# /etc/nginx/a.conf\nb=c", "[A]head;[A]b=c" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		check(cases[i].text, cases[i].wanted);
}

static void test_files_have_names(void **state)
{
	SystemdText t;
	SystemdLine line;

	(void)state;
	systemd_text_init(&t, SPAN_LIT("# /etc/systemd/system/a.service\n[A]\nb=c\n"));
	assert_true(systemd_text_next(&t, &line) && systemd_text_next(&t, &line));
	assert_true(span_is(line.file, "/etc/systemd/system/a.service"));
	systemd_text_init(&t, SPAN_LIT("[A]\nb=c\n"));
	assert_true(systemd_text_next(&t, &line));
	assert_null(line.file.p);
}

static void test_places_are_of_the_text(void **state)
{
	const char *text = "[A]\nb=c \\\n  d";
	char word[SYSTEMD_WORD_MAX];
	unsigned row, column;
	SystemdText t;
	SystemdLine line;
	Span at;

	(void)state;
	systemd_text_init(&t, span_of(text));
	assert_true(systemd_text_next(&t, &line) && systemd_text_next(&t, &line));
	assert_true(systemd_word(&line.value, word, &at) && systemd_word(&line.value, word, &at));
	systemd_place(span_of(text), at.p, &row, &column);
	assert_int_equal(row, 3);
	assert_int_equal(column, 3);
}

static void test_long_words_are_cut(void **state)
{
	char word[SYSTEMD_WORD_MAX], text[3 * SYSTEMD_WORD_MAX] = "";
	Span value = span_make(text, sizeof(text)), at;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(systemd_word(&value, word, &at));
	assert_int_equal(strlen(word), SYSTEMD_WORD_MAX - 1);
	assert_int_equal(at.n, sizeof(text));
	assert_false(systemd_word(&value, word, &at));
}

UNIT_MAIN(cmocka_unit_test(test_lines_as_systemd_reads_them),
	  cmocka_unit_test(test_files_have_names), cmocka_unit_test(test_places_are_of_the_text),
	  cmocka_unit_test(test_long_words_are_cut))
