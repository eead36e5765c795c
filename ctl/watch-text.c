/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "ctl/tone.h"
#include "ctl/watch.h"
#include "suggest/risk-settings.h"
#include "util/text.h"

/* In the host's own time, as journalctl does. */
static void begin(const Watch *w, usec_t t, const char *kind, TableTone tone)
{
	time_t seconds = (time_t)((t > 0 ? t : ctl_now()) / USEC_PER_SEC);
	struct tm tm;
	char text[32];

	if (!localtime_r(&seconds, &tm) || strftime(text, sizeof(text), "%F %T", &tm) == 0)
		snprintf(text, sizeof(text), "%lld", (long long)seconds);
	printf("%s  %s%-6s%s  ", text, table_tone_begin(tone, w->ctl->color), kind,
	       table_tone_end(tone, w->ctl->color));
}

static void put(const char *s)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	text_escape(&b, span_of(s));
	if (buffer_error(&b) == 0 && b.n > 0)
		fputs(b.p, stdout);
}

/* "docker:web (node-1)": the host where there are several. */
static void put_subject(const Watch *w, const char *name, const char *host)
{
	put(name);
	if (w->of_hosts && host[0]) {
		printf(" (");
		put(host);
		putchar(')');
	}
}

static JsonLine *begin_json(const char *event, usec_t t)
{
	JsonLine *j = json_line_new();

	json_line_str(j, "event", event);
	json_line_time(j, "time", t > 0 ? t : ctl_now());
	return j;
}

/* ---- a call ---- */

typedef struct By {
	char comm[4 * 64], exe[4 * 256];
} By;

static int on_example(const LedgerExampleRow *row, void *userdata)
{
	By *by = userdata;

	text_escape_to(row->comm, by->comm, sizeof(by->comm));
	if (row->exe.p)
		text_escape_to(row->exe, by->exe, sizeof(by->exe));
	return 1;
}

static int call_json(const LedgerFollowed *row, uint64_t more, const char *name, const char *risk,
		     const By *by)
{
	_cleanup_(json_line_freep) JsonLine *j =
		begin_json(more > 0 ? "more" : "new", more > 0 ? row->last : row->first);

	json_line_str(j, "workload", row->workload_name);
	json_line_str(j, "host", known(row->host));
	json_line_str(j, "arch", arch_name(row->arch));
	json_line_str(j, "syscall", name);
	json_line_int(j, "nr", row->nr);
	json_line_str(j, "action", action_name(row->action));
	json_line_str(j, "origin", origin_name(row->origin));
	json_line_str(j, "risk", risk);
	json_line_uint(j, "count", more > 0 ? more : row->count);
	json_line_uint(j, "total", row->count);
	/* Escaped once is enough. */
	json_line_name(j, "comm", known(by->comm));
	json_line_name(j, "exe", known(by->exe));
	return json_line_write(j, stdout);
}

static void call_text(const Watch *w, const LedgerFollowed *row, uint64_t more, const char *call,
		      TableTone tone, const char *risk, const By *by)
{
	begin(w, more > 0 ? row->last : row->first, more > 0 ? "more" : "new",
	      more > 0 ? TONE_DIM : tone);
	put_subject(w, row->workload_name, row->host);
	if (more > 0) {
		printf(": %" PRIu64 " more of %s on %s, %" PRIu64 " in all\n", more, call,
		       arch_name(row->arch), row->count);
		return;
	}
	printf(": %s on %s, answered %s; risk %s, %s, %" PRIu64 " record%s%s%s\n", call,
	       arch_name(row->arch), action_name(row->action), risk ?: "not known",
	       origin_name(row->origin), row->count, text_plural(row->count, "", "s"),
	       by->exe[0] || by->comm[0] ? ", by " : "", by->exe[0] ? by->exe : by->comm);
}

int watch_say_call(const Watch *w, const LedgerFollowed *row, uint64_t more)
{
	char name[SYSCALL_NAME_MAX], number[32];
	bool named = syscall_name(row->arch, row->nr, name) == 0;
	Risk risk = named ? risk_settings_ask(w->ctl->risks, name).risk : RISK_HIGH;
	By by = { 0 };
	int r = 0;

	if (more == 0)
		r = ledger_each_example(w->follow.ledger, row->id, on_example, &by);
	if (r < 0)
		return r;
	if (w->json)
		return call_json(row, more, named ? name : NULL, named ? risk_name(risk) : NULL,
				 &by);
	snprintf(number, sizeof(number), "call %" PRId64, row->nr);
	call_text(w, row, more, named ? name : number, risk_tone(risk),
		  named ? risk_name(risk) : NULL, &by);
	return 0;
}

int watch_say_rest(const Watch *w)
{
	_cleanup_(json_line_freep) JsonLine *j = NULL;

	if (!w->json) {
		begin(w, 0, "more", TONE_DIM);
		printf("%" PRIu64 " more of %" PRIu64 " other %s\n", w->not_shown_records,
		       w->not_shown, text_plural(w->not_shown, "call", "calls"));
		return 0;
	}
	j = begin_json("more", 0);
	json_line_null(j, "workload");
	json_line_uint(j, "count", w->not_shown_records);
	json_line_uint(j, "sightings", w->not_shown);
	return json_line_write(j, stdout);
}

/* ---- the rest ---- */

int watch_say_stage(const Watch *w, const LedgerStage *row)
{
	_cleanup_(json_line_freep) JsonLine *j = NULL;

	if (!w->json) {
		begin(w, 0, "stage", TONE_GOOD);
		put_subject(w, row->name, row->host);
		printf(": stage ");
		put(row->stage);
		printf(", calls outside of its profile are seen: ");
		put(known(row->visibility) ?: "not known");
		fputc('\n', stdout);
		return 0;
	}
	j = begin_json("stage", 0);
	json_line_str(j, "workload", row->name);
	json_line_str(j, "host", known(row->host));
	json_line_str(j, "stage", known(row->stage));
	json_line_str(j, "visibility", known(row->visibility));
	json_line_str(j, "profile", known(row->profile_hash));
	return json_line_write(j, stdout);
}

int watch_say_loss(const Watch *w, const LedgerLoss *loss, const char *name, const char *host)
{
	_cleanup_(json_line_freep) JsonLine *j = NULL;
	bool counted = loss->count != LEDGER_COUNT_UNKNOWN;

	if (!w->json) {
		begin(w, loss->to, "loss", TONE_BAD);
		if (name)
			put_subject(w, name, host);
		else
			put(w->of_hosts && host[0] ? host : "this host");
		printf(": ");
		put(loss->kind);
		if (counted)
			printf(", %" PRIu64 " lost", loss->count);
		else
			printf(", how much is not known");
		printf("; evidence of that time is incomplete\n");
		return 0;
	}
	j = begin_json("loss", loss->to);
	json_line_str(j, "workload", name);
	json_line_str(j, "host", known(host));
	json_line_str(j, "kind", loss->kind);
	json_line_time(j, "from", loss->from);
	json_line_time(j, "to", loss->to);
	if (counted)
		json_line_uint(j, "count", loss->count);
	else
		json_line_null(j, "count");
	return json_line_write(j, stdout);
}

int watch_say_fault(const Watch *w, TallyFaultKind kind)
{
	const TallyFault *f = &w->follow.totals.faults[kind];
	_cleanup_(json_line_freep) JsonLine *j = NULL;

	if (!w->json) {
		begin(w, f->since, "fault", f->since > 0 ? TONE_BAD : TONE_GOOD);
		printf("seccompd: %s: ", tally_fault_name(kind));
		put(f->since > 0 ? f->reason : "it works again");
		fputc('\n', stdout);
		return 0;
	}
	j = begin_json("fault", f->since);
	json_line_str(j, "kind", tally_fault_name(kind));
	json_line_bool(j, "works", f->since == 0);
	json_line_str(j, "reason", f->since > 0 ? f->reason : NULL);
	return json_line_write(j, stdout);
}

int watch_say_daemon(const Watch *w, bool again)
{
	_cleanup_(json_line_freep) JsonLine *j = NULL;
	bool running = w->follow.running;
	usec_t since = w->follow.totals.since;

	if (w->json) {
		j = begin_json("daemon", running && again ? since : 0);
		json_line_bool(j, "running", running);
		json_line_time(j, "since", since);
		return json_line_write(j, stdout);
	}
	begin(w, running && again ? since : 0, "daemon", running ? TONE_GOOD : TONE_BAD);
	if (running)
		printf("seccompd has started\n");
	else
		printf("seccompd %s: no call is seen until it is started\n",
		       again ? "has ended" : "does not run");
	return 0;
}

int watch_say_ledger(const Watch *w, const char *state, const char *text)
{
	_cleanup_(json_line_freep) JsonLine *j = NULL;

	if (!w->json) {
		begin(w, 0, "ledger", TONE_BAD);
		printf("%s\n", text); /* ours, or a Diag's: escaped */
		return 0;
	}
	j = begin_json("ledger", 0);
	json_line_str(j, "state", state);
	json_line_name(j, "reason", text);
	return json_line_write(j, stdout);
}
