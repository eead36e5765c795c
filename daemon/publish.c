/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "daemon/log.h"
#include "daemon/publish.h"

#define WORKLOADS_DIR SECCOMPD_SYSCONF_DIR "/seccompd/workloads.d"

/* journald is quick; one that is not is waited for at the next pass, while there is one. */
#define JOURNAL_PATIENCE_MS 50
#define JOURNAL_PATIENCE_AT_END_MS 2000

void publisher_init(Publisher *p, const Config *config, Tally *tally, Ledger *ledger,
		    const Writer *writer, const Resolver *resolver)
{
	*p = (Publisher){ .config = config,
			  .tally = tally,
			  .ledger = ledger,
			  .writer = writer,
			  .resolver = resolver,
			  .journal = { .risks = &config->risks,
				       .gates = { .settings = &config->gate },
				       .patience_ms = JOURNAL_PATIENCE_MS } };
}

/* The first of them; "seccompctl status" tells all. */
static void format_fault(const TallyTotals *t, char *buf, size_t size)
{
	static const char *const texts[_TALLY_FAULT_MAX] = {
		[TALLY_FAULT_LEDGER] = "the ledger cannot be written",
		[TALLY_FAULT_CONFIG] = "the new configuration is wrong and the old one holds",
		[TALLY_FAULT_RESTART] = "waiting for a restart",
		[TALLY_FAULT_JOURNAL] = "the journal cannot be written",
		[TALLY_FAULT_METRICS] = "the metrics cannot be written",
	};

	buf[0] = '\0';
	for (int i = 0; i < _TALLY_FAULT_MAX && !buf[0]; i++)
		if (t->faults[i].since != 0)
			snprintf(buf, size, "; %s: %s", texts[i], t->faults[i].reason);
}

void publish_status(const Publisher *p)
{
	const TallyTotals *t = tally_totals_view(p->tally);
	char fault[256];

	format_fault(t, fault, sizeof(fault));
	sd_notifyf(0,
		   "STATUS=%llu records, %llu unattributed, %llu serials missing, %llu times the "
		   "buffer was full%s",
		   (unsigned long long)__atomic_load_n(&t->records, __ATOMIC_RELAXED),
		   (unsigned long long)__atomic_load_n(&t->by_means[MEANS_NONE], __ATOMIC_RELAXED),
		   (unsigned long long)__atomic_load_n(&t->serial_gaps, __ATOMIC_RELAXED),
		   (unsigned long long)__atomic_load_n(&t->enobufs, __ATOMIC_RELAXED), fault);
}

/* A lasting fault is told once, and once more when it is over. */
static void note_result(Publisher *p, int r, usec_t now)
{
	tally_set_fault(p->tally, TALLY_FAULT_LEDGER, r < 0 ? ledger_error(p->ledger) : NULL, now);
	if (r < 0 && p->ledger_error != r)
		log_line(LOG_ERR, "cannot write the ledger, counts are kept in the tally: %s (%s)",
			 ledger_error(p->ledger), strerror(-r));
	if (r >= 0 && p->ledger_error < 0)
		log_line(LOG_NOTICE, "the ledger can be written again");
	p->ledger_error = r < 0 ? r : 0;
}

static void note_journal_result(Publisher *p, int r, usec_t now)
{
	/* Nothing to send proves nothing, but that somebody listens. */
	bool over = r > 0 || (r == 0 && p->journal_error == -ECONNREFUSED);

	if (r < 0 || over)
		tally_set_fault(p->tally, TALLY_FAULT_JOURNAL, r < 0 ? strerrordesc_np(-r) : NULL,
				now);
	if (r < 0 && p->journal_error != r)
		log_line(LOG_WARNING, "cannot write to the journal, trying again: %s",
			 strerror(-r));
	if (over && p->journal_error < 0)
		log_line(LOG_NOTICE, "the journal can be written again");
	if (r < 0 || over)
		p->journal_error = MIN(r, 0);
}

/* The queries for what is due cost nothing where nothing is. */
static void tell_journal(Publisher *p, usec_t now, bool final)
{
	if (!p->config->daemon.journal)
		return;
	/* A reload may have put another one in its place. */
	p->journal.gates.workloads_dir = p->config->daemon.workloads_dir ?: WORKLOADS_DIR;
	note_journal_result(p, sink_journal_tell(&p->journal, p->ledger, now, final), now);
}

void publish_metrics(Publisher *p, usec_t now)
{
	Metrics metrics = { .new_sightings = writer_new_sightings(p->writer),
			    .ledger_failing = p->ledger_error < 0 };
	int r;

	if (!p->config->daemon.metrics_file)
		return;
	metrics_of_tally(p->tally, &metrics);
	writer_new_by_risk(p->writer, metrics.new_by_risk);
	/* Of one that cannot be read they are zero, and seccompd_ledger_failing says why. */
	if (p->ledger_error >= 0)
		(void)metrics_of_ledger(p->ledger, &metrics);
	r = sink_metrics_write(&p->metrics, p->config->daemon.metrics_file, &metrics, now);
	if (r < 0 && p->metrics_error != r)
		log_line(LOG_WARNING, "cannot write %s, trying again: %s",
			 p->config->daemon.metrics_file, strerror(-r));
	if (r == 0 && p->metrics_error < 0)
		log_line(LOG_NOTICE, "%s can be written again", p->config->daemon.metrics_file);
	p->metrics_error = r;
	tally_set_fault(p->tally, TALLY_FAULT_METRICS, r < 0 ? strerrordesc_np(-r) : NULL, now);
}

void publisher_renewed(Publisher *p)
{
	sink_journal_renewed(&p->journal);
	p->journal.gates.after = 0;
	p->journal.last = 0;
}

void publisher_reloaded(Publisher *p)
{
	p->metrics.last = 0;
	if (!p->config->daemon.metrics_file)
		tally_set_fault(p->tally, TALLY_FAULT_METRICS, NULL, 0);
	if (!p->config->daemon.journal)
		tally_set_fault(p->tally, TALLY_FAULT_JOURNAL, NULL, 0);
}

void publish_pass(Publisher *p, int result, usec_t now)
{
	note_result(p, result, now);
	tally_store(&tally_totals(p->tally)->state_unreadable, resolver_unreadable(p->resolver));
	if (result >= 0)
		tell_journal(p, now, false);
	publish_status(p);
	if (sink_metrics_is_due(&p->metrics, now))
		publish_metrics(p, now);
}

void publish_end(Publisher *p, usec_t now)
{
	p->journal.patience_ms = JOURNAL_PATIENCE_AT_END_MS;
	if (p->ledger_error >= 0)
		tell_journal(p, now, true);
	publish_metrics(p, now);
}
