/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <string.h>

#include "ctl/figures.h"
#include "ctl/hosts-remark.h"
#include "ctl/replay-journal.h"
#include "profile/json-line.h"
#include "util/text.h"

#define FORGER_TEXT_MAX 1024

/* "uid 1000, /usr/bin/logger": what journald says of who it was. */
static char *explain_forger(const JournalForger *f, char buf[static FORGER_TEXT_MAX])
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const char *program = f->exe[0] ? f->exe : f->comm;

	buffer_add_str(&b, f->uid[0] ? "uid " : "somebody");
	text_escape(&b, span_of(f->uid));
	if (program[0]) {
		buffer_add_str(&b, ", ");
		text_escape(&b, span_of(program));
	}
	if (f->unit[0]) {
		buffer_add_str(&b, ", in ");
		text_escape(&b, span_of(f->unit));
	}
	snprintf(buf, FORGER_TEXT_MAX, "%s", buffer_error(&b) < 0 ? "somebody" : b.p);
	return buf;
}

void replay_journal_remark(const JournalReading *r)
{
	const JournalReplayReport *report = &r->report;

	for (size_t i = 0; i < r->n_unread; i++)
		ctl_fail(0, "replay", "%s cannot be read and was left out: %s", r->unread[i].path,
			 replay_journal_error(r->unread[i].error));
	if (report->counts.genuine == 0)
		ctl_fail(0, "replay",
			 "there is no entry of seccompd in this journal: it did not run there, or "
			 "with "
			 "Journal=no");
	hosts_remark("replay", report->tellers);
}

void replay_journal_print(const JournalReading *r)
{
	const JournalReplayReport *report = &r->report;
	const JournalReplayCounts *c = &report->counts;
	const LedgerUntold *u = &report->untold;
	const Figure rows[] = {
		{ c->again, "of them told nothing that this ledger did not hold",
		  "of them told nothing that this ledger did not hold" },
		{ c->other, "of them is no part of a ledger, or of another than was asked for",
		  "of them are no part of a ledger, or of another than was asked for" },
		{ c->refused, "of them found no room in the ledger",
		  "of them found no room in the ledger" },
		{ report->tellers->n, "ledger of a host is told of",
		  "ledgers of hosts are told of" },
		{ report->figures.workloads, "workload is in the ledger now",
		  "workloads are in the ledger now" },
		{ report->figures.sightings, "different call that they made",
		  "different calls that they made" },
		{ report->figures.records, "record of them", "records of them" },
		{ report->figures.losses, "loss", "losses" },
		{ report->figures.lifetimes, "lifetime of a container or unit",
		  "lifetimes of containers and units" },
		{ report->figures.runs, "run of seccompd", "runs of seccompd" },
		{ u->records, "of the records is only in a sum: the entry that told of it is gone",
		  "of the records are only in a sum: the entries that told of them are gone" },
		{ u->losses, "loss that nothing is known of: its entry is gone",
		  "losses that nothing is known of: their entries are gone" },
		{ u->runs, "run of seccompd that nothing is known of: likewise",
		  "runs of seccompd that nothing is known of: likewise" },
		{ u->entries, "entry that told what ran when is gone, so no gate is ready",
		  "entries that told what ran when are gone, so no gate is ready" },
	};
	char who[FORGER_TEXT_MAX];

	printf("%-12" PRIu64 " %s of seccompd, in %" PRIu64 " %s\n", c->genuine,
	       text_plural(c->genuine, "entry", "entries"), r->files,
	       text_plural(r->files, "file", "files"));
	figures_print(rows, ELEMENTSOF(rows));
	if (c->rejected > 0)
		printf("%-12" PRIu64 " %s of a form that seccompd does not write: %s %s\n",
		       c->rejected, text_plural(c->rejected, "entry", "entries"),
		       report->fault.field ?: "one is too long;", report->fault.what);
	if (c->forged > 0)
		printf("%-12" PRIu64 " %s forged in its name, counted for nothing: by %s%s\n",
		       c->forged, text_plural(c->forged, "entry", "entries"),
		       explain_forger(&report->forger, who), c->forged > 1 ? ", and others" : "");
}

/* ---- JSON ---- */

static void add_forger(JsonLine *j, const JournalReplayReport *report)
{
	const JournalForger *f = &report->forger;
	JsonLine *o;

	if (report->counts.forged == 0) {
		json_line_null(j, "forger");
		return;
	}
	o = json_line_object(j, "forger");
	json_line_str(o, "uid", f->uid[0] ? f->uid : NULL);
	json_line_str(o, "exe", f->exe[0] ? f->exe : NULL);
	json_line_str(o, "comm", f->comm[0] ? f->comm : NULL);
	json_line_str(o, "unit", f->unit[0] ? f->unit : NULL);
}

static void add_fault(JsonLine *j, const JournalReplayReport *report)
{
	char text[128];

	if (report->counts.rejected == 0) {
		json_line_null(j, "rejection");
		return;
	}
	snprintf(text, sizeof(text), "%s%s%s", report->fault.field ?: "",
		 report->fault.field ? " " : "", report->fault.what);
	json_line_str(j, "rejection", text);
}

static void add_tellers(JsonLine *j, const JournalReplayReport *report)
{
	JsonLine *rows = json_line_array(j, "ledgers");

	for (size_t i = 0; i < report->tellers->n; i++) {
		JsonLine *o = json_line_object(rows, NULL);

		json_line_str(o, "ledger", report->tellers->rows[i].ledger);
		json_line_str(o, "machine", report->tellers->rows[i].machine);
		json_line_str(o, "host", report->tellers->rows[i].hostname);
	}
}

static void add_unread(JsonLine *j, const JournalReading *r)
{
	JsonLine *rows = json_line_array(j, "unreadable");

	for (size_t i = 0; i < r->n_unread; i++)
		json_line_str(rows, NULL, r->unread[i].path);
}

int replay_journal_json(const JournalReading *r)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const JournalReplayReport *report = &r->report;
	const struct {
		const char *key;
		uint64_t n;
	} counts[] = {
		{ "files", r->files },
		{ "entries", report->counts.entries },
		{ "genuine", report->counts.genuine },
		{ "forged", report->counts.forged },
		{ "rejected", report->counts.rejected },
		{ "duplicates", report->counts.again },
		{ "other", report->counts.other },
		{ "refused", report->counts.refused },
		{ "hosts", report->tellers->n },
		{ "workloads", report->figures.workloads },
		{ "sightings", report->figures.sightings },
		{ "records", report->figures.records },
		{ "losses", report->figures.losses },
		{ "runs", report->figures.runs },
		{ "lifetimes", report->figures.lifetimes },
		{ "untold_records", report->untold.records },
		{ "untold_losses", report->untold.losses },
		{ "untold_runs", report->untold.runs },
		{ "untold_entries", report->untold.entries },
	};

	for (size_t i = 0; i < ELEMENTSOF(counts); i++)
		json_line_uint(j, counts[i].key, counts[i].n);
	json_line_time(j, "first", report->figures.first);
	json_line_time(j, "last", report->figures.last);
	add_forger(j, report);
	add_fault(j, report);
	add_tellers(j, report);
	add_unread(j, r);
	return json_line_write(j, stdout);
}
