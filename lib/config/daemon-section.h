/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The section [seccompd] of seccompd.conf(5), but for the keys that other files of this folder
 * take: what the daemon reads from, and where it writes. */
#include "config/config-file.h"

#define DAEMON_SOURCES "netlink, auditd, journal, file:PATH or -"

/* Owns its texts; NULL is not configured. */
typedef struct DaemonSection {
	char *source; /* "netlink", "auditd", "journal", "file:PATH" or "-" */
	char *ledger;
	char *tally;
	uint64_t receive_buffer; /* bytes */
	bool journal;
	bool lineage;
	bool backfill;
	char *metrics_file;
	char *workloads_dir;
} DaemonSection;

void daemon_section_done(DaemonSection *s);

/* The last that a line is given to: 0 when it is in @s now, else -EINVAL (-ENOMEM) with a sentence
 * in @d, also for a section or a key that nobody has. */
int daemon_section_take(const ConfigLine *line, DaemonSection *s, Diag *d);

/* -EINVAL when @value is none of DAEMON_SOURCES. */
int daemon_section_set_source(DaemonSection *s, const char *value);
