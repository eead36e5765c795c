/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From what was observed and the owner's profile to advice per call, and a proved patch. Pure: the
 * same input gives the same answer. High and critical calls are offered at most for arguments that
 * are known to be harmless, a call that the profile filters by arguments is never allowed plainly,
 * a marked one (suspect.h) waits for a person's word, and a patch that would change anything but
 * what it says is not made.
 */
#include "profile/proof.h"
#include "suggest/fallback.h"
#include "suggest/risk-settings.h"
#include "suggest/suspect.h"
#include "util/clock.h"
#include "who/subject.h"

typedef enum Advice {
	ADVICE_ALLOW,
	ADVICE_KEEP_DENIED,
	ADVICE_ERRNO,
	ADVICE_ARGUMENTS_NEEDED,
	ADVICE_CAPABILITY,
	ADVICE_REVIEW,
	ADVICE_UNKNOWN_NUMBER,
	_ADVICE_MAX,
} Advice;

#define SUGGEST_REASON_MAX 512
#define SUGGEST_EXAMPLES_MAX 8
#define SUGGEST_SIBLINGS_MAX 4
#define SUGGEST_ARCHES_MAX 3 /* no host has more architectures besides its own */

typedef struct SuggestExample {
	Span comm, exe; /* decoded, not escaped; .p NULL when none */
	uint64_t ip;
	int32_t pid;
} SuggestExample;

/* One row of evidence. Several of one (arch, nr) are fine: they are joined. */
typedef struct Observed {
	uint32_t arch; /* arch_of_call() */
	int64_t nr;
	const char *name; /* syscall_name(); NULL when nothing knows the number */
	Action action;
	Origin origin;
	bool under_applied; /* made under the filter that SuggestInput.applied is */
	uint64_t count;
	uint64_t own_filter; /* of them by programs that had loaded a filter of their own */
	usec_t first, last;
	uint32_t subjects;
	Suspicion suspicion; /* the same in all rows of a call */
	const SuggestExample *examples;
	size_t n_examples;
} Observed;

typedef struct SuggestInput {
	const Observed *observed;
	size_t n_observed;
	Span profile; /* the file's bytes */
	Dialect dialect;
	ProfileContext context;    /* .host_arch 0: context_default() on this host */
	const RiskSettings *risks; /* the administrator's; may be NULL */
	const char *library;       /* version of the runtime's libseccomp; NULL when not known */
	Span applied;        /* the filter that was loaded, as OCI JSON; .p NULL when not known */
	bool unconfined;     /* none was loaded, as is known */
	bool include_marked; /* as a person wants it: marked calls are like others */
} SuggestInput;

/* One call, its rows joined. Spans and .name point into the input. */
typedef struct SuggestCall {
	uint32_t arch;
	int64_t nr;
	const char *name;
	Advice advice;
	bool offered; /* the patch adds it. "allow" without it: the profile allows it already */
	Risk risk;
	char reason[SUGGEST_REASON_MAX]; /* one sentence; safe to print */
	unsigned line;   /* of the profile's rule that the reason speaks of; 0: of none */
	bool take_out;   /* the patch takes it out of the rules that name it and do not allow it */
	bool arch_added; /* the patch lists its architecture */
	const char *siblings[SUGGEST_SIBLINGS_MAX]; /* names that programs of other architectures
						     * would need for it; in no patch */
	size_t n_siblings;
	const Fallback *fallback; /* what the patch allows, since this is answered with ENOSYS */
	uint64_t count;
	usec_t first, last;
	uint32_t origins; /* 1 << Origin */
	uint32_t actions; /* 1 << Action */
	uint32_t
		foreign_actions; /* the same, of records that the applied filter cannot have made */
	uint64_t own_filter;     /* records that a program's own filter may have made, and */
	uint64_t plain;          /* those that it cannot, of all that are not foreign */
	uint32_t subjects;       /* the largest of its rows */
	Suspicion suspicion;
	SuggestExample examples[SUGGEST_EXAMPLES_MAX];
	size_t n_examples;
} SuggestCall;

typedef struct Suggestion {
	SuggestCall *calls; /* by architecture and number */
	size_t n_calls;
	const char **newly_allowed; /* names, in order, for some arguments at least; borrowed */
	size_t n_newly_allowed;
	uint32_t added[SUGGEST_ARCHES_MAX]; /* architectures that the patch lists */
	size_t n_added;
	char **other_changes; /* sentences: what changes along, or why there is no patch */
	size_t n_other_changes;
	ProfileIgnored *ignored; /* keys of the profile that its dialect does not see */
	size_t n_ignored;
	char *patched; /* the whole profile with them; NULL when there is nothing to add */
	size_t n_patched;
	size_t n_still_denied; /* calls that the profile does not allow, patched */
	char **unseen; /* calls that the applied filter allowed, so unrecorded, and this profile,
			* patched, does not; in the order of their numbers */
	size_t n_unseen;
	Proof proof; /* of .patched: only changes that .newly_allowed and .other_changes tell */
} Suggestion;

/*
 * -EBADMSG with a sentence (and its place) when the profile cannot be read or is refused; -ENOMEM.
 * When the proof shows a change that was not meant, there is no patch, nothing is offered, and
 * .other_changes says why. The input must outlive *ret.
 */
int suggest(const SuggestInput *in, Suggestion **ret, Diag *d);
Suggestion *suggestion_free(Suggestion *s);
DEFINE_CLEANUP(Suggestion, suggestion_free);

/* Were all its records made by another filter than the applied one? Then it asks for nothing. */
static inline bool suggest_call_is_foreign(const SuggestCall *c)
{
	return c->actions == 0 && c->foreign_actions != 0;
}

/* May all the others have been made so? Then nothing says that the profile is in their way. */
static inline bool suggest_call_is_doubtful(const SuggestCall *c)
{
	return c->own_filter > 0 && c->plain == 0;
}

/* The architecture of the host that this runs on. */
uint32_t suggest_host_arch(void);

/* "allow", "keep-denied"... */
const char *advice_name(Advice a) _const_;
