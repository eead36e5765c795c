/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What a profile's conditions are evaluated against: the host, the container's capabilities, and
 * the runtime that loads the filter. The same file makes different filters in different contexts.
 */
#include "profile/dialect.h"
#include "profile/systemd-groups.h"

typedef enum Runtime {
	RUNTIME_CRUN,
	RUNTIME_RUNC, /* puts its ENOSYS stub before the filter, see filter.h */
	RUNTIME_SYSTEMD,
	_RUNTIME_MAX,
} Runtime;

typedef struct ProfileContext {
	uint32_t host_arch;    /* ARCH_WORD_X86_64... */
	uint64_t capabilities; /* the container's bounding set, 1 << CAP_... */
	uint32_t kernel;       /* context_version(); 0 counts as older than any */
	Runtime runtime;
	uint32_t runtime_version;    /* context_version(); 0 = not known, taken for a recent one */
	const SystemdGroups *groups; /* of DIALECT_SYSTEMD; NULL: not known. Borrowed */
} ProfileContext;

/* What @d gives a container that asks for nothing, with runc on @host_arch; the kernel is 0. */
ProfileContext context_default(Dialect d, uint32_t host_arch);

/* Versions compare as numbers: major, minor, patch, each up to 255 (more counts as 255). */
uint32_t context_version(unsigned major, unsigned minor, unsigned patch) _const_;

/* "6.1.0-13-amd64", "1.1.5+ds1": the numbers at the start, at least "6.1". -EINVAL. */
int context_parse_version(Span text, uint32_t *ret);

/* "CAP_SYS_ADMIN", as profiles and runtimes write it. -EINVAL. */
int capability_from_name(Span name, unsigned *ret);

/* "CAP_CHOWN CAP_KILL" as bits, 1 << CAP_...; what has no name here is left out. */
uint64_t capability_set(const char *names) _pure_;

/* The inverse of capability_from_name(); "?" for a number that has no name here. Static. */
const char *capability_name(unsigned capability) _const_;

/* The architecture's name in "arches" of a condition ("amd64"); NULL where the engine has none. */
const char *context_arch_label(Dialect d, uint32_t arch) _const_;

/* Does the engine find the entry of this host in "archMap"? Where not, it lists no architecture. */
bool context_arch_map_works(Dialect d, uint32_t arch) _const_;

/* "runc", "crun", "systemd". */
const char *runtime_name(Runtime r) _const_;

/* The inverse, of container runtimes; -EINVAL. */
int runtime_from_name(Span name, Runtime *ret);
