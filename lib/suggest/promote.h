/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A profile at another stage: its default action is exchanged, and with it what must change along,
 * by splicing the text. Pure: the same input gives the same answer, and a second time it changes
 * nothing.
 *
 * log: the default is LOG, which takes no errno; calls of critical risk that were denied by default
 * get that denial as a rule of their own. errno: the default is ERRNO, and calls that programs try
 * only to see whether they are there get ENOSYS as a rule of their own. kill: KILL_PROCESS, never
 * KILL_THREAD, which leaves half a process behind. Both filter flags are written where denials
 * would leave no record without them and the runtime takes flags.
 *
 * The filters before and after are built and compared; when anything but the answer to calls that
 * no rule lists has changed, there is no profile.
 */
#include "profile/stage.h"
#include "suggest/suggest.h"

#define PROMOTE_ERRNO_KEEP (-1)

typedef struct PromoteInput {
	Span profile; /* the file's bytes; .p NULL: there is no filter, only STAGE_LOG makes one */
	Dialect dialect;
	ProfileContext context;
	const char *library; /* version of the runtime's libseccomp; NULL when not known */
	Stage to;            /* log, errno or kill */
	bool audit_all;      /* at STAGE_LOG: what is allowed is recorded as well, for one replica */
	int errno_ret;       /* of the default at STAGE_ERRNO; _KEEP: the one it has, else EPERM */
	const Observed *observed;
	size_t n_observed;
} PromoteInput;

typedef enum PromoteKind {
	PROMOTE_CHANGE,   /* what changes along with the default action */
	PROMOTE_NOTE,     /* worth knowing at the next stage */
	PROMOTE_OBSTACLE, /* speaks against going there now */
	_PROMOTE_KIND_MAX,
} PromoteKind;

typedef struct PromoteRemark {
	PromoteKind kind;
	const char *check; /* "default", "flags"...: a stable word */
	char *text;        /* one sentence without a full stop; safe to print */
} PromoteRemark;

/* A call that was seen and that the next filter answers more harshly than it was answered. */
typedef struct PromoteLoss {
	uint32_t arch;
	int64_t nr;
	const char *name; /* borrowed from the input; NULL when nothing knows the number */
	uint32_t answer;  /* return word */
	uint64_t count;
	bool doubtful; /* it depends on arguments, which records do not have */
} PromoteLoss;

typedef struct Promotion {
	Stage from;
	bool tightens; /* .to denies more than .from: a matter for the gate */
	bool changed;  /* .text differs from the input */
	bool blind;    /* at the next stage what the default denies leaves no record */
	char *text;    /* the next profile, whole */
	size_t n_text;
	PromoteRemark *remarks;
	size_t n_remarks, n_obstacles;
	PromoteLoss *losses; /* by architecture and number */
	size_t n_losses;
	uint64_t n_moved; /* numbers and points that are answered by the next default, or along */
	uint64_t evaluated;
	bool assumed; /* names resolved with our libseccomp: the runtime's is another or not known
		       */
	char library[16];
} Promotion;

/*
 * -EBADMSG with a sentence (and its place) for what is no profile; -ENOTRECOVERABLE with a sentence
 * when the proof shows a change that was not meant; -ENOMEM. The input must outlive *ret.
 */
int promote(const PromoteInput *in, Promotion **ret, Diag *d);
Promotion *promotion_free(Promotion *p);
DEFINE_CLEANUP(Promotion, promotion_free);

/* The calls that programs and their libraries try only to see whether the kernel has them, one
 * after the other; NULL behind the last. */
const char *promote_probing_call(size_t i) _const_;

/* "change", "note", "obstacle". */
const char *promote_kind_name(PromoteKind k) _const_;

/* Stages by how much they deny; "other" stands below all: what it denies is not known. */
int stage_rank(Stage s) _const_;
