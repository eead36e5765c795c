/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Structures with large text fields, most of them empty, in the bytes that they use: runs of zeros
 * are left out. For memory only; the form is nobody's contract. */
#include "util/buffer.h"

/* Appends the @n bytes at @from. */
void pack_zeros(const void *from, size_t n, Buffer *out);

/* Fills the @n bytes at @to from what pack_zeros() made of so many. -EBADMSG for anything else. */
int unpack_zeros(Span packed, void *to, size_t n);
