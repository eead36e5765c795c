/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* "top": what is shown (top.c), for programs (top-json.c), and the terminal (top-screen.c). */
#include "ctl/follow.h"
#include "ctl/known.h"

typedef enum TopSort { TOP_RATE, TOP_NEW, TOP_RECORDS, TOP_NAME, _TOP_SORT_MAX } TopSort;

typedef struct TopRow {
	int64_t id;
	char *name, *stage; /* escaped */
	bool blind;
	uint32_t hosts;
	uint64_t records, sightings, fresh;
	double rate; /* of records, per second */
} TopRow;

typedef struct Top {
	const Ctl *ctl;
	TopSort sort;
	Follow follow;
	TopRow *rows;
	size_t n, allocated;
	Known fresh;          /* by workload */
	Known before, middle; /* records by workload, so that rates are of 5 to 10 seconds */
	usec_t before_at, middle_at;
	uint64_t total; /* records of the counters when they were looked at last */
	usec_t total_at;
	double total_rate;
	Lost lost;
} Top;

void top_done(Top *t);
#define _cleanup_top_ _cleanup_(top_done)

/* Looks anew. -errno. */
int top_look(Top *t, usec_t clock);
void top_order(Top *t);

/* The lines: two about the whole, one of titles, one of a row; none is wider than @width. */
#define TOP_HEAD_LINES 2
void top_head(const Top *t, unsigned line, size_t width, Buffer *out);
void top_titles(const Top *t, size_t width, Buffer *out);
void top_row(const Top *t, const TopRow *row, size_t width, Buffer *out);

/* An object for each row, and one for the whole. */
int top_json(const Top *t);

int top_sort_from_name(const char *name, TopSort *ret);

/* The terminal until it ends, or for @count pictures (0: any number); an exit code. */
int top_screen(Top *t, unsigned ms, uint32_t count);
