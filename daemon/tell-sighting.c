/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* New sightings and roll-ups. Each has the difference to the entry before it, and these add up: see
 * ledger-tell.h. */
#include <inttypes.h>
#include <syslog.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "daemon/teller.h"
#include "evidence/lifetime-list.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"

/* New sightings of one workload in a pass: it cannot use up what the next passes may tell. */
#define NEW_OF_ONE 10

static bool was_killed(const LedgerTelling *s)
{
	return s->action == ACTION_KILL_PROCESS || s->action == ACTION_KILL_THREAD;
}

static JournalClass class_of(const LedgerTelling *s)
{
	if (!s->new)
		return JOURNAL_GROWN;
	return was_killed(s) ? JOURNAL_KILLED : JOURNAL_NEW;
}

/* That it went on is no news. */
static int priority_of(const LedgerTelling *s, Risk risk)
{
	static const int by_risk[_RISK_MAX] = {
		[RISK_LOW] = LOG_INFO,
		[RISK_MEDIUM] = LOG_NOTICE,
		[RISK_HIGH] = LOG_NOTICE,
		[RISK_CRITICAL] = LOG_WARNING,
	};

	if (was_killed(s))
		return LOG_WARNING;
	return s->new ? by_risk[risk] : LOG_INFO;
}

static void begin(Teller *t, const LedgerTelling *s, const char *syscall, Risk risk)
{
	if (s->new)
		journal_message_begin(
			&t->message, SECCOMPD_MESSAGE_NEW_SIGHTING, priority_of(s, risk),
			t->ledger_id,
			"%s made a call that was not seen before: %s on %s, answered %s (risk "
			"%s, %s)",
			s->workload, syscall, arch_name(s->arch), action_name(s->action),
			risk_name(risk), origin_name(s->origin));
	else
		journal_message_begin(&t->message, SECCOMPD_MESSAGE_ROLL_UP, priority_of(s, risk),
				      t->ledger_id,
				      "%s made %" PRIu64 " more calls: %s on %s, answered %s "
				      "(%" PRIu64 " in all, %s)",
				      s->workload, s->delta, syscall, arch_name(s->arch),
				      action_name(s->action), s->total, origin_name(s->origin));
}

static void add_call(Buffer *b, const LedgerTelling *s, const char *name, Risk risk)
{
	char word[16];

	snprintf(word, sizeof(word), "%08" PRIx32, s->arch);
	journal_message_add(b, SECCOMPD_FIELD_WORKLOAD, s->workload);
	journal_message_add(b, SECCOMPD_FIELD_PROFILE, s->profile_hash);
	journal_message_add(b, SECCOMPD_FIELD_SYSCALL, name);
	journal_message_add_number(b, SECCOMPD_FIELD_SYSCALL_NR, s->nr);
	journal_message_add(b, SECCOMPD_FIELD_ARCH, arch_name(s->arch));
	journal_message_add(b, SECCOMPD_FIELD_ARCH_WORD, word);
	journal_message_add(b, SECCOMPD_FIELD_ACTION, action_name(s->action));
	journal_message_add(b, SECCOMPD_FIELD_ORIGIN, origin_name(s->origin));
	journal_message_add(b, SECCOMPD_FIELD_RISK, risk_name(risk));
	journal_message_add(b, SECCOMPD_FIELD_STAGE, s->stage);
	journal_message_add(b, SECCOMPD_FIELD_ATTRIBUTION, means_name(s->means));
	if (s->serial != 0)
		journal_message_add_number(b, SECCOMPD_FIELD_SERIAL, s->serial);
}

static void add_counts(Buffer *b, const LedgerTelling *s)
{
	journal_message_add_number(b, SECCOMPD_FIELD_COUNT, (int64_t)s->delta);
	journal_message_add_number(b, SECCOMPD_FIELD_TOTAL, (int64_t)s->total);
	journal_message_add_number(b, SECCOMPD_FIELD_OWN_FILTER, (int64_t)s->own_filter);
	journal_message_add_time(b, SECCOMPD_FIELD_FIRST, s->first);
	journal_message_add_time(b, SECCOMPD_FIELD_LAST, s->last);
}

static int take_making(const LedgerMaking *m, void *userdata)
{
	making_list_add(userdata, m);
	return 0;
}

/* Who made it is known for what it is now, which may be more than what is being told. */
static int add_makers(Teller *t, const LedgerTelling *s)
{
	_cleanup_buffer_ Buffer list = BUFFER_NULL;
	int r = ledger_each_making(t->ledger, s->sighting, take_making, &list);

	if (r == 0)
		r = buffer_error(&list);
	if (r < 0)
		return r;
	if (s->subjects > 0)
		journal_message_add_number(&t->message, SECCOMPD_FIELD_MADE_BY, s->subjects);
	if (s->lifetimes > 0)
		journal_message_add_number(&t->message, SECCOMPD_FIELD_MADE_IN_COUNT, s->lifetimes);
	journal_message_add(&t->message, SECCOMPD_FIELD_MADE_IN, list.p);
	return 0;
}

/* Docker's names, by which an application's own log is found. */
static void add_subject(Buffer *b, const LedgerTelling *s)
{
	char short_id[13];

	if (s->kind == SUBJECT_UNIT)
		journal_message_add_unit(b, s->subject);
	if (s->kind != SUBJECT_CONTAINER)
		return;
	snprintf(short_id, sizeof(short_id), "%s", s->subject);
	journal_message_add(b, SECCOMPD_FIELD_CONTAINER_ID, short_id);
	journal_message_add(b, SECCOMPD_FIELD_CONTAINER_ID_FULL, s->subject);
	journal_message_add(b, SECCOMPD_FIELD_CONTAINER_NAME, s->container_name);
	journal_message_add(b, SECCOMPD_FIELD_IMAGE_NAME, s->image);
	journal_message_add_k8s(b, s->workload);
}

static int tell_one(const LedgerTelling *s, void *userdata)
{
	char name[SYSCALL_NAME_MAX], shown[SYSCALL_NAME_MAX];
	Teller *t = userdata;
	bool known = syscall_name(s->arch, s->nr, name) == 0;
	Risk risk = known ? risk_settings_ask(t->risks, name).risk : RISK_HIGH;
	int r;

	if (known)
		snprintf(shown, sizeof(shown), "%s", name);
	else
		snprintf(shown, sizeof(shown), "syscall %" PRId64, s->nr);
	begin(t, s, shown, risk);
	add_call(&t->message, s, known ? name : NULL, risk);
	add_counts(&t->message, s);
	add_subject(&t->message, s);
	r = add_makers(t, s);
	if (r == 0)
		r = teller_send(t, class_of(s));
	if (r == 0)
		teller_note(t, TOLD_SIGHTING, s->sighting, 0);
	return MIN(r, 0);
}

static int is_there(const LedgerTelling *s, void *userdata)
{
	(void)s;
	(void)userdata;
	return 1;
}

static int mark_class(Teller *t, JournalClass class, uint32_t left)
{
	uint32_t limit = MIN(left, teller_room(t, class));

	if (class == JOURNAL_GROWN)
		return ledger_mark_grown(t->ledger, teller_before(t, TELL_INTERVAL), limit);
	return ledger_mark_new(t->ledger, class == JOURNAL_KILLED,
			       t->final ? UINT32_MAX : NEW_OF_ONE, limit);
}

/* What the last pass, or the daemon before this one, did not come to, is the same still. */
static int mark(Teller *t)
{
	static const JournalClass classes[] = { JOURNAL_KILLED, JOURNAL_NEW, JOURNAL_GROWN };
	uint32_t left = (uint32_t)ELEMENTSOF(t->told->rows) - t->told->n;
	int r = ledger_each_telling(t->ledger, is_there, NULL);

	if (r != 0)
		return MIN(r, 0);
	r = ledger_begin(t->ledger);
	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(classes); i++) {
		r = mark_class(t, classes[i], left);
		left -= r > 0 ? (uint32_t)r : 0;
	}
	if (r >= 0)
		r = ledger_commit(t->ledger);
	if (r < 0)
		ledger_rollback(t->ledger);
	return MIN(r, 0);
}

int tell_sightings(Teller *t)
{
	int r = mark(t);

	return r < 0 ? r : ledger_each_telling(t->ledger, tell_one, t);
}
