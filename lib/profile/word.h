/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Words of profiles: comparisons, errno names, flags, and those of the conditions. */
#include "profile/profile.h"

/* "SCMP_CMP_EQ"...; -EINVAL. */
int word_op(Span word, ProfileOp *ret);

/* "EPERM"... or a decimal number; -EINVAL, -ERANGE. */
int word_errno(Span word, uint32_t *ret);

/* "SECCOMP_FILTER_FLAG_LOG" and others that runtimes know. */
bool word_is_flag(Span word) _pure_;

/* "CAP_CHOWN"...: of Linux up to 6.18. */
bool word_is_capability(Span word) _pure_;

/* "amd64"...: architectures as the conditions of rules name them. */
bool word_is_go_arch(Span word) _pure_;
