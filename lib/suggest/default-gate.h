/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What the default profiles of Docker and of Podman do with risky calls: whom they let make them.
 * People compare a request with what every other container may do.
 */
#include "profile/context.h"

/* "CAP_BPF or CAP_PERFMON": the capabilities of @set, with @separator between them. */
void capabilities_text(uint64_t set, const char *separator, char *buf, size_t size);

/* Does Docker's default profile let a container with these capabilities make @call, for some
 * arguments at least? */
bool docker_default_allows(const char *call, uint64_t capabilities);

typedef struct DefaultGate {
	bool everybody;        /* may make it */
	bool some_arguments;   /* everybody may, for some of its arguments */
	uint64_t capabilities; /* any of these opens it; none: it stays closed */
} DefaultGate;

/* What the engine of @dialect does with @call by default. -ENOENT when the table has no such call:
 * it is none that anybody would speak of. */
int default_gate_of(const char *call, Dialect dialect, DefaultGate *ret);

/*
 * "Docker's default profile blocks it unless CAP_SYS_ADMIN, which this container lacks": a clause
 * for
 * @call, by the engine whose default containers of @dialect have. @capabilities are the
 * container's. "" when the table has no such call.
 */
void default_gate_text(const char *call, Dialect dialect, uint64_t capabilities, char *buf,
		       size_t size);
