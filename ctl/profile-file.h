/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include <stddef.h>

/* Reads the profile that the user named ("-" is standard input); the caller frees *ret. 0, or an
 * exit code after a complaint. */
int profile_file_read(const char *verb, const char *path, char **ret, size_t *ret_n);
