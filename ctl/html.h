/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Text into a page of HTML. Nothing that a stranger wrote can leave its place: what would harm a
 * terminal or turn the direction of what follows is shown as \xHH (util/text.h), what HTML reads as
 * markup becomes a reference, and a name is isolated, so that letters of another direction do not
 * move what stands beside it. All of it is good within an attribute's quotes as well.
 */
#include "util/buffer.h"
#include "util/clock.h"

/* @s as text. */
void html_text(Buffer *b, Span s);
void html_str(Buffer *b, const char *s);
void html_printf(Buffer *b, const char *fmt, ...) _printf_(2, 3);

/* A sentence of ours, in which moments are cut to whole seconds. */
void html_sentence(Buffer *b, const char *s);

/* As html_text() of what has been made safe to show already, as a Diag's sentence has. */
void html_safe(Buffer *b, Span s);

/* A stranger's name: isolated, and cut with a hash of the whole when it is long; "-" for none. */
void html_name(Buffer *b, Span s);

/* A word of a command that a person may copy, quoted for the shell. */
void html_shell_word(Buffer *b, Span s);

/* "1,234,567". */
void html_count(Buffer *b, uint64_t n);

/* "2026-11-22 20:31:05" (UTC) with the exact time for programs; "-" for 0. */
void html_time(Buffer *b, usec_t t);
