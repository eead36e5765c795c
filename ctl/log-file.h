/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A file, or "-" for standard input, that a verb reads into a ledger of its own. */
#include <stddef.h>
#include <stdint.h>

/* How to call it in a sentence. */
const char *log_file_name(const char *name);

/* 0, or an exit code after the sentence was printed for @verb. */
int log_file_open(const char *verb, const char *name, int *ret);

/* Bytes of all of them together, to tell how far their reading is; 0 where one has no size. */
uint64_t log_files_size(const char *const *names, size_t n);

/* Before the ledger is made: most of what can be wrong with a file shows at once. Likewise. */
int log_file_check(const char *verb, const char *name, const char *ledger);
