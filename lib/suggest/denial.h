/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Why a call fails in a container: its seccomp filter, a capability that it lacks, or a security
 * module, in the order in which the kernel asks them. From facts that somebody else has gathered;
 * what is not known is not taken for leave.
 */
#include "profile/filter.h"
#include "suggest/blocked-call.h"

typedef enum DenialAnswer {
	DENIAL_NOT_KNOWN,
	DENIAL_LETS,
	DENIAL_BY_ARGUMENTS, /* it depends on them, and a record has none */
	DENIAL_REFUSES,
	_DENIAL_ANSWER_MAX,
} DenialAnswer;

/* Who is said to have refused; the first in the order of the kernel. */
typedef enum DenialBy {
	DENIAL_BY_NOBODY, /* of those that are known here */
	DENIAL_BY_SECCOMP,
	DENIAL_BY_CAPABILITY,
	DENIAL_BY_LSM,
	DENIAL_BY_UNKNOWN, /* a part that matters could not be read */
	_DENIAL_BY_MAX,
} DenialBy;

typedef struct DenialFacts {
	const char *call;
	uint32_t arch;
	int64_t nr;
	bool filter_known;
	const Filter *filter; /* NULL: there is none */
	bool capabilities_known;
	uint64_t capabilities; /* that the container's programs can have at most */
	bool effective_known;
	uint64_t effective; /* what its first process has of them */
	const char *label;  /* of a security module; "" none, NULL not known */
} DenialFacts;

typedef struct Denial {
	DenialAnswer seccomp, capability, lsm;
	uint32_t word;    /* the filter's, for arguments of zero */
	uint64_t missing; /* any of these capabilities would do; 0 = there is one, or none is asked
			   */
	bool not_held; /* there is one for root in the container, and its first process is not root
			*/
	BlockedCall story; /* .call NULL: there is none */
	DenialBy by;
	bool certain; /* no argument could change it */
} Denial;

void denial_judge(const DenialFacts *f, Denial *ret);

/* "nobody", "seccomp", "capability", "lsm", "unknown"; "lets", "by-arguments", "refuses". */
const char *denial_by_name(DenialBy by) _const_;
const char *denial_answer_name(DenialAnswer a) _const_;

/* Does a label of AppArmor, SELinux or Smack hold whoever has it? "unconfined" does not. */
bool denial_label_confines(const char *label) _pure_;
