/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Entries of the journal, as seccompd writes them. */
#include "evidence/journal-event.h"
#include "seccompd/message-ids.h"
#include "tests/unit/unit.h"

#define LEDGER_A "0123456789abcdef0123456789abcdef"
#define LEDGER_B "fedcba9876543210fedcba9876543210"
#define MACHINE_A "00000000000000000000000000000001"
#define MACHINE_B "00000000000000000000000000000002"

typedef struct Entry {
	Span fields[_JOURNAL_NAME_MAX];
	char text[2048];
	size_t n;
	usec_t time;
} Entry;

static inline void entry_set(Entry *e, JournalName name, const char *value)
{
	size_t n = strlen(value);

	assert_true(e->n + n <= sizeof(e->text));
	memcpy(e->text + e->n, value, n);
	e->fields[name] = span_make(e->text + e->n, n);
	e->n += n;
}

static inline void entry_number(Entry *e, JournalName name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	entry_set(e, name, text);
}

static inline void entry_time(Entry *e, JournalName name, usec_t t)
{
	char text[CLOCK_RFC3339_SIZE];

	entry_set(e, name, clock_format_rfc3339(t, text));
}

/* What each genuine entry has. */
static inline void entry_begin(Entry *e, const char *message_id, const char *ledger)
{
	*e = (Entry){ .n = 0 };
	entry_set(e, JOURNAL_NAME_TRANSPORT, "journal");
	entry_set(e, JOURNAL_NAME_UNIT, "seccompd.service");
	entry_set(e, JOURNAL_NAME_UID, "990");
	entry_set(e, JOURNAL_NAME_HOSTNAME, "web1");
	entry_set(e, JOURNAL_NAME_MACHINE, MACHINE_A);
	entry_set(e, JOURNAL_NAME_MESSAGE_ID, message_id);
	entry_set(e, JOURNAL_NAME_LEDGER, ledger);
}

/* @total of them, @count since the entry before. */
static inline void entry_sighting(Entry *e, const char *ledger, const char *workload, uint64_t nr,
				  uint64_t total, uint64_t count)
{
	entry_begin(e, total == count ? SECCOMPD_MESSAGE_NEW_SIGHTING : SECCOMPD_MESSAGE_ROLL_UP,
		    ledger);
	entry_set(e, JOURNAL_NAME_WORKLOAD, workload);
	entry_set(e, JOURNAL_NAME_PROFILE, "abc0");
	entry_set(e, JOURNAL_NAME_STAGE, "log");
	entry_set(e, JOURNAL_NAME_ARCH_WORD, "c000003e");
	entry_number(e, JOURNAL_NAME_NR, nr);
	entry_set(e, JOURNAL_NAME_ACTION, "SCMP_ACT_LOG");
	entry_set(e, JOURNAL_NAME_ORIGIN, "workload");
	entry_set(e, JOURNAL_NAME_ATTRIBUTION, "proc");
	entry_number(e, JOURNAL_NAME_TOTAL, total);
	entry_number(e, JOURNAL_NAME_COUNT, count);
	entry_number(e, JOURNAL_NAME_OWN_FILTER, total / 2);
	entry_number(e, JOURNAL_NAME_SERIAL, 7);
}

static inline void entry_stage(Entry *e, const char *ledger, const char *workload,
			       uint64_t revision, const char *stage)
{
	entry_begin(e, SECCOMPD_MESSAGE_STAGE_CHANGED, ledger);
	entry_set(e, JOURNAL_NAME_WORKLOAD, workload);
	entry_number(e, JOURNAL_NAME_REVISION, revision);
	entry_set(e, JOURNAL_NAME_STAGE, stage);
	entry_set(e, JOURNAL_NAME_VISIBILITY, "full");
	entry_set(e, JOURNAL_NAME_HEURISTIC, "no");
	entry_set(e, JOURNAL_NAME_RUNTIME, "podman");
	entry_set(e, JOURNAL_NAME_DIALECT, "podman");
	entry_set(e, JOURNAL_NAME_CONTAINER, "web");
	entry_set(e, JOURNAL_NAME_IMAGE, "image:1");
	entry_set(e, JOURNAL_NAME_PROFILE, "abc0");
	entry_set(e, JOURNAL_NAME_PROFILE_SOURCE, "/etc/p.json");
}

static inline void entry_loss(Entry *e, const char *ledger, uint64_t id, uint64_t revision,
			      usec_t from, usec_t to, const char *total)
{
	entry_begin(e, SECCOMPD_MESSAGE_EVIDENCE_LOST, ledger);
	entry_set(e, JOURNAL_NAME_LOSS, "serial-gap");
	entry_number(e, JOURNAL_NAME_LOSS_ID, id);
	entry_number(e, JOURNAL_NAME_REVISION, revision);
	if (from > 0)
		entry_time(e, JOURNAL_NAME_FROM, from);
	entry_time(e, JOURNAL_NAME_TO, to);
	entry_set(e, JOURNAL_NAME_TOTAL, total);
}

/* @list as in lifetime-list.h */
static inline void entry_lifetimes(Entry *e, const char *ledger, const char *workload,
				   uint64_t sequence, const char *list)
{
	entry_begin(e, SECCOMPD_MESSAGE_LIFETIMES, ledger);
	entry_set(e, JOURNAL_NAME_WORKLOAD, workload);
	entry_number(e, JOURNAL_NAME_SEQUENCE, sequence);
	entry_set(e, JOURNAL_NAME_LIFETIMES, list);
	entry_set(e, JOURNAL_NAME_KIND, "container");
	entry_set(e, JOURNAL_NAME_RUNTIME, "podman");
	entry_set(e, JOURNAL_NAME_PROFILE, "abc0");
	entry_set(e, JOURNAL_NAME_IMAGE_DIGEST, "sha256:0");
	entry_set(e, JOURNAL_NAME_RUNTIME_VERSION, "crun:1:2");
	entry_set(e, JOURNAL_NAME_LIBSECCOMP, "2.5.4");
	entry_set(e, JOURNAL_NAME_KERNEL, "6.1.0");
	entry_set(e, JOURNAL_NAME_ARCHITECTURE, "x86_64");
	entry_set(e, JOURNAL_NAME_CAPABILITIES, "00000000a80425fb nnp");
}

static inline void entry_run(Entry *e, const char *ledger, uint64_t id, usec_t from, usec_t to)
{
	entry_begin(e, SECCOMPD_MESSAGE_WATCHED, ledger);
	entry_number(e, JOURNAL_NAME_RUN_ID, id);
	entry_set(e, JOURNAL_NAME_BOOT, "01234567-89ab-cdef-0123-456789abcdef");
	entry_time(e, JOURNAL_NAME_FROM, from);
	entry_time(e, JOURNAL_NAME_TO, to);
}
