/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The daemon's configuration: its defaults, the files over them, the command line over these. */
#include "config/config.h"

/* The defaults; -ENOMEM. */
int config_init(Config *c);

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
