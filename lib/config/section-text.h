/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A text of sections that programs write, and people edit and review: the form of seccompd.conf(5),
 * read leniently. A line that is wrong is complained of and left out, all others hold. Sections
 * keep their places in the text, so that one can be taken out or added and the rest, comments and
 * sections that nobody here knows included, stays as it was.
 *
 * In a value \xHH is a byte: so stand backslashes, # and ;, control characters and bytes that are
 * no UTF-8.
 */
#include "util/buffer.h"
#include "util/error.h"

#define SECTION_TEXT_MAX ((size_t)1 << 20)
#define SECTION_TEXT_SECTIONS_MAX 512
#define SECTION_COMPLAINTS_MAX 8 /* further ones are counted */

typedef struct SectionKey {
	char *key, *value; /* the value's escapes are resolved */
	unsigned line;
} SectionKey;

typedef struct Section {
	char *name;
	unsigned line;
	size_t begin, end; /* from the start of its head to the end of its last key's line */
	SectionKey *keys;
	size_t n_keys;
} Section;

typedef struct SectionText {
	Section *sections;
	size_t n;
	Diag complaints[SECTION_COMPLAINTS_MAX]; /* each with its line */
	size_t n_complaints, n_unsaid;
} SectionText;

/* -EFBIG above SECTION_TEXT_MAX, -ENOMEM. What is wrong in the text is in .complaints. */
int section_text_read(Span text, SectionText *ret);
void section_text_done(SectionText *t);
#define _cleanup_section_text_ _cleanup_(section_text_done)

/* One more complaint, as by the reader; for what a line means. */
void section_text_complain(SectionText *t, unsigned line, const char *fmt, ...) _printf_(3, 4);

const Section *section_find(const SectionText *t, const char *name) _pure_;

/* NULL when the section has no such key. */
const char *section_get(const Section *s, const char *key) _pure_;

/* "Key=value" and a line's end. */
void section_write_key(Buffer *out, const char *key, Span value);

/* @text without these sections of it, in the order of their places, and the blank lines behind
 * each. */
void section_remove(Span text, const Section *const *sections, size_t n, Buffer *out);
