/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * seccompd.conf(5): FILE and then FILE.d/<name>.conf in the order of their names, later files
 * winning. Keys are single-valued. A repeated key or section within one file, an unknown key and a
 * bad value are errors with file and line; nothing is guessed.
 */
#include "config/daemon-section.h"
#include "config/gate-section.h"
#include "config/profile-path.h"
#include "config/risk-section.h"
#include "config/state-section.h"
#include "config/workload-section.h"

typedef struct Config {
	DaemonSection daemon;
	char *profile_path; /* read by seccompctl alone */
	StateSection state;
	RiskSettings risks;
	WorkloadRules workloads;
	GateSection gate;
} Config;

int config_init(Config *c);
void config_done(Config *c);
#define _cleanup_config_ _cleanup_(config_done)

/* Reads @path and its drop-ins over @c. With @must_exist a missing file is an error. @d gets the
 * sentence, @ret_file (freed by the caller, may be NULL) the file that it is about. */
int config_read(Config *c, const char *path, bool must_exist, Diag *d, char **ret_file);

/* All that a configuration is made of; texts are borrowed. */
typedef struct ConfigOrigin {
	const char *file;
	bool must_exist;
	const char *ledger, *source; /* of the command line; NULL = not said */
	bool no_journal;
} ConfigOrigin;

/* The defaults, the files, and what the command line says. On failure @ret holds nothing and @d the
 * sentence, with file and line where it is about one. */
int config_load(const ConfigOrigin *origin, Config *ret, Diag *d);

/* What the command line says outranks the files. NULL = not said. A ledger of one's own brings its
 * tally along: LEDGER.tally. */
int config_override(Config *c, const char *ledger, const char *source, Diag *d);
