/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/unseen.c: what the loaded filter let pass without a record. */
#include "audit/syscall.h"
#include "suggest/suggest.h"
#include "tests/unit/profile-help.h"

#define P(rules) "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[" rules "]}"
#define ALLOW(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"
#define PERSONALITY(value)                                                                   \
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0," \
	"\"op\":\"SCMP_CMP_EQ\",\"value\":" value "}]}"
#define FILE_TEXT P(ALLOW("\"read\"") "," PERSONALITY("8"))

static Suggestion *ask(const char *applied, const char *seen)
{
	Observed row = { .arch = ARCH_WORD_X86_64,
			 .name = seen,
			 .action = ACTION_LOG,
			 .origin = ORIGIN_WORKLOAD,
			 .count = 1 };
	SuggestInput in = { .observed = &row,
			    .n_observed = seen ? 1 : 0,
			    .profile = SPAN_LIT(FILE_TEXT),
			    .dialect = DIALECT_OCI,
			    .context = help_x86_64,
			    .applied = applied ? span_of(applied) : SPAN_NULL };
	Suggestion *s = NULL;
	Diag d = { 0 };

	if (seen)
		assert_int_equal(syscall_number(row.arch, seen, &row.nr), 0);
	if (suggest(&in, &s, &d) < 0)
		fail_msg("%s", d.text);
	return s;
}

static void test_what_the_loaded_filter_hides(void **state)
{
	static const struct {
		const char *applied, *seen, *unseen; /* unseen: NULL or the only name */
	} cases[] = {
		{ FILE_TEXT, NULL, NULL },
		{ P(ALLOW("\"read\"")), NULL, NULL }, /* narrower hides nothing */
		{ P(ALLOW("\"read\", \"mincore\"")), NULL, "mincore" },
		{ P(ALLOW("\"read\", \"mincore\"")), "mincore", NULL }, /* offered */
		{ P(ALLOW("\"read\", \"ptrace\"")), "ptrace", NULL },   /* known, not offered */
		{ P(ALLOW("\"read\", \"personality\"")), NULL, "personality" },
		{ P(PERSONALITY("8")), NULL, NULL },
		{ P(PERSONALITY("8") "," PERSONALITY("0")), NULL, "personality" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X32\"],"
		  "\"syscalls\":[" ALLOW("\"read\"") "]}",
		  NULL, "read (x32)" }, /* the file kills all of x32 */
		{ "{}", NULL, NULL },
		{ "damaged", NULL, NULL },
		{ NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(suggestion_freep) Suggestion *s = ask(cases[i].applied, cases[i].seen);

		if (s->n_unseen != (cases[i].unseen ? 1 : 0) ||
		    (cases[i].unseen && strcmp(s->unseen[0], cases[i].unseen) != 0))
			fail_msg("case %zu: %zu %s", i, s->n_unseen,
				 s->n_unseen ? s->unseen[0] : "");
	}
}

UNIT_MAIN(cmocka_unit_test(test_what_the_loaded_filter_hides))
