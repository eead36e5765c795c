/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "daemon/sink-journal.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "util/text.h"

#define FIELDS_MAX 32

/* An entry as sd-journal wants it: each field "NAME=value" in a buffer of its own. */
typedef struct Entry {
	Buffer fields[FIELDS_MAX];
	unsigned n;
} Entry;

static void entry_done(Entry *e)
{
	for (unsigned i = 0; i < e->n; i++)
		buffer_done(&e->fields[i]);
}

/* An empty value is left out: a field that is there says something. */
static void entry_add(Entry *e, const char *name, const char *value)
{
	if (!value || !*value || e->n == FIELDS_MAX)
		return;
	buffer_printf(&e->fields[e->n++], "%s=%s", name, value);
}

static void entry_add_number(Entry *e, const char *name, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	entry_add(e, name, text);
}

static int entry_send(const Entry *e)
{
	struct iovec iov[FIELDS_MAX];

	for (unsigned i = 0; i < e->n; i++) {
		if (buffer_error(&e->fields[i]) < 0)
			return buffer_error(&e->fields[i]);
		iov[i] = (struct iovec){ e->fields[i].p, e->fields[i].n };
	}
	return sd_journal_sendv(iov, (int)e->n);
}

static int priority_of(const LedgerAnnouncement *a, Risk risk)
{
	static const int by_risk[_RISK_MAX] = {
		[RISK_LOW] = LOG_INFO,
		[RISK_MEDIUM] = LOG_NOTICE,
		[RISK_HIGH] = LOG_NOTICE,
		[RISK_CRITICAL] = LOG_WARNING,
	};

	if (a->action == ACTION_KILL_PROCESS || a->action == ACTION_KILL_THREAD)
		return LOG_WARNING;
	return by_risk[risk];
}

/* "user@1000.service/UNIT" for a unit of a user's manager */
static void add_unit(Entry *e, const char *unit)
{
	const char *slash = strchr(unit, '/');
	char manager[SUBJECT_KEY_MAX];

	if (!slash) {
		entry_add(e, SECCOMPD_FIELD_OBJECT_UNIT, unit);
		return;
	}
	snprintf(manager, sizeof(manager), "%.*s", (int)(slash - unit), unit);
	entry_add(e, SECCOMPD_FIELD_OBJECT_UNIT, manager);
	entry_add(e, SECCOMPD_FIELD_OBJECT_USER_UNIT, slash + 1);
}

static void add_container(Entry *e, const LedgerAnnouncement *a)
{
	char short_id[13];

	if (a->kind == SUBJECT_UNIT)
		add_unit(e, a->subject);
	if (a->kind != SUBJECT_CONTAINER)
		return;
	snprintf(short_id, sizeof(short_id), "%s", a->subject);
	entry_add(e, SECCOMPD_FIELD_CONTAINER_ID, short_id);
	entry_add(e, SECCOMPD_FIELD_CONTAINER_ID_FULL, a->subject);
	entry_add(e, SECCOMPD_FIELD_CONTAINER_NAME, a->container_name);
	entry_add(e, SECCOMPD_FIELD_IMAGE_NAME, a->image);
}

static void add_message(Entry *e, const LedgerAnnouncement *a, const char *syscall, Risk risk)
{
	char workload[WORKLOAD_NAME_MAX];

	buffer_printf(
		&e->fields[e->n++],
		"MESSAGE=%s made a call that was not seen before: %s on %s, answered %s (risk "
		"%s, %s)",
		text_escape_to(span_of(a->workload), workload, sizeof(workload)), syscall,
		arch_name(a->arch), action_name(a->action), risk_name(risk),
		origin_name(a->origin));
}

static void fill(Entry *e, const LedgerAnnouncement *a, const RiskSettings *risks)
{
	char name[SYSCALL_NAME_MAX], shown[SYSCALL_NAME_MAX];
	bool known = syscall_name(a->arch, a->nr, name) == 0;
	Risk risk = known ? risk_settings_ask(risks, name).risk : RISK_HIGH;

	snprintf(shown, sizeof(shown), known ? "%s" : "syscall %s", known ? name : "");
	if (!known)
		snprintf(shown, sizeof(shown), "syscall %lld", (long long)a->nr);
	add_message(e, a, shown, risk);
	entry_add(e, "MESSAGE_ID", SECCOMPD_MESSAGE_NEW_SIGHTING);
	entry_add_number(e, "PRIORITY", priority_of(a, risk));
	entry_add(e, SECCOMPD_FIELD_WORKLOAD, a->workload);
	entry_add(e, SECCOMPD_FIELD_SYSCALL, known ? name : NULL);
	entry_add_number(e, SECCOMPD_FIELD_SYSCALL_NR, a->nr);
	entry_add(e, SECCOMPD_FIELD_ARCH, arch_name(a->arch));
	entry_add(e, SECCOMPD_FIELD_ACTION, action_name(a->action));
	entry_add(e, SECCOMPD_FIELD_ORIGIN, origin_name(a->origin));
	entry_add_number(e, SECCOMPD_FIELD_COUNT, (long long)a->count);
	entry_add(e, SECCOMPD_FIELD_RISK, risk_name(risk));
	entry_add(e, SECCOMPD_FIELD_STAGE, a->stage);
	entry_add(e, SECCOMPD_FIELD_PROFILE, a->profile_hash);
	entry_add(e, SECCOMPD_FIELD_ATTRIBUTION, means_name(a->means));
	entry_add_number(e, SECCOMPD_FIELD_SERIAL, a->serial);
	add_container(e, a);
}

typedef struct Sent {
	const RiskSettings *risks;
	int64_t sightings[SINK_JOURNAL_BURST];
	unsigned n;
} Sent;

static int send_one(const LedgerAnnouncement *a, void *userdata)
{
	_cleanup_(entry_done) Entry e = { .n = 0 };
	Sent *sent = userdata;
	int r;

	fill(&e, a, sent->risks);
	r = entry_send(&e);
	if (r < 0)
		return r;
	sent->sightings[sent->n++] = a->sighting;
	return 0;
}

/* Who was killed comes first. */
static int send_all(Ledger *ledger, unsigned already, Sent *sent)
{
	static const struct {
		bool killed;
		unsigned limit;
	} turns[] = { { true, SINK_JOURNAL_BURST },
		      { false, SINK_JOURNAL_BURST - SINK_JOURNAL_KILLED } };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(turns); i++)
		if (already + sent->n < turns[i].limit)
			r = ledger_each_unannounced(ledger, turns[i].killed,
						    turns[i].limit - already - sent->n, send_one,
						    sent);
	return r;
}

static int mark_sent(Ledger *ledger, const Sent *sent)
{
	int r = ledger_begin(ledger);

	for (unsigned i = 0; r >= 0 && i < sent->n; i++)
		r = ledger_set_announced(ledger, sent->sightings[i]);
	if (r >= 0)
		r = ledger_commit(ledger);
	if (r < 0)
		ledger_rollback(ledger);
	return r;
}

int sink_journal_announce(SinkJournal *s, Ledger *ledger, usec_t now)
{
	Sent sent = { .risks = s->risks };
	int r, m = 0;

	/* sd-journal reports success where no journald listens; then nothing would be announced. */
	if (access("/run/systemd/journal/socket", F_OK) < 0)
		return 0;
	if (now >= s->period_start + SINK_JOURNAL_PERIOD || now < s->period_start)
		*s = (SinkJournal){ .period_start = now, .risks = s->risks };
	if (s->sent == SINK_JOURNAL_BURST)
		return 0;
	r = send_all(ledger, s->sent, &sent);
	s->sent += sent.n;
	if (sent.n > 0)
		m = mark_sent(ledger, &sent);
	if (r < 0 || m < 0)
		return r < 0 ? r : m;
	return (int)sent.n;
}
