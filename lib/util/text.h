/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Text from strangers made safe to show. Bytes that are not valid UTF-8, control characters
 * (C0, DEL, C1) and a literal backslash become \xHH; everything else is kept. The result is valid
 * UTF-8, harmless on a terminal, and unambiguous.
 */
#include "util/buffer.h"

/* Length of the valid UTF-8 sequence at the start of @s, 0 when there is none. */
size_t text_utf8_length(Span s) _pure_;

/* The same, and the character. */
size_t text_utf8_decode(Span s, uint32_t *ret);

bool text_is_utf8(Span s) _pure_;

void text_escape(Buffer *b, Span s);

/* @s as one word of a command that a person may copy: quoted where it must be, and safe to show.
 * What would not be safe is written in a form that bash knows, $'...'. */
void text_shell_word(Buffer *b, Span s);

/* As text_escape() into a caller's buffer, cut at a character's end. Returns @buf. */
char *text_escape_to(Span s, char *buf, size_t size);

/*
 * Copies @s into @buf. What is longer than @size - 5 bytes, or holds NUL, is cut at a character's
 * end and gets a hash of the whole: two different texts stay two, and none can be chosen to equal
 * one that was cut. Nothing is escaped. Returns @buf; @size is 32 at least.
 */
char *text_fit(Span s, char *buf, size_t size);

/* The word behind a count: "1 call", "2 calls". */
static inline const char *text_plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}
