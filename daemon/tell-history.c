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
	r = teller_send(t, JOURNAL_LOSS);
	if (r == 0)
		teller_note(t, TOLD_LOSS, loss->id);
	return r;
}

int tell_losses(Teller *t)
{
	return MIN(ledger_each_untold_loss(t->ledger, teller_before(t, TELL_INTERVAL),
					   teller_before(t, TELL_LONGER_INTERVAL), t->now,
					   teller_room(t, JOURNAL_LOSS), tell_loss, t),
		   0);
}

static int tell_run(const LedgerUntoldRun *run, void *userdata)
{
	char from[CLOCK_RFC3339_SIZE], to[CLOCK_RFC3339_SIZE];
	Teller *t = userdata;
	int r;

	journal_message_begin(&t->message, SECCOMPD_MESSAGE_WATCHED, LOG_INFO, t->ledger_id,
			      "seccompd watched from %s to %s",
			      clock_format_rfc3339(run->from, from),
			      clock_format_rfc3339(run->to, to));
	journal_message_add_number(&t->message, SECCOMPD_FIELD_RUN_ID, run->id);
	journal_message_add(&t->message, SECCOMPD_FIELD_BOOT, run->boot);
	journal_message_add_time(&t->message, SECCOMPD_FIELD_FROM, run->from);
	journal_message_add_time(&t->message, SECCOMPD_FIELD_TO, run->to);
	r = teller_send(t, JOURNAL_RUN);
	if (r == 0)
		teller_note(t, TOLD_RUN, run->id);
	return r;
}

int tell_runs(Teller *t)
{
	return MIN(ledger_each_untold_run(t->ledger, t->final ? 0 : TELL_LONGER_INTERVAL,
					  teller_room(t, JOURNAL_RUN), tell_run, t),
		   0);
}
