/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Names of the structured fields in our journal entries, an interface that people query. */

#define SECCOMPD_FIELD_WORKLOAD "SECCOMP_WORKLOAD"
#define SECCOMPD_FIELD_SYSCALL "SECCOMP_SYSCALL"
#define SECCOMPD_FIELD_SYSCALL_NR "SECCOMP_SYSCALL_NR"
#define SECCOMPD_FIELD_ARCH "SECCOMP_ARCH"
/* As the kernel writes it, 8 hex digits: also of an architecture that has no name here. */
#define SECCOMPD_FIELD_ARCH_WORD "SECCOMP_ARCH_WORD"
#define SECCOMPD_FIELD_ACTION "SECCOMP_ACTION"
#define SECCOMPD_FIELD_ORIGIN "SECCOMP_ORIGIN"
#define SECCOMPD_FIELD_COUNT "SECCOMP_COUNT"
#define SECCOMPD_FIELD_RISK "SECCOMP_RISK"
#define SECCOMPD_FIELD_STAGE "SECCOMP_STAGE"
#define SECCOMPD_FIELD_PROFILE "SECCOMP_PROFILE"
#define SECCOMPD_FIELD_ATTRIBUTION "SECCOMP_ATTRIBUTION"
#define SECCOMPD_FIELD_SERIAL "SECCOMP_SERIAL"
#define SECCOMPD_FIELD_CONTAINER_ID "CONTAINER_ID"
#define SECCOMPD_FIELD_CONTAINER_ID_FULL "CONTAINER_ID_FULL"
#define SECCOMPD_FIELD_CONTAINER_NAME "CONTAINER_NAME"
#define SECCOMPD_FIELD_IMAGE_NAME "IMAGE_NAME"
#define SECCOMPD_FIELD_K8S_NAMESPACE "K8S_NAMESPACE"
#define SECCOMPD_FIELD_K8S_CONTAINER "K8S_CONTAINER"
#define SECCOMPD_FIELD_OBJECT_UNIT "OBJECT_SYSTEMD_UNIT"
#define SECCOMPD_FIELD_OBJECT_USER_UNIT "OBJECT_SYSTEMD_USER_UNIT"

/* Which ledger the numbers below are of: 32 hex digits, made with the ledger. */
#define SECCOMPD_FIELD_LEDGER "SECCOMP_LEDGER"

/* Of new sightings and roll-ups. SECCOMP_COUNT is the difference to the sighting's entry before;
 * this is the count up to now, so that an entry that is there twice, or missing, does no harm.
 * Times are RFC 3339 in UTC with microseconds. */
#define SECCOMPD_FIELD_TOTAL "SECCOMP_TOTAL"
#define SECCOMPD_FIELD_OWN_FILTER "SECCOMP_OWN_FILTER"
#define SECCOMPD_FIELD_FIRST "SECCOMP_FIRST"
#define SECCOMPD_FIELD_LAST "SECCOMP_LAST"
/* How many containers and units made it; in how many lifetimes, where 3 means three or more; and
 * when first in each of the first ones: "12=TIME 15=TIME", by their numbers in the ledger. */
#define SECCOMPD_FIELD_MADE_BY "SECCOMP_MADE_BY"
#define SECCOMPD_FIELD_MADE_IN_COUNT "SECCOMP_MADE_IN_COUNT"
#define SECCOMPD_FIELD_MADE_IN "SECCOMP_MADE_IN"

/* Of a workload's stage, and of a loss. Of two entries of one workload, or loss, that with the
 * greater revision is the newer one, and says all that the other does. */
#define SECCOMPD_FIELD_REVISION "SECCOMP_REVISION"
#define SECCOMPD_FIELD_STAGE_BEFORE "SECCOMP_STAGE_BEFORE"
#define SECCOMPD_FIELD_VISIBILITY "SECCOMP_VISIBILITY"
#define SECCOMPD_FIELD_RUNTIME "SECCOMP_RUNTIME"
#define SECCOMPD_FIELD_PROFILE_SOURCE "SECCOMP_PROFILE_SOURCE"
#define SECCOMPD_FIELD_DIALECT "SECCOMP_DIALECT"
#define SECCOMPD_FIELD_HEURISTIC "SECCOMP_HEURISTIC"

/* Of a gate: "ready", "not-ready" or "unknown", for which stage, and which criteria are not met. */
#define SECCOMPD_FIELD_GATE "SECCOMP_GATE"
#define SECCOMPD_FIELD_GATE_BEFORE "SECCOMP_GATE_BEFORE"
#define SECCOMPD_FIELD_GATE_STAGE "SECCOMP_GATE_STAGE"
#define SECCOMPD_FIELD_GATE_UNMET "SECCOMP_GATE_UNMET"

/* Of a loss, by its number in the ledger; SECCOMP_TOTAL is "unknown" where nobody knows. Of a run
 * of the daemon, likewise: the latest end counts. */
#define SECCOMPD_FIELD_LOSS "SECCOMP_LOSS"
#define SECCOMPD_FIELD_LOSS_ID "SECCOMP_LOSS_ID"
#define SECCOMPD_FIELD_FROM "SECCOMP_FROM"
#define SECCOMPD_FIELD_TO "SECCOMP_TO"
#define SECCOMPD_FIELD_RUN_ID "SECCOMP_RUN_ID"
#define SECCOMPD_FIELD_BOOT "SECCOMP_BOOT"

/* Of lifetimes: a line each (evidence/lifetime-list.h), and what all of them have in common. Of one
 * lifetime the latest state holds. Entries on lifetimes and on runs are numbered, from 1 on: with
 * all of them, what ran until the end of the last run is known. */
#define SECCOMPD_FIELD_LIFETIMES "SECCOMP_LIFETIMES"
#define SECCOMPD_FIELD_SEQUENCE "SECCOMP_SEQUENCE"
#define SECCOMPD_FIELD_KIND "SECCOMP_KIND"
#define SECCOMPD_FIELD_IMAGE_DIGEST "SECCOMP_IMAGE_DIGEST"
#define SECCOMPD_FIELD_RUNTIME_VERSION "SECCOMP_RUNTIME_VERSION"
#define SECCOMPD_FIELD_LIBSECCOMP "SECCOMP_LIBSECCOMP"
#define SECCOMPD_FIELD_KERNEL "SECCOMP_KERNEL"
#define SECCOMPD_FIELD_MACHINE "SECCOMP_MACHINE"
#define SECCOMPD_FIELD_CAPABILITIES "SECCOMP_CAPABILITIES"
/* The filter itself, once in a daemon's time. */
#define SECCOMPD_FIELD_PROFILE_JSON "SECCOMP_PROFILE_JSON"
