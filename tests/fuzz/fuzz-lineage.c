/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any order of events, looks and scans, of few pids in few places and with little room: counters
 * always add up, and whoever is found is where somebody was seen at all. Four bytes are a step.
 */
#include "who/lineage-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENTRIES 24
#define MS UINT64_C(1000000)

static const char *const comms[] = { "sh", "runc", "exe", "containerd-shim", "7", "nginx" };

static void check(bool good)
{
	if (!good)
		abort();
}

static LineageSight sight_of(const uint8_t *step, uint64_t now)
{
	LineageSight s = { .pid = step[1] % 16 + 1,
			   .parent = step[2] % 16 + 1,
			   .start = now > step[3] * MS ? now - step[3] * MS : 0,
			   .comm = span_of(comms[step[3] % ELEMENTSOF(comms)]),
			   .path = SPAN_LIT("/somewhere") };

	s.key.kind = step[2] % 8 < 5 ? SUBJECT_CONTAINER : SUBJECT_HOST;
	if (s.key.kind == SUBJECT_CONTAINER)
		s.key.name[0] = (char)('a' + step[2] % 8);
	return s;
}

static void do_event(Lineage *l, const uint8_t *step, uint64_t now)
{
	const ProcEvent e = { .kind = (ProcEventKind)(step[0] % 3),
			      .pid = step[1] % 16 + 1,
			      .parent = step[2] % 16 + 1,
			      .time = now };
	LineageSight s = sight_of(step, now);

	if (lineage_event(l, &e) != LINEAGE_LOOK)
		return;
	if (step[3] & 128)
		lineage_missed(l, e.pid);
	else if (lineage_seen(l, &s, now + step[3] * MS) == LINEAGE_IS_INIT)
		lineage_init(l, e.pid, step[3] & 64);
}

static void do_scan(Lineage *l, const uint8_t *step, uint64_t now)
{
	LineageSight s = sight_of(step, now);
	uint32_t cursor = 0;

	lineage_scan_begin(l);
	lineage_scan_seen(l, &s, now);
	s.pid++;
	lineage_scan_seen(l, &s, now);
	for (int32_t pid; (pid = lineage_scan_next(l, &cursor)) > 0;)
		lineage_init(l, pid, step[3] & 64);
	lineage_scan_end(l, now);
	check(!lineage_is_lost(l));
}

static void do_find(Lineage *l, const uint8_t *step, uint64_t now)
{
	LineageAnswer a;

	if (lineage_find(l, step[1] % 16 + 1, now, &a) < 0)
		return;
	check(a.means == MEANS_LINEAGE || a.means == MEANS_INFERRED);
	check(span_is(a.path, "/somewhere"));
	check((a.key.kind == SUBJECT_CONTAINER) == (a.key.name[0] != '\0'));
}

static void check_tables(const Lineage *l)
{
	LineageCounters c = lineage_counters(l);
	uint32_t living = 0, dead = 0, refs = 0, held = 0;

	for (uint32_t i = 1; i <= l->n_entries; i++) {
		const LineageEntry *e = lineage_at(l, i);

		dead += e->flags & ENTRY_DEAD ? 1 : 0;
		living += (e->flags & (ENTRY_USED | ENTRY_DEAD)) == ENTRY_USED;
		held += e->place != 0;
	}
	for (uint32_t i = 1; i <= l->n_places; i++)
		refs += lineage_place_at(l, i)->refs;
	check(living == c.living && dead == c.dead && refs == held && living + dead <= ENTRIES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Lineage *l;
	uint64_t now = 1000 * MS;

	if (lineage_new(1, ENTRIES, &l) < 0)
		return 0;
	for (; size >= 4; size -= 4, data += 4) {
		now += (data[0] >> 4) * MS;
		if (data[0] % 8 < 5)
			do_event(l, data, now);
		else if (data[0] % 8 == 5)
			do_find(l, data, now);
		else if (data[3] % 8 == 0)
			lineage_lost(l);
		else if (data[3] % 8 == 1)
			lineage_expire(l, now += 30000 * MS);
		else
			do_scan(l, data, now);
		check_tables(l);
	}
	lineage_free(l);
	return 0;
}
