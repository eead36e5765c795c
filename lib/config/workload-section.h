/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The [workload NAME] sections of seccompd.conf(5), for the daemon and the client alike, so that
 * both give a container the same name. */
#include "config/config-file.h"
#include "who/workload-rule.h"

/* 1 when the line belongs to such a section and is in @rules now, 0 when it does not (also a Gate
 * key, which is gate-section.h's), or -errno with a sentence in @d. */
int workload_section_take(const ConfigLine *line, WorkloadRules *rules, Diag *d);

/* When all files are read. @d and *ret_file as config_file_read(). */
int workload_section_finish(WorkloadRules *rules, Diag *d, char **ret_file);
