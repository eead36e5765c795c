/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A table of "strace -c" or -C, whatever columns -U asked for. */
#include "util/span.h"

typedef struct StraceTable {
	unsigned columns; /* 0: no table has begun */
	uint32_t calls;   /* its column; UINT32_MAX when there is none */
	uint32_t errors;  /* likewise; a cell of it is empty rather than 0 */
	uint32_t name;
} StraceTable;

/* Is this the head of a table? */
bool strace_table_head(Span line, StraceTable *ret);

enum { STRACE_TABLE_CALL, STRACE_TABLE_RULE, STRACE_TABLE_END };

/* A line below the head: a call with how often it was made (1 where no column says), the rule, or
 * the total, which ends it. -EINVAL: none of them. */
int strace_table_row(const StraceTable *t, Span line, Span *ret_name, uint64_t *ret_count);
