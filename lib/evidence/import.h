/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What strace wrote, into a ledger of its own: no daemon's records and no logs of the kernel's may
 * be in it, so that no count is of both. A sighting says ACTION_ALLOW, since no filter answered,
 * and MEANS_IMPORTED, with which no workload is ever complete. Errors are those of ledger.h.
 */
#include "audit/strace-log.h"
#include "evidence/ledger.h"

/* As ledger_open_replay(), of such a ledger. */
int import_open(const char *path, Ledger **ret, Diag *d);

typedef struct ImportFile {
	const char *workload;
	const char *runtime, *dialect; /* of the workload, "" = not known */
	const char *digest;            /* of the file's lines */
	const StraceCall *calls;
	size_t n;
} ImportFile;

typedef struct ImportResult {
	uint64_t counted, dropped; /* calls made; those that found no room */
	uint64_t found;            /* different calls that the ledger did not hold */
} ImportResult;

/* Adds a file's calls, within a transaction. Returns 0, or IMPORT_AGAIN when the workload has the
 * same file already and nothing was added. */
enum { IMPORT_AGAIN = 1 };
int import_add(Ledger *l, const ImportFile *f, ImportResult *ret);
