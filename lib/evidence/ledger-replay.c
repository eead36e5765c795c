/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/ledger-private.h"

void ledger_discard(Ledger *l, const char *path)
{
	/* The lock last: who takes it finds nothing of us. */
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };

	ledger_close(l);
	for (size_t i = 0; i < ELEMENTSOF(ends); i++) {
		_cleanup_buffer_ Buffer name = BUFFER_NULL;

		buffer_printf(&name, "%s%s", path, ends[i]);
		if (buffer_error(&name) == 0)
			(void)unlink(name.p);
	}
	ledger_free(l);
}

int ledger_open_replay(const char *path, Ledger **ret, Diag *d)
{
	return ledger_open_made(path, LEDGER_REPLAYED_LOGS, ret, d);
}

int ledger_is_replayed(Ledger *l)
{
	char value[16];
	int r = ledger_get_meta(l, LEDGER_META_REPLAYED, value, sizeof(value));

	if (r < 0 || value[0] == '\0')
		return r;
	if (strcmp(value, LEDGER_REPLAYED_STRACE) == 0)
		return LEDGER_OF_STRACE;
	if (strcmp(value, LEDGER_REPLAYED_MERGE) == 0)
		return LEDGER_OF_LEDGERS;
	return strcmp(value, LEDGER_REPLAYED_LOGS) == 0 ? LEDGER_OF_LOGS : LEDGER_OF_JOURNALS;
}

int ledger_set_replayed(Ledger *l)
{
	return ledger_set_meta(l, LEDGER_META_REPLAYED, l->replay);
}

/* ---- which lines are held ---- */

typedef struct KeysWalk {
	int (*f)(uint64_t stretch, int64_t workload, const RecordKeys *keys, void *userdata);
} KeysWalk;

static int keys_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	_cleanup_record_keys_ RecordKeys keys = { 0 };
	const KeysWalk *w = f;
	uint64_t stretch = ledger_column_u64(s, 0);
	const char *bytes = sqlite3_column_blob(s, 2);
	int r;

	r = record_keys_read(span_make(bytes ?: "", (size_t)sqlite3_column_bytes(s, 2)), stretch,
			     &keys);
	return r < 0 ? r : w->f(stretch, sqlite3_column_int64(s, 1), &keys, userdata);
}

static int copy_keys(uint64_t stretch, int64_t workload, const RecordKeys *keys, void *userdata)
{
	RecordKeys *ret = userdata;
	int r = 0;

	(void)stretch;
	(void)workload;
	for (size_t i = 0; r == 0 && i < keys->n; i++)
		r = record_keys_append(ret, &keys->rows[i]);
	return r;
}

int ledger_get_keys(Ledger *l, uint64_t stretch, int64_t workload, RecordKeys *ret)
{
	const LedgerArg args[] = { ARG_INT(stretch), ARG_INT(workload) };
	KeysWalk w = { copy_keys };

	return ledger_walk(l, SQL_KEYS_GET, args, ELEMENTSOF(args), keys_row, &w, ret);
}

int ledger_put_keys(Ledger *l, uint64_t stretch, int64_t workload, const RecordKeys *keys)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	record_keys_write(keys, stretch, &b);
	r = buffer_error(&b);
	return r < 0 ? r
		     : ledger_run(l, SQL_KEYS_SET, NULL, ARG_INT(stretch), ARG_INT(workload),
				  ARG_BYTES(b));
}

int ledger_each_keys(Ledger *l,
		     int (*f)(uint64_t stretch, int64_t workload, const RecordKeys *keys,
			      void *userdata),
		     void *userdata)
{
	KeysWalk w = { f };

	return ledger_walk(l, SQL_EACH_KEYS, NULL, 0, keys_row, &w, userdata);
}

/* ---- figures ---- */

int ledger_set_sighting(Ledger *l, const LedgerCall *c, int64_t *ret)
{
	int64_t profile, id = 0;
	int r;

	r = ledger_put_profile(l, c->profile_hash, NULL, &profile);
	if (r == 0)
		r = ledger_run(l, SQL_SIGHTING_SET, NULL, ARG_INT(c->workload), ARG_INT(c->arch),
			       ARG_INT(c->nr), ARG_INT(c->action), ARG_INT(c->origin),
			       ARG_INT(profile), ARG_INT(c->means),
			       ARG_INT(MIN(c->count, LEDGER_COUNT_MAX)), ARG_INT(c->first),
			       ARG_INT(c->last), ARG_INT(c->serial));
	if (r == 0)
		r = ledger_run(l, SQL_SIGHTING_FIND, &id, ARG_INT(c->workload), ARG_INT(c->arch),
			       ARG_INT(c->nr), ARG_INT(c->action), ARG_INT(c->origin),
			       ARG_INT(profile));
	if (r >= 0)
		r = ledger_run(l, SQL_EXAMPLE_FORGET, NULL, ARG_INT(id));
	if (r >= 0)
		r = ledger_tie_subject(l, id, c->subject);
	if (r < 0)
		return r;
	*ret = id;
	return 0;
}

int ledger_set_nobody(Ledger *l, int64_t workload, const LedgerReplayed *figures, int64_t *ret)
{
	const SubjectKey key = { .kind = SUBJECT_UNATTRIBUTED, .cause = CAUSE_REPLAYED };
	int r = ledger_put_subject(l, workload, &key, "", false, figures->first, ret);

	return r < 0 ? r
		     : ledger_run(l, SQL_SUBJECT_SET, NULL, ARG_INT(*ret), ARG_INT(figures->first),
				  ARG_INT(figures->last));
}

int ledger_forget_sighting(Ledger *l, int64_t sighting)
{
	static const LedgerSql steps[] = { SQL_EXAMPLE_FORGET, SQL_TIE_FORGET,
					   SQL_SIGHTING_FORGET };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ELEMENTSOF(steps); i++)
		r = ledger_run(l, steps[i], NULL, ARG_INT(sighting));
	return r;
}

int ledger_set_workload(Ledger *l, int64_t workload, const LedgerReplayed *figures)
{
	return ledger_run(l, SQL_WORKLOAD_SET, NULL, ARG_INT(workload), ARG_INT(figures->sightings),
			  ARG_INT(MIN(figures->dropped, LEDGER_COUNT_MAX)), ARG_INT(figures->first),
			  ARG_INT(figures->last));
}

int ledger_clear_hours(Ledger *l, int64_t workload)
{
	return ledger_run(l, SQL_HOUR_CLEAR, NULL, ARG_INT(workload));
}

int ledger_clear_losses(Ledger *l)
{
	return ledger_run_plain(l, SQL_LOSS_CLEAR, NULL);
}
