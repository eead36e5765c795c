/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A seccomp profile as its dialect's readers understand it, with the byte offsets that the patcher
 * needs. What would change the meaning and cannot be evaluated yet (conditions, keys that the
 * dialect ignores) is refused by name, so that a Profile is never less than what its file says.
 */
#include "audit/action.h"
#include "profile/dialect.h"
#include "profile/scan.h"

#define PROFILE_ARGS_MAX 64    /* per rule; libseccomp takes 6, a repeated index splits the rule */
#define PROFILE_ERRNO_MAX 4094 /* libseccomp takes less than the kernel's MAX_ERRNO */

typedef enum ProfileOp {
	PROFILE_OP_NE,
	PROFILE_OP_LT,
	PROFILE_OP_LE,
	PROFILE_OP_EQ,
	PROFILE_OP_GE,
	PROFILE_OP_GT,
	PROFILE_OP_MASKED_EQ, /* value is the mask, value_two the datum */
	_PROFILE_OP_MAX,
} ProfileOp;

typedef struct ProfileArg {
	uint32_t index;
	ProfileOp op;
	uint64_t value, value_two;
} ProfileArg;

typedef struct ProfileExtent {
	uint32_t begin, end; /* half open, in the text that was read */
} ProfileExtent;

typedef struct ProfileName {
	char *text;       /* escapes resolved */
	ProfileExtent at; /* with the quotes */
} ProfileName;

typedef struct ProfileRule {
	ProfileName *names;
	size_t n_names;
	bool old_form; /* "name": there is no list to add to */
	Action action;
	uint32_t data; /* errno of ERRNO, message of TRACE; otherwise 0 */
	ProfileArg *args;
	size_t n_args;
	ProfileExtent at;   /* the rule's object */
	ProfileExtent list; /* the names array with its brackets; 0,0 in the old form */
	unsigned line;
} ProfileRule;

typedef struct Profile {
	Dialect dialect;
	Action default_action;
	uint32_t default_data;
	ProfileExtent default_at; /* the value of defaultAction */
	uint32_t *arches; /* words of audit/arch.h as listed, without repeats; may be none */
	size_t n_arches;
	uint32_t host_arch; /* what the runtime adds in any case */
	ProfileRule *rules;
	size_t n_rules;
	bool flag_log, flag_spec_allow, flag_tsync, has_flags;
	bool has_listener;
} Profile;

/*
 * Reads @text for @dialect on a host of @host_arch (ARCH_WORD_X86_64...; archMap and the native
 * architecture depend on it). -EBADMSG with one sentence and its place for what is no profile, is
 * wrong, or is not supported yet; -EFBIG, -ENOMEM.
 */
int profile_read(Span text, Dialect dialect, uint32_t host_arch, Profile **ret, Diag *d);
Profile *profile_free(Profile *p);
DEFINE_CLEANUP(Profile, profile_free);

/* The kernel's return word of an action: what a filter answers. */
uint32_t profile_return_word(Action a, uint32_t data) _const_;

/* Is @word among the architectures that the filter knows (the listed ones and the host's own)? */
bool profile_has_arch(const Profile *p, uint32_t word) _pure_;
