/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What "replay" is told on the command line. */
#include "ctl/ctl.h"
#include "evidence/replay.h"

typedef struct ReplayOptions {
	const char *ledger;
	bool json;

	/* logs */
	ReplaySelection selection;
	char *const *files;
	int n_files;

	/* journals */
	bool journal, merge;
	const char *directory;
	const char **journals; /* --file */
	size_t n_journals;
	const char *id; /* of the one ledger that is wanted */
} ReplayOptions;

void replay_options_done(ReplayOptions *o);
#define _cleanup_replay_options_ _cleanup_(replay_options_done)

/* 0, -1 when help was printed, or an exit code. */
int replay_options_parse(const Ctl *ctl, int argc, char **argv, ReplayOptions *ret);
