/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the dialogue shows: lines of text, for any terminal. */
#include <inttypes.h>

#include "audit/arch.h"
#include "ctl/moment.h"
#include "ctl/review.h"
#include "ctl/tone.h"
#include "util/text.h"

#define WIDTH 78
#define INDENT "    "
#define EXAMPLES_SHOWN 2
#define NAMES_SHOWN 12

/* Words, as many on a line as fit; @text is safe already. */
static void print_wrapped(const char *text)
{
	size_t width = table_room() > 0 ? MIN(table_room(), (size_t)WIDTH) : WIDTH;
	size_t column = 0;
	Span rest = span_of(text), word;

	while (rest.n > 0 && span_split(&rest, ' ', &word)) {
		if (column > 0 && column + 1 + word.n + strlen(INDENT) > width) {
			putchar('\n');
			column = 0;
		}
		fputs(column == 0 ? INDENT : " ", stdout);
		(void)fwrite(word.p, 1, word.n, stdout);
		column += word.n + (column > 0);
	}
	putchar('\n');
}

static void add_listed(Buffer *b, const char *word)
{
	buffer_add_str(b, b->n > 0 ? ", " : "");
	buffer_add_str(b, word);
}

/* ---- the evidence ---- */

static void print_counts(const SuggestCall *c)
{
	_cleanup_buffer_ Buffer actions = BUFFER_NULL, origins = BUFFER_NULL;
	char seen[MOMENT_TEXT_MAX];
	uint32_t all = c->actions | c->foreign_actions;

	for (unsigned a = 0; a < _ACTION_MAX; a++)
		if (all & 1U << a)
			add_listed(&actions, action_name((Action)a));
	for (unsigned o = 0; o < _ORIGIN_MAX; o++)
		if (c->origins & 1U << o)
			add_listed(&origins, origin_name((Origin)o));
	printf(INDENT "%" PRIu64 " record%s on %s, answered %s\n", c->count,
	       text_plural(c->count, "", "s"), arch_name(c->arch), actions.n > 0 ? actions.p : "-");
	printf(INDENT "made by %s, in %" PRIu32 " instance%s\n", origins.n > 0 ? origins.p : "-",
	       c->subjects, text_plural(c->subjects, "", "s"));
	printf(INDENT "seen %s\n", c->last ? moment_between(c->first, c->last, ctl_now(), seen)
					   : "at a time that is not known");
}

static void print_example(const SuggestExample *e)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	text_escape(&b, e->exe.n > 0 ? e->exe : e->comm);
	if (e->exe.n > 0 && e->comm.n > 0) {
		buffer_add_str(&b, " (");
		text_escape(&b, e->comm);
		buffer_add_str(&b, ")");
	}
	printf(INDENT "by %s, pid %" PRId32 ", from 0x%" PRIx64 "\n", b.n > 0 ? b.p : "(not known)",
	       e->pid, e->ip);
}

static void print_examples(const SuggestCall *c, size_t max)
{
	for (size_t i = 0; i < MIN(c->n_examples, max); i++)
		print_example(&c->examples[i]);
	if (c->n_examples > max)
		printf(INDENT "and %zu more %s\n", c->n_examples - max,
		       text_plural(c->n_examples - max, "example", "examples"));
}

/* ---- a question ---- */

static void print_head(const Review *r, const SuggestCall *c, size_t number, size_t n)
{
	TableTone tone = risk_tone(c->risk);
	bool color = r->ctl->color;

	printf("\n[%zu/%zu] %s, %s%s risk%s", number, n, c->name, table_tone_begin(tone, color),
	       risk_name(c->risk), table_tone_end(tone, color));
	if (c->suspicion.marks != 0)
		printf(", marked");
	printf("\n");
}

static void print_proposal(const Proposal *p)
{
	char answer[DECISION_ANSWER_TEXT_MAX];

	printf(INDENT "Proposed: %s; %s.\n",
	       p->any ? decision_format_answer(p->answer, p->errno_ret, answer) : "nothing",
	       p->why);
}

static void print_decision(const char *what, const Decision *d)
{
	char answer[DECISION_ANSWER_TEXT_MAX], told[512];

	printf(INDENT "%s: %s, %s\n", what, decision_format_answer(d->answer, d->errno_ret, answer),
	       decision_tell(d, told, sizeof(told)));
}

void review_print_question(const Review *r, const SuggestCall *c, size_t number, size_t n,
			   const Decision *now)
{
	Proposal p = propose(c);

	print_head(r, c, number, n);
	for (const SuggestCall *one = c; one; one = review_call(r, c->name, one))
		print_counts(one);
	print_examples(c, EXAMPLES_SHOWN);
	print_wrapped(c->reason);
	if (now)
		print_decision("Now", now);
	print_proposal(&p);
}

void review_print_more(const Review *r, const SuggestCall *c)
{
	RiskFact fact = risk_settings_ask(r->ctl->risks, c->name);

	printf("\n%s, all that is known:\n", c->name);
	for (const SuggestCall *one = c; one; one = review_call(r, c->name, one)) {
		print_counts(one);
		printf(INDENT "number %" PRId64 "; %" PRIu64
			      " of the records by programs with a filter of their own\n",
		       one->nr, one->own_filter);
		print_examples(one, SUGGEST_EXAMPLES_MAX);
		print_wrapped(one->reason);
		if (one->line > 0)
			printf(INDENT "the profile's line %u is about it\n", one->line);
	}
	printf(INDENT "%s risk%s\n", risk_name(fact.risk),
	       fact.by_setting ? " by your setting" : "");
	if (fact.reason)
		print_wrapped(fact.reason);
	printf(INDENT "what it does: man 2 %s\n", c->name);
}

char *review_default_why(const SuggestCall *c, char *buf, size_t size)
{
	char last[CLOCK_RFC3339_SIZE];

	clock_format_rfc3339(c->last, last);
	last[strcspn(last, "T")] = '\0';
	snprintf(buf, size, "reviewed: %s risk, %" PRIu64 " record%s up to %s", risk_name(c->risk),
		 c->count, text_plural(c->count, "", "s"), last);
	return buf;
}

/* ---- the end ---- */

static void print_waiting(const Review *r)
{
	if (r->n_questions == 0) {
		printf("No call waits for a decision.\n");
		return;
	}
	printf("%zu call%s for a decision: ", r->n_questions,
	       text_plural(r->n_questions, " waits", "s wait"));
	for (size_t i = 0; i < MIN(r->n_questions, (size_t)NAMES_SHOWN); i++)
		printf("%s%s", i > 0 ? ", " : "", r->questions[i]->name);
	printf("%s.\n", r->n_questions > NAMES_SHOWN ? "..." : "");
}

static void print_offered(const Suggestion *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_calls; i++)
		n += s->calls[i].offered;
	if (n > 0)
		printf("The patch is for %zu call%s: what needs nobody's decision, and what was "
		       "decided.\n",
		       n, text_plural(n, "", "s"));
}

static void print_command(const Ctl *ctl, const char *verb, int argc, char **argv, const char *more)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (int i = 0; i < argc; i++) {
		buffer_add_char(&b, ' ');
		text_shell_word(&b, span_of(argv[i]));
	}
	printf("Next: %s %s%s%s\n", ctl->command, verb, b.n > 0 ? b.p : "", more);
}

void review_print_summary(const Review *r, int argc, char **argv, size_t n_decided)
{
	char *workload[] = { r->workload->name };
	char name[4 * WORKLOAD_NAME_MAX];

	printf("\n%s: %zu decided now",
	       text_escape_to(span_of(r->workload->name), name, sizeof(name)), n_decided);
	printf(", %zu in all. ", r->decided.list.n);
	print_waiting(r);
	if (r->n_unnamed > 0)
		printf("%zu number%s that no table here has cannot be decided on.\n", r->n_unnamed,
		       text_plural(r->n_unnamed, "", "s"));
	print_offered(r->suggestion);
	if (r->n_questions > 0)
		print_command(r->ctl, "review", argc - 1, argv + 1, "");
	else if (r->suggestion->patched)
		print_command(r->ctl, "suggest", argc - 1, argv + 1, "");
	else
		print_command(r->ctl, "gate", 1, workload, " --to errno");
}
