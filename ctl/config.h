/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the client must know of seccompd.conf(5): where the daemon keeps its ledger and its tally,
 * where runtimes keep their state and people their profiles, how it names workloads, which calls are
 * risky, when a gate is met, and where decisions about workloads are kept. */
#include "config/daemon-section.h"
#include "config/profile-path.h"
#include "config/risk-section.h"
#include "config/gate-section.h"
#include "config/state-section.h"
#include "config/workload-section.h"

typedef struct CtlConfig {
	DaemonSection daemon; /* of it, the ledger, the tally and the workloads' folder */
	char *profile_path;
	StateSection state;
	RiskSettings risks;
	WorkloadRules workloads;
	GateSection gate;
} CtlConfig;

void ctl_config_done(CtlConfig *c);
#define _cleanup_ctl_config_ _cleanup_(ctl_config_done)

/* Reads @path and its drop-ins; without @must_exist no file at all is fine. A section
 * or a key that seccompd.conf(5) does not have is refused. -EBADMSG (-ENOMEM) with a sentence in @d that names file and line. */
int ctl_config_read(const char *path, bool must_exist, CtlConfig *ret, Diag *d);
