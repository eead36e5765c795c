/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Brings an older ledger to the schema of now, all steps in one transaction. */
#include <errno.h>

#include "evidence/ledger-private.h"

/* By the schema that each begins with. */
static const char *const steps[SECCOMPD_LEDGER_SCHEMA] = {
	[1] = "ALTER TABLE workload ADD COLUMN heuristic INTEGER NOT NULL DEFAULT 0;",
	[2] = "ALTER TABLE sighting ADD COLUMN own_filter INTEGER NOT NULL DEFAULT 0;",
	[3] = "ALTER TABLE loss RENAME TO loss3;"
	      "DROP INDEX loss_kind;" LEDGER_SCHEMA_LOSS
	      "INSERT INTO loss SELECT id, host, NULL, kind, start, stop, nullif(count, 0) FROM "
	      "loss3;"
	      "DROP TABLE loss3;" LEDGER_SCHEMA_HISTORY
	      "ALTER TABLE sighting ADD COLUMN lifetime1 INTEGER NOT NULL DEFAULT 0;"
	      "ALTER TABLE sighting ADD COLUMN lifetime2 INTEGER NOT NULL DEFAULT 0;"
	      "ALTER TABLE sighting ADD COLUMN lifetimes INTEGER NOT NULL DEFAULT 0;",
	[4] = LEDGER_SCHEMA_JOINS LEDGER_SCHEMA_MAKING LEDGER_SCHEMA_REPLAYED
	"INSERT INTO making SELECT id, lifetime1, first FROM sighting WHERE lifetime1<>0;"
	"ALTER TABLE sighting ADD COLUMN maker INTEGER NOT NULL DEFAULT 0;",
	/* All of it is told once more, since no entry before named its ledger. What the journal
	 * knew is nothing new to it. */
	[5] = LEDGER_SCHEMA_TELLING "UPDATE sighting SET told_at=announced;"
				    "DROP INDEX sighting_unannounced;"
				    "ALTER TABLE sighting DROP COLUMN announced;",
	/* Who told a ledger that was made from journals was "journal_teller/LEDGER/MACHINE" =
	 * "ROW NAMED HOSTNAME". */
	[6] = LEDGER_SCHEMA_ORIGIN
	"UPDATE host SET ledger=t.ledger, machine=t.machine, named=CAST(t.rest AS INTEGER),"
	" hostname=substr(t.rest, instr(t.rest, ' ')+1)"
	" FROM (SELECT CAST(value AS INTEGER) AS id, substr(key, 16, 32) AS ledger,"
	"  substr(key, 49) AS machine, substr(value, instr(value, ' ')+1) AS rest"
	"  FROM meta WHERE key LIKE 'journal_teller/%') AS t WHERE host.id=t.id;"
	"DELETE FROM meta WHERE key LIKE 'journal_teller/%';",
	/* Those that are known are all told once; who made a ledger from others tells nobody. */
	[7] = LEDGER_SCHEMA_LIFETIMES_TOLD,
};

static int take_steps(Ledger *l, int64_t schema)
{
	char text[16];
	int r = 0;

	for (; r == 0 && schema < SECCOMPD_LEDGER_SCHEMA; schema++)
		r = steps[schema] ? ledger_exec(l, steps[schema]) : -EBADMSG;
	snprintf(text, sizeof(text), "%d", SECCOMPD_LEDGER_SCHEMA);
	return r < 0 ? r : ledger_set_meta(l, "schema", text);
}

int ledger_migrate(Ledger *l, int64_t schema)
{
	int r;

	if (schema == SECCOMPD_LEDGER_SCHEMA)
		return 0;
	r = ledger_exec(l, "BEGIN IMMEDIATE");
	if (r < 0)
		return r;
	r = take_steps(l, schema);
	if (r == 0)
		r = ledger_exec(l, "COMMIT");
	if (r < 0)
		ledger_rollback(l);
	return r;
}
