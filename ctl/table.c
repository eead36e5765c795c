/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>

#include "ctl/table.h"
#include "util/text.h"

#define CELL_TEXT_MAX 1024

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

/* Characters of a valid UTF-8 text: its bytes without continuation bytes. */
static size_t text_width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
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
	c->width = text_width(c->text);
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
	size_t width = text_width(t->columns[column].title);

	for (size_t i = column; i < t->n_cells; i += t->n_columns)
		width = MAX(width, t->cells[i].width);
	return width;
}

/* Blanks that belong behind a cell are held back until another cell follows. */
typedef struct Line {
	FILE *f;
	size_t blanks;
} Line;

static void put(Line *line, const char *text, size_t width, size_t column, bool right,
		const char *code)
{
	size_t pad = column > width ? column - width : 0;

	if (right)
		line->blanks += pad;
	if (width > 0) {
		fprintf(line->f, "%*s", (int)line->blanks, "");
		line->blanks = 0;
		fprintf(line->f, "%s%s%s", code ?: "", text, code ? "\x1b[0m" : "");
	}
	line->blanks += 2 + (right ? 0 : pad);
}

static void print_header(const Table *t, const size_t *widths, FILE *f, bool color)
{
	Line line = { .f = f };

	for (size_t c = 0; c < t->n_columns; c++)
		put(&line, t->columns[c].title, text_width(t->columns[c].title), widths[c],
		    t->columns[c].right, color ? "\x1b[1m" : NULL);
	fputc('\n', f);
}

static void print_row(const Table *t, size_t first, const size_t *widths, FILE *f, bool color)
{
	Line line = { .f = f };

	for (size_t c = 0; c < t->n_columns && first + c < t->n_cells; c++) {
		const Cell *cell = &t->cells[first + c];

		put(&line, cell->text, cell->width, widths[c], t->columns[c].right,
		    color ? tone_codes[cell->tone] : NULL);
	}
	fputc('\n', f);
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
	print_header(t, widths, f, color);
	for (size_t i = 0; i < t->n_cells; i += t->n_columns)
		print_row(t, i, widths, f, color);
	return ferror(f) ? -EIO : 0;
}
