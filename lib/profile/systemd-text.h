/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The text of unit files as systemd reads it (systemd.syntax(7)): sections, assignments, comments,
 * lines that a backslash at their end continues. Several files may stand one after the other, as
 * "systemctl cat" prints them.
 */
#include "util/span.h"

#define SYSTEMD_WORD_MAX 128

typedef enum SystemdLineKind {
	SYSTEMD_SECTION,     /* .section has its name */
	SYSTEMD_ASSIGNMENT,  /* .key, .value */
	SYSTEMD_BAD_SECTION, /* a head without "]": systemd loads no such file */
	SYSTEMD_BAD_LINE,    /* no "=", or nothing before it: ignored */
} SystemdLineKind;

typedef struct SystemdLine {
	SystemdLineKind kind;
	Span section; /* "" before the first head of a file */
	Span key;
	Span value; /* as it stands there, with the comments inside of it; read it by words */
	Span at;    /* what the line is about: the key, the head, or the line */
	Span file;  /* of the "# /path" line that "systemctl cat" puts first; .p NULL when none */
} SystemdLine;

typedef struct SystemdText {
	Span text, rest;
	Span section, file;
} SystemdText;

void systemd_text_init(SystemdText *t, Span text);

/* False at the end. Spans point into the text. */
bool systemd_text_next(SystemdText *t, SystemdLine *ret);

/* One of several files in a text. */
typedef struct SystemdPart {
	Span path; /* of its mark; empty before the first */
	Span body; /* without it */
} SystemdPart;

/* The next file of @rest, which is moved behind it. False at the end. */
bool systemd_text_part(Span *rest, SystemdPart *ret);

/*
 * The next word of a value, which is moved behind it. Backslashes are taken out, as systemd does; a
 * word that is too long for @buf is cut. False when there is none. *ret_at is where it stands.
 */
bool systemd_word(Span *value, char buf[static SYSTEMD_WORD_MAX], Span *ret_at);

/* Nothing but blanks: an assignment that resets. */
bool systemd_is_empty(Span value);

/* A "~" at the front of a list, which is moved behind it. */
bool systemd_inverts(Span *value);

/* Line and column (in bytes) of what points into @text, 1-based. */
void systemd_place(Span text, const char *at, unsigned *ret_line, unsigned *ret_column);
