/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * seccompd.conf(5): FILE and then FILE.d/<name>.conf in the order of their names, later files
 * winning. Keys are single-valued. A repeated key or section within one file, an unknown key and a
 * bad value are errors with file and line; nothing is guessed.
 *
 * The daemon and the client read all of it, so that both refuse the same mistakes.
 */
#include "config/daemon-section.h"
#include "config/gate-section.h"
#include "config/profile-path.h"
#include "config/risk-section.h"
#include "config/state-section.h"
#include "config/workload-section.h"

/* Owns its texts. */
typedef struct Config {
	DaemonSection daemon;
	char *profile_path;
	StateSection state;
	RiskSettings risks;
	WorkloadRules workloads;
	GateSection gate;
} Config;

void config_done(Config *c);
#define _cleanup_config_ _cleanup_(config_done)

/* Reads @path and its drop-ins over @c. With @must_exist a missing file is an error. @d gets the
 * sentence, @ret_file (freed by the caller, may be NULL) the file that it is about. */
int config_read(Config *c, const char *path, bool must_exist, Diag *d, char **ret_file);
