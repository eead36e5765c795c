/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/out-file.h"
#include "evidence/ledger.h"
#include "seccompd/exit-codes.h"
#include "util/file.h"

typedef struct Kept {
	const char *path, *suffix, *what;
} Kept;

/* Also where it is not there now, as a log of SQLite between two writers. */
static bool is_meant(const char *path, const Kept *k)
{
	_cleanup_free_ char *other = NULL, *folder = NULL, *other_folder = NULL;

	if (!k->path)
		return false;
	if (asprintf(&other, "%s%s", k->path, k->suffix) < 0) {
		other = NULL;
		return false;
	}
	if (file_is_same(path, other))
		return true;
	folder = strdup(path);
	other_folder = strdup(other);
	return folder && other_folder && strcmp(basename(folder), basename(other_folder)) == 0 &&
	       file_is_same(dirname(folder), dirname(other_folder));
}

/* A file that is there already, and whose folder holds nothing that may be replaced. */
static bool is_inside(const char *path, const Kept *k)
{
	_cleanup_free_ char *real = realpath(path, NULL), *folder = NULL;

	if (!real || !k->path || asprintf(&folder, "%s%s", k->path, k->suffix) < 0)
		return false;
	return file_is_same(dirname(real), folder);
}

static int refuse(const char *verb, const char *path, const char *what)
{
	return ctl_fail(SECCOMPD_EXIT_USAGE, verb,
			"-o %s would replace %s: nothing was written; name another file", path,
			what);
}

int out_file_check_profile(const char *verb, const char *path, const char *profile)
{
	return path && profile && file_is_same(path, profile)
		       ? refuse(verb, path, "the profile that is read")
		       : 0;
}

int out_file_check(const Ctl *ctl, const char *verb, const char *path, const char *profile,
		   const char *workloads)
{
	const Kept files[] = {
		{ ctl->ledger_path, "", "the ledger" },
		{ ctl->ledger_path, "-wal", "the ledger's log" },
		{ ctl->ledger_path, "-shm", "the index of the ledger's log" },
		{ ctl->ledger_path, ".lock", "the ledger's lock" },
		{ ctl->tally_path, "", "the tally" },
		{ ctl->config_path, "", "the configuration" },
	};
	const Kept folders[] = {
		{ ctl->config_path, ".d", "a part of the configuration" },
		{ ctl->workloads_dir, "", "what was decided about a workload" },
		{ workloads, "", "what was decided about a workload" },
	};

	if (!path)
		return 0;
	for (size_t i = 0; i < ELEMENTSOF(files); i++)
		if (is_meant(path, &files[i]))
			return refuse(verb, path, files[i].what);
	for (size_t i = 0; i < ELEMENTSOF(folders); i++)
		if (is_inside(path, &folders[i]))
			return refuse(verb, path, folders[i].what);
	/* Another ledger, or what somebody else would miss as much. */
	return ledger_is_database(path) ? refuse(verb, path, "a database")
					: out_file_check_profile(verb, path, profile);
}

int out_file_write(const char *verb, const char *path, Span data)
{
	int r = file_replace(path, data, 0644);

	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "cannot write %s: %s", path,
				r == -EINVAL ? "it is no regular file" : strerror(-r));
	return 0;
}
