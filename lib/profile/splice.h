/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * One change of a JSON text by splicing bytes. What is new takes the style of its neighbours: their
 * separators, indent and line ends. Each function writes the whole new text to @out, which is
 * failed when memory was short.
 */
#include "profile/scan.h"
#include "util/buffer.h"

/* How the text around a place is written. */
typedef struct SpliceStyle {
	bool lines;           /* one member to a line; otherwise all on one */
	bool name_lines;      /* lists of names one to a line as well */
	const char *line_end; /* "\n" or "\r\n" */
	Span base, unit;      /* indent of the value's own line, and of one level more */
	Span colon;           /* between a key and its value */
} SpliceStyle;

/* From the last line break of @s on, with its CR; all of @s when it has none. */
Span splice_last_line(Span s) _pure_;

/* The style of a new item of @container, by its last item or by what stands around. */
SpliceStyle splice_style(const Scan *s, const ScanNode *container);

/* Indent @depth levels below the style's own on a new line, or a blank where all is on one line
 * (none when @tight). */
void splice_break(const SpliceStyle *style, unsigned depth, bool tight, Buffer *b);

void splice_replace(const Scan *s, const ScanNode *node, Span value, Buffer *out);

/* A further item of an array, or member ("key": value, written out) of an object. */
void splice_append(const Scan *s, const ScanNode *container, Span item, Buffer *out);

/* A further member right behind @node, which is one of @object's. */
void splice_insert_after(const Scan *s, const ScanNode *object, const ScanNode *node, Span item,
			 Buffer *out);

/* Takes @node out of @container, with its comma. */
void splice_remove(const Scan *s, const ScanNode *container, const ScanNode *node, Buffer *out);
