/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "daemon/metrics.h"
#include "evidence/ledger-follow.h"

static const char *means_label(int i)
{
	return means_name((Means)i);
}

static const char *cause_label(int i)
{
	return cause_name((Cause)i);
}

static const char *risk_label(int i)
{
	return risk_name((Risk)i);
}

static const char *stage_label(int i)
{
	return stage_name((Stage)i);
}

static const char *visibility_label(int i)
{
	return visibility_name((Visibility)i);
}

static const char *process_label(int i)
{
	return i == 0 ? "living" : "ended";
}

static const char *container_label(int i)
{
	return i == 0 ? "running" : "ended";
}

static_assert(offsetof(TallyLineage, dead) == offsetof(TallyLineage, living) + sizeof(uint64_t) &&
		      offsetof(TallyContainers, ended) ==
			      offsetof(TallyContainers, running) + sizeof(uint64_t),
	      "the members of a family stand together");

typedef enum Unit {
	UNIT_ONE,
	UNIT_MICROSECONDS, /* told as seconds */
} Unit;

/* One family; with a label, one sample for each of the array's members from .first on. */
static const struct {
	const char *name, *type, *help;
	size_t offset;
	Unit unit;
	const char *label;
	const char *(*value)(int i);
	int first, end;
} families[] = {
	{ "seccompd_records_total", "counter", "SECCOMP audit records that were read.",
	  offsetof(Metrics, totals.records) },
	{ "seccompd_attributed_total", "counter",
	  "Records tied to a container, unit or host process, by the means.",
	  offsetof(Metrics, totals.by_means), UNIT_ONE, "means", means_label, MEANS_NONE + 1,
	  _MEANS_LIVE_MAX },
	{ "seccompd_unattributed_total", "counter", "Records tied to nobody, by the cause.",
	  offsetof(Metrics, totals.by_cause), UNIT_ONE, "cause", cause_label, CAUSE_NONE + 1,
	  _CAUSE_MAX },
	{ "seccompd_skipped_total", "counter", "Audit records of other types, passed over.",
	  offsetof(Metrics, totals.skipped) },
	{ "seccompd_rejected_total", "counter", "Damaged records.",
	  offsetof(Metrics, totals.rejected) },
	{ "seccompd_other_sender_total", "counter", "Messages that did not come from the kernel.",
	  offsetof(Metrics, totals.other_sender) },
	{ "seccompd_enobufs_total", "counter", "Times that the kernel's queue ran over.",
	  offsetof(Metrics, totals.enobufs) },
	{ "seccompd_serial_gaps_total", "counter", "Audit serials that never arrived.",
	  offsetof(Metrics, totals.serial_gaps) },
	{ "seccompd_overflow_total", "counter",
	  "Records that were not counted apart because a table was full.",
	  offsetof(Metrics, totals.overflow) },
	{ "seccompd_evicted_total", "counter", "Idle entries that made room in the tally.",
	  offsetof(Metrics, totals.evicted) },
	{ "seccompd_examples_dropped_total", "counter",
	  "Examples that found the queue to the writer full.",
	  offsetof(Metrics, totals.examples_dropped) },
	{ "seccompd_lineage_on", "gauge", "Whether the history of processes is kept.",
	  offsetof(Metrics, lineage_on) },
	{ "seccompd_lineage_processes", "gauge", "Processes in the history.",
	  offsetof(Metrics, totals.lineage.living), UNIT_ONE, "state", process_label, 0, 2 },
	{ "seccompd_lineage_places", "gauge", "Containers, units and other cgroups in the history.",
	  offsetof(Metrics, totals.lineage.places) },
	{ "seccompd_lineage_hits_total", "counter",
	  "Times that the history knew whose process made a record, since the daemon started.",
	  offsetof(Metrics, totals.lineage.hits) },
	{ "seccompd_lineage_misses_total", "counter",
	  "Times that it did not, since the daemon started.",
	  offsetof(Metrics, totals.lineage.misses) },
	{ "seccompd_lineage_dropped_total", "counter",
	  "Processes that found no room in the history, or not for long enough.",
	  offsetof(Metrics, totals.lineage.dropped) },
	{ "seccompd_lineage_lost_total", "counter",
	  "Times that the kernel's process events did not fit into their buffer.",
	  offsetof(Metrics, totals.lineage.lost) },
	{ "seccompd_containers", "gauge", "Containers whose names and filters are kept.",
	  offsetof(Metrics, totals.containers.running), UNIT_ONE, "state", container_label, 0, 2 },
	{ "seccompd_container_filters", "gauge", "Different filters of theirs.",
	  offsetof(Metrics, totals.containers.filters) },
	{ "seccompd_container_bytes", "gauge", "What their names and filters take.",
	  offsetof(Metrics, totals.containers.bytes) },
	{ "seccompd_containers_evicted_total", "counter",
	  "Ended containers that were forgotten before their time.",
	  offsetof(Metrics, totals.containers.evicted) },
	{ "seccompd_containers_refused_total", "counter", "Running containers that found no room.",
	  offsetof(Metrics, totals.containers.refused) },
	{ "seccompd_containers_appeared_total", "counter",
	  "Cgroups of containers that appeared, since the daemon started.",
	  offsetof(Metrics, totals.containers.appeared) },
	{ "seccompd_containers_unknown_total", "counter",
	  "Of them, those that no runtime's state named.",
	  offsetof(Metrics, totals.containers.unknown) },
	{ "seccompd_containers_dropped_total", "counter",
	  "Of them, those that were not looked up because too many came at once.",
	  offsetof(Metrics, totals.containers.dropped) },
	{ "seccompd_cgroup_watches", "gauge", "Directories of cgroups that are followed.",
	  offsetof(Metrics, totals.containers.watches) },
	{ "seccompd_cgroup_unwatched_total", "counter",
	  "Directories of cgroups that found no watch, since the daemon started.",
	  offsetof(Metrics, totals.containers.unwatched) },
	{ "seccompd_lifetimes_dropped_total", "counter",
	  "Containers and units whose times found no room, since the daemon started.",
	  offsetof(Metrics, totals.containers.untimed) },
	{ "seccompd_cgroup_overflows_total", "counter",
	  "Times that the kernel's events about cgroups did not fit into their queue.",
	  offsetof(Metrics, totals.containers.overflows) },
	{ "seccompd_new_sightings_total", "counter",
	  "Calls that were not in the ledger before, since the daemon started.",
	  offsetof(Metrics, new_sightings) },
	{ "seccompd_new_sightings_by_risk_total", "counter", "Of them, those of each risk.",
	  offsetof(Metrics, new_by_risk), UNIT_ONE, "risk", risk_label, 0, _RISK_MAX },
	{ "seccompd_workload_stages", "gauge",
	  "Workloads of the ledger, by the stage of the filter that they were seen under last.",
	  offsetof(Metrics, stages), UNIT_ONE, "stage", stage_label, 0, _STAGE_MAX },
	{ "seccompd_workload_visibility", "gauge",
	  "Workloads of the ledger, by whether what that filter refuses leaves a record.",
	  offsetof(Metrics, visibilities), UNIT_ONE, "visibility", visibility_label, 0,
	  _VISIBILITY_MAX },
	{ "seccompd_state_unreadable_total", "counter",
	  "Times that a runtime's state could not be read, since the daemon started.",
	  offsetof(Metrics, totals.state_unreadable) },
	{ "seccompd_metrics_write_failures_total", "counter",
	  "Times that this file could not be written, since the daemon started.",
	  offsetof(Metrics, write_failures) },
	{ "seccompd_ledger_failing", "gauge", "Whether the ledger could not be written last.",
	  offsetof(Metrics, ledger_failing) },
	{ "seccompd_tally_slots", "gauge", "Entries of the tally in use, one for each call.",
	  offsetof(Metrics, tally_slots) },
	{ "seccompd_tally_subjects", "gauge", "Containers, units and programs in the tally.",
	  offsetof(Metrics, tally_subjects) },
	{ "seccompd_last_record_timestamp_seconds", "gauge", "When the newest record was made.",
	  offsetof(Metrics, totals.last_record), UNIT_MICROSECONDS },
	{ "seccompd_start_time_seconds", "gauge", "When the daemon started.",
	  offsetof(Metrics, totals.since), UNIT_MICROSECONDS },
};

/* An odd generation is free or changing, 0 was never used. */
static bool is_used(uint32_t generation)
{
	return generation > 0 && generation % 2 == 0;
}

/* The reader counts meanwhile. */
static void copy_totals(const TallyTotals *from, TallyTotals *to)
{
	const uint64_t *in = (const uint64_t *)(const void *)from;
	uint64_t *out = (uint64_t *)(void *)to;

	static_assert(sizeof(*from) % sizeof(*in) == 0, "totals are whole words");
	for (size_t i = 0; i < sizeof(*from) / sizeof(*in); i++)
		out[i] = __atomic_load_n(&in[i], __ATOMIC_RELAXED);
}

void metrics_of_tally(const Tally *t, Metrics *m)
{
	copy_totals(tally_totals_view(t), &m->totals);
	m->lineage_on = m->totals.lineage.state == TALLY_LINEAGE_ON;
	m->tally_slots = m->tally_subjects = 0;
	for (uint32_t i = 0; i < tally_n_slots(t); i++)
		m->tally_slots += is_used(tally_slot_generation(t, i));
	for (uint32_t i = 0; i < tally_n_subjects(t); i++)
		m->tally_subjects += is_used(tally_subject_generation(t, i));
}

static int on_stage(const LedgerStage *row, void *userdata)
{
	Metrics *m = userdata;

	/* A workload without a filter that is known has neither. */
	for (int i = 0; i < _STAGE_MAX; i++)
		m->stages[i] += strcmp(row->stage, stage_name((Stage)i)) == 0;
	for (int i = 0; i < _VISIBILITY_MAX; i++)
		m->visibilities[i] += strcmp(row->visibility, visibility_name((Visibility)i)) == 0;
	return 0;
}

int metrics_of_ledger(Ledger *l, Metrics *m)
{
	memset(m->stages, 0, sizeof(m->stages));
	memset(m->visibilities, 0, sizeof(m->visibilities));
	return ledger_each_stage(l, on_stage, m);
}

static void add_value(Buffer *b, uint64_t v, Unit unit)
{
	if (unit == UNIT_MICROSECONDS)
		buffer_printf(b, " %llu.%06llu\n", (unsigned long long)(v / USEC_PER_SEC),
			      (unsigned long long)(v % USEC_PER_SEC));
	else
		buffer_printf(b, " %llu\n", (unsigned long long)v);
}

static void add_family(Buffer *b, const Metrics *m, size_t i)
{
	const uint64_t *values =
		(const uint64_t *)(const void *)((const char *)m + families[i].offset);

	buffer_printf(b, "# HELP %s %s\n# TYPE %s %s\n", families[i].name, families[i].help,
		      families[i].name, families[i].type);
	if (!families[i].label) {
		buffer_add_str(b, families[i].name);
		add_value(b, *values, families[i].unit);
		return;
	}
	for (int j = families[i].first; j < families[i].end; j++) {
		buffer_printf(b, "%s{%s=\"%s\"}", families[i].name, families[i].label,
			      families[i].value(j));
		add_value(b, values[j], families[i].unit);
	}
}

void metrics_format(const Metrics *m, Buffer *b)
{
	for (size_t i = 0; i < ELEMENTSOF(families); i++)
		add_family(b, m, i);
	buffer_add_str(b, "# HELP seccompd_build_info The version of the daemon that wrote this.\n"
			  "# TYPE seccompd_build_info gauge\n"
			  "seccompd_build_info{version=\"" SECCOMPD_VERSION "\"} 1\n");
}
