/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From what ran, what watched and what was lost: how long the evidence of one workload under its
 * present filter is complete, and what happened in that time. Pure. All stretches are half-open,
 * [from, to). It may have run on several hosts: what watched and what was lost on one (.host, where
 * these are told apart) is about the lifetimes there, and what is complete is so on each.
 */
#include "evidence/ledger-history.h"

/* Everything of one workload. Lifetimes in any order; losses of the workload and of its host. */
typedef struct WindowInput {
	const char *profile_hash; /* that is asked about; NULL = what the newest runs under */
	const LedgerLifetime *lifetimes;
	size_t n_lifetimes;
	const LedgerRun *runs;
	size_t n_runs;
	const LedgerLoss *losses;
	size_t n_losses;
	usec_t now;
} WindowInput;

/* What makes the window begin where it does. */
typedef enum WindowCause {
	WINDOW_NOT_WATCHED, /* nothing was */
	WINDOW_FIRST,       /* the first instance that was watched */
	WINDOW_LOSS,
	WINDOW_PROFILE, /* it changed */
	WINDOW_IMAGE,   /* of a unit: the C library, of which the host has but one */
	WINDOW_CAPABILITIES,
	WINDOW_RUNTIME,
	WINDOW_LIBSECCOMP,
	WINDOW_KERNEL, /* to another minor version */
	WINDOW_MACHINE,
	_WINDOW_CAUSE_MAX,
} WindowCause;

typedef struct Window {
	usec_t observed; /* an instance under the present filter, image and capabilities ran and was
			    watched */
	usec_t complete; /* and nothing was lost meanwhile */
	SubjectKind kind;              /* of whom; of units other words are used */
	const LedgerLifetime *present; /* the newest under this profile; the input's, or NULL */
	usec_t from, to; /* the longest window up to the end of what was watched; equal = none */
	WindowCause cause;
	const LedgerLoss *loss;        /* of WINDOW_LOSS; the input's */
	usec_t until;                  /* it ran, watched or not: now, while it runs */
	usec_t last_loss;              /* end of the last one while it ran; 0 = never any */
	const LedgerLoss *newest_loss; /* that one */
	bool started;                  /* some start was watched, in the window or before it */
	bool blind_to_loss; /* within the window the kernel's own count of what it drops was not to
			       be seen */

	/* within the window */
	uint64_t starts, graceful_stops, killed, failed;
	uint64_t lifetimes; /* watched from start to end */
	uint64_t joins;     /* programs that were brought into one that ran; at least so many */
	uint64_t running;   /* at its end */
	uint64_t replicas;  /* most that ran at once */
	uint64_t hosts, runtime_versions, kernels, machines;
	uint64_t variants_unseen; /* of runtime, libseccomp, kernel and machine, as what runs now
				     has them, not seen to start */
} Window;

/* Is this a loss of records? Not one whose size is known to be none, nor the mere fact that a loss
 * could not be seen. */
bool window_counts(const LedgerLoss *loss);

/* -ENOMEM. */
int window_find(const WindowInput *in, Window *ret);

/* In words: "seccompd was not running until 2026-..."; for the end of a sentence. Returns @buf. */
char *window_explain(const Window *w, char *buf, size_t size);

/* Of which host it is what has become of its journal or ledger; from then on. */
#define LOSS_HOST_SILENT "host-silent"
#define LOSS_HOST_DOUBLED "host-doubled"

/* What was lost until when, for the end of a sentence. Returns @buf. */
char *loss_explain(const LedgerLoss *loss, usec_t until, char *buf, size_t size);

/* What a kind of loss is, in words. Static. */
const char *loss_kind_text(const char *kind);
