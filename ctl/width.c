/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/width.h"
#include "util/text.h"

static size_t character_width(uint32_t c)
{
	static const struct {
		uint32_t first, last;
		size_t width;
	} ranges[] = {
		{ 0x300, 0x36f, 0 },     { 0x1100, 0x115f, 2 },   { 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0xa4cf, 2 },   { 0xac00, 0xd7a3, 2 },   { 0xf900, 0xfaff, 2 },
		{ 0xfe00, 0xfe0f, 0 },   { 0xfe30, 0xfe6f, 2 },   { 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 }, { 0x1f900, 0x1faff, 2 },
		{ 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < ELEMENTSOF(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].width;
	return 1;
}

/* Walks as far as @columns go. */
static size_t walk(const char *s, size_t columns, size_t *ret_width)
{
	Span rest = span_of(s);
	size_t width = 0;

	while (rest.n > 0) {
		uint32_t c = 0;
		size_t n = text_utf8_decode(rest, &c), w = n > 0 ? character_width(c) : 1;

		if (width + w > columns)
			break;
		width += w;
		rest = span_from(rest, n > 0 ? n : 1);
	}
	*ret_width = width;
	return (size_t)(rest.p - s);
}

size_t width_of(const char *s)
{
	size_t width;

	(void)walk(s, SIZE_MAX, &width);
	return width;
}

size_t width_cut(const char *s, size_t columns)
{
	size_t width;

	return walk(s, columns, &width);
}

/* SIZE_MAX: none can give anything. */
static size_t find_widest(const size_t *widths, const size_t *least, size_t n)
{
	size_t widest = SIZE_MAX;

	for (size_t i = 0; i < n; i++)
		if (widths[i] > least[i] && (widest == SIZE_MAX || widths[i] > widths[widest]))
			widest = i;
	return widest;
}

bool width_shrink(size_t *widths, const size_t *least, size_t n, size_t total, size_t room)
{
	for (; total > room; total--) {
		size_t widest = find_widest(widths, least, n);

		if (widest == SIZE_MAX)
			return false;
		widths[widest]--;
	}
	return true;
}
