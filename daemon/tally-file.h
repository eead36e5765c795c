/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The tally's file: opened, taken over, and replaced when it cannot be used. */
#include "evidence/tally.h"

/* Does @path lead to @fd no more? Nobody sees what is counted then. */
bool tally_file_is_lost(const char *path, int fd);

/* Opens or makes @path (and its folder's last part) and takes it over. A file of another version or
 * a damaged one is set aside as PATH.corrupt. *ret_fd must stay open as long as the tally. */
int tally_file_open(const char *path, uint64_t seed, int *ret_fd, Tally **ret, Diag *d);
