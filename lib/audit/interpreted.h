/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The fields of a record as "ausearch -i" prints them: names in place of numbers, and comm= and
 * exe= as they are, neither quoted nor escaped. A process can write any field into its own name, so
 * nothing that is read from such a line is proof of anything.
 */
#include "audit/record.h"

/*
 * Like record_parse(). .comm and .exe are the plain text. A word that names no one number is an
 * absent field, with .nr -1 or .code 0xffffffff: "kill" is what Debian 12's ausearch prints for
 * KILL_PROCESS and for KILL_THREAD.
 */
int interpreted_parse(Span body, Record *ret, const char **ret_reason);
