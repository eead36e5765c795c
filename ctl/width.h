/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Columns that a text takes on a terminal: wide characters two, those that combine none. */
#include "util/span.h"

size_t width_of(const char *s) _pure_;

/* The bytes of @s that fit into @columns, whole characters. */
size_t width_cut(const char *s, size_t columns) _pure_;

/* Takes from the widest of @n columns, none below its @least, until their @total is @room; false
 * when that is not enough. */
bool width_shrink(size_t *widths, const size_t *least, size_t n, size_t total, size_t room);
