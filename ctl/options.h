/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include <getopt.h>

/* getopt_long() that complains in our voice, of a wrong word with the closest of @options. Its '?'
 * is the same: the sentence was printed. @verb may be NULL. */
int ctl_getopt(const char *verb, int argc, char **argv, const char *letters,
	       const struct option *options);
