/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "evidence/ledger-private.h"
#include "evidence/ledger-work.h"

/* Of SQLite's machine, which makes some ten million of them in a second. */
#define STEPS 10000

#define PAGE_BYTES 4096U /* of every ledger, since SQLite makes files so */

static int on_steps(void *userdata)
{
	const Ledger *l = userdata;
	int pages = 0, greatest;

	(void)sqlite3_db_status(l->db, SQLITE_DBSTATUS_CACHE_MISS, &pages, &greatest, 0);
	l->work((uint64_t)pages * PAGE_BYTES, l->work_userdata);
	return 0;
}

void ledger_on_work(Ledger *l, void (*work)(uint64_t bytes, void *userdata), void *userdata)
{
	l->work = work;
	l->work_userdata = userdata;
	sqlite3_progress_handler(l->db, work ? STEPS : 0, work ? on_steps : NULL, l);
}
