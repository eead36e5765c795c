/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "ctl/table.h"
#include "ctl/width.h"
#include "util/text.h"

#define CELL_TEXT_MAX 1024

/* What is shorter says too little to be a column. */
#define COLUMN_WIDTH_MIN 6
#define GAP 2

#define ELLIPSIS "\xe2\x80\xa6"

typedef struct Cell {
	char *text; /* escaped */
	size_t width;
	TableTone tone;
} Cell;

struct Table {
	const TableColumn *columns;
	size_t n_columns;
	size_t n_cells, allocated;
	Cell *cells;
	bool failed;
};

static const char *const tone_codes[_TONE_MAX] = {
	[TONE_DIM] = "\x1b[2m",
	[TONE_GOOD] = "\x1b[32m",
	[TONE_WARN] = "\x1b[33m",
	[TONE_BAD] = "\x1b[31m",
};

const char *table_tone_begin(TableTone tone, bool color)
{
	return color && tone_codes[tone] ? tone_codes[tone] : "";
}

const char *table_tone_end(TableTone tone, bool color)
{
	return color && tone_codes[tone] ? "\x1b[0m" : "";
}

static size_t room; /* 0: as much as it takes */

void table_fit(size_t columns)
{
	room = columns;
}

size_t table_room(void)
{
	return room;
}

Table *table_new(const TableColumn *columns, size_t n)
{
	Table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->columns = columns;
	t->n_columns = n;
	return t;
}

Table *table_free(Table *t)
{
	if (!t)
		return NULL;
	for (size_t i = 0; i < t->n_cells; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(t);
	return NULL;
}

static bool grow(Table *t)
{
	size_t n = t->allocated ? 2 * t->allocated : 64;
	Cell *cells;

	if (t->n_cells < t->allocated)
		return true;
	cells = reallocarray(t->cells, n, sizeof(*cells));
	if (!cells)
		return false;
	t->cells = cells;
	t->allocated = n;
	return true;
}

void table_cell(Table *t, Span text, TableTone tone)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Cell *c;

	if (!t)
		return;
	text_escape(&b, text);
	if (buffer_error(&b) < 0 || !grow(t)) {
		t->failed = true;
		return;
	}
	c = &t->cells[t->n_cells];
	c->text = buffer_steal(&b);
	if (!c->text) {
		t->failed = true;
		return;
	}
	c->width = width_of(c->text);
	c->tone = tone;
	t->n_cells++;
}

void table_cellf(Table *t, TableTone tone, const char *fmt, ...)
{
	char text[CELL_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	table_cell(t, span_of(text), tone);
}

static size_t column_width(const Table *t, size_t column)
{
	size_t width = width_of(t->columns[column].title);

	for (size_t i = column; i < t->n_cells; i += t->n_columns)
		width = MAX(width, t->cells[i].width);
	return width;
}

/* As wide as the title, so that it stays whole. */
static size_t narrowest(const Table *t, size_t column, size_t width)
{
	return MAX(width_of(t->columns[column].title), MIN(width, (size_t)COLUMN_WIDTH_MIN));
}

/* Takes from texts; numbers stay whole. False when that is not enough. */
static bool fit(const Table *t, size_t *widths, size_t wanted)
{
	_cleanup_free_ size_t *least = calloc(t->n_columns, sizeof(*least));
	size_t total = GAP * (t->n_columns - 1);

	for (size_t c = 0; least && c < t->n_columns; c++) {
		total += widths[c];
		least[c] = t->columns[c].right ? widths[c] : narrowest(t, c, widths[c]);
	}
	return least && width_shrink(widths, least, t->n_columns, total, wanted);
}

/* Blanks that belong behind a cell are held back until another cell follows. */
typedef struct Line {
	FILE *f;
	size_t blanks;
} Line;

static void put(Line *line, const char *text, size_t column, bool right, const char *code)
{
	size_t width = width_of(text), n = strlen(text);
	bool cut = width > column;
	size_t pad;

	if (cut) {
		n = width_cut(text, column - 1);
		width = width_of(text) - width_of(text + n) + 1;
	}
	pad = column - width;
	if (right)
		line->blanks += pad;
	if (width > 0) {
		fprintf(line->f, "%*s", (int)line->blanks, "");
		line->blanks = 0;
		fprintf(line->f, "%s%.*s%s%s", code ?: "", (int)n, text, cut ? ELLIPSIS : "",
			code ? "\x1b[0m" : "");
	}
	line->blanks += GAP + (right ? 0 : pad);
}

static void print_header(const Table *t, const size_t *widths, FILE *f, bool color)
{
	Line line = { .f = f };

	for (size_t c = 0; c < t->n_columns; c++)
		put(&line, t->columns[c].title, widths[c], t->columns[c].right,
		    color ? "\x1b[1m" : NULL);
	fputc('\n', f);
}

static void print_row(const Table *t, size_t first, const size_t *widths, FILE *f, bool color)
{
	Line line = { .f = f };

	for (size_t c = 0; c < t->n_columns && first + c < t->n_cells; c++) {
		const Cell *cell = &t->cells[first + c];

		put(&line, cell->text, widths[c], t->columns[c].right,
		    color ? tone_codes[cell->tone] : NULL);
	}
	fputc('\n', f);
}

/* "TITLE: text"; what does not fit goes on in lines of its own, whole. */
static void print_pair(const char *title, const Cell *cell, size_t columns, FILE *f, bool color)
{
	const char *begin = table_tone_begin(cell->tone, color), *text = cell->text;
	const char *end = table_tone_end(cell->tone, color);

	fprintf(f, "%s%s:%s", color ? "\x1b[1m" : "", title, color ? "\x1b[0m" : "");
	if (width_of(title) + 2 + cell->width <= columns) {
		fprintf(f, " %s%s%s\n", begin, text, end);
		return;
	}
	while (*text) {
		/* One character at least, however narrow it is. */
		size_t n = MAX(width_cut(text, columns - MIN(columns, (size_t)GAP)),
			       width_cut(text, 2));

		n = n > 0 ? n : strlen(text);
		fprintf(f, "\n%*s%s%.*s%s", GAP, "", begin, (int)n, text, end);
		text += n;
	}
	fputc('\n', f);
}

/* Where the columns have no room beside each other: one below the other, row by row. */
static void print_pairs(const Table *t, size_t columns, FILE *f, bool color)
{
	for (size_t i = 0; i < t->n_cells; i++) {
		if (i > 0 && i % t->n_columns == 0)
			fputc('\n', f);
		if (t->cells[i].width > 0)
			print_pair(t->columns[i % t->n_columns].title, &t->cells[i], columns, f,
				   color);
	}
}

int table_print(const Table *t, FILE *f, bool color)
{
	_cleanup_free_ size_t *widths = NULL;

	if (!t || t->failed)
		return -ENOMEM;
	widths = calloc(t->n_columns, sizeof(*widths));
	if (!widths)
		return -ENOMEM;
	for (size_t c = 0; c < t->n_columns; c++)
		widths[c] = column_width(t, c);
	if (room > 0 && f == stdout && !fit(t, widths, room)) {
		print_pairs(t, room, f, color);
	} else {
		print_header(t, widths, f, color);
		for (size_t i = 0; i < t->n_cells; i += t->n_columns)
			print_row(t, i, widths, f, color);
	}
	return ferror(f) ? -EIO : 0;
}
