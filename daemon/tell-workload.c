/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Workloads that are new or that changed, and calls of theirs that would not be seen. */
#include <string.h>
#include <syslog.h>

#include "daemon/teller.h"
#include "profile/stage.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"

static bool is_hidden(const char *visibility)
{
	return strcmp(visibility, visibility_name(VISIBILITY_BLIND)) == 0 ||
	       strcmp(visibility, visibility_name(VISIBILITY_PARTIAL)) == 0;
}

/* "unit:NAME.service", as systemd knows it. */
static void add_unit(Buffer *b, const char *workload)
{
	Span rest = span_of(workload);

	if (span_skip(&rest, SPAN_LIT("unit:")) && !memchr(rest.p, '/', rest.n))
		journal_message_add_unit(b, rest.p);
}

static void add_workload(Buffer *b, const LedgerUntoldWorkload *w)
{
	journal_message_add(b, SECCOMPD_FIELD_WORKLOAD, w->name);
	journal_message_add_number(b, SECCOMPD_FIELD_REVISION, (int64_t)w->revision);
	journal_message_add(b, SECCOMPD_FIELD_STAGE, w->stage);
	journal_message_add(b, SECCOMPD_FIELD_VISIBILITY, w->visibility);
	journal_message_add(b, SECCOMPD_FIELD_PROFILE, w->profile_hash);
	journal_message_add(b, SECCOMPD_FIELD_PROFILE_SOURCE, w->profile_source);
	journal_message_add(b, SECCOMPD_FIELD_DIALECT, w->dialect);
	journal_message_add(b, SECCOMPD_FIELD_RUNTIME, w->runtime);
	journal_message_add(b, SECCOMPD_FIELD_CONTAINER_NAME, w->container_name);
	journal_message_add(b, SECCOMPD_FIELD_IMAGE_NAME, w->image);
	journal_message_add_k8s(b, w->name);
	add_unit(b, w->name);
}

static int tell_stage(Teller *t, const LedgerUntoldWorkload *w)
{
	bool changed = w->told > 0 && strcmp(w->stage, w->told_stage) != 0;
	int priority = changed ? LOG_NOTICE : LOG_INFO;

	if (changed)
		journal_message_begin(&t->message, SECCOMPD_MESSAGE_STAGE_CHANGED, priority,
				      t->ledger_id,
				      "the filter of %s went from stage %s to stage %s (%s)",
				      w->name, w->told_stage, w->stage, w->visibility);
	else
		journal_message_begin(&t->message, SECCOMPD_MESSAGE_STAGE_CHANGED, priority,
				      t->ledger_id,
				      w->told == 0 ? "%s has a filter at stage %s (%s)"
						   : "%s has another filter, at stage %s (%s)",
				      w->name, w->stage, w->visibility);
	add_workload(&t->message, w);
	if (w->told > 0)
		journal_message_add(&t->message, SECCOMPD_FIELD_STAGE_BEFORE, w->told_stage);
	journal_message_add_bool(&t->message, SECCOMPD_FIELD_HEURISTIC, w->heuristic);
	return teller_send(t, JOURNAL_WORKLOAD);
}

static bool is_blind_spot(const LedgerUntoldWorkload *w)
{
	return is_hidden(w->visibility) && strcmp(w->visibility, w->told_visibility) != 0;
}

static int tell_blind_spot(Teller *t, const LedgerUntoldWorkload *w)
{
	journal_message_begin(
		&t->message, SECCOMPD_MESSAGE_BLIND_SPOT, LOG_NOTICE, t->ledger_id,
		"%s calls outside of the profile of %s would not be seen: its "
		"filter is at stage %s and does not log them",
		strcmp(w->visibility, visibility_name(VISIBILITY_BLIND)) == 0 ? "all" : "some",
		w->name, w->stage);
	add_workload(&t->message, w);
	return teller_send(t, JOURNAL_WORKLOAD);
}

static int tell_one(const LedgerUntoldWorkload *w, void *userdata)
{
	bool blind_spot = is_blind_spot(w);
	Teller *t = userdata;
	bool changed = w->revision > w->told;
	int r = changed ? tell_stage(t, w) : 0;

	if (r == 0 && changed)
		teller_note(t, blind_spot ? TOLD_BUT_BLIND_SPOT : TOLD_WORKLOAD, w->id,
			    w->revision);
	if (r != 0 || !blind_spot)
		return r;
	r = tell_blind_spot(t, w);
	if (r == 0)
		teller_note(t, TOLD_BLIND_SPOT, w->id, w->revision);
	return r;
}

int tell_workloads(Teller *t)
{
	return MIN(ledger_each_untold_workload(t->ledger, teller_before(t, TELL_INTERVAL), t->now,
					       teller_room(t, JOURNAL_WORKLOAD), tell_one, t),
		   0);
}
