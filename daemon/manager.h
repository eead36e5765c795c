/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The one object of the daemon. It owns everything, starts the reader's thread and the one
 * that follows containers, and runs the writer on its own loop: signals, the folding of counts, the
 * journal, the watchdog.
 */
#include "daemon/config.h"

typedef struct Manager Manager;

typedef struct ManagerOptions {
	Config *config;             /* borrowed; a reload changes what it holds */
	const ConfigOrigin *origin; /* borrowed: from where a reload takes it anew */
	bool once;                  /* end at the end of a file or pipe */
	const char *opener;         /* the socket of seccompd-open; borrowed */
} ManagerOptions;

/* Opens and checks everything; on failure the sentence is in @d. */
int manager_new(const ManagerOptions *options, Manager **ret, Diag *d);
Manager *manager_free(Manager *m);
DEFINE_CLEANUP(Manager, manager_free);

/* Runs until a signal or the end of the input; 0 or -errno. */
int manager_run(Manager *m);
