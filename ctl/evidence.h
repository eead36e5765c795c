/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the verbs share about ledger and tally: opening them, and what is known to be missing. */
#include "ctl/ctl.h"
#include "suggest/workload-lookup.h"
#include "suggest/history.h"
#include "evidence/ledger.h"
#include "evidence/tally.h"
#include "profile/json-line.h"

usec_t ctl_now(void);

/* How long a host may tell nothing, history_read(). */
usec_t ctl_silence(const Ctl *ctl);

/* NULL for "", which the ledger stores for "not known". */
static inline const char *known(const char *s)
{
	return s && s[0] != '\0' ? s : NULL;
}

typedef struct TallyView {
	Tally *tally; /* NULL: there is none */
	bool running;
} TallyView;

void tally_view_done(TallyView *v);
#define _cleanup_tally_view_ _cleanup_(tally_view_done)

/* 0 with .tally NULL when there is no such file. Otherwise -errno with a sentence in @d. */
int evidence_open_tally(const char *path, TallyView *ret, Diag *d);

/* Records whose maker could not be named, over all causes. */
uint64_t totals_unattributed(const TallyTotals *t);

/* Evidence that is missing; each number counts what its row in lost_kinds says. */
typedef struct Lost {
	uint64_t enobufs, serial_gaps, rejected, overflow, over_limit, unattributed, not_running,
		set_aside, lineage, kernel_lost, state_unreadable, not_logged, undated, journal_gap;
} Lost;

/* From the ledger's rows, and from the tally where it knows more; either may be NULL. */
int lost_read(Ledger *l, const TallyTotals *t, Lost *ret);
bool lost_nothing(const Lost *lost);
/* The kinds, one after the other; false behind the last. *ret_text is static. */
bool lost_each(const Lost *lost, size_t i, const char **ret_text, uint64_t *ret_n);
void lost_json(const Lost *lost, JsonLine *j, const char *key);
/* One indented line for each kind that is not zero. */
void lost_print(const Lost *lost, FILE *f);

/* The ledger with its workloads and what was lost. */
typedef struct Evidence {
	Ledger *ledger;
	TallyView view;
	Workloads workloads;
	Lost lost; /* ever */
	History history;
} Evidence;

void evidence_done(Evidence *e);
#define _cleanup_evidence_ _cleanup_(evidence_done)

/* 0, or the exit code after the sentence was printed for @verb. */
int evidence_open(const Ctl *ctl, const char *verb, Evidence *ret);

/* The workload that @word means, or NULL after the sentence was printed. */
const Workload *evidence_find(const Evidence *e, const char *verb, const char *word);

/* Why evidence that was taken from logs is never complete, for the end of a sentence. */
const char *workload_asserted_text(const Workload *w) _pure_;

/*
 * Would every call outside the workload's profile be in the ledger? Only when the applied filter
 * hides none, and nothing was lost for as long as the gate wants its window: what was lost long ago
 * has had its time to show again. 1, 0, or -errno as of the ledger; why not in *ret_why (for the
 * end of a sentence), which may be NULL.
 */
#define EVIDENCE_WHY_MAX 160
int workload_is_complete(const Ctl *ctl, const Evidence *e, const Workload *w,
			 char ret_why[EVIDENCE_WHY_MAX]);

/* The same, but for what the filter hides: for who knows which calls those are. */
int workload_was_watched(const Ctl *ctl, const Evidence *e, const Workload *w,
			 char ret_why[EVIDENCE_WHY_MAX]);
