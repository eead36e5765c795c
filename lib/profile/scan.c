/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/scan.h"
#include "util/parse.h"
#include "util/text.h"

typedef struct Scanner {
	Span text;
	size_t at;
	unsigned depth;
	Scan *scan;
	Diag *diag;
} Scanner;

static int scan_value(Scanner *s, uint32_t *ret_node);

void scan_place(Span text, size_t offset, unsigned *ret_line, unsigned *ret_column)
{
	unsigned line = 1;
	size_t start = 0;

	for (size_t i = 0; i < offset && i < text.n; i++)
		if (text.p[i] == '\n') {
			line++;
			start = i + 1;
		}
	*ret_line = line;
	*ret_column = (unsigned)(offset - start) + 1;
}

static int fail_at(Scanner *s, size_t offset, const char *sentence)
{
	unsigned line, column;

	scan_place(s->text, offset, &line, &column);
	return diag_set_at(s->diag, -EBADMSG, line, column, "%s", sentence);
}

static int fail(Scanner *s, const char *sentence)
{
	return fail_at(s, s->at, sentence);
}

static bool more(const Scanner *s)
{
	return s->at < s->text.n;
}

/* The byte at the cursor; 0 at the end (a NUL in the text is no JSON either). */
static unsigned char peek(const Scanner *s)
{
	return more(s) ? (unsigned char)s->text.p[s->at] : 0;
}

static void skip_blanks(Scanner *s)
{
	while (more(s) && strchr(" \t\r\n", s->text.p[s->at]) && s->text.p[s->at])
		s->at++;
}

/* What stands at the cursor instead of what belongs there: the known mistakes by their names. */
static int unexpected(Scanner *s, const char *wanted)
{
	static const struct {
		char first;
		const char *sentence;
	} mistakes[] = {
		{ '\'', "JSON strings take double quotes, not single ones" },
		{ '/', "JSON has no comments: remove this one" },
		{ '#', "JSON has no comments: remove this one" },
		{ 'N', "NaN is no JSON value" },
		{ 'I', "Infinity is no JSON value" },
	};
	char sentence[128];

	if (!more(s))
		return fail(s,
			    "the file ends in the middle: it is cut off, or a bracket is missing");
	for (size_t i = 0; i < ELEMENTSOF(mistakes); i++)
		if (s->text.p[s->at] == mistakes[i].first)
			return fail(s, mistakes[i].sentence);
	snprintf(sentence, sizeof(sentence), "this is no JSON: expected %s here", wanted);
	return fail(s, sentence);
}

static int node_add(Scanner *s, ScanKind kind, uint32_t *ret)
{
	Scan *scan = s->scan;

	if (scan->n_nodes == scan->allocated) {
		uint32_t want = scan->allocated ? scan->allocated * 2 : 256;
		ScanNode *p = reallocarray(scan->nodes, want, sizeof(*p));

		if (!p)
			return -ENOMEM;
		scan->nodes = p;
		scan->allocated = want;
	}
	*ret = scan->n_nodes++;
	scan->nodes[*ret] = (ScanNode){
		.kind = kind, .begin = (uint32_t)s->at, .first = SCAN_NONE, .next = SCAN_NONE
	};
	return 0;
}

static int hex4(Scanner *s, uint32_t *ret)
{
	if (s->text.n - s->at < 4 || parse_hex_u32(span_make(s->text.p + s->at, 4), ret) < 0)
		return fail(s, "\\u takes four hexadecimal digits");
	s->at += 4;
	return 0;
}

static int scan_unicode_escape(Scanner *s)
{
	size_t start = s->at - 2;
	uint32_t high, low;
	int r;

	r = hex4(s, &high);
	if (r < 0)
		return r;
	if (high < 0xd800 || high > 0xdfff)
		return 0;
	if (high < 0xdc00 && s->text.n - s->at >= 6 && memcmp(s->text.p + s->at, "\\u", 2) == 0) {
		s->at += 2;
		r = hex4(s, &low);
		if (r < 0)
			return r;
		if (low >= 0xdc00 && low <= 0xdfff)
			return 0;
	}
	return fail_at(s, start, "half of a surrogate pair is no character");
}

static int scan_escape(Scanner *s)
{
	char c;

	s->at++;
	c = (char)peek(s);
	if (!c || !strchr("\"\\/bfnrtu", c))
		return fail(s, "JSON has no such escape sequence");
	s->at++;
	return c == 'u' ? scan_unicode_escape(s) : 0;
}

/* From the opening quote to behind the closing one. */
static int scan_quoted(Scanner *s)
{
	size_t start = s->at++, n;
	int r;

	while (peek(s) != '"') {
		if (!more(s))
			return fail_at(s, start, "this string has no end");
		if (peek(s) < 0x20)
			return fail(s, "a control character (a line end?) inside a string");
		if (peek(s) == '\\') {
			r = scan_escape(s);
			if (r < 0)
				return r;
			continue;
		}
		n = text_utf8_length(span_from(s->text, s->at));
		if (n == 0)
			return fail(s, "this byte is not valid UTF-8");
		s->at += n;
	}
	s->at++;
	return 0;
}

static size_t skip_digits(Scanner *s)
{
	size_t start = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at - start;
}

static int check_integer(Scanner *s, size_t start)
{
	Span digits = span_make(s->text.p + start, s->at - start);
	uint64_t u;
	int64_t i;

	if ((digits.p[0] == '-' ? parse_i64(digits, &i) : parse_u64(digits, &u)) < 0)
		return fail_at(s, start, "this number does not fit in 64 bits");
	return 0;
}

static int scan_number(Scanner *s)
{
	size_t start = s->at, n;
	bool whole = true;

	if (peek(s) == '-')
		s->at++;
	n = skip_digits(s);
	if (n == 0)
		return unexpected(s, "a digit");
	if (n > 1 && s->text.p[s->at - n] == '0')
		return fail_at(s, start, "a number must not begin with 0");
	if (peek(s) == '.') {
		whole = false;
		s->at++;
		if (skip_digits(s) == 0)
			return unexpected(s, "a digit");
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		whole = false;
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		n = skip_digits(s);
		if (n == 0)
			return unexpected(s, "a digit");
		if (n > 2)
			return fail_at(s, start, "this number is out of range");
	}
	return whole ? check_integer(s, start) : 0;
}

static int scan_word(Scanner *s, const char *word)
{
	if (!span_starts(span_from(s->text, s->at), span_of(word)))
		return unexpected(s, "a value");
	s->at += strlen(word);
	return 0;
}

/* Appends @child to @parent's list. */
static void node_link(Scan *scan, uint32_t parent, uint32_t *last, uint32_t child)
{
	if (*last == SCAN_NONE)
		scan->nodes[parent].first = child;
	else
		scan->nodes[*last].next = child;
	scan->nodes[parent].n_items++;
	*last = child;
}

/* Behind an item: true in *ret_end at the closing bracket. */
static int scan_separator(Scanner *s, char close, bool *ret_end)
{
	char wanted[] = "a comma or '?'";

	skip_blanks(s);
	*ret_end = more(s) && s->text.p[s->at] == close;
	if (*ret_end) {
		s->at++;
		return 0;
	}
	wanted[sizeof(wanted) - 3] = close;
	if (peek(s) != ',')
		return unexpected(s, wanted);
	s->at++;
	skip_blanks(s);
	if (more(s) && s->text.p[s->at] == close)
		return fail(s, "a comma before the closing bracket is no JSON: remove it");
	return 0;
}

static int scan_array(Scanner *s, uint32_t node)
{
	uint32_t last = SCAN_NONE, child;
	bool end;
	int r;

	s->at++;
	skip_blanks(s);
	if (peek(s) == ']') {
		s->at++;
		return 0;
	}
	do {
		r = scan_value(s, &child);
		if (r < 0)
			return r;
		node_link(s->scan, node, &last, child);
		r = scan_separator(s, ']', &end);
		if (r < 0)
			return r;
	} while (!end);
	return 0;
}

static int scan_key_token(Scanner *s, uint32_t *ret_begin, uint32_t *ret_end)
{
	int r;

	skip_blanks(s);
	*ret_begin = (uint32_t)s->at;
	if (peek(s) != '"')
		return unexpected(s, "a key in double quotes");
	r = scan_quoted(s);
	if (r < 0)
		return r;
	*ret_end = (uint32_t)s->at;
	/* Readers that resolve escapes would see another key than a person does. */
	if (memchr(s->text.p + *ret_begin, '\\', *ret_end - *ret_begin))
		return fail_at(s, *ret_begin, "a key must be written without escapes");
	skip_blanks(s);
	if (peek(s) != ':')
		return unexpected(s, "a colon");
	s->at++;
	return 0;
}

static int scan_object(Scanner *s, uint32_t node)
{
	uint32_t last = SCAN_NONE, child, key_begin = 0, key_end = 0;
	bool end;
	int r;

	s->at++;
	skip_blanks(s);
	if (peek(s) == '}') {
		s->at++;
		return 0;
	}
	do {
		r = scan_key_token(s, &key_begin, &key_end);
		if (r < 0)
			return r;
		r = scan_value(s, &child);
		if (r < 0)
			return r;
		s->scan->nodes[child].key_begin = key_begin;
		s->scan->nodes[child].key_end = key_end;
		node_link(s->scan, node, &last, child);
		r = scan_separator(s, '}', &end);
		if (r < 0)
			return r;
	} while (!end);
	return 0;
}

static ScanKind kind_of(unsigned char c)
{
	static const struct {
		char first;
		ScanKind kind;
	} kinds[] = {
		{ '{', SCAN_OBJECT }, { '[', SCAN_ARRAY }, { '"', SCAN_STRING }, { 't', SCAN_TRUE },
		{ 'f', SCAN_FALSE },  { 'n', SCAN_NULL },  { '-', SCAN_NUMBER },
	};

	if (c >= '0' && c <= '9')
		return SCAN_NUMBER;
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (c == (unsigned char)kinds[i].first)
			return kinds[i].kind;
	return _SCAN_KIND_MAX;
}

static int scan_by_kind(Scanner *s, ScanKind kind, uint32_t node)
{
	switch (kind) {
	case SCAN_OBJECT:
		return scan_object(s, node);
	case SCAN_ARRAY:
		return scan_array(s, node);
	case SCAN_STRING:
		return scan_quoted(s);
	case SCAN_NUMBER:
		return scan_number(s);
	case SCAN_TRUE:
		return scan_word(s, "true");
	case SCAN_FALSE:
		return scan_word(s, "false");
	default:
		return scan_word(s, "null");
	}
}

static int scan_value(Scanner *s, uint32_t *ret_node)
{
	ScanKind kind;
	uint32_t node;
	int r;

	skip_blanks(s);
	kind = kind_of(peek(s));
	if (kind == _SCAN_KIND_MAX)
		return unexpected(s, "a value");
	if (s->depth == SCAN_DEPTH_MAX)
		return fail(s, "nested more than 32 levels deep");
	r = node_add(s, kind, &node);
	if (r < 0)
		return r;
	s->depth++;
	r = scan_by_kind(s, kind, node);
	s->depth--;
	if (r < 0)
		return r;
	s->scan->nodes[node].end = (uint32_t)s->at;
	*ret_node = node;
	return 0;
}

static int scan_document(Scanner *s)
{
	uint32_t node;
	int r;

	if (span_starts(s->text, SPAN_LIT("\xef\xbb\xbf")))
		return fail(s, "the file begins with a byte order mark, which runtimes refuse: "
			       "remove it");
	skip_blanks(s);
	if (!more(s))
		return fail(s, "the file is empty");
	r = scan_value(s, &node);
	if (r < 0)
		return r;
	skip_blanks(s);
	if (peek(s) == '/' || peek(s) == '#')
		return unexpected(s, "the end");
	return more(s) ? fail(s, "there is something behind the end of the document") : 0;
}

int scan_read_loosely(Span text, Scan *ret, Diag *d)
{
	_cleanup_scan_ Scan scan = { .text = text };
	Scanner s = { .text = text, .scan = &scan, .diag = d };
	int r;

	if (text.n > SCAN_SIZE_MAX)
		return diag_set(d, -EFBIG, "the file is larger than 1 MiB: no profile is");
	r = scan_document(&s);
	if (r < 0)
		return r;
	*ret = scan;
	scan = (Scan){ 0 };
	return 0;
}

void scan_done(Scan *s)
{
	free(s->nodes);
	*s = (Scan){ 0 };
}

Span scan_key(const Scan *s, const ScanNode *node)
{
	if (node->key_end == 0)
		return SPAN_NULL;
	return span_make(s->text.p + node->key_begin + 1, node->key_end - node->key_begin - 2);
}

const ScanNode *scan_member(const Scan *s, const ScanNode *node, const char *key)
{
	if (node->kind != SCAN_OBJECT)
		return NULL;
	SCAN_EACH(s, node, child)
	if (span_is(scan_key(s, child), key))
		return child;
	return NULL;
}

int scan_u64(const Scan *s, const ScanNode *node, uint64_t *ret)
{
	if (node->kind != SCAN_NUMBER)
		return -EINVAL;
	return parse_u64(span_make(s->text.p + node->begin, node->end - node->begin), ret);
}

const char *scan_kind_name(ScanKind k)
{
	static const char *const names[] = {
		[SCAN_OBJECT] = "an object", [SCAN_ARRAY] = "an array", [SCAN_STRING] = "a string",
		[SCAN_NUMBER] = "a number",  [SCAN_TRUE] = "true",      [SCAN_FALSE] = "false",
		[SCAN_NULL] = "null",
	};

	return (unsigned)k < _SCAN_KIND_MAX ? names[k] : "?";
}
