/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The stage of an applied filter, and whether calls outside it would be seen. */
#include "util/error.h"
#include "util/span.h"

typedef enum Stage { STAGE_OTHER, STAGE_LOG, STAGE_ERRNO, STAGE_KILL, _STAGE_MAX } Stage;

typedef enum Visibility {
	VISIBILITY_UNKNOWN,
	VISIBILITY_FULL,
	VISIBILITY_PARTIAL, /* the default is logged, some explicit denials are not */
	VISIBILITY_BLIND,   /* ERRNO, TRAP, TRACE or NOTIFY without SECCOMP_FILTER_FLAG_LOG */
	_VISIBILITY_MAX,
} Visibility;

#define PROFILE_HASH_SIZE 65 /* SHA-256 in hex */

typedef struct AppliedProfile {
	Stage stage;
	Visibility visibility;
	char hash[PROFILE_HASH_SIZE]; /* of the normalised filter: key order and blanks do not count
				       */
} AppliedProfile;

/*
 * Reads the .linux.seccomp object of an OCI config (JSON text; SPAN_NULL = unconfined: stage
 * "other", blind, hash of the empty object). -EBADMSG with a sentence when it is no such object.
 */
int applied_profile_read(Span json, AppliedProfile *ret, Diag *d);

/*
 * The same for a systemd unit's filter, which may be a deny list: there the calls of its first rule
 * are the ones outside the profile. One that only refuses architectures kills.
 */
int applied_unit_profile_read(Span json, AppliedProfile *ret, Diag *d);

/* Is @hash that of no filter at all, "unconfined"? */
bool applied_profile_is_none(const char *hash);

const char *stage_name(Stage s) _const_;
const char *visibility_name(Visibility v) _const_;
