/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The semantic difference of two profiles: both filters are run and their answers compared, for
 * every architecture of either and one that neither lists, over all numbers that may be told apart:
 * 0 to 1023 above each base of the architecture, -1, and each constant of either program with its
 * neighbours. Where an answer depends on the arguments, it is taken at the boundaries of every
 * comparison in either program, jointly.
 */
#include "profile/filter.h"

#define PROOF_POINTS_MAX 4096  /* argument points per call; beyond it a deterministic sample */
#define PROOF_CHANGES_MAX 4096 /* more is -E2BIG: no person reads that */
#define PROOF_NAME_MAX 64

/* What a change means to a program that makes the call. */
typedef enum ProofKind {
	PROOF_ALLOWED, /* now ALLOW */
	PROOF_LOGGED,  /* now LOG: it works, and is recorded */
	PROOF_DENIED,  /* it worked, and does no more */
	PROOF_CHANGED, /* it did not work and does not, in another way */
	_PROOF_KIND_MAX,
} ProofKind;

typedef struct ProofChange {
	uint32_t arch; /* arch_of_call() */
	int64_t nr;
	int64_t nr_last; /* numbers without a name that change alike are one change; else .nr */
	char name[PROOF_NAME_MAX];  /* "" when nothing knows the number */
	char inner[PROOF_NAME_MAX]; /* the call inside socketcall and ipc; otherwise "" */
	uint32_t before, after;     /* return words: action and data */
	bool by_arguments;          /* the change is for these arguments, others may differ */
	uint64_t args[6];
} ProofChange;

typedef struct Proof {
	ProofChange *changes; /* by architecture and number */
	size_t n_changes;
	uint64_t evaluated; /* calls that were tried on both filters */
	uint32_t sampled;   /* numbers whose argument points were sampled, not exhausted */
	bool assumed;       /* names resolved with our libseccomp: the runtime's is not known */
	char library[16];   /* its version */
} Proof;

int proof_compare(const Filter *before, const Filter *after, Proof *ret);

/* For differences that are too many to list: each is handed over, number by number and, where it is
 * by arguments, point by point; @ret gets the rest. What @take returns below 0 ends it. */
typedef int ProofTake(const ProofChange *change, void *userdata);
int proof_each(const Filter *before, const Filter *after, ProofTake *take, void *userdata,
	       Proof *ret);
void proof_done(Proof *p);

/* The arguments of @data as the caller sees them, whatever the byte order of @arch. */
void proof_arguments(uint32_t arch, const struct seccomp_data *data, uint64_t ret[static 6]);

ProofKind proof_kind(const ProofChange *c) _pure_;

/* "allowed", "logged", "denied", "changed". */
const char *proof_kind_name(ProofKind k) _const_;
#define _cleanup_proof_ _cleanup_(proof_done)
