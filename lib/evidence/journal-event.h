/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Entries that seccompd wrote into the journal, as their fields tell (include/seccompd/
 * journal-fields.h). Whoever may log may write any field, so an entry is seccompd's only by what
 * journald itself adds.
 */
#include "audit/action.h"
#include "util/clock.h"
#include "who/subject.h"
#include "who/workload.h"

/* The fields that are looked at, in the order of journal_names[]. */
typedef enum JournalName {
	/* by journald */
	JOURNAL_NAME_TRANSPORT,
	JOURNAL_NAME_UNIT,
	JOURNAL_NAME_UID,
	JOURNAL_NAME_EXE,
	JOURNAL_NAME_COMM,
	JOURNAL_NAME_HOSTNAME,
	JOURNAL_NAME_MACHINE,
	/* by the writer */
	JOURNAL_NAME_MESSAGE_ID,
	JOURNAL_NAME_LEDGER,
	JOURNAL_NAME_WORKLOAD,
	JOURNAL_NAME_PROFILE,
	JOURNAL_NAME_ARCH_WORD,
	JOURNAL_NAME_NR,
	JOURNAL_NAME_ACTION,
	JOURNAL_NAME_ORIGIN,
	JOURNAL_NAME_TOTAL,
	JOURNAL_NAME_COUNT,
	JOURNAL_NAME_OWN_FILTER,
	JOURNAL_NAME_FIRST,
	JOURNAL_NAME_LAST,
	JOURNAL_NAME_ATTRIBUTION,
	JOURNAL_NAME_SERIAL,
	JOURNAL_NAME_STAGE,
	JOURNAL_NAME_REVISION,
	JOURNAL_NAME_VISIBILITY,
	JOURNAL_NAME_PROFILE_SOURCE,
	JOURNAL_NAME_DIALECT,
	JOURNAL_NAME_RUNTIME,
	JOURNAL_NAME_HEURISTIC,
	JOURNAL_NAME_CONTAINER,
	JOURNAL_NAME_IMAGE,
	JOURNAL_NAME_LOSS,
	JOURNAL_NAME_LOSS_ID,
	JOURNAL_NAME_FROM,
	JOURNAL_NAME_TO,
	JOURNAL_NAME_RUN_ID,
	JOURNAL_NAME_BOOT,
	JOURNAL_NAME_MADE_BY,
	JOURNAL_NAME_MADE_IN_COUNT,
	JOURNAL_NAME_MADE_IN,
	JOURNAL_NAME_LIFETIMES,
	JOURNAL_NAME_SEQUENCE,
	JOURNAL_NAME_KIND,
	JOURNAL_NAME_IMAGE_DIGEST,
	JOURNAL_NAME_RUNTIME_VERSION,
	JOURNAL_NAME_LIBSECCOMP,
	JOURNAL_NAME_KERNEL,
	JOURNAL_NAME_ARCHITECTURE,
	JOURNAL_NAME_CAPABILITIES,
	JOURNAL_NAME_PROFILE_JSON,
	_JOURNAL_NAME_MAX,
} JournalName;

extern const Span journal_names[_JOURNAL_NAME_MAX];

/* One entry's fields; a NULL .p is absent. */
typedef const Span *JournalFields;

/* No user of the machine: systemd gives such a uid to what it runs for itself. */
#define JOURNAL_SYSTEM_UID_MAX 999

/*
 * Did journald take this from seccompd? It came from the cgroup of seccompd.service, where none but
 * the system's own manager puts processes, over the journal's own socket, from a uid of the system
 * or
 * @uid (what "seccompd" is here, UINT32_MAX = not known).
 */
bool journal_is_genuine(JournalFields fields, uint32_t uid) _pure_;

typedef enum JournalEventKind {
	JOURNAL_SIGHTING, /* new, or a roll-up: they are read alike */
	JOURNAL_STAGE,
	JOURNAL_LOSS,
	JOURNAL_WATCHED,
	JOURNAL_LIFETIMES,
	JOURNAL_OTHER, /* what a ledger is not made from */
	_JOURNAL_EVENT_KIND_MAX,
} JournalEventKind;

#define JOURNAL_ID_SIZE 33                  /* 32 hex digits */
#define JOURNAL_ROW_MAX ((uint64_t)1 << 40) /* ids of a ledger's rows are below this */
#define JOURNAL_COUNT_UNKNOWN UINT64_MAX

/* What is not told is "", 0 or false. Spans are the fields'. */
typedef struct JournalEvent {
	JournalEventKind kind;
	char ledger[JOURNAL_ID_SIZE], machine[JOURNAL_ID_SIZE], hostname[256];

	char workload[WORKLOAD_NAME_MAX];
	char profile[130]; /* hash */
	char stage[16], visibility[16];

	/* a sighting */
	uint32_t arch;
	int64_t nr;
	Action action;
	Origin origin;
	Means means;
	uint64_t total; /* a loss's as well, which may be JOURNAL_COUNT_UNKNOWN */
	uint64_t count, own_filter;
	usec_t first, last;
	uint32_t serial;
	uint32_t made_by, made_in_count;
	Span made_in; /* a list of makings, lifetime-list.h */

	/* a workload; a loss has a revision as well */
	uint64_t revision;
	char profile_source[4096], dialect[32], runtime[32];
	bool heuristic;
	char container_name[256], image[512];

	/* lifetimes, which have a profile, a runtime and a sequence as well */
	SubjectKind subject_kind;
	char image_digest[128], runtime_version[256], libseccomp[32];
	char kernel[72], architecture[72], capabilities[32];
	Span lifetimes, profile_json;
	uint64_t sequence; /* of a run likewise; 0: those of older daemons have none */

	/* a loss, a run */
	char loss[32], boot[40];
	uint64_t row; /* its id in the ledger */
	usec_t from, to;
} JournalEvent;

/* What is wrong with an entry. Static. */
typedef struct JournalFault {
	const char *field; /* NULL: it is not about one */
	const char *what;  /* "is missing", "makes no sense" */
} JournalFault;

/* 0; -EBADMSG and *ret_fault for an entry that seccompd does not write. */
int journal_event_read(JournalFields fields, JournalEvent *ret, JournalFault *ret_fault);
