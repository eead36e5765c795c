/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What a profile allows and nobody used. Allowed calls leave no record, so only a run under a
 * filter that recorded the call (promote.h, .audit_all) can tell: without one, a call that was
 * never seen is unknown, not unused. Pure.
 */
#include "suggest/suggest.h"

typedef enum TightenFate {
	TIGHTEN_USED,
	TIGHTEN_UNUSED,
	TIGHTEN_KEPT,    /* not seen, and yet to be allowed */
	TIGHTEN_UNKNOWN, /* nobody could have seen it */
	_TIGHTEN_FATE_MAX,
} TightenFate;

typedef struct TightenInput {
	Span profile; /* the file's bytes */
	Dialect dialect;
	ProfileContext context;
	const RiskSettings *risks; /* may be NULL */
	const char *library;       /* version of the runtime's libseccomp; NULL when not known */
	const Observed *observed;
	size_t n_observed;
	const Span *filters; /* OCI JSON: those of runs that were watched from start to end */
	size_t n_filters;
} TightenInput;

typedef struct TightenName {
	char *name;
	TightenFate fate;
	Risk risk;
	uint64_t count;                  /* records of it */
	char reason[SUGGEST_REASON_MAX]; /* of kept and unknown: a clause, safe to print */
} TightenName;

typedef struct Tightening {
	TightenName *names; /* all that the profile allows for this container; in order */
	size_t n;
	size_t counts[_TIGHTEN_FATE_MAX];
	char *patched; /* the whole file without the unused names; NULL: none, or .refusal */
	size_t n_patched;
	char *refusal; /* a sentence: why there is no patch although names are unused; or NULL */
	char *stub;    /* a sentence: what runc's ENOSYS stub answers now; or NULL */
	uint64_t evaluated;
	char library[16];
	bool assumed; /* names resolved with our libseccomp: the runtime's is another or not known
		       */
} Tightening;

/*
 * -EBADMSG with a sentence (and its place) for what is no profile, or one whose default allows;
 * -ENOMEM.
 */
int tighten(const TightenInput *in, Tightening **ret, Diag *d);
Tightening *tightening_free(Tightening *t);
DEFINE_CLEANUP(Tightening, tightening_free);

/* "used", "unused", "kept", "unknown". */
const char *tighten_fate_name(TightenFate f) _const_;
