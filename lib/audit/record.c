/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/record.h"
#include "util/parse.h"

/*
 * When a record is whole. Every kernel that writes type 1326 (3.8 and later) prints pid, comm, sig,
 * syscall, ip and code, in this order, code= last. exe= came with 3.14, arch= with 3.16; compat= is
 * let off too. A record that lacks one of the six was cut or edited and is refused; without one of
 * the three it is an old one, and the field stays absent. The credentials in front (auid, uid, gid,
 * ses) are taken where they stand: a copy that lost them still says what was called by whom.
 *
 * A cut shows because code= is missing or short, and because no field of the six may stand behind
 * code=, where the text of a hostile label would put it. The one cut that no reader can see is one
 * inside of a label, right behind what looks like a record of its own.
 */

typedef struct Field {
	const char *key; /* with '=' and, for hexadecimal numbers that have it, "0x" */
	size_t key_n;
	uint32_t flag;
	bool optional;
	size_t offset;
	int (*read)(Span value, void *ret);
	const char *missing, *damaged;
} Field;

#define KEY(s) .key = (s), .key_n = sizeof(s) - 1

static int read_u32(Span value, void *ret)
{
	return parse_u32(value, ret);
}

static int read_i32(Span value, void *ret)
{
	return parse_i32(value, ret);
}

static int read_i64(Span value, void *ret)
{
	return parse_i64(value, ret);
}

static int read_hex32(Span value, void *ret)
{
	return parse_hex_u32(value, ret);
}

static int read_hex64(Span value, void *ret)
{
	return parse_hex_u64(value, ret);
}

static bool is_quoted(Span s)
{
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return false;
	for (size_t i = 1; i < s.n - 1; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e || s.p[i] == '"')
			return false;
	return true;
}

/* One upper-case hexadecimal digit, as the kernel prints strings, or -1. */
static int hex_digit(char c)
{
	return c >= 'a' ? -1 : parse_hex_digit(c);
}

static bool is_hex(Span s)
{
	if (s.n == 0 || s.n % 2 != 0)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (hex_digit(s.p[i]) < 0)
			return false;
	return true;
}

static int read_text(Span value, void *ret)
{
	if (!is_quoted(value) && !is_hex(value) && !span_is(value, "(null)"))
		return -EINVAL;
	*(Span *)ret = value;
	return 0;
}

/* From the left: the kernel writes these before anything that a stranger chose. */
static const Field head_fields[] = {
	{ KEY("auid="), RECORD_HAS_AUID, true, offsetof(Record, auid), read_u32, NULL,
	  "auid= is not a number" },
	{ KEY("uid="), RECORD_HAS_UID, true, offsetof(Record, uid), read_u32, NULL,
	  "uid= is not a number" },
	{ KEY("gid="), RECORD_HAS_GID, true, offsetof(Record, gid), read_u32, NULL,
	  "gid= is not a number" },
	{ KEY("ses="), RECORD_HAS_SES, true, offsetof(Record, ses), read_u32, NULL,
	  "ses= is not a number" },
};

/* From the right, next to each other, left of code=. None of the values can hold a space. */
static const Field tail_fields[] = {
	{ KEY("ip=0x"), RECORD_HAS_IP, false, offsetof(Record, ip), read_hex64,
	  "no ip= before code=", "ip= is not a number" },
	{ KEY("compat="), RECORD_HAS_COMPAT, true, offsetof(Record, compat), read_i32, NULL,
	  "compat= is not a number" },
	{ KEY("syscall="), RECORD_HAS_NR, false, offsetof(Record, nr), read_i64,
	  "no syscall= before ip=", "syscall= is not a number" },
	{ KEY("arch="), RECORD_HAS_ARCH, true, offsetof(Record, arch), read_hex32, NULL,
	  "arch= is not a hexadecimal number" },
	{ KEY("sig="), RECORD_HAS_SIG, false, offsetof(Record, sig), read_i32,
	  "no sig= before syscall=", "sig= is not a number" },
	{ KEY("exe="), RECORD_HAS_EXE, true, offsetof(Record, exe), read_text, NULL,
	  "exe= is neither quoted nor hexadecimal" },
	{ KEY("comm="), RECORD_HAS_COMM, false, offsetof(Record, comm), read_text,
	  "no comm= before sig=", "comm= is neither quoted nor hexadecimal" },
	{ KEY("pid="), RECORD_HAS_PID, false, offsetof(Record, pid), read_i32,
	  "no pid= before comm=", "pid= is not a number" },
};

static int refuse(const char *reason, const char **ret_reason)
{
	*ret_reason = reason;
	return -EBADMSG;
}

static bool has_key(Span token, const Field *f)
{
	return token.n >= f->key_n && token.p[0] == f->key[0] &&
	       memcmp(token.p, f->key, f->key_n) == 0;
}

static int read_field(Span token, const Field *f, Record *r, const char **ret_reason)
{
	if (f->read(span_from(token, f->key_n), (char *)r + f->offset) < 0)
		return refuse(f->damaged, ret_reason);
	r->has |= f->flag;
	return 0;
}

/* Does @token start like a field that stands only once and only in the tail? */
static bool is_tail_key(Span token)
{
	if (span_starts(token, SPAN_LIT("ip=")) || span_starts(token, SPAN_LIT("code=")))
		return true;
	for (size_t i = 0; i < ELEMENTSOF(tail_fields); i++)
		if (has_key(token, &tail_fields[i]))
			return true;
	return false;
}

/* Takes the last word of @rest off, together with the space before it. */
static Span take_last(Span *rest)
{
	const char *space = rest->n > 0 ? memrchr(rest->p, ' ', rest->n) : NULL;
	Span token = *rest;

	if (!space) {
		*rest = span_first(*rest, 0);
		return token;
	}
	token = span_from(*rest, (size_t)(space - rest->p) + 1);
	*rest = span_first(*rest, (size_t)(space - rest->p));
	return token;
}

/*
 * Would a longer number be the one that the kernel wrote? Today's kernels print the action alone,
 * so its lower half is 0; older ones print the data of ERRNO, TRAP and TRACE as well. A killing
 * action with data, or the first digits of a known action, is a record that ends too early.
 */
static bool code_is_cut(uint32_t code, size_t digits)
{
	static const uint32_t long_actions[] = { 0x80000000, 0x7fc00000, 0x7ff00000, 0x7ffc0000,
						 0x7fff0000 };

	if (digits == 8 || code == 0 || code >> 16 == 3 || code >> 16 == 5)
		return false;
	if ((code & 0xffff) != 0)
		return true;
	for (size_t i = 0; i < ELEMENTSOF(long_actions); i++)
		if (long_actions[i] >> 4 * (8 - digits) == code)
			return true;
	return false;
}

/*
 * May @trail follow the number of code=? auditd's enriched fields, behind the byte 0x1D or what was
 * left of it by copying and by syslog; further fields after a space; or the next line's time where
 * the log lost a line end.
 */
static bool is_trail(Span trail)
{
	static const char *const glue[] = { "\x1d", "#035", "^]", "AUID=", "[" };

	for (size_t i = 0; i < ELEMENTSOF(glue); i++)
		if (span_starts(trail, span_of(glue[i])))
			return true;
	if (trail.n > 0 && trail.p[0] != ' ')
		return false;
	while (trail.n > 0 && trail.p[0] == ' ')
		trail = span_from(trail, 1);
	if (trail.n == 0)
		return true;
	trail = span_first(trail, MIN(trail.n, (size_t)64));
	return memchr(trail.p, '=', trail.n) != NULL;
}

/* @text starts with the number. At most 8 lower-case digits: what follows may be "AUID=". */
static int read_code(Span text, Record *r, const char **ret_reason)
{
	size_t n = 0;

	while (n < text.n && n < 8 && parse_hex_digit(text.p[n]) >= 0 &&
	       !(text.p[n] >= 'A' && text.p[n] <= 'F'))
		n++;
	if (parse_hex_u32(span_first(text, n), &r->code) < 0)
		return refuse("code= is not a hexadecimal number", ret_reason);
	if (code_is_cut(r->code, n))
		return refuse("cut off within code=", ret_reason);
	if (!is_trail(span_from(text, n)))
		return refuse("code= runs into other text", ret_reason);
	r->has |= RECORD_HAS_CODE;
	return 0;
}

/* Finds the last code= and leaves in @rest what stands before it. */
static int take_code(Span *rest, Record *r, const char **ret_reason)
{
	const char *end = rest->p + rest->n;

	while (rest->n > 0) {
		Span token = take_last(rest);

		if (span_starts(token, SPAN_LIT("code=0x")))
			return read_code(span_make(token.p + 7, (size_t)(end - token.p) - 7), r,
					 ret_reason);
		if (is_tail_key(token))
			break;
	}
	return refuse("cut off before code=", ret_reason);
}

static int take_tail(Span *rest, Record *r, const char **ret_reason)
{
	Span token = take_last(rest);
	int rc;

	for (size_t i = 0; i < ELEMENTSOF(tail_fields); i++) {
		const Field *f = &tail_fields[i];

		if (!has_key(token, f)) {
			if (f->optional)
				continue;
			return refuse(f->missing, ret_reason);
		}
		rc = read_field(token, f, r, ret_reason);
		if (rc < 0)
			return rc;
		if (f->flag != RECORD_HAS_PID)
			token = take_last(rest);
	}
	return 0;
}

/* The label, without the ppid= that ChromeOS kernels print between it and pid=. */
static Span label_of(Span text)
{
	Span before = text, last = take_last(&before);
	uint32_t ppid;

	if (last.n < text.n && span_skip(&last, SPAN_LIT("ppid=")) && parse_u32(last, &ppid) == 0)
		return before;
	return text;
}

static int read_head_word(Span word, Record *r, const char **ret_reason)
{
	for (size_t i = 0; i < ELEMENTSOF(head_fields); i++)
		if (has_key(word, &head_fields[i])) {
			if (r->has & head_fields[i].flag)
				return refuse("a field stands twice", ret_reason);
			return read_field(word, &head_fields[i], r, ret_reason);
		}
	if (is_tail_key(word))
		return refuse("a field stands twice", ret_reason);
	if (span_is(word, "...") || span_is(word, "\xe2\x80\xa6"))
		return refuse("fields were left out", ret_reason);
	return 0;
}

static int read_head(Span rest, Record *r, const char **ret_reason)
{
	Span word;
	int rc;

	while (rest.n > 0) {
		if (span_skip(&rest, SPAN_LIT("subj="))) {
			r->subj = label_of(rest);
			r->has |= RECORD_HAS_SUBJ;
			return 0;
		}
		if (!span_split(&rest, ' ', &word))
			return 0;
		rc = read_head_word(word, r, ret_reason);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int record_parse(Span body, Record *ret, const char **ret_reason)
{
	Record r = { 0 };
	int rc;

	if (body.n > 0 && memchr(body.p, '\0', body.n))
		return refuse("NUL byte inside", ret_reason);
	rc = take_code(&body, &r, ret_reason);
	if (rc < 0)
		return rc;
	rc = take_tail(&body, &r, ret_reason);
	if (rc < 0)
		return rc;
	rc = read_head(body, &r, ret_reason);
	if (rc < 0)
		return rc;
	*ret = r;
	return 0;
}

int record_text(Span raw, char *buf, size_t size)
{
	size_t n = 0;

	if (!raw.p || span_is(raw, "(null)"))
		return -ENODATA;
	if (is_quoted(raw)) {
		raw = span_make(raw.p + 1, raw.n - 2);
		span_copy(raw, buf, size);
		return (int)MIN(raw.n, size - 1);
	}
	if (!is_hex(raw))
		return -EBADMSG;
	for (size_t i = 0; i < raw.n && n < size - 1; i += 2) {
		buf[n] = (char)(hex_digit(raw.p[i]) << 4 | hex_digit(raw.p[i + 1]));
		if (buf[n++] == '\0')
			return -EBADMSG;
	}
	buf[n] = '\0';
	return (int)n;
}
