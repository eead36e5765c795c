/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Aligned columns for people. Widths are those on a terminal (ctl/width.h); lines end without
 * blanks; each cell is escaped, so that no name can move the cursor or forge a row. */
#include "util/span.h"

typedef enum TableTone {
	TONE_PLAIN,
	TONE_DIM,
	TONE_GOOD,
	TONE_WARN,
	TONE_BAD,
	_TONE_MAX
} TableTone;

typedef struct TableColumn {
	const char *title;
	bool right;
} TableColumn;

typedef struct Table Table;

/* @columns is borrowed. NULL when out of memory; the functions below accept NULL. */
Table *table_new(const TableColumn *columns, size_t n);
Table *table_free(Table *t);
DEFINE_CLEANUP(Table, table_free);

/* The next cell, row by row. */
void table_cell(Table *t, Span text, TableTone tone);
void table_cellf(Table *t, TableTone tone, const char *fmt, ...) _printf_(3, 4);

/* From now on, what goes to standard output takes no more than @columns; 0: no end. The widest text
 * is cut first, with an ellipsis, and no number; where that is not enough, the columns of a row
 * stand below each other, whole. */
void table_fit(size_t columns);
size_t table_room(void);

/* The header and the rows. -ENOMEM when any step had failed, -EIO when writing did. */
int table_print(const Table *t, FILE *f, bool color);

/* What begins and ends a tone within a line; "" without @color. Static. */
const char *table_tone_begin(TableTone tone, bool color) _const_;
const char *table_tone_end(TableTone tone, bool color) _const_;
