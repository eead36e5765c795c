/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the two readers of a record share: record.c reads all that is one, record-usual.c what
 * nearly every one looks like, and several times as fast. */
#include "audit/record.h"

/* Length of the string at the start of @text in one of the kernel's three forms, 0 for no such. */
size_t record_text_length(Span text) _pure_;

/* @text is what follows "code=0x": at most 8 lower-case digits ("AUID=" may be next), then nothing
 * or what may follow a record. NULL, or what is wrong. */
const char *record_read_code(Span text, Record *r);

/* False for all that looks like no record of today's kernels, and for what it had rather leave to
 * record_parse(); then @r is not to be used. True says what record_parse() would say. */
bool record_read_usual(Span body, Record *r);
