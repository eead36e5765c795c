/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * systemd's groups of system calls ("@system-service"), as the installed systemd has them: they
 * change from version to version, so its own tool is asked for them ("systemd-analyze
 * syscall-filter") and its output read here.
 */
#include "util/error.h"
#include "util/span.h"

#define SYSTEMD_GROUPS_TEXT_MAX ((size_t)512 << 10) /* that of systemd 252 has 18 KiB */
#define SYSTEMD_GROUPS_MAX 128
#define SYSTEMD_GROUP_CALLS_MAX 4096

typedef struct SystemdGroup {
	Span name;   /* "@clock" */
	Span *calls; /* with those of the groups inside of it; sorted, without repeats */
	size_t n;
} SystemdGroup;

typedef struct SystemdGroups {
	char *text; /* that all spans point into */
	SystemdGroup *groups;
	size_t n;
} SystemdGroups;

/* -EBADMSG with a sentence when @text is no such output; -E2BIG, -ENOMEM. */
int systemd_groups_parse(Span text, SystemdGroups *ret, Diag *d);
void systemd_groups_done(SystemdGroups *g);
#define _cleanup_systemd_groups_ _cleanup_(systemd_groups_done)

/* @name with its "@"; NULL when there is no such group. */
const SystemdGroup *systemd_groups_find(const SystemdGroups *g, Span name) _pure_;

bool systemd_group_has(const SystemdGroup *group, Span call) _pure_;
