/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Which file a filter was made from: the one in the folders of ProfilePath= that, read as the
 * engine reads it for this container, means the same. No engine's record of a path is believed; it
 * only breaks a tie.
 */
#include "ctl/context.h"
#include "ctl/evidence.h"
#include "ctl/inventory.h"
#include "ctl/profile-folder.h"

typedef struct ProfilesInUse ProfilesInUse;

/* @places as ProfilePath=. -ENOMEM. */
int profiles_in_use_open(const char *places, ProfilesInUse **ret);
ProfilesInUse *profiles_in_use_free(ProfilesInUse *p);
DEFINE_CLEANUP(ProfilesInUse, profiles_in_use_free);

typedef struct FilesInUse {
	const char **paths; /* sorted; they belong to the ProfilesInUse */
	size_t n;
	const char *one; /* the file, when there is just one or the engine names one of them */
	bool known;      /* is there a filter to look for? */
	bool differ;     /* containers of the workload run under different ones */
} FilesInUse;

void files_in_use_done(FilesInUse *f);
#define _cleanup_files_in_use_ _cleanup_(files_in_use_done)

/*
 * For all that runs of the workload; for one that does not, the filter that @l recorded last, read
 * as its engine reads it for a container with the engine's default capabilities. -ENOMEM.
 */
int profiles_in_use_of(ProfilesInUse *p, const Instances *now, Ledger *l, const Workload *w,
		       FilesInUse *ret);

/* "none of the 14 files in ...": where was looked, and what could not be read there. */
int profiles_in_use_explain_none(const ProfilesInUse *p, Buffer *out);

/*
 * For who named no file: the one file of @w, which is said on standard error, or NULL after a
 * sentence that tells what to do. The path is @p's.
 */
const char *profiles_in_use_choose(ProfilesInUse *p, const char *verb, const Instances *now,
				   Ledger *l, const Workload *w);
