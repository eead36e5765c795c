/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The frame of a page of the report: one file that asks nobody for anything. Its policy allows one
 * style and one script, named by their hashes, and nothing else. */
#include "ctl/html.h"

/* Up to where the sections begin. @title is a stranger's. 0, or -ENOSYS without a hash. */
int report_page_begin(Buffer *b, Span title);

/* @made: when, which is said at its end. */
void report_page_end(Buffer *b, usec_t made);

/* A section with its heading; @id is for links, @note (may be NULL) stands beside the heading. */
void report_section_begin(Buffer *b, const char *id, const char *heading, const char *note);
void report_section_end(Buffer *b);

/* How things stand: each has its sign and its word, so that no colour is needed to read it. */
typedef enum ReportTone {
	REPORT_PLAIN,
	REPORT_GOOD,
	REPORT_WARN,
	REPORT_BAD,
	REPORT_UNKNOWN,
	_REPORT_TONE_MAX
} ReportTone;

void report_badge(Buffer *b, ReportTone tone, const char *word);

/* A figure with what it is of; @value is markup. */
void report_figure(Buffer *b, const char *label, const char *value, const char *note);

/* What begins a table that sorts and filters; the columns' titles, the numeric ones marked. */
typedef struct ReportColumn {
	const char *title;
	bool number;
} ReportColumn;

/* @kind is the table's class, by which the style knows its columns. */
void report_table_begin(Buffer *b, const char *kind, const char *caption,
			const ReportColumn *columns, size_t n);
void report_table_end(Buffer *b);

/* A cell that sorts by a number, and holds it. */
void report_cell_count(Buffer *b, uint64_t n);
void report_cell_time(Buffer *b, usec_t t);
void report_cell_name(Buffer *b, Span s);
void report_cell_str(Buffer *b, const char *s);
