/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Where the daemon keeps its ledger and its tally: the two keys of seccompd.conf(5) that the client
 * must know. */
#include "util/error.h"

typedef struct CtlConfig {
	char *ledger; /* NULL: not configured */
	char *tally;
} CtlConfig;

void ctl_config_done(CtlConfig *c);
#define _cleanup_ctl_config_ _cleanup_(ctl_config_done)

/* Reads DIR/seccompd.conf and then the .conf files of DIR/seccompd.conf.d by name; the last one
 * that sets a key wins, and no file at all is fine. -EBADMSG with a sentence in @d for a file that
 * cannot be read and for a path that is not absolute. */
int ctl_config_read(const char *dir, CtlConfig *ret, Diag *d);
