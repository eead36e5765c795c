/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/sibling.c: what other architectures would need is told, and in no patch. */
#include "tests/unit/suggest-help.h"

#define TEXT(arches, names)                                                                 \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[" arches "],\"syscalls\":[" \
	"{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}]}"
#define BOTH "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\""
#define SERVERS "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_AARCH64\""

static void test_each_sibling(void **state)
{
	static const struct {
		const char *text;
		uint32_t arch;
		const char *name;
		const char *siblings[SUGGEST_SIBLINGS_MAX];
		const char *part;
	} cases[] = {
		{ TEXT(BOTH, "\"read\""), ARCH_WORD_X86_64, "mmap", { "mmap2" }, "i386 programs" },
		{ TEXT(BOTH, "\"read\""),
		  ARCH_WORD_X86_64,
		  "newfstatat",
		  { "fstatat64" },
		  "i386 programs" },
		{ TEXT(BOTH, "\"read\""),
		  ARCH_WORD_I386,
		  "_llseek",
		  { "lseek" },
		  "x86_64 programs" },
		{ TEXT(BOTH, "\"read\""),
		  ARCH_WORD_I386,
		  "clock_gettime64",
		  { "clock_gettime" },
		  "x86_64 programs" },
		{ TEXT(SERVERS, "\"read\""),
		  ARCH_WORD_X86_64,
		  "stat",
		  { "newfstatat" },
		  "aarch64 programs" },
		/* on both, and the same */
		{ TEXT(BOTH, "\"read\""), ARCH_WORD_X86_64, "chmod", { NULL }, "low risk" },
		{ TEXT(BOTH, "\"read\""), ARCH_WORD_X86_64, "open", { NULL }, "low risk" },
		/* no such programs, or it is there */
		{ TEXT("\"SCMP_ARCH_X86_64\"", "\"read\""),
		  ARCH_WORD_X86_64,
		  "mmap",
		  { NULL },
		  "low risk" },
		{ TEXT(BOTH, "\"mmap2\""), ARCH_WORD_X86_64, "mmap", { NULL }, "low risk" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		const Observed rows[] = { help_row(cases[i].arch, cases[i].name) };
		_cleanup_(suggestion_freep) Suggestion *s = help_suggest(cases[i].text, rows, 1);
		const SuggestCall *c = &s->calls[0];

		assert_true(c->offered);
		assert_int_equal(s->n_newly_allowed, 1);
		if (!strstr(c->reason, cases[i].part))
			fail_msg("%s: %s", cases[i].name, c->reason);
		for (size_t k = 0; k < SUGGEST_SIBLINGS_MAX && cases[i].siblings[k]; k++) {
			if (k >= c->n_siblings)
				fail_msg("%s: %s", cases[i].name, c->reason);
			assert_string_equal(c->siblings[k], cases[i].siblings[k]);
			assert_non_null(strstr(c->reason, cases[i].siblings[k]));
		}
		if (!cases[i].siblings[0] && c->n_siblings > 0)
			fail_msg("%s: %s", cases[i].name, c->reason);
	}
}

/* It has advice of its own. */
static void test_what_was_seen_is_no_sibling(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "mmap"),
				  help_row(ARCH_WORD_I386, "mmap2") };
	_cleanup_(suggestion_freep) Suggestion *s = help_suggest(TEXT(BOTH, "\"read\""), rows, 2);

	(void)state;
	assert_int_equal(s->n_newly_allowed, 2);
	assert_int_equal(s->calls[0].n_siblings + s->calls[1].n_siblings, 0);
}

UNIT_MAIN(cmocka_unit_test(test_each_sibling), cmocka_unit_test(test_what_was_seen_is_no_sibling))
