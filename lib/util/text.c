/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/hash.h"
#include "util/text.h"

typedef struct Utf8Form {
	unsigned char mask, lead;
	unsigned char length;
	uint32_t least; /* smaller values in this form are overlong */
} Utf8Form;

static const Utf8Form utf8_forms[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

size_t text_utf8_decode(Span s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s.p;
	const Utf8Form *form = NULL;
	uint32_t value;

	for (size_t i = 0; s.n > 0 && i < ELEMENTSOF(utf8_forms); i++)
		if ((p[0] & utf8_forms[i].mask) == utf8_forms[i].lead)
			form = &utf8_forms[i];
	if (!form || s.n < form->length)
		return 0;
	value = p[0] & (unsigned char)~form->mask;
	for (size_t i = 1; i < form->length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (p[i] & 0x3f);
	}
	if (value < form->least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*ret = value;
	return form->length;
}

size_t text_utf8_length(Span s)
{
	uint32_t value;

	return text_utf8_decode(s, &value);
}

bool text_is_utf8(Span s)
{
	while (s.n > 0) {
		size_t n = text_utf8_length(s);

		if (n == 0)
			return false;
		s = span_from(s, n);
	}
	return true;
}

/* Characters that would change how a terminal or a reader shows the text around them, and those
 * that nobody sees, with which a name would look like another one. */
static bool is_unsafe(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0, 0x1f },          /* controls */
		{ 0x7f, 0x9f },       /* controls */
		{ 0xad, 0xad },       /* soft hyphen */
		{ 0x61c, 0x61c },     /* Arabic letter mark: direction */
		{ 0x180e, 0x180e },   /* Mongolian vowel separator */
		{ 0x200b, 0x200f },   /* no width, direction */
		{ 0x2028, 0x202e },   /* line ends, direction */
		{ 0x2060, 0x206f },   /* no width, direction */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xfff9, 0xfffb },   /* annotations */
		{ 0xe0000, 0xe007f }, /* tags */
	};

	/* The backslash begins our own escapes. */
	if (c >= 0x20 && c < 0x7f)
		return c == '\\';
	for (size_t i = 0; i < ELEMENTSOF(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* One character of @s in its safe form; returns the bytes it took. */
static size_t escape_one(Span s, char out[17], size_t *ret_out)
{
	uint32_t c = 0;
	size_t n = text_utf8_decode(s, &c);

	if (n > 0 && !is_unsafe(c)) {
		memcpy(out, s.p, n);
		*ret_out = n;
		return n;
	}
	n = n > 0 ? n : 1;
	for (size_t i = 0; i < n; i++)
		snprintf(out + 4 * i, 5, "\\x%02X", (unsigned char)s.p[i]);
	*ret_out = 4 * n;
	return n;
}

void text_escape(Buffer *b, Span s)
{
	char out[17];
	size_t n;

	while (s.n > 0) {
		s = span_from(s, escape_one(s, out, &n));
		buffer_add(b, span_make(out, n));
	}
}

static bool is_plain_word(Span s)
{
	static const char plain[] = "%+,-./:=@_";

	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= 'A' && s.p[i] <= 'Z') && (!s.p[i] || !strchr(plain, s.p[i])))
			return false;
	return s.n > 0;
}

void text_shell_word(Buffer *b, Span s)
{
	_cleanup_buffer_ Buffer safe = BUFFER_NULL;
	const char *quote;

	text_escape(&safe, s);
	if (buffer_error(&safe) < 0) {
		b->error = buffer_error(&safe);
		return;
	}
	if (is_plain_word(s)) {
		buffer_add(b, s);
		return;
	}
	/* Bash's form, where there is an escape for it to resolve. */
	quote = span_eq(buffer_span(&safe), s) ? "'\\''" : "\\'";
	buffer_add_str(b, quote[0] == '\\' ? "$'" : "'");
	for (size_t i = 0; i < safe.n; i++)
		if (safe.p[i] == '\'')
			buffer_add_str(b, quote);
		else
			buffer_add_char(b, safe.p[i]);
	buffer_add_char(b, '\'');
}

char *text_escape_to(Span s, char *buf, size_t size)
{
	size_t at = 0, n;
	char out[17];

	while (s.n > 0) {
		s = span_from(s, escape_one(s, out, &n));
		if (at + n >= size)
			break;
		memcpy(buf + at, out, n);
		at += n;
	}
	buf[at] = '\0';
	return buf;
}

/* Does byte @n begin a character? */
static bool is_character_start(Span s, size_t n)
{
	return n >= s.n || ((unsigned char)s.p[n] & 0xc0) != 0x80;
}

char *text_fit(Span s, char *buf, size_t size)
{
	size_t nul = s.n > 0 ? strnlen(s.p, s.n) : 0, keep;
	char hash[24];

	if (nul == s.n && s.n + 5 <= size) {
		if (s.n > 0)
			memcpy(buf, s.p, s.n);
		buf[s.n] = '\0';
		return buf;
	}
	snprintf(hash, sizeof(hash), "~%016llx", (unsigned long long)hash_bytes(s, 0));
	keep = MIN(nul, size - 1 - strlen(hash));
	for (unsigned back = 0; back < 3 && !is_character_start(s, keep); back++)
		keep--;
	memcpy(buf, s.p, keep);
	memcpy(buf + keep, hash, strlen(hash) + 1);
	return buf;
}
