/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Where suggest finds what a unit is made of, and where its drop-in belongs. */
#include "ctl/ctl.h"
#include "profile/systemd-groups.h"

typedef struct UnitFiles {
	char *unit; /* "nginx.service" */
	char *text; /* all of its files, in the order in which systemd reads them */
	size_t n;
	char *dropin; /* the path of ours */
	SystemdGroups groups;
	bool has_groups;
} UnitFiles;

/* Of a workload "unit:NAME": from @profile, or of "systemctl cat" when it is NULL. 0, or an exit
 * code after a complaint. */
int unit_files_read(const char *workload, const char *profile, UnitFiles *ret);
/* A drop-in that is not there yet, and its folder. 0, or an exit code after a complaint. */
int unit_dropin_create(const char *path, Span text);

void unit_files_done(UnitFiles *f);
#define _cleanup_unit_files_ _cleanup_(unit_files_done)
