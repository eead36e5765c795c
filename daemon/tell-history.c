/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was lost when, and when somebody watched. */
#include <inttypes.h>
#include <syslog.h>

#include "daemon/teller.h"
#include "evidence/window.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"

static const char *count_text(uint64_t count, char buf[static 32])
{
	if (count == LEDGER_COUNT_UNKNOWN)
		snprintf(buf, 32, "unknown");
	else
		snprintf(buf, 32, "%" PRIu64, count);
	return buf;
}

static void begin_loss(Teller *t, const LedgerUntoldLoss *loss, const char *count)
{
	char from[CLOCK_RFC3339_SIZE], to[CLOCK_RFC3339_SIZE];

	journal_message_begin(
		&t->message, SECCOMPD_MESSAGE_EVIDENCE_LOST,
		loss->count == 0 || loss->longer ? LOG_INFO : LOG_WARNING, t->ledger_id,
		"evidence of %s is incomplete: %s from %s to %s (how many: %s)",
		loss->workload[0] ? loss->workload : "all workloads", loss_kind_text(loss->kind),
		loss->from ? clock_format_rfc3339(loss->from, from) : "ever",
		clock_format_rfc3339(loss->to, to), count);
}

static int tell_loss(const LedgerUntoldLoss *loss, void *userdata)
{
	Teller *t = userdata;
	char count[32];
	int r;

	begin_loss(t, loss, count_text(loss->count, count));
	journal_message_add(&t->message, SECCOMPD_FIELD_LOSS, loss->kind);
	journal_message_add_number(&t->message, SECCOMPD_FIELD_LOSS_ID, loss->id);
	journal_message_add_number(&t->message, SECCOMPD_FIELD_REVISION, (int64_t)loss->revision);
	journal_message_add(&t->message, SECCOMPD_FIELD_TOTAL, count);
	journal_message_add_time(&t->message, SECCOMPD_FIELD_FROM, loss->from);
	journal_message_add_time(&t->message, SECCOMPD_FIELD_TO, loss->to);
	journal_message_add(&t->message, SECCOMPD_FIELD_WORKLOAD, loss->workload);
	r = teller_send(t, JOURNAL_LOST);
	if (r == 0)
		teller_note(t, TOLD_LOSS, loss->id, loss->revision);
	return r;
}

/* Until when a run may be told to have gone on: what ended behind that is not told of yet, and
 * would seem to run on. 0: it is told to there. */
static usec_t end_to_tell(const Teller *t, const LedgerUntoldRun *run)
{
	usec_t to = MIN(run->to, t->lifetimes->told_until);

	return to >= run->from && to > run->told ? to : 0;
}

static int can_be_told(const LedgerUntoldRun *run, void *userdata)
{
	return end_to_tell(userdata, run) > 0;
}

static int each_run(Teller *t, uint32_t limit, int (*f)(const LedgerUntoldRun *run, void *userdata))
{
	return ledger_each_untold_run(t->ledger, t->final ? 0 : TELL_LONGER_INTERVAL, limit, f, t);
}

/* With a run, each that changed, so that what is said to have been watched was watched. */
int tell_losses(Teller *t)
{
	int r = each_run(t, JOURNAL_LIMIT, can_be_told);
	usec_t interval = r > 0 ? 0 : TELL_INTERVAL, longer = r > 0 ? 0 : TELL_LONGER_INTERVAL;

	t->with_run = false;
	if (r < 0)
		return r;
	t->with_run = r > 0;
	r = ledger_each_untold_loss(t->ledger, teller_before(t, interval), teller_before(t, longer),
				    t->now, teller_room(t, JOURNAL_LOST) + 1, tell_loss, t);
	t->with_run = t->with_run && r == 0;
	return MIN(r, 0);
}

static int tell_run(const LedgerUntoldRun *run, void *userdata)
{
	char from[CLOCK_RFC3339_SIZE], text[CLOCK_RFC3339_SIZE];
	Teller *t = userdata;
	usec_t to = end_to_tell(t, run);
	int r;

	if (to == 0)
		return 0;
	journal_message_begin(&t->message, SECCOMPD_MESSAGE_WATCHED, LOG_INFO, t->ledger_id,
			      "seccompd watched from %s to %s",
			      clock_format_rfc3339(run->from, from),
			      clock_format_rfc3339(to, text));
	teller_add_sequence(t);
	journal_message_add_number(&t->message, SECCOMPD_FIELD_RUN_ID, run->id);
	journal_message_add(&t->message, SECCOMPD_FIELD_BOOT, run->boot);
	journal_message_add_time(&t->message, SECCOMPD_FIELD_FROM, run->from);
	journal_message_add_time(&t->message, SECCOMPD_FIELD_TO, to);
	r = teller_send(t, JOURNAL_RUN);
	if (r != 0)
		return r;
	teller_count(t);
	teller_note(t, TOLD_RUN, run->id, to);
	return 0;
}

int tell_runs(Teller *t)
{
	return t->with_run ? MIN(each_run(t, teller_room(t, JOURNAL_RUN), tell_run), 0) : 0;
}
