/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A SeccompProfile of the Security Profiles Operator (v1beta1), as YAML: the rules that a profile
 * has in effect, for who reads none of its conditions. */
#include "profile/profile.h"
#include "util/buffer.h"

#define MANIFEST_NAME_SIZE 64 /* a DNS label (RFC 1123) and a NUL */

/*
 * Appends the manifest. What it cannot say but nobody is opened by stands in comments at its head:
 * another errno than EPERM for what no rule names, rules whose conditions do not hold.
 * -ENOTSUP with a sentence, and the rule's line, for what would change meaning: a listener, errno
 * 0, arguments beyond 63 bits or six, an architecture that the operator does not know. -ENOMEM.
 * @name is the manifest's own; NULL: that of manifest_name().
 */
int manifest_write(const Profile *p, const char *workload, const char *name, Buffer *out, Diag *d);

/* "compose:shop/web" is compose-shop-web. Two workloads have two names: where letters had to go, or
 * the parts could be told in two ways, a hash of the whole stands at the end. -ENOSYS as
 * digest_sha256(). */
int manifest_name(const char *workload, char buf[static MANIFEST_NAME_SIZE]);
