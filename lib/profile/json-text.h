/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A value of a scanned document written out again on one line, in ASCII: no blanks, each character
 * of a string in one form only (what is not printable ASCII as \uXXXX). Numbers and the order of
 * members stay as they are. Safe on a terminal, and the same for every JSON reader.
 */
#include "profile/scan.h"
#include "util/buffer.h"

void json_text_value(const Scan *s, const ScanNode *node, Buffer *out);

/* What stands between a string's quotes, in that form. With @pointer it is a step of a JSON pointer
 * (RFC 6901): ~ and / become ~0 and ~1. */
void json_text_string(Span raw, bool pointer, Buffer *out);
