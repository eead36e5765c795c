/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "ctl/allowed.h"
#include "ctl/decisions.h"
#include "ctl/evidence.h"
#include "ctl/hosts.h"
#include "ctl/marks.h"
#include "ctl/moment.h"
#include "ctl/offenders.h"
#include "ctl/profile-in-use.h"
#include "suggest/sightings.h"
#include "ctl/table.h"
#include "ctl/tone.h"
#include "seccompd/exit-codes.h"
#include "suggest/risk-settings.h"
#include "util/text.h"

static const char help[] =
	"seccompctl show WORKLOAD [--hosts] [--json]\n\n"
	"Each call that WORKLOAD made outside its profile: architecture, call, what the filter\n"
	"answered, who made it (the runtime before the program started, or the program), how "
	"often.\n"
	"WORKLOAD is a name that \"seccompctl list\" prints, or the unambiguous start of one, or "
	"a\n"
	"container's name or image.\n\n"
	"  --hosts              Of a ledger of many hosts: the workload on each of them\n"
	"  --json               One JSON object per sighting, or host\n"
	"  --workloads-dir DIR  Where decisions are kept (default: seccompd.conf(5))\n";

/* A workload with all that is known of its calls. */
typedef struct Shown {
	Evidence evidence;
	const Workload *workload;
	Sightings sightings;
	DecisionFile decided;
	Decisions decisions;
	const RiskSettings *risks;
	Allowed allowed;
} Shown;

static void shown_done(Shown *s)
{
	decision_file_close(&s->decided);
	sightings_done(&s->sightings);
	evidence_done(&s->evidence);
}

/* Only of records that are tied to nobody. */
static int read_causes(Ledger *l, const Workload *w, const Sighting *s, uint32_t *ret)
{
	*ret = 0;
	return strcmp(w->name, "unattributed") == 0 ? ledger_get_causes(l, w->id, s->id, ret) : 0;
}

static void causes_json(uint32_t causes, JsonLine *j)
{
	JsonLine *list = json_line_array(j, "causes");

	for (int c = CAUSE_NONE + 1; c < _CAUSE_MAX; c++)
		if (causes >> c & 1)
			json_line_str(list, NULL, cause_name((Cause)c));
}

static int print_json(const Shown *shown, const Sighting *s)
{
	const Workload *w = shown->workload;
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	uint32_t causes;
	int r = read_causes(shown->evidence.ledger, w, s, &causes);

	if (r < 0)
		return r;
	json_line_str(j, "workload", w->name);
	json_line_str(j, "profile", known(s->profile_hash));
	json_line_str(j, "arch", arch_name(s->arch));
	json_line_str(j, "syscall", known(s->name));
	json_line_int(j, "nr", s->nr);
	json_line_str(j, "action", action_name(s->action));
	json_line_str(j, "origin", origin_name(s->origin));
	json_line_uint(j, "count", s->count);
	json_line_time(j, "first", s->first);
	json_line_time(j, "last", s->last);
	json_line_str(j, "risk",
		      known(s->name) ? risk_name(risk_settings_ask(shown->risks, s->name).risk)
				     : NULL);
	examples_json(s->examples, s->n_examples, j);
	json_line_uint(j, "own_filter", s->own_filter);
	marks_json(&s->suspicion, j);
	json_line_bool(j, "asserted", w->asserted);
	json_line_bool(j, "imported", w->imported);
	causes_json(causes, j);
	if (shown->allowed.calls < 0)
		json_line_null(j, "allows");
	else
		json_line_int(j, "allows", shown->allowed.calls);
	json_line_int(j, "docker_allows", shown->allowed.docker);
	json_line_uint(j, "hosts", s->hosts);
	decision_json(decision_find(&shown->decisions, s->arch, known(s->name)), j);
	return json_line_write(j, stdout);
}

static const TableColumn columns[] = {
	{ "ARCH", false },   { "CALL", false }, { "NR", true },        { "ACTION", false },
	{ "ORIGIN", false }, { "RISK", false }, { "DECISION", false }, { "COUNT", true },
	{ "LAST", false },   { "BY", false },   { "HOSTS", false }, /* of a ledger of several */
};

static void add_examples(Table *t, const Sighting *s)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (size_t i = 0; i < s->n_examples && i < 2; i++) {
		Span by = s->examples[i].exe.n > 0 ? s->examples[i].exe : s->examples[i].comm;

		buffer_add_str(&b, i > 0 ? ", " : "");
		buffer_add(&b, by);
	}
	if (s->n_examples > 2)
		buffer_printf(&b, " and %zu more", s->n_examples - 2);
	table_cell(t, b.n > 0 ? buffer_span(&b) : SPAN_LIT("-"), TONE_DIM);
}

static void add_row(Table *t, const Shown *shown, const Sighting *s)
{
	const Decision *d = decision_find(&shown->decisions, s->arch, known(s->name));
	const RiskSettings *risks = shown->risks;
	char ago[32], answer[DECISION_ANSWER_TEXT_MAX], hosts[HOSTS_TEXT_MAX];

	table_cell(t, span_of(arch_name(s->arch)), TONE_PLAIN);
	table_cell(t, span_of(known(s->name) ?: "(unknown)"), TONE_PLAIN);
	table_cellf(t, TONE_PLAIN, "%" PRId64, s->nr);
	table_cell(t, span_of(action_name(s->action)), TONE_PLAIN);
	table_cell(t, span_of(origin_name(s->origin)), TONE_PLAIN);
	if (known(s->name))
		table_cell(t, span_of(risk_name(risk_settings_ask(risks, s->name).risk)),
			   risk_tone(risk_settings_ask(risks, s->name).risk));
	else
		table_cell(t, SPAN_LIT("-"), TONE_PLAIN);
	table_cell(t, span_of(d ? decision_format_answer(d->answer, d->errno_ret, answer) : "-"),
		   TONE_PLAIN);
	table_cellf(t, TONE_PLAIN, "%" PRIu64, s->count);
	table_cell(t, span_of(clock_format_ago(s->last, ctl_now(), ago, sizeof(ago))), TONE_PLAIN);
	add_examples(t, s);
	if (shown->evidence.history.n_hosts > 0)
		table_cell(t, span_of(hosts_share_text(&shown->evidence.history, s->hosts, hosts)),
			   TONE_PLAIN);
}

static void print_line(const char *label, const char *value)
{
	char shown[2048];

	if (known(value))
		printf("%-9s %s\n", label, text_escape_to(span_of(value), shown, sizeof(shown)));
}

/* The files that mean what it runs under, and what stood in the way of finding one. */
static int print_files(const Ctl *ctl, const Evidence *e, const Workload *w)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_files_in_use_ FilesInUse files = { 0 };
	_cleanup_inventory_ Inventory now = { 0 };
	_cleanup_buffer_ Buffer none = BUFFER_NULL;
	int r;

	r = inventory_read_containers(ctl, e->ledger, &now);
	if (r == 0)
		r = profiles_in_use_open(ctl->profile_path, &p);
	if (r == 0)
		r = profiles_in_use_of(p, &now.instances, e->ledger, w, &files);
	if (r < 0 || !files.known)
		return r;
	for (size_t i = 0; i < files.n; i++)
		print_line(i == 0 ? "File" : "", files.paths[i]);
	if (files.n == 0)
		r = profiles_in_use_explain_none(p, &none);
	print_line("File", files.n == 0 && r == 0 ? none.p : NULL);
	if (files.differ)
		printf("          (its containers run under different profiles)\n");
	return r;
}

/* One line per call, though it may have several sightings, which come one after the other. */
static void print_marks(const Shown *shown)
{
	const Sightings *all = &shown->sightings;
	const char *head = "\nMarked, and so never offered without a person's word:\n";
	const Sighting *last = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const Sighting *s = &all->rows[i];
		char why[SUSPICION_TEXT_MAX];
		bool again = last && last->arch == s->arch && last->nr == s->nr;

		last = s;
		if (s->suspicion.marks == 0 || again ||
		    decision_find(&shown->decisions, s->arch, known(s->name)))
			continue;
		printf("%s  %s (%s, %" PRId64 "): %s.\n", head, known(s->name) ?: "unknown",
		       arch_name(s->arch), s->nr, suspicion_tell(&s->suspicion, why));
		head = "";
	}
}

static int print_completeness(const Ctl *ctl, const Evidence *e, const Workload *w)
{
	char why[EVIDENCE_WHY_MAX], text[EVIDENCE_WHY_MAX];
	int r = workload_is_complete(ctl, e, w, why);

	if (r == 0)
		printf("\nThe evidence is incomplete: %s.\n",
		       moment_sentence(why, ctl_now(), text, sizeof(text)));
	return MIN(r, 0);
}

static int print_causes(Ledger *l, const Workload *w, const Sightings *all)
{
	uint32_t causes = 0, more;
	const char *label = "Because";
	int r = 0;

	for (size_t i = 0; r == 0 && i < all->n; i++) {
		r = read_causes(l, w, &all->rows[i], &more);
		causes |= r == 0 ? more : 0;
	}
	for (int c = CAUSE_NONE + 1; c < _CAUSE_MAX; c++)
		if (causes >> c & 1) {
			printf("%-9s %s (%s)\n", label, cause_text((Cause)c), cause_name((Cause)c));
			label = "";
		}
	return r;
}

/* A person knows Docker's default, and so how much this is. */
static int print_allowed(const Evidence *e, const Workload *w)
{
	Allowed a;
	int r = allowed_read(e, w, &a);

	if (r < 0 || a.calls < 0)
		return r;
	printf("%-9s %d calls; Docker's default profile allows %d to a container with its "
	       "capabilities\n",
	       "Allows", a.calls, a.docker);
	return 0;
}

static int show_table(const Ctl *ctl, const Shown *shown)
{
	const Sightings *all = &shown->sightings;
	const Evidence *e = &shown->evidence;
	const Workload *w = shown->workload;
	_cleanup_(table_freep) Table *t =
		table_new(columns, ELEMENTSOF(columns) - (e->history.n_hosts == 0));
	char hosts[HOSTS_TEXT_MAX];
	uint64_t dropped = workload_dropped(&e->history, w);
	int r = 0;

	print_line("Workload", w->name);
	print_line("Joined", w->heuristic ? "by a guess from the names of pods" : NULL);
	print_line("Whose", w->imported ? "imported from strace by \"seccompctl import\", no record"
			    : w->asserted ? "asserted by \"seccompctl replay --as\", not seen"
					  : NULL);
	print_line("Image", w->image);
	print_line("Stage", w->stage);
	print_line("Visible", w->visibility);
	print_line("Asked for", w->profile_source);
	print_line("Hosts",
		   e->history.n_hosts > 0 ? hosts_share_text(&e->history, w->hosts, hosts) : NULL);
	r = print_causes(e->ledger, w, all);
	if (r == 0)
		r = print_allowed(e, w);
	if (r == 0)
		r = print_files(ctl, e, w);
	if (r < 0)
		return r;
	putchar('\n');
	for (size_t i = 0; i < all->n; i++)
		add_row(t, shown, &all->rows[i]);
	if (all->n > 0)
		r = table_print(t, stdout, ctl->color);
	else
		printf("No call outside its profile was recorded.\n");
	print_marks(shown);
	if (dropped > 0)
		printf("\n%" PRIu64 " more %s not kept: too many different calls.\n", dropped,
		       text_plural(dropped, "record was", "records were"));
	if (r >= 0 && dropped > 0)
		r = offenders_print_containers(e, w, stdout);
	if (r >= 0)
		r = print_completeness(ctl, e, w);
	return r;
}

static int read_shown(const Ctl *ctl, const char *word, const char *dir, Shown *s)
{
	int r = evidence_open(ctl, "show", &s->evidence);

	if (r != 0)
		return r;
	s->risks = ctl->risks;
	s->workload = evidence_find(&s->evidence, "show", word);
	if (!s->workload)
		return SECCOMPD_EXIT_USAGE;
	r = decision_file_open("show", dir, s->workload->name, false, &s->decided);
	if (r != 0)
		return r;
	s->decisions = decision_list_all(&s->decided.list);
	return sightings_read(s->evidence.ledger, s->workload->id, &s->sightings)
		       ?: marks_find(ctl, &s->evidence, s->workload, s->decisions, &s->sightings);
}

static int show_hosts(const Ctl *ctl, const Shown *s, bool json)
{
	const Evidence *e = &s->evidence;

	if (json)
		return hosts_shares_json(e->ledger, &e->history, s->workload);
	print_line("Workload", s->workload->name);
	return hosts_print_shares(e->ledger, &e->history, s->workload->id, ctl->color)
		       ?: print_completeness(ctl, e, s->workload);
}

static int show_calls(const Ctl *ctl, Shown *s, bool json)
{
	int r = json ? allowed_read(&s->evidence, s->workload, &s->allowed) : show_table(ctl, s);

	for (size_t i = 0; json && r == 0 && i < s->sightings.n; i++)
		r = print_json(s, &s->sightings.rows[i]);
	return r;
}

static int show(const Ctl *ctl, const char *word, const char *dir, bool hosts, bool json)
{
	_cleanup_(shown_done) Shown s = { .decided = DECISION_FILE_NULL };
	int r = read_shown(ctl, word, dir, &s);

	if (r > 0)
		return r;
	if (r == 0)
		r = hosts ? show_hosts(ctl, &s, json) : show_calls(ctl, &s, json);
	if (r < 0 && r != -ENOMEM && !ferror(stdout)) /* of that, main says more */
		return ctl_fail_ledger(ctl, "show", s.evidence.ledger);
	return r == -ENOMEM ? ctl_fail_memory("show") : SECCOMPD_EXIT_OK;
}

int verb_show(Ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "hosts", no_argument, NULL, 'H' },
		{ "json", no_argument, NULL, 'j' },
		{ "workloads-dir", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = ctl->workloads_dir;
	bool hosts = false, json = false;
	int c;

	while ((c = ctl_getopt("show", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'j':
			json = true;
			break;
		case 'H':
			hosts = true;
			break;
		case 'd':
			dir = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (argc - optind != 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "show",
				"name one workload; \"seccompctl list\" shows them");
	return show(ctl, argv[optind], dir, hosts, json);
}
