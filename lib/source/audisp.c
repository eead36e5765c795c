/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/audisp.h"

/* Of the header's words, in the machine's own order. */
enum { WORD_VERSION, WORD_HEADER, WORD_TYPE, WORD_SIZE, _WORD_MAX };

/* Version 1 says that the body is a line; there is no later one. */
#define VERSION_FORMATTED 1

/* Types of what auditd tells of itself. */
#define FIRST_DAEMON 1200
#define LAST_DAEMON 1299

_Static_assert(_WORD_MAX * sizeof(uint32_t) == AUDISP_HEADER, "libaudit.h");

static bool read_header(Span bytes, uint32_t words[static _WORD_MAX])
{
	if (bytes.n < AUDISP_HEADER)
		return false;
	memcpy(words, bytes.p, AUDISP_HEADER);
	return words[WORD_VERSION] <= VERSION_FORMATTED && words[WORD_HEADER] == AUDISP_HEADER &&
	       words[WORD_TYPE] <= UINT16_MAX && words[WORD_SIZE] > 0 &&
	       words[WORD_SIZE] <= AUDISP_BODY_MAX;
}

bool audisp_is_binary(Span head)
{
	return head.n > 0 && (unsigned char)head.p[0] <= VERSION_FORMATTED;
}

/* Behind damage: a header alone might be chance. */
static bool is_frame(Span bytes)
{
	uint32_t words[_WORD_MAX];
	Span body = span_from(bytes, AUDISP_HEADER);

	return read_header(bytes, words) &&
	       (span_starts(body, SPAN_LIT("audit(")) || span_starts(body, SPAN_LIT("type=")) ||
		span_starts(body, SPAN_LIT("node=")));
}

/* Passes over what is no frame; false when more bytes are needed. */
static bool search(Audisp *a, Span *bytes)
{
	const size_t needed = AUDISP_HEADER + sizeof("audit(") - 1;

	for (; bytes->n >= needed; *bytes = span_from(*bytes, 1))
		if (is_frame(*bytes)) {
			a->state = AUDISP_AT_HEADER;
			return true;
		}
	return false;
}

/* Behind a frame: the next one, or first what fills it up. */
static bool pass_over_fill(Audisp *a, Span *bytes)
{
	uint32_t words[_WORD_MAX];
	size_t n;

	if (a->state == AUDISP_BEHIND) {
		if (bytes->n < AUDISP_HEADER)
			return false;
		a->state = read_header(*bytes, words) ? AUDISP_AT_HEADER : AUDISP_FILL;
	}
	if (a->state == AUDISP_FILL) {
		n = MIN(a->fill, bytes->n);
		*bytes = span_from(*bytes, n);
		a->fill -= n;
		if (a->fill > 0)
			return false;
		a->state = AUDISP_AT_HEADER;
	}
	return true;
}

static bool take_frame(Audisp *a, Span *bytes, AudispFrame *ret)
{
	uint32_t words[_WORD_MAX];

	if (bytes->n < AUDISP_HEADER)
		return false;
	if (!read_header(*bytes, words)) {
		a->state = AUDISP_LOST;
		*ret = (AudispFrame){ .damage = "no header of auditd's where one must be" };
		return true;
	}
	if (bytes->n < AUDISP_HEADER + words[WORD_SIZE])
		return false;
	*ret = (AudispFrame){
		.type = (uint16_t)words[WORD_TYPE],
		.formatted = words[WORD_VERSION] == VERSION_FORMATTED,
		.text = span_first(span_from(*bytes, AUDISP_HEADER), words[WORD_SIZE]),
	};
	*bytes = span_from(*bytes, AUDISP_HEADER + words[WORD_SIZE]);
	a->fill = AUDISP_BODY_MAX - words[WORD_SIZE];
	a->state = AUDISP_BEHIND;
	return true;
}

bool audisp_next(Audisp *a, Span *bytes, AudispFrame *ret)
{
	if (a->state == AUDISP_LOST && !search(a, bytes))
		return false;
	return pass_over_fill(a, bytes) && take_frame(a, bytes, ret);
}

Span audisp_take_node(Span *text)
{
	Span rest = *text, name;

	if (!span_skip(&rest, SPAN_LIT("node=")) || !span_split(&rest, ' ', &name) || !rest.p)
		return span_first(*text, 0);
	*text = rest;
	return name;
}

static bool is_daemons_own(uint32_t type)
{
	return type >= FIRST_DAEMON && type <= LAST_DAEMON;
}

void audisp_decode_line(Span text, RecordMemo *memo, Line *ret)
{
	line_decode_memo(text, memo, ret);
	if (span_starts(text, SPAN_LIT("type=DAEMON_")) ||
	    span_starts(text, SPAN_LIT("type=UNKNOWN[12")))
		ret->has_stamp = false;
}

void audisp_decode(const AudispFrame *frame, RecordMemo *memo, Line *ret)
{
	if (frame->formatted)
		audisp_decode_line(frame->text, memo, ret);
	else
		line_decode_payload_memo(frame->type, frame->text, memo, ret);
	if (is_daemons_own(frame->type))
		ret->has_stamp = false;
}
