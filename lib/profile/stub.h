/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What runc puts before a filter: ENOSYS for numbers above the largest one that the profile names,
 * so that programs fall back from calls that are newer than the profile. crun has none.
 */
#include "profile/bpf.h"
#include "profile/profile.h"

#define STUB_INSNS_PER_ARCH 11

/*
 * The largest number that the profile names on @arch; -1 when there is no stub: under crun, when
 * the default action is ALLOW, LOG or TRACE or its errno is ENOSYS already, and when the profile
 * names nothing above 0.
 */
int64_t stub_limit(const Profile *p, uint32_t arch);

/* Writes the instructions that come before a filter for @arches to @insns, which has room for
 * STUB_INSNS_PER_ARCH of each and one more. Returns their number, 0 when there is no stub. */
size_t stub_write(const Profile *p, const uint32_t *arches, size_t n, struct sock_filter *insns);
