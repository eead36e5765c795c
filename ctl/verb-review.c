/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ctl/line-input.h"
#include "ctl/review.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl review WORKLOAD [--profile FILE] [--for DIALECT]\n\n"
	"Asks a question for each call of WORKLOAD that waits for a person: what was seen, the "
	"risk\n"
	"with its reason, and a proposed answer. Each answer is kept at once, as by \"seccompctl\n"
	"decide\", so that the dialogue can be left or cut off at any time; what was decided is "
	"not\n"
	"asked again. Lines of text and the Enter key are all that it needs.\n\n"
	"  a allow    e errno    s skip, ask next time    b back, change an answer\n"
	"  d deny     i ignore   v view all that is known  q quit; Enter takes the proposal\n\n"
	"  --profile FILE  The profile that the workload's owner keeps (default: the filter that "
	"it\n"
	"                  runs under)\n"
	"  --for DIALECT   Who reads it: docker, podman, oci (or kubernetes) or spo (default: the\n"
	"                  workload's runtime)\n" CONTEXT_OPTION_HELP
	"  --workloads-dir DIR  Where decisions are kept (default: seccompd.conf(5))\n\n"
	"Exit status: 0 nothing waits any more; 1 something does.\n";

typedef struct Options {
	const char *workload;
	ReviewInput input;
} Options;

/* What the answers lead to. */
typedef enum Step {
	STEP_NEXT,
	STEP_BACK,
	STEP_AGAIN,
	STEP_QUIT,
} Step;

typedef struct Dialogue {
	const Options *o;
	Review *review;
	LineInput input;
	size_t n_decided;
	bool left; /* before the last question */
	int error; /* an exit code; 0 */
} Dialogue;

/* ---- options ---- */

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "profile", required_argument, NULL, 'p' },
		CONTEXT_OPTION_LIST,
		{ "workloads-dir", required_argument, NULL, 'W' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r = 0;

	while (r == 0 && (c = ctl_getopt("review", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'p':
			o->input.profile_path = optarg;
			break;
		case 'W':
			o->input.workloads_dir = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			r = context_option("review", c, optarg, &o->input.context);
		}
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_USAGE : r;
	if (argc - optind != 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "review",
				"name one workload; \"seccompctl list\" shows them");
	if (o->input.profile_path && strcmp(o->input.profile_path, "-") == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "review",
				"standard input has the answers: name the profile's file");
	o->workload = argv[optind];
	return 0;
}

/* ---- answers ---- */

/* NULL at the end of the input. */
static char *ask(Dialogue *d, const char *question)
{
	char *line;

	fputs(question, stdout);
	fflush(stdout);
	line = line_input_read(&d->input);
	if (!line || !isatty(STDIN_FILENO))
		putchar('\n');
	return line;
}

/* False at the end. */
static bool ask_errno(Dialogue *d, const Proposal *p, uint32_t *ret)
{
	uint32_t usual = p->errno_ret ?: EPERM;
	char question[128], word[DECISION_ANSWER_TEXT_MAX + 64];
	DecisionAnswer ignored;
	Diag why;

	snprintf(question, sizeof(question), "Which error, such as EPERM or ENOSYS? [%s] ",
		 strerrorname_np((int)usual));
	for (;;) {
		_cleanup_free_ char *line = ask(d, question);

		if (!line)
			return false;
		*ret = usual;
		if (!line[0])
			return true;
		snprintf(word, sizeof(word), "errno=%.64s", line);
		if (decision_parse_answer(span_of(word), &ignored, ret, &why) == 0)
			return true;
		ctl_fail(0, "review", "%s", why.text);
	}
}

/* The reason; NULL at the end. */
static char *ask_why(Dialogue *d, const SuggestCall *c)
{
	char usual[DECISION_WHY_MAX], question[DECISION_WHY_MAX + 32];

	review_default_why(c, usual, sizeof(usual));
	snprintf(question, sizeof(question), "Why? [%s] ", usual);
	for (;;) {
		char *line = ask(d, question);

		if (!line)
			return NULL;
		if (line[0] && strlen(line) <= DECISION_WHY_MAX)
			return line;
		if (!line[0]) {
			free(line);
			return strdup(usual);
		}
		free(line);
		ctl_fail(0, "review", "that is longer than %d bytes: name a ticket instead",
			 DECISION_WHY_MAX);
	}
}

/* ---- keeping them ---- */

/* The question is on the call whatever the architecture: an answer for one alone would contradict
 * it. */
static int revoke_for_arches(DecisionFile *f, const char *name)
{
	for (size_t i = 0; i < f->list.n; i++) {
		const Decision *d = &f->list.items[i];
		int r;

		if (d->arch == 0 || strcmp(d->syscall, name) != 0)
			continue;
		r = decision_file_revoke("review", f, name, d->arch);
		if (r != 0)
			return r;
		i = (size_t)-1; /* the list is another one */
	}
	return 0;
}

/* How it stands, and whether somebody else has decided it since the question was put. */
static bool is_overtaken(const DecisionFile *f, const char *name, const Decision *known_one)
{
	const Decision *now = decision_file_find(f, name, 0);

	if (!now || now->expired)
		return false;
	return !known_one || strcmp(now->time, known_one->time) != 0 ||
	       strcmp(now->why, known_one->why) != 0;
}

static Step keep(Dialogue *d, const Decision *answer, const Decision *known_one)
{
	_cleanup_decision_file_ DecisionFile f = DECISION_FILE_NULL;
	const char *name = answer->syscall;
	char told[512];

	d->error = decision_file_open("review", d->o->input.workloads_dir,
				      d->review->workload->name, true, &f);
	if (d->error == 0 && is_overtaken(&f, name, known_one)) {
		printf("Meanwhile it was %s. Nothing was changed.\n",
		       decision_tell(decision_file_find(&f, name, 0), told, sizeof(told)));
		return STEP_AGAIN;
	}
	if (d->error == 0)
		d->error = decision_file_put("review", &f, answer, "");
	if (d->error == 0)
		d->error = revoke_for_arches(&f, name);
	if (d->error != 0)
		return STEP_QUIT;
	d->n_decided += !known_one;
	return STEP_NEXT;
}

static Step decide(Dialogue *d, const SuggestCall *c, DecisionAnswer answer,
		   const Decision *known_one)
{
	Decision decision = { .syscall = c->name, .answer = answer };
	_cleanup_free_ char *why = NULL;
	Proposal p = propose(c);

	if (answer == DECISION_ERRNO && !ask_errno(d, &p, &decision.errno_ret))
		return STEP_QUIT;
	why = ask_why(d, c);
	if (!why)
		return STEP_QUIT;
	decision.why = why;
	return keep(d, &decision, known_one);
}

/* ---- questions ---- */

/* "a", "A", "allow": the first letter counts. Enter is the proposal. '\0' at the end. */
static char ask_key(Dialogue *d, const Proposal *p)
{
	static const char keys[_DECISION_ANSWER_MAX] = { 'a', 'd', 'e', 'i' };
	char question[128], usual = p->any ? keys[p->answer] : 's';
	_cleanup_free_ char *line = NULL;

	snprintf(question, sizeof(question),
		 "(A)llow (D)eny (E)rrno (I)gnore (S)kip (V)iew more (B)ack (Q)uit [%c] ", usual);
	line = ask(d, question);
	if (!line)
		return '\0';
	if (line[0] == '\0')
		return usual;
	return line[0] >= 'A' && line[0] <= 'Z' ? (char)(line[0] - 'A' + 'a') : line[0];
}

static Step answer(Dialogue *d, const SuggestCall *c, const Decision *known_one)
{
	Proposal p = propose(c);

	for (;;)
		switch (ask_key(d, &p)) {
		case 'a':
			return decide(d, c, DECISION_ALLOW, known_one);
		case 'd':
			return decide(d, c, DECISION_DENY, known_one);
		case 'e':
			return decide(d, c, DECISION_ERRNO, known_one);
		case 'i':
			return decide(d, c, DECISION_IGNORE, known_one);
		case 's':
			return STEP_NEXT;
		case 'v':
			review_print_more(d->review, c);
			break;
		case 'b':
			return STEP_BACK;
		case 'q':
		case '\0':
			return STEP_QUIT;
		default:
			ctl_fail(0, "review", "type one of the letters a, d, e, i, s, v, b and q");
		}
}

static Step put_question(Dialogue *d, size_t i)
{
	_cleanup_decision_file_ DecisionFile now = DECISION_FILE_NULL;
	const SuggestCall *c = d->review->questions[i];
	const Decision *known_one;

	d->error = decision_file_open("review", d->o->input.workloads_dir,
				      d->review->workload->name, false, &now);
	if (d->error != 0)
		return STEP_QUIT;
	known_one = decision_file_find(&now, c->name, 0);
	known_one = known_one && known_one->expired ? NULL : known_one;
	review_print_question(d->review, c, i + 1, d->review->n_questions, known_one);
	return answer(d, c, known_one);
}

static void hold_dialogue(Dialogue *d)
{
	for (size_t i = 0; i < d->review->n_questions;)
		switch (put_question(d, i)) {
		case STEP_NEXT:
			i++;
			break;
		case STEP_BACK:
			i -= i > 0;
			break;
		case STEP_AGAIN:
			break;
		case STEP_QUIT:
			d->left = true;
			return;
		}
}

/* ---- the end ---- */

/* The same words lead to the patch: all options of this verb are those of "suggest" as well. */
static int hand_over(Ctl *ctl, int argc, char **argv, bool apply)
{
	_cleanup_free_ char **words = calloc((size_t)argc + 2, sizeof(*words));
	char option[] = "--apply";

	if (!words)
		return ctl_fail_memory("review");
	memcpy(words, argv, (size_t)argc * sizeof(*words));
	words[apply ? argc++ : argc] = apply ? option : NULL;
	optind = 0;
	putchar('\n');
	return verb_suggest(ctl, argc, words);
}

/* 'p', 'w' or '\0'. */
static char offer_patch(Dialogue *d)
{
	_cleanup_free_ char *line = NULL;
	const char *path = d->o->input.profile_path;

	if (!d->review->suggestion->patched || d->left || !d->input.any)
		return '\0';
	line = ask(d, path ? "(P)rint the patch, (W)rite it into the file, or Enter for neither: "
			   : "(P)rint the patch for its file, or Enter: ");
	if (!line || (line[0] != 'p' && line[0] != 'P' && line[0] != 'w' && line[0] != 'W'))
		return '\0';
	if (!path && (line[0] == 'w' || line[0] == 'W'))
		return '\0';
	return line[0] == 'p' || line[0] == 'P' ? 'p' : 'w';
}

static int finish(Dialogue *d)
{
	if (!d->input.any && !isatty(STDIN_FILENO))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "review",
				"standard input is no terminal and has no answers; \"seccompctl "
				"decide\" takes one on the command line");
	if (d->input.ended)
		printf("\nCut off here; what was answered is kept.\n");
	return review_ask(d->review, d->o->input.workloads_dir);
}

static int review(Ctl *ctl, const Options *o, int argc, char **argv)
{
	_cleanup_review_ Review r = { .decided = DECISION_FILE_NULL };
	_cleanup_line_input_ LineInput none = LINE_INPUT_NULL;
	Dialogue d = { .o = o, .review = &r, .input = none };
	char next = '\0';
	int q;

	q = review_read(ctl, o->workload, &o->input, &r);
	if (q != 0)
		return q;
	if (r.n_questions > 0) {
		q = line_input_open(STDIN_FILENO, &d.input);
		if (q < 0)
			return ctl_fail(SECCOMPD_EXIT_INPUT, "review", "cannot read answers: %s",
					strerror(-q));
		hold_dialogue(&d);
		q = d.error ?: finish(&d);
	}
	if (q == 0) {
		review_print_summary(&r, argc, argv, d.n_decided);
		next = offer_patch(&d);
	}
	line_input_close(&d.input);
	if (q != 0)
		return q;
	if (next)
		q = hand_over(ctl, argc, argv, next == 'w');
	if (q != SECCOMPD_EXIT_OK && q != SECCOMPD_EXIT_FINDINGS && q != SECCOMPD_EXIT_UNKNOWN)
		return q;
	return r.n_questions > 0 ? SECCOMPD_EXIT_FINDINGS : SECCOMPD_EXIT_OK;
}

int verb_review(Ctl *ctl, int argc, char **argv)
{
	Options o = { 0 };
	int r;

	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	o.input.workloads_dir = o.input.workloads_dir ?: ctl->workloads_dir;
	return review(ctl, &o, argc, argv);
}
