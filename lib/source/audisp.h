/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What auditd writes to its plugins, see auditd-plugins(5): lines of text, or behind a header each
 * (libaudit.h, struct audit_dispatcher_header) the bytes as auditd has them. auditd fills each of
 * the latter up to AUDISP_BODY_MAX bytes; both that and a stream without it are read, because no
 * part of a text can be taken for a header. Which of the two formats it is, the first byte tells: a
 * header begins with its small version, a line with a letter.
 */
#include "audit/line.h"

#define AUDISP_HEADER 16
#define AUDISP_BODY_MAX 8970 /* libaudit's MAX_AUDIT_MESSAGE_LENGTH */

typedef struct AudispFrame {
	uint16_t type;      /* of the record */
	bool formatted;     /* a line, as in the other format; else what the kernel sent */
	Span text;          /* valid as long as the bytes */
	const char *damage; /* static; bytes were passed over, there is nothing else */
} AudispFrame;

/* Starts zeroed. */
typedef struct Audisp {
	enum { AUDISP_AT_HEADER, AUDISP_BEHIND, AUDISP_FILL, AUDISP_LOST } state;
	size_t fill; /* bytes that may still stand behind the last frame */
} Audisp;

/* Do these first bytes (at least one) begin with a header? */
bool audisp_is_binary(Span head) _pure_;

/* The next frame: true with *ret. Moves @bytes over what was taken; false when more are needed.
 * What it leaves is less than AUDISP_HEADER + AUDISP_BODY_MAX bytes. */
bool audisp_next(Audisp *a, Span *bytes, AudispFrame *ret);

/* Takes "node=NAME " off a line: the name, empty when there is none. */
Span audisp_take_node(Span *text);

/*
 * Decodes a line, its node taken off. The serials of what auditd tells of itself (DAEMON_*) are its
 * own, not the kernel's: such a line has no stamp.
 */
void audisp_decode_line(Span text, RecordMemo *memo, Line *ret);

/* Likewise a frame that is not damaged. */
void audisp_decode(const AudispFrame *frame, RecordMemo *memo, Line *ret);
