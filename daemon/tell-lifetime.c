/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When containers and units ran. Those of one workload that are alike in all but their times go
 * into one entry, and the first that names a filter since the daemon began brings its text along.
 */
#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "daemon/teller.h"
#include "evidence/lifetime-list.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"

/* An entry that is being made. */
typedef struct Group {
	Teller *teller;
	Buffer common, list; /* fields; a line each */
	unsigned n, running;
	struct {
		int64_t id;
		uint64_t revision;
	} rows[LIFETIME_LIST_MAX];
	int64_t workload, profile;
	char name[WORKLOAD_NAME_MAX], hash[130];
} Group;

static void group_done(Group *g)
{
	buffer_done(&g->common);
	buffer_done(&g->list);
}

/* ---- the filter ---- */

static bool is_profile_told(const LifetimeRound *round, int64_t profile)
{
	for (unsigned i = 0; i < MIN(round->n_profiles, ELEMENTSOF(round->profiles)); i++)
		if (round->profiles[i] == profile)
			return true;
	return false;
}

/* *ret is whether the entry has it. */
static int add_profile(Teller *t, const Group *g, bool *ret)
{
	_cleanup_free_ char *json = NULL;
	int r;

	*ret = false;
	if (g->hash[0] == '\0' || is_profile_told(t->lifetimes, g->profile))
		return 0;
	r = ledger_get_profile(t->ledger, g->hash, &json);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	*ret = strlen(json) <= LIFETIME_PROFILE_MAX;
	if (*ret)
		journal_message_add(&t->message, SECCOMPD_FIELD_PROFILE_JSON, json);
	return 0;
}

static void note_profile(LifetimeRound *round, int64_t profile)
{
	round->profiles[round->n_profiles % ELEMENTSOF(round->profiles)] = profile;
	round->n_profiles++;
	/* the ring stays full */
	if (round->n_profiles == 2 * ELEMENTSOF(round->profiles))
		round->n_profiles = ELEMENTSOF(round->profiles);
}

/* ---- an entry ---- */

static void begin(Teller *t, const Group *g)
{
	journal_message_begin(&t->message, SECCOMPD_MESSAGE_LIFETIMES, LOG_INFO, t->ledger_id,
			      "%s: %u %s told of, of which %u %s still", g->name, g->n,
			      g->n == 1 ? "instance is" : "instances are", g->running,
			      g->running == 1 ? "runs" : "run");
	buffer_add(&t->message, buffer_span(&g->common));
	journal_message_add(&t->message, SECCOMPD_FIELD_LIFETIMES, g->list.p);
	teller_add_sequence(t);
}

static void note_all(ToldList *told, const Group *g)
{
	for (unsigned i = 0; i < g->n; i++) {
		told->lifetimes[told->n_lifetimes].id = g->rows[i].id;
		told->lifetimes[told->n_lifetimes++].revision = g->rows[i].revision;
	}
}

static int flush(Group *g)
{
	Teller *t = g->teller;
	bool has_profile;
	int r;

	if (g->n == 0)
		return 0;
	if (t->told->n_lifetimes + g->n > ELEMENTSOF(t->told->lifetimes))
		return TELLER_FULL;
	begin(t, g);
	r = add_profile(t, g, &has_profile);
	if (r == 0)
		r = teller_send(t, JOURNAL_LIFETIME);
	if (r != 0)
		return r;
	if (has_profile)
		note_profile(t->lifetimes, g->profile);
	note_all(t->told, g);
	teller_count(t);
	g->n = g->running = 0;
	g->list.n = 0;
	return 0;
}

/* ---- the rows ---- */

static void list_common(Buffer *b, const LedgerUntoldLifetime *row)
{
	const LedgerLifetime *f = &row->f;

	journal_message_add(b, SECCOMPD_FIELD_WORKLOAD, row->workload);
	journal_message_add(b, SECCOMPD_FIELD_KIND, subject_kind_name(f->kind));
	journal_message_add(b, SECCOMPD_FIELD_RUNTIME, f->runtime);
	journal_message_add(b, SECCOMPD_FIELD_PROFILE, f->profile_hash);
	journal_message_add(b, SECCOMPD_FIELD_IMAGE_DIGEST, f->image_digest);
	journal_message_add(b, SECCOMPD_FIELD_RUNTIME_VERSION, f->runtime_version);
	journal_message_add(b, SECCOMPD_FIELD_LIBSECCOMP, f->libseccomp);
	journal_message_add(b, SECCOMPD_FIELD_KERNEL, f->kernel);
	journal_message_add(b, SECCOMPD_FIELD_MACHINE, f->machine);
	journal_message_add(b, SECCOMPD_FIELD_CAPABILITIES, f->capabilities);
}

static void start_group(Group *g, const LedgerUntoldLifetime *row, Buffer *common)
{
	Buffer old = g->common;

	g->common = *common;
	*common = old;
	g->profile = row->profile;
	snprintf(g->name, sizeof(g->name), "%s", row->workload);
	snprintf(g->hash, sizeof(g->hash), "%s", row->f.profile_hash);
}

/* All of a workload that there is has been told when the next one comes. */
static void note_workload(Group *g, int64_t workload)
{
	if (g->workload != 0 && g->workload != workload && g->n == 0)
		g->teller->lifetimes->after = g->workload;
	g->workload = workload;
}

static int take_row(const LedgerUntoldLifetime *row, void *userdata)
{
	_cleanup_buffer_ Buffer common = BUFFER_NULL;
	Group *g = userdata;
	int r = 0;

	list_common(&common, row);
	if (g->n == ELEMENTSOF(g->rows) || !span_eq(buffer_span(&common), buffer_span(&g->common)))
		r = flush(g);
	if (r != 0)
		return r;
	note_workload(g, row->f.workload);
	if (g->n == 0)
		start_group(g, row, &common);
	g->rows[g->n].id = row->f.id;
	g->rows[g->n++].revision = row->revision;
	g->running += row->f.to == 0;
	lifetime_list_add(&g->list, &row->f);
	return MIN(buffer_error(&g->common), buffer_error(&g->list));
}

/* ---- a round ---- */

static bool begin_round(Teller *t)
{
	LifetimeRound *round = t->lifetimes;

	if (strcmp(round->ledger, t->ledger_id) != 0) {
		*round = (LifetimeRound){ .began = 0 };
		snprintf(round->ledger, sizeof(round->ledger), "%s", t->ledger_id);
	}
	if (t->final || t->now < round->began)
		round->goes_on = false;
	else if (!round->goes_on && round->began != 0 && t->now < round->began + TELL_INTERVAL)
		return false;
	if (!round->goes_on) {
		round->goes_on = true;
		round->began = t->now;
		round->after = 0;
	}
	return true;
}

int tell_lifetimes(Teller *t)
{
	_cleanup_(group_done) Group g = { .teller = t };
	LifetimeRound *round = t->lifetimes;
	int r;

	if (!begin_round(t))
		return 0;
	r = ledger_each_untold_lifetime(t->ledger, round->after, TOLD_LIFETIMES_MAX + 1, take_row,
					&g);
	if (r == 0)
		r = flush(&g);
	if (r == 0) {
		round->goes_on = false;
		round->told_until = round->began;
	}
	return MIN(r, 0);
}
