/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lifetimes that journals tell of. Of two states of one lifetime the later one holds, and of one
 * workload on one host there are no more than in the daemon's own ledger. */
#include <errno.h>

#include "evidence/ledger-journal.h"
#include "evidence/ledger-private.h"
#include "evidence/lifetime-list.h"

/* What an entry's lifetimes have in common. */
typedef struct Common {
	const JournalEvent *event;
	int64_t host, workload, profile;
} Common;

/* Was there anything to change? */
static int put(Ledger *l, const Common *c, const ListedLifetime *f)
{
	const JournalEvent *e = c->event;
	int r = ledger_run(l, SQL_LIFETIME_TAKE, NULL, ARG_INT(ledger_row_of(c->host, f->row)),
			   ARG_INT(c->host), ARG_INT(c->workload), ARG_INT(c->profile),
			   ARG_INT(e->subject_kind), ARG_TEXT(e->runtime), ARG_TEXT(f->name),
			   ARG_TEXT(e->image_digest), ARG_TEXT(e->runtime_version),
			   ARG_TEXT(e->libseccomp), ARG_TEXT(e->kernel), ARG_TEXT(e->architecture),
			   ARG_TEXT(e->capabilities), ARG_INT(f->from), ARG_INT(f->start_seen),
			   ARG_INT(f->to), ARG_INT(f->stop_seen), ARG_INT(f->exit),
			   ARG_INT(f->joins), ARG_INT(f->joined));

	return r < 0 ? r : sqlite3_changes(l->db) > 0;
}

/* The oldest that has ended goes, whatever it is like, so that it is the same in whatever order
 * they come. 1 when there is room, and 0 when this one is older than what is kept, or went already.
 */
static int make_room(Ledger *l, const Common *c, const ListedLifetime *f)
{
	int64_t room = 0, oldest = 0;
	int r = ledger_run(l, SQL_LIFETIME_ROOM, &room, ARG_INT(c->workload),
			   ARG_INT(ledger_row_of(c->host, f->row)),
			   ARG_INT(LEDGER_LIFETIMES_PER_WORKLOAD));

	if (r < 0 || room)
		return r < 0 ? r : 1;
	r = ledger_run(l, SQL_LIFETIME_FIRST, &oldest, ARG_INT(c->workload));
	if (r > 0)
		r = ledger_run(l, SQL_LIFETIME_IS_PAST, NULL, ARG_INT(oldest), ARG_INT(f->to == 0),
			       ARG_INT(f->from));
	if (r != 0)
		return MIN(r, 0);
	r = ledger_run(l, SQL_LIFETIME_FORGET, NULL, ARG_INT(oldest));
	return r < 0 ? r : 1;
}

static int take_one(Ledger *l, const Common *c, const ListedLifetime *f)
{
	int r = make_room(l, c, f);

	return r > 0 ? put(l, c, f) : r;
}

static int take_profile(Ledger *l, const JournalEvent *e, int64_t *ret)
{
	int r = ledger_put_profile(l, e->profile, NULL, ret);

	if (r < 0 || !e->profile_json.p || !e->profile[0])
		return r;
	r = ledger_run(l, SQL_PROFILE_TAKE, NULL, ARG_INT(*ret), ARG_BYTES(e->profile_json));
	return r < 0 ? r : sqlite3_changes(l->db) > 0;
}

static int take_all(Ledger *l, const Common *c)
{
	Span rest = c->event->lifetimes;
	ListedLifetime f;
	bool any = false;
	int r;

	while ((r = lifetime_list_next(&rest, &f)) > 0) {
		r = take_one(l, c, &f);
		if (r < 0)
			return r;
		any |= r > 0;
	}
	return r < 0 ? r : any;
}

int ledger_take_lifetimes(Ledger *l, int64_t host, const JournalEvent *e)
{
	Common c = { .event = e, .host = host };
	int r = ledger_take_workload(l, host, e, 0, &c.workload), profile, numbered;

	profile = r < 0 ? r : take_profile(l, e, &c.profile);
	if (profile < 0)
		return profile;
	r = take_all(l, &c);
	numbered = r < 0 ? r : ledger_note_sequence(l, host, e->sequence - 1, e->sequence);
	return numbered < 0 ? numbered : r | profile | numbered;
}
