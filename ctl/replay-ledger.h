/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The ledger that "replay" and "merge" write, whatever it is made from: all of it or nothing. */
#include "ctl/ctl.h"
#include "evidence/ledger.h"

typedef int (*ReplayOpen)(const char *path, Ledger **ret, Diag *d);

/* Fills @l, within a transaction, and says whether that changed it. 0, or an exit code after the
 * sentence was printed: then the ledger stays as it was. */
typedef int (*ReplayFill)(Ledger *l, void *userdata, bool *ret_changed);

/* For @verb opens the ledger @path by @open, fills it, and closes it; one that was made for nothing
 * goes. 0 or an exit code. */
int replay_into(const char *verb, const char *path, ReplayOpen open, ReplayFill fill,
		void *userdata);

/* Says why it cannot be written, of -errno @r; the exit code. */
int replay_explain(const char *verb, const char *path, const Ledger *l, int r);
