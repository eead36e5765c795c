/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "ctl/decode-rows.h"
#include "ctl/table.h"
#include "ctl/width.h"
#include "util/text.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define GAP 2 /* in front of what stands below its title */

/* What is shorter than .least says too little; .leave: by then the column is left out, the first
 * one first. */
static const struct {
	const char *title;
	size_t width, least;
	bool right;
	unsigned leave;
} columns[] = {
	{ "TIME", 14, 14, false, 0 },    { "SERIAL", 10, 10, true, 1 },
	{ "PID", 7, 7, true, 2 },        { "COMM", 15, 8, false, 0 },
	{ "EXE", 30, 8, false, 0 },      { "ARCH", 8, 6, false, 0 },
	{ "SYSCALL", 20, 14, false, 0 }, { "ACTION", 21, 12, false, 0 },
	{ "STATUS", 20, 6, false, 0 },
};
_Static_assert(ELEMENTSOF(columns) == ELEMENTSOF(((DecodeRows *)0)->widths), "as many");
#define LEAVE_MAX 2
#define COLUMN_EXE 4
#define COLUMN_STATUS 8

static size_t total_of(const size_t *widths)
{
	size_t total = 0;

	for (size_t i = 0; i < ELEMENTSOF(columns); i++)
		total += widths[i] + (widths[i] > 0 && total > 0);
	return total;
}

static bool shrink(size_t *widths, size_t room)
{
	size_t least[ELEMENTSOF(columns)];

	for (size_t i = 0; i < ELEMENTSOF(columns); i++)
		least[i] = columns[i].least;
	return width_shrink(widths, least, ELEMENTSOF(columns), total_of(widths), room);
}

/* What is left over, to those that may be longer: why a line was refused, and a quarter to paths.
 */
static void widen(size_t *widths, size_t room)
{
	size_t total = total_of(widths), left = room > total ? room - total : 0;

	widths[COLUMN_EXE] += left / 4;
	widths[COLUMN_STATUS] += left - left / 4;
}

static bool fit(size_t *widths, size_t room)
{
	for (unsigned left = 0; left <= LEAVE_MAX; left++) {
		for (size_t i = 0; i < ELEMENTSOF(columns); i++)
			widths[i] = columns[i].leave > 0 && columns[i].leave <= left
					    ? 0
					    : columns[i].width;
		if (room == 0)
			return true;
		if (shrink(widths, room)) {
			widen(widths, room);
			return true;
		}
	}
	return false;
}

static void put(DecodeRows *rows, const char *text)
{
	size_t column = rows->at, width = width_of(text), n = strlen(text);
	size_t wanted = rows->widths[column];
	bool last = column + 1 == ELEMENTSOF(columns);
	bool cut = table_room() > 0 && !columns[column].right && width > wanted;
	size_t pad;

	if (cut) {
		n = width_cut(text, wanted - 1);
		width = width_of(text) - width_of(text + n) + 1;
	}
	pad = width < wanted ? wanted - width : 0;
	printf("%*s%.*s%s", (int)(rows->blanks + (columns[column].right ? pad : 0)), "", (int)n,
	       text, cut ? ELLIPSIS : "");
	rows->blanks = 1 + (columns[column].right ? 0 : pad);
	if (last) {
		putchar('\n');
		rows->blanks = 0;
	}
}

/* "TITLE: text", and what does not fit in lines of its own. */
static void put_below(DecodeRows *rows, const char *text)
{
	const char *title = columns[rows->at].title;
	size_t room = table_room();

	if (rows->at == 0 && rows->blanks > 0)
		putchar('\n');
	rows->blanks = 1; /* between this line and the next */
	printf("%s:", title);
	if (width_of(title) + 2 + width_of(text) <= room) {
		printf(" %s\n", text);
	} else {
		while (*text) {
			/* One character at least, however narrow it is. */
			size_t n = MAX(width_cut(text, room - MIN(room, (size_t)GAP)),
				       width_cut(text, 2));

			n = n > 0 ? n : strlen(text);
			printf("\n%*s%.*s", GAP, "", (int)n, text);
			text += n;
		}
		putchar('\n');
	}
}

/* The next one's turn. */
static void next(DecodeRows *rows, const char *text)
{
	if (rows->stacked)
		put_below(rows, text);
	else if (rows->widths[rows->at] > 0)
		put(rows, text);
	rows->at = (rows->at + 1) % ELEMENTSOF(columns);
}

static void begin(DecodeRows *rows)
{
	rows->begun = true;
	rows->stacked = !fit(rows->widths, table_room());
	for (size_t i = 0; !rows->stacked && i < ELEMENTSOF(columns); i++)
		next(rows, columns[i].title);
}

void decode_rows_cell(DecodeRows *rows, Span text)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	text_escape(&b, text);
	if (!rows->begun)
		begin(rows);
	next(rows, b.n > 0 ? b.p : "");
}
