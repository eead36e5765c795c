/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A call from an architecture that the profile does not list: its programs are killed, whatever the
 * default action is. Listing it lets all of the profile's rules hold for them. */
#include "profile/profile.h"

#define ARCH_GAP_TEXT_MAX 256

typedef enum ArchGap {
	ARCH_GAP_NONE,   /* it is listed */
	ARCH_GAP_CLOSE,  /* a patch can list it */
	ARCH_GAP_DECIDE, /* x32: a second set of calls to programs that are not there as a rule */
	ARCH_GAP_BYPASS, /* calls that the profile filters by argument could be made past that */
	ARCH_GAP_OTHER,  /* no such programs run on this host */
	ARCH_GAP_UNREAD, /* profiles cannot name it, or the engine reads none for this host */
} ArchGap;

/* *ret_rule: the rule that would be gone past. */
ArchGap arch_gap(const Profile *p, uint32_t arch, const ProfileRule **ret_rule);

/* What to think of it: a clause. */
const char *arch_gap_text(ArchGap gap, uint32_t arch, const ProfileRule *rule,
			  char buf[static ARCH_GAP_TEXT_MAX]);

/* Can calls of this architecture be made inside socketcall and ipc, past filters of arguments? */
bool arch_has_multiplexer(uint32_t arch);

/* Is @name one of those calls? */
bool arch_multiplexes(const char *name);
