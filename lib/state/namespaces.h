/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Whether a process is in the namespaces that the host itself is in, the first ones. */
#include "util/span.h"

typedef enum NamespaceKind {
	NAMESPACE_PID,
	NAMESPACE_USER,
	NAMESPACE_NET,
	_NAMESPACE_KIND_MAX,
} NamespaceKind;

/* Is @process ("self", or a pid) in another one than the first? 1, 0, or -ENODATA when that cannot
 * be told. */
int namespace_is_foreign(int proc_fd, const char *process, NamespaceKind kind);
