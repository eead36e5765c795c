/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/follow.h"
#include "evidence/ledger-follow.h"
#include "seccompd/exit-codes.h"

void follow_done(Follow *f)
{
	ledger_free(f->ledger);
	f->ledger = NULL;
}

/* A ledger whose log or index is another one than ours tells us nothing any more. */
static bool note_files(Follow *f)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	bool same = true;

	for (size_t i = 0; i < ELEMENTSOF(ends); i++) {
		_cleanup_free_ char *name = NULL;
		struct stat st = { 0 };

		if (asprintf(&name, "%s%s", f->path, ends[i]) < 0) {
			name = NULL;
			return true;
		}
		if (stat(name, &st) < 0)
			st = (struct stat){ 0 };
		same = same && f->files[i].dev == st.st_dev && f->files[i].ino == st.st_ino;
		f->files[i].dev = st.st_dev;
		f->files[i].ino = st.st_ino;
	}
	return same;
}

unsigned follow_give_up(Follow *f)
{
	diag_set(&f->fault, -EIO, "cannot read %s: %s", f->path, ledger_error(f->ledger));
	f->ledger = ledger_free(f->ledger);
	return FOLLOW_FAILED;
}

static unsigned look_at_ledger(Follow *f)
{
	bool same = note_files(f), had_fault = f->fault.text[0] != '\0';
	int64_t changes = f->changes;
	unsigned bits = 0;
	Diag d = { 0 };

	if (!same || (f->ledger && f->running && ledger_is_frozen(f->ledger)))
		f->ledger = ledger_free(f->ledger);
	if (!f->ledger) {
		if (ledger_open_reader(f->path, &f->ledger, &d) < 0) {
			f->fault = d;
			return had_fault ? 0 : FOLLOW_FAILED;
		}
		bits = FOLLOW_CHANGED | (f->opened ? FOLLOW_REPLACED : 0U);
		f->opened = true;
		f->fault = (Diag){ 0 };
	}
	if (ledger_changes(f->ledger, &changes) < 0)
		return follow_give_up(f);
	bits |= changes != f->changes ? FOLLOW_CHANGED : 0U;
	f->changes = changes;
	return bits;
}

static unsigned look_at_daemon(Follow *f)
{
	_cleanup_tally_view_ TallyView view = { 0 };
	bool ran = f->running, first = !f->looked;
	usec_t since = f->totals.since;
	Diag d;

	if (evidence_open_tally(f->tally_path, &view, &d) < 0)
		view = (TallyView){ 0 };
	f->looked = true;
	f->has_totals = view.tally != NULL;
	f->totals = f->has_totals ? *tally_totals_view(view.tally) : (TallyTotals){ 0 };
	/* One that has the counters, but has not stamped its start, does not listen yet. */
	f->running = view.running && (ran || first || f->totals.since != since);
	if (!f->running)
		return ran ? FOLLOW_ENDED : 0;
	return !ran || f->totals.since != since ? FOLLOW_STARTED : 0;
}

unsigned follow_look(Follow *f)
{
	unsigned bits = look_at_daemon(f);

	return bits | look_at_ledger(f);
}

int follow_open(const Ctl *ctl, const char *verb, Follow *ret)
{
	Follow f = { .path = ctl->ledger_path, .tally_path = ctl->tally_path };
	_cleanup_tally_view_ TallyView view = { 0 };
	Diag d = { 0 };

	/* What cannot be read from the start is said at once. */
	if (evidence_open_tally(f.tally_path, &view, &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, verb, NULL, &d);
	(void)follow_look(&f);
	if (!f.ledger)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, verb, NULL, &f.fault);
	*ret = f;
	return 0;
}
