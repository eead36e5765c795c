/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "ctl/html.h"
#include "util/text.h"

#define NAME_SHOWN 160 /* bytes of a name, with the hash of what is cut */

static const char *reference(char c)
{
	static const struct {
		char c;
		const char *text;
	} references[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};

	for (size_t i = 0; i < ELEMENTSOF(references); i++)
		if (references[i].c == c)
			return references[i].text;
	return NULL;
}

void html_safe(Buffer *b, Span s)
{
	size_t plain = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *text = reference(s.p[i]);

		if (!text)
			continue;
		buffer_add(b, span_make(s.p + plain, i - plain));
		buffer_add_str(b, text);
		plain = i + 1;
	}
	if (plain < s.n)
		buffer_add(b, span_from(s, plain));
}

void html_text(Buffer *b, Span s)
{
	_cleanup_buffer_ Buffer safe = BUFFER_NULL;

	text_escape(&safe, s);
	if (buffer_error(&safe) < 0)
		b->error = b->error ?: buffer_error(&safe);
	else
		html_safe(b, buffer_span(&safe));
}

void html_str(Buffer *b, const char *s)
{
	html_text(b, span_of(s));
}

/* How much of @s is ".123456Z" behind a moment's seconds; 0: it is something else. */
static size_t fraction(const char *start, const char *s)
{
	size_t n = 1;

	if (*s != '.' || s < start + 9 || s[-3] != ':' || s[-6] != ':' || s[-9] != 'T')
		return 0;
	while (s[n] >= '0' && s[n] <= '9')
		n++;
	return n > 1 && s[n] == 'Z' ? n : 0;
}

void html_sentence(Buffer *b, const char *s)
{
	const char *from = s;

	for (const char *p = s; *p; p++) {
		size_t n = fraction(s, p);

		if (n == 0)
			continue;
		html_text(b, span_make(from, (size_t)(p - from)));
		from = p += n;
	}
	html_str(b, from);
}

void html_printf(Buffer *b, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		b->error = b->error ?: -ENOMEM;
		return;
	}
	html_str(b, text);
}

void html_name(Buffer *b, Span s)
{
	char shown[NAME_SHOWN];

	if (s.n == 0) {
		buffer_add_str(b, "-");
		return;
	}
	buffer_add_str(b, "<bdi>");
	html_str(b, text_fit(s, shown, sizeof(shown)));
	buffer_add_str(b, "</bdi>");
}

void html_shell_word(Buffer *b, Span s)
{
	_cleanup_buffer_ Buffer word = BUFFER_NULL;

	text_shell_word(&word, s);
	if (buffer_error(&word) < 0)
		b->error = b->error ?: buffer_error(&word);
	else
		html_safe(b, buffer_span(&word));
}

void html_count(Buffer *b, uint64_t n)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			buffer_add_char(b, ',');
		buffer_add_char(b, digits[i]);
	}
}

void html_time(Buffer *b, usec_t t)
{
	char text[CLOCK_RFC3339_SIZE];

	if (t == 0) {
		buffer_add_str(b, "-");
		return;
	}
	clock_format_rfc3339(t, text);
	buffer_printf(b, "<time datetime=\"%s\">%.10s %.8s</time>", text, text, text + 11);
}
