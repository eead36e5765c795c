/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A unit's system call filters, as systemd.exec(5) sets them, and the one filter that they come to.
 * systemd loads one for each of SystemCallFilter=, SystemCallLog= and SystemCallArchitectures=, and
 * the kernel takes the strictest answer of them all.
 */
#include "util/buffer.h"

/* More names than there are system calls, and more architectures. */
#define UNIT_NAMES_MAX 1024
#define UNIT_ARCHES_MAX 32

typedef struct UnitNames {
	char **names; /* as on the bus: "name", "name:EPERM", "name:kill" */
	size_t n;
	bool inclusive; /* an allow list; of SystemCallLog=: the ones that are logged */
} UnitNames;

typedef struct UnitFilter {
	UnitNames filter, log;
	UnitNames arches;     /* "native", "x86-64"...; .inclusive has no meaning */
	int32_t error_number; /* SystemCallErrorNumber=; 0 and UNIT_ERROR_KILL kill */
	bool no_new_privs;
	uint64_t capabilities; /* the bounding set: a bit for each */
} UnitFilter;

#define UNIT_ERROR_KILL (INT32_MAX - 1)

void unit_filter_done(UnitFilter *f);
#define _cleanup_unit_filter_ _cleanup_(unit_filter_done)

/* Is there any filter at all? An allow list of nothing is one. */
bool unit_filter_exists(const UnitFilter *f);

/* "EPERM", "1", "kill" as the settings have them: an errno from 0 to 4095, or UNIT_ERROR_KILL.
 * -EINVAL, -ERANGE. */
int unit_error_parse(Span word, int32_t *ret);

/* From "x86-64", "native" to "SCMP_ARCH_X86_64"; NULL for what is none. Static. */
const char *unit_arch_scmp_name(Span word);

/* The inverse, "native" for the host's own; NULL for what systemd cannot name. */
const char *unit_arch_word(const char *scmp_name);

/*
 * Writes it in the form of an OCI configuration's .linux.seccomp. The rule of a deny list stands
 * first. Names that no system call can have are left out. -ENODATA when there is no filter.
 */
int unit_filter_render(const UnitFilter *f, Buffer *out);
