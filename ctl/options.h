/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include <getopt.h>
#include <stdbool.h>

/* getopt_long() that complains in our voice, of a wrong word with the closest of @options. Its '?'
 * is the same: the sentence was printed. @verb may be NULL. */
int ctl_getopt(const char *verb, int argc, char **argv, const char *letters,
	       const struct option *options);

/* What each verb takes besides its own options, anywhere among them. */
typedef struct CommonOptions {
	const struct option *options;
	/* 0, or anything else after a complaint. */
	int (*take)(int c, const char *arg);
	/* All that is known now, before the verb goes on: it was read to the end, or @help is. */
	void (*parsed)(bool help);
} CommonOptions;

/* For every ctl_getopt() with a verb behind this; @common is borrowed. An option of the verb's own
 * that is called the same comes first. */
void ctl_getopt_common(const CommonOptions *common);
