/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/ledger-private.h"

typedef struct AnnouncementWalk {
	int (*f)(const LedgerAnnouncement *a, void *userdata);
} AnnouncementWalk;

static int announcement_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const AnnouncementWalk *w = f;
	int64_t kind = sqlite3_column_int64(s, 6), arch = sqlite3_column_int64(s, 8),
		action = sqlite3_column_int64(s, 10), origin = sqlite3_column_int64(s, 11),
		means = sqlite3_column_int64(s, 12);
	LedgerAnnouncement a = {
		.sighting = sqlite3_column_int64(s, 0),
		.workload = ledger_column_text(s, 1),
		.container_name = ledger_column_text(s, 2),
		.image = ledger_column_text(s, 3),
		.stage = ledger_column_text(s, 4),
		.profile_hash = ledger_column_text(s, 5),
		.kind = (SubjectKind)kind,
		.subject = ledger_column_text(s, 7),
		.arch = (uint32_t)arch,
		.nr = sqlite3_column_int64(s, 9),
		.action = (Action)action,
		.origin = (Origin)origin,
		.means = (Means)means,
		.count = ledger_column_u64(s, 13),
		.serial = (uint32_t)ledger_column_u64(s, 14),
	};

	if (kind < 0 || kind >= _SUBJECT_KIND_MAX ||
	    !ledger_call_is_sane(arch, action, origin, means))
		return -EBADMSG;
	return w->f(&a, userdata);
}

int ledger_each_unannounced(Ledger *l, bool killed, uint32_t limit,
			    int (*f)(const LedgerAnnouncement *a, void *userdata), void *userdata)
{
	const LedgerArg args[] = { ARG_INT(limit), ARG_INT(ACTION_KILL_PROCESS),
				   ARG_INT(ACTION_KILL_THREAD), ARG_INT(killed) };
	AnnouncementWalk w = { f };

	return ledger_walk(l, SQL_EACH_UNANNOUNCED, args, ELEMENTSOF(args), announcement_row, &w,
			   userdata);
}

int ledger_set_announced(Ledger *l, int64_t sighting)
{
	return ledger_run(l, SQL_SET_ANNOUNCED, NULL, ARG_INT(sighting));
}
