/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is missing, and what could not be seen at all. */
#include <inttypes.h>
#include <string.h>

#include "ctl/report.h"
#include "profile/stage.h"
#include "util/text.h"

static const ReportColumn loss_columns[] = {
	{ "From", false }, { "To", false }, { "What", false }, { "Of", false }, { "Records", true },
};

static void put_loss(const LedgerLoss *loss, Buffer *b)
{
	buffer_add_str(b, "<tr>");
	report_cell_time(b, loss->from);
	report_cell_time(b, loss->to);
	report_cell_str(b, loss_kind_text(loss->kind));
	report_cell_str(b, loss->workload ? "this workload" : "the whole host");
	if (loss->count == LEDGER_COUNT_UNKNOWN)
		buffer_add_str(b, "<td class=\"n\" data-v=\"-1\">unknown</td>");
	else
		report_cell_count(b, loss->count);
	buffer_add_str(b, "</tr>\n");
}

static void put_losses(const Report *r, Buffer *b)
{
	const WorkloadWindow *w = &r->gate.window;
	size_t n = 0;

	for (size_t i = 0; i < w->n_losses; i++)
		n += window_counts(&w->losses[i]);
	if (n == 0) {
		buffer_add_str(b, r->gate.figures.observed > 0
					  ? "<p>No loss of records is known.</p>\n"
					  : "<p>No loss is known, but it was not watched, so "
					    "what is missing nobody knows.</p>\n");
		return;
	}
	report_table_begin(b, "losses", "Stretches in which something was lost, the newest first.",
			   loss_columns, ELEMENTSOF(loss_columns));
	for (size_t i = w->n_losses, shown = 0; i-- > 0 && shown < REPORT_LOSSES_SHOWN;)
		if (window_counts(&w->losses[i])) {
			put_loss(&w->losses[i], b);
			shown++;
		}
	report_table_end(b);
	if (n > REPORT_LOSSES_SHOWN)
		buffer_printf(b, "<p class=\"left-out\">%zu older %s left out.</p>\n",
			      n - REPORT_LOSSES_SHOWN,
			      text_plural(n - REPORT_LOSSES_SHOWN, "one is", "ones are"));
}

void report_lost_kinds(const Lost *lost, Buffer *b)
{
	const char *text;
	uint64_t n;

	if (lost_nothing(lost)) {
		buffer_add_str(b, "<p>Of all workloads of this ledger, no loss is known.</p>\n");
		return;
	}
	buffer_add_str(b, "<h3>Lost of all workloads together, ever</h3>\n"
			  "<dl class=\"facts\">\n");
	for (size_t i = 0; lost_each(lost, i, &text, &n); i++) {
		if (n == 0)
			continue;
		buffer_add_str(b, "<dt>");
		html_str(b, text);
		buffer_add_str(b, "</dt><dd>");
		html_count(b, n);
		buffer_add_str(b, "</dd>\n");
	}
	buffer_add_str(b, "</dl>\n");
}

/* ---- blind spots ---- */

typedef struct Spot {
	bool is;
	const char *text;
} Spot;

static void put_spots(const Spot *spots, size_t n, Buffer *b)
{
	size_t found = 0;

	buffer_add_str(b, "<h3>Blind spots</h3>\n<ul class=\"plain\">");
	for (size_t i = 0; i < n; i++) {
		if (!spots[i].is)
			continue;
		found++;
		buffer_add_str(b, "<li>");
		html_str(b, spots[i].text);
		buffer_add_str(b, "</li>\n");
	}
	/* A list of none would read as none anywhere. */
	if (found == 0)
		buffer_add_str(b, "<li>None is known. A call that the profile allows is never "
				  "recorded, and a record never has arguments.</li>");
	buffer_add_str(b, "</ul>\n");
}

static void put_blind_spots(const Report *r, Buffer *b)
{
	const GateFigures *f = &r->gate.figures;
	const Workload *w = r->workload;
	const char *seen = w->visibility;
	bool none = applied_profile_is_none(w->profile_hash);
	const Spot spots[] = {
		{ none, "It runs under no filter: nothing that it calls is recorded." },
		{ !none && strcmp(seen, "blind") == 0,
		  "Its filter answers with an error and has no log flag: what it refuses leaves no "
		  "record, and no news is no good news." },
		{ strcmp(seen, "partial") == 0, "Some answers of its filter leave no record, so "
						"some refused calls are not seen." },
		{ !none && !known(seen), "What its filter hides is not known." },
		{ f->observed == 0, "No time is known in which it ran and was watched." },
		{ f->observed > 0 && !f->started,
		  "No start of it was watched: what it calls only then is not known." },
		{ f->blind_to_loss, "The kernel's own count of records that it drops was not to be "
				    "seen: such a loss would not be noticed." },
		{ f->contradicted, "Records show answers that its filter does not give: instances "
				   "under another profile may be running." },
		{ w->heuristic, "Its instances were joined by a guess from the names of pods." },
		{ w->asserted,
		  "A person said of a log that these calls are its own; what is not in "
		  "the log nobody knows." },
		{ r->evidence.lost.unattributed > 0,
		  "Some records could be tied to nobody (seccompctl show unattributed); some of "
		  "them may be its own." },
		{ !r->evidence.view.running && r->evidence.history.n_runs > 0,
		  "No daemon writes this ledger now: what is called now is not recorded." },
		{ r->dropped > 0, "It made more different calls than are kept." },
	};

	put_spots(spots, ELEMENTSOF(spots), b);
}

/* What was evicted from the ledger, by its own count. */
static int put_evicted(const Report *r, Buffer *b)
{
	static const struct {
		const char *key, *text;
	} counts[] = {
		{ "dropped_workloads", "workloads beyond the ledger's limit" },
		{ "dropped_lifetimes", "older runs of containers and units" },
		{ "dropped_hours", "older hours" },
		{ "dropped_runs", "older runs of the daemon" },
		{ "joined_losses", "stretches of loss joined with others" },
	};
	char value[32];

	buffer_add_str(b, "<dl class=\"facts\">\n");
	for (size_t i = 0; i < ELEMENTSOF(counts); i++) {
		int q = ledger_get_meta(r->evidence.ledger, counts[i].key, value, sizeof(value));

		if (q < 0)
			return q;
		if (!value[0] || strcmp(value, "0") == 0)
			continue;
		buffer_add_str(b, "<dt>Not kept: ");
		html_str(b, counts[i].text);
		buffer_add_str(b, "</dt><dd>");
		html_str(b, value);
		buffer_add_str(b, "</dd>\n");
	}
	buffer_add_str(b, "</dl>\n");
	return 0;
}

int report_loss(const Report *r, Buffer *b)
{
	int q;

	report_section_begin(b, "loss", "Loss and blind spots",
			     "What is missing, and what could not be seen");
	put_losses(r, b);
	put_blind_spots(r, b);
	report_lost_kinds(&r->evidence.lost, b);
	q = put_evicted(r, b);
	report_section_end(b);
	return q;
}
