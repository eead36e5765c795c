/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A seccomp profile as its dialect's readers understand it, with the byte offsets that the patcher
 * needs. Conditions are evaluated; what the dialect's readers do not see is listed, so that nobody
 * takes the file for more than it does.
 */
#include "audit/action.h"
#include "profile/context.h"
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

/* What stands between a rule and its effect ("includes", "excludes"). */
typedef struct ProfileGate {
	bool conditional;      /* it has conditions that the dialect evaluates */
	bool closed;           /* they do not hold here: the rule is not part of the filter */
	bool closed_otherwise; /* by architecture, kernel, or a capability that does not exist */
	uint64_t lacks;        /* capabilities that would have to be there */
	uint64_t has;          /* capabilities that would have to be absent */
} ProfileGate;

typedef struct ProfileRule {
	ProfileName *names;
	size_t n_names;
	bool old_form; /* "name": there is no list to add to */
	Action action;
	uint32_t data; /* errno of ERRNO, message of TRACE; otherwise 0 */
	ProfileArg *args;
	size_t n_args;
	ProfileGate gate;
	ProfileExtent at;   /* the rule's object */
	ProfileExtent list; /* the names array with its brackets; 0,0 in the old form */
	unsigned line, column;
} ProfileRule;

/* A key that changes the meaning for other readers, and that this dialect's do not see. */
typedef struct ProfileIgnored {
	const char *key;
	unsigned line;
} ProfileIgnored;

typedef struct Profile {
	Dialect dialect;
	Runtime runtime;
	uint32_t runtime_version;
	Action default_action;
	uint32_t default_data;
	ProfileExtent at;         /* the profile's object */
	uint32_t *arches; /* words of audit/arch.h as listed, without repeats; may be none */
	size_t n_arches;
	uint32_t host_arch; /* what the runtime adds in any case */
	ProfileRule *rules;
	size_t n_rules;
	bool flag_log, flag_spec_allow, flag_tsync, has_flags;
	bool has_listener;
	ProfileIgnored *ignored; /* in no order */
	size_t n_ignored;
} Profile;

/*
 * Reads @text for @dialect in @context; of a unit's settings, the offsets are meaningless. Rules that do not apply there stay in the list with their
 * gates closed. -EBADMSG with one sentence and its place for what is no profile or is wrong;
 * -EFBIG, -ENOMEM.
 */
int profile_read(Span text, Dialect dialect, const ProfileContext *context, Profile **ret, Diag *d);
Profile *profile_free(Profile *p);
DEFINE_CLEANUP(Profile, profile_free);

/* The kernel's return word of an action: what a filter answers. */
uint32_t profile_return_word(Action a, uint32_t data) _const_;

/* "SCMP_CMP_EQ"... */
const char *profile_op_name(ProfileOp op) _const_;

/* Is @word among the architectures that the filter knows (the listed ones and the host's own)? */
bool profile_has_arch(const Profile *p, uint32_t word) _pure_;
