/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Do two profiles make the same filter? Building and proving it takes tens of milliseconds; to find
 * one profile among hundreds, this is what a profile means in a form that is cheap to make and to
 * compare. It errs in no direction: where the cheap form cannot tell, it says so.
 */
#include "profile/digest.h"
#include "profile/profile.h"

#define MEANING_NUMBERS 512 /* of an architecture, from where its numbers begin */
#define MEANING_ARCHES 4    /* compared in the cheap form */

typedef struct MeaningArch {
	uint32_t arch;
	uint32_t answers[MEANING_NUMBERS]; /* return words, or MEANING_BY_ARGUMENTS */
} MeaningArch;

typedef struct Meaning {
	char digest[DIGEST_SIZE]; /* of the effective rules, in one order */
	MeaningArch arches[MEANING_ARCHES];
	size_t n_arches;
	bool logs; /* SECCOMP_FILTER_FLAG_LOG: what it denies is recorded */
} Meaning;

#define MEANING_BY_ARGUMENTS 0x0badf00dU /* no action's word */

typedef enum MeaningVerdict {
	MEANING_OTHER,  /* some call is answered otherwise, or recorded otherwise */
	MEANING_SAME,   /* the same rules, however they were written */
	MEANING_UNSURE, /* only meaning_proved() can tell */
} MeaningVerdict;

/* -ENOMEM, -ENOSYS as digest_sha256(). */
int meaning_of(const Profile *p, Meaning *ret);

MeaningVerdict meaning_compare(const Meaning *a, const Meaning *b) _pure_;

/* Builds both filters and compares all their answers: 1 same, 0 not, or when one of them is none
 * that a runtime would load; -ENOMEM. */
int meaning_proved(const Profile *a, const Profile *b);
