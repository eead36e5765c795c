/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Holds a proof against what was meant. */
#include "profile/proof.h"
#include "suggest/plan.h"

/* A profile and its filter. */
typedef struct VerifySide {
	const Profile *profile;
	const Filter *filter;
} VerifySide;

/* Nothing changed but what @plan says and what runc's stub does along with it (@before and @after
 * are the profiles of both filters). -ENOTRECOVERABLE with a sentence otherwise. */
int verify_changes(const Proof *proof, const Plan *plan, const Profile *before,
		   const Profile *after, Diag *d);

/* Does @p give @answer to a call of this name, by default or by a rule in force? */
bool verify_is_said(const Profile *p, const char *name, uint32_t answer);

/* Is this a call that runc's stub answered and, since the profile names a newer one, does no more,
 * so that it gets what @before says of it? (libseccomp names shmat and the like on i386 by numbers
 * that the stub does not count.) */
bool verify_is_stub_move(const ProofChange *change, const Profile *before, const Profile *after);

/* The same for those arguments of a call that a new rule, for it or for a part of it, says nothing
 * of: the stub does not answer calls that have rules. */
bool verify_is_stub_rest(const ProofChange *change, const Profile *before, const Profile *after);

/* Is it runc's stub of @after's profile that answers this call with ENOSYS? */
bool verify_is_stub_answer(const ProofChange *change, const Profile *after);

/* Each name is allowed, and each rule holds for exactly its arguments, on every architecture of
 * @after that has it, and what is to be answered with ENOSYS is. -ENOTRECOVERABLE otherwise,
 * -ENOMEM. */
int verify_effect(const VerifySide *before, const VerifySide *after, const Plan *plan, Diag *d);

/* Nothing changed but for programs of the @added architectures, which were killed and now get what
 * the rules of @after say of each call. -ENOTRECOVERABLE with a clause otherwise. */
int verify_added_arches(const Proof *proof, const uint32_t *added, size_t n, const Profile *after,
			Diag *d);

/* Is this call allowed, whatever its arguments? */
bool verify_allows(const Filter *f, uint32_t arch, int64_t nr);

/* Does every architecture of the filter that has this call get @answer for it, whatever its
 * arguments? */
bool verify_answers(const Filter *f, const char *name, uint32_t answer);

/* What the filter answers when all arguments are 0. */
uint32_t verify_answer(const Filter *f, uint32_t arch, int64_t nr);
