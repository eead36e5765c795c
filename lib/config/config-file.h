/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The files of seccompd.conf(5): FILE, then FILE.d/<name>.conf in the order of their names. Knows
 * sections, keys and lines, not what they mean. A section or a key that stands twice within one
 * file, and a line that is none of these, are errors with file and line.
 */
#include "util/error.h"

/* A section's head (.key NULL), or a Key=value of it. Good during the call. */
typedef struct ConfigLine {
	const char *file;
	unsigned line;
	const char *section, *key, *value;
} ConfigLine;

/* Negative ends the reading; the sentence is in @d, the line is added when it has none. */
typedef int (*ConfigTake)(const ConfigLine *line, void *userdata, Diag *d);

/* Hands each line to @take, in order. With @must_exist a missing @path is an error; drop-ins may
 * always be missing. @d gets the sentence, *ret_file the file that it is about (the caller frees;
 * may be NULL). */
int config_file_read(const char *path, bool must_exist, ConfigTake take, void *userdata, Diag *d,
		     char **ret_file);
