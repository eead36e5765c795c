/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * SIGHUP: the configuration is read again. The socket, the counts and the history of processes
 * stay; a configuration that is wrong changes nothing. On the manager's loop, the one thread that
 * reads the configuration.
 */
#include "daemon/config.h"

typedef struct Manager Manager;

/* Moves all of @from that can change while the daemon runs into @to, and what was there into @from.
 * The keys that differ and wait for a restart are appended to @waiting, with commas between; how
 * many is returned. */
unsigned config_take(Config *to, Config *from, char *waiting, size_t size);

/* Reads it again, says how that went, to the log and to the service manager. */
void reload(Manager *m);
