/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Exit codes of seccompctl, the same for every verb. */

enum {
	SECCOMPD_EXIT_OK = 0,       /* fine, or nothing to do */
	SECCOMPD_EXIT_FINDINGS = 1, /* a suggestion, a gate not met, a lint error */
	SECCOMPD_EXIT_USAGE = 2,
	SECCOMPD_EXIT_INPUT = 3,   /* the input cannot be read */
	SECCOMPD_EXIT_LEDGER = 4,  /* the ledger is not usable */
	SECCOMPD_EXIT_UNKNOWN = 5, /* the evidence is incomplete or blind */
};
