/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/loss-counter.h"

static uint64_t load(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static uint64_t read_enobufs(const Loss *l, const TallyTotals *t)
{
	(void)l;
	return load(&t->enobufs);
}

static uint64_t read_gaps(const Loss *l, const TallyTotals *t)
{
	(void)l;
	return load(&t->serial_gaps);
}

static uint64_t read_rejected(const Loss *l, const TallyTotals *t)
{
	(void)l;
	return load(&t->rejected);
}

static uint64_t read_overflow(const Loss *l, const TallyTotals *t)
{
	(void)l;
	return load(&t->overflow);
}

/* A container's monitor, and a container without a cgroup, are known to be none of those that are
 * watched by their cgroups. What comes from a log was never to be named, and its time is not that
 * of what runs now. */
static uint64_t read_unattributed(const Loss *l, const TallyTotals *t)
{
	uint64_t n = 0;

	for (int c = CAUSE_NONE + 1; l->setup.live && c < _CAUSE_MAX; c++)
		if (c != CAUSE_MONITOR && c != CAUSE_NO_CGROUP)
			n += load(&t->by_cause[c]);
	return n;
}

static uint64_t read_lineage(const Loss *l, const TallyTotals *t)
{
	(void)l;
	return load(&t->lineage.lost);
}

static uint64_t read_kernel(const Loss *l, const TallyTotals *t)
{
	(void)t;
	return l->kernel;
}

static uint64_t read_unreadable(const Loss *l, const TallyTotals *t)
{
	(void)l;
	return load(&t->state_unreadable);
}

const LossCounterKind loss_counters[_LOSS_COUNTER_MAX] = {
	[LOSS_ENOBUFS] = { "enobufs", read_enobufs, true, true },
	[LOSS_SERIAL_GAP] = { "serial-gap", read_gaps, true, false },
	[LOSS_REJECTED] = { "rejected", read_rejected, true, false },
	[LOSS_TALLY_FULL] = { "tally-full", read_overflow, true, false },
	[LOSS_UNATTRIBUTED] = { "unattributed", read_unattributed, true, false },
	[LOSS_LINEAGE] = { "lineage", read_lineage, false, true },
	[LOSS_KERNEL] = { "kernel-lost", read_kernel, false, false },
	[LOSS_UNREADABLE] = { "state-unreadable", read_unreadable, false, true },
};
