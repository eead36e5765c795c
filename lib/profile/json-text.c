/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "profile/json-text.h"
#include "util/parse.h"
#include "util/text.h"

/* The character behind a backslash; \u gives UTF-16, one half at a time. Returns the bytes taken.
 */
static size_t read_escape(Span s, uint32_t *ret)
{
	static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
	const char *letter;

	if (s.p[1] == 'u') {
		(void)parse_hex_u32(span_make(s.p + 2, 4), ret);
		return 6;
	}
	letter = strchr(letters, s.p[1]);
	*ret = (unsigned char)(letter ? values[letter - letters] : s.p[1]);
	return 2;
}

static void write_character(uint32_t c, bool pointer, Buffer *out)
{
	if (pointer && (c == '~' || c == '/'))
		buffer_add_str(out, c == '~' ? "~0" : "~1");
	else if (c == '"' || c == '\\')
		buffer_printf(out, "\\%c", (char)c);
	else if (c >= 0x20 && c < 0x7f)
		buffer_add_char(out, (char)c);
	else if (c <= 0xffff)
		buffer_printf(out, "\\u%04x", c);
	else
		buffer_printf(out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
			      0xdc00 + ((c - 0x10000) & 0x3ff));
}

void json_text_string(Span raw, bool pointer, Buffer *out)
{
	uint32_t c = 0;
	size_t n;

	while (raw.n > 0) {
		n = raw.p[0] == '\\' ? read_escape(raw, &c) : text_utf8_decode(raw, &c);
		write_character(c, pointer, out);
		raw = span_from(raw, MAX(n, (size_t)1));
	}
}

static void write_string(Span token, Buffer *out)
{
	buffer_add_char(out, '"');
	json_text_string(span_make(token.p + 1, token.n - 2), false, out);
	buffer_add_char(out, '"');
}

static void write_members(const Scan *s, const ScanNode *node, const char *brackets, Buffer *out)
{
	const char *sep = "";

	buffer_add_char(out, brackets[0]);
	SCAN_EACH(s, node, child)
	{
		buffer_add_str(out, sep);
		sep = ",";
		if (child->key_end > 0) {
			write_string(span_make(s->text.p + child->key_begin,
					       child->key_end - child->key_begin),
				     out);
			buffer_add_char(out, ':');
		}
		json_text_value(s, child, out);
	}
	buffer_add_char(out, brackets[1]);
}

void json_text_value(const Scan *s, const ScanNode *node, Buffer *out)
{
	Span token = span_make(s->text.p + node->begin, node->end - node->begin);

	if (node->kind == SCAN_OBJECT)
		write_members(s, node, "{}", out);
	else if (node->kind == SCAN_ARRAY)
		write_members(s, node, "[]", out);
	else if (node->kind == SCAN_STRING)
		write_string(token, out);
	else
		buffer_add(out, token);
}
