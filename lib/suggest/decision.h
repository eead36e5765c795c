/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What a person decided about a call of a workload. It comes before what the tables here say of its
 * risk, and before every other reason for doubt; what a profile cannot say at all it does not
 * change.
 */
#include "audit/syscall.h"
#include "util/clock.h"
#include "util/error.h"

typedef enum DecisionAnswer {
	DECISION_ALLOW,
	DECISION_DENY,   /* it stays out of the profile */
	DECISION_ERRNO,  /* a rule answers it with an errno */
	DECISION_IGNORE, /* nobody is to be asked again; otherwise as deny */
	_DECISION_ANSWER_MAX,
} DecisionAnswer;

#define DECISION_WHY_MAX 256 /* bytes */
#define DECISION_CALL_MAX (SYSCALL_NAME_MAX + 32)
#define DECISION_ANSWER_TEXT_MAX 32

typedef struct Decision {
	const char *syscall;
	uint32_t arch; /* 0: every architecture */
	DecisionAnswer answer;
	uint32_t errno_ret;            /* of DECISION_ERRNO */
	const char *user, *time, *why; /* "" when not said; not escaped */
	usec_t until;                  /* from then on it holds no more; 0: it holds for good */
	bool expired;
	unsigned line; /* in its file; 0 when it is in none */
} Decision;

/* Borrowed. */
typedef struct Decisions {
	const Decision *items;
	size_t n;
} Decisions;

/* How this call was decided: by a decision for its architecture, else by one for all. NULL when it
 * was not, or no more. @d and @name may be NULL. */
const Decision *decision_find(const Decisions *d, uint32_t arch, const char *name) _pure_;

/* "bpf", or "bpf:i386". -EINVAL with a sentence for a call that no architecture here has, or not
 * that one. */
int decision_parse_call(Span word, char name[static SYSCALL_NAME_MAX], uint32_t *ret_arch, Diag *d);

/* The inverse; returns @buf. */
char *decision_format_call(const char *name, uint32_t arch, char buf[static DECISION_CALL_MAX]);

/* "allow", "deny", "ignore", "errno=EPERM"; also "errno=1". -EINVAL with a sentence. */
int decision_parse_answer(Span word, DecisionAnswer *ret, uint32_t *ret_errno, Diag *d);

/* The inverse; returns @buf. */
char *decision_format_answer(DecisionAnswer answer, uint32_t errno_ret,
			     char buf[static DECISION_ANSWER_TEXT_MAX]);

/* "allow", "deny", "errno", "ignore". */
const char *decision_answer_name(DecisionAnswer answer) _const_;

/* "decided by alice: it is needed for backups", safe to show, cut to @size. Returns @buf. */
char *decision_tell(const Decision *d, char *buf, size_t size);
