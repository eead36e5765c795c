/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/record-private.h"
#include "util/parse.h"
#include "util/prefix.h"

/*
 * How a record is taken apart. No value behind pid= can hold a space, so the last " pid=" is the
 * kernel's own, whatever the label before it says. From there the fields are read in the kernel's
 * order; what stands before the label is the kernel's too and is read from the left.
 *
 * When a record is whole. Every kernel that writes type 1326 (3.8 and later) prints pid, comm, sig,
 * syscall, ip and code, in this order, code= last. exe= came with 3.14, arch= with 3.16; compat= is
 * let off too. A record that lacks one of the six was cut or edited and is refused; without one of
 * the three it is an old one, and the field stays absent. The credentials in front (auid, uid, gid,
 * ses) are taken where they stand: a copy that lost them still says what was called by whom.
 *
 * A cut shows because code= is missing or short, and because behind it nothing may stand that looks
 * like the rest of a label or like a field of the record. The one cut that no reader can see is one
 * inside of a label, right behind what looks like a record of its own.
 */

typedef enum Form { FORM_UNSIGNED, FORM_SIGNED, FORM_HEX, FORM_TEXT } Form;

typedef struct Field {
	Span key; /* with '=' and, for hexadecimal numbers that have it, "0x" */
	Form form;
	uint64_t max; /* of a number; of the type it is stored in, which this tells */
	uint32_t flag;
	size_t offset;
	const char *missing; /* NULL: it may be */
	const char *damaged;
} Field;

#define KEY(s)                     \
	{                          \
		(s), sizeof(s) - 1 \
	}

static const Field head_fields[] = {
	{ KEY("auid="), FORM_UNSIGNED, UINT32_MAX, RECORD_HAS_AUID, offsetof(Record, auid), NULL,
	  "auid= is not a number" },
	{ KEY("uid="), FORM_UNSIGNED, UINT32_MAX, RECORD_HAS_UID, offsetof(Record, uid), NULL,
	  "uid= is not a number" },
	{ KEY("gid="), FORM_UNSIGNED, UINT32_MAX, RECORD_HAS_GID, offsetof(Record, gid), NULL,
	  "gid= is not a number" },
	{ KEY("ses="), FORM_UNSIGNED, UINT32_MAX, RECORD_HAS_SES, offsetof(Record, ses), NULL,
	  "ses= is not a number" },
};

static const Field tail_fields[] = {
	{ KEY("pid="), FORM_SIGNED, INT32_MAX, RECORD_HAS_PID, offsetof(Record, pid),
	  "no pid=", "pid= is not a number" },
	{ KEY("comm="), FORM_TEXT, 0, RECORD_HAS_COMM, offsetof(Record, comm),
	  "no comm= behind pid=", "comm= is neither quoted nor hexadecimal" },
	{ KEY("exe="), FORM_TEXT, 0, RECORD_HAS_EXE, offsetof(Record, exe), NULL,
	  "exe= is neither quoted nor hexadecimal" },
	{ KEY("sig="), FORM_SIGNED, INT32_MAX, RECORD_HAS_SIG, offsetof(Record, sig),
	  "no sig= behind comm=", "sig= is not a number" },
	{ KEY("arch="), FORM_HEX, UINT32_MAX, RECORD_HAS_ARCH, offsetof(Record, arch), NULL,
	  "arch= is not a hexadecimal number" },
	{ KEY("syscall="), FORM_SIGNED, INT64_MAX, RECORD_HAS_NR, offsetof(Record, nr),
	  "no syscall= behind sig=", "syscall= is not a number" },
	{ KEY("compat="), FORM_SIGNED, INT32_MAX, RECORD_HAS_COMPAT, offsetof(Record, compat), NULL,
	  "compat= is not a number" },
	{ KEY("ip=0x"), FORM_HEX, UINT64_MAX, RECORD_HAS_IP, offsetof(Record, ip),
	  "no ip= behind syscall=", "ip= is not a hexadecimal number" },
};

/* For keys of 4 to 8 bytes: two comparisons of four, which overlap. */
static inline bool has_key(Span text, Span key)
{
	return text.n >= key.n && memcmp(text.p, key.p, 4) == 0 &&
	       memcmp(text.p + key.n - 4, key.p + key.n - 4, 4) == 0;
}

/* One upper-case hexadecimal digit, as the kernel prints strings, or -1. */
static inline int hex_digit(char c)
{
	return c >= 'a' ? -1 : parse_hex_digit(c);
}

/* How many of the next eight bytes may stand between quotes. */
static inline size_t plain_length8(Span text)
{
	uint64_t w = prefix_load(text), low = w & ~PREFIX_HIGH, quote;

	quote = ~prefix_at_least(low ^ PREFIX_BYTES('"'), 1);
	return prefix_count((~prefix_at_least(low, 0x21) | prefix_at_least(low, 0x7f) | quote | w) &
			    PREFIX_HIGH);
}

/* Length of the quoted string at the start of @text, 0 when it does not end. */
static inline size_t quoted_length(Span text)
{
	size_t n = 1, more;

	do {
		more = plain_length8(span_from(text, n));
		n += more;
	} while (more == 8);
	return n < text.n && text.p[n] == '"' ? n + 1 : 0;
}

size_t record_text_length(Span text)
{
	const Span null = SPAN_LIT("(null)");
	size_t n;

	if (text.n > 0 && text.p[0] == '"')
		return quoted_length(text);
	if (has_key(text, null))
		return null.n;
	for (n = 0; n < text.n && hex_digit(text.p[n]) >= 0; n++)
		;
	return n % 2 == 0 ? n : 0;
}

static inline void store_number(uint64_t value, const Field *f, void *ret)
{
	if (f->max > UINT32_MAX)
		*(uint64_t *)ret = value;
	else
		*(uint32_t *)ret = (uint32_t)value;
}

/* Reads the number at the start of @text; returns its length, 0 when it is damaged. */
static inline size_t read_number(Span text, const Field *f, void *ret)
{
	bool negative = f->form == FORM_SIGNED && text.n > 0 && text.p[0] == '-';
	uint64_t value = 0;
	size_t n;

	/* Most fields are one digit. */
	if (text.n > 1 && text.p[1] == ' ' && text.p[0] >= '0' && text.p[0] <= '9') {
		store_number((uint64_t)(text.p[0] - '0'), f, ret);
		return 1;
	}
	if (negative)
		text = span_from(text, 1);
	n = f->form == FORM_HEX ? prefix_hex(text, &value) : prefix_decimal(text, &value);
	if (n == 0 || value > f->max + negative)
		return 0;
	store_number(negative ? 0 - value : value, f, ret);
	return n + negative;
}

/* Moves @text over the field's value and the space behind it. False when the value is damaged. */
static bool take_value(Span *text, const Field *f, Record *r)
{
	Span at = span_from(*text, f->key.n);
	void *ret = (char *)r + f->offset;
	size_t n;

	if (f->form == FORM_TEXT) {
		n = record_text_length(at);
		*(Span *)ret = span_first(at, n);
	} else
		n = read_number(at, f, ret);
	if (n == 0 || (n < at.n && at.p[n] != ' '))
		return false;
	r->has |= f->flag;
	*text = span_from(at, n + 1);
	return true;
}

/* Does @word start like a field that stands only once and only behind the label? */
static bool is_tail_key(Span word)
{
	/* What auditd appends has names in capitals. */
	if (word.n == 0 || word.p[0] < 'a')
		return false;
	if (span_starts(word, SPAN_LIT("ip=")) || has_key(word, SPAN_LIT("code=")))
		return true;
	for (size_t i = 0; i < ELEMENTSOF(tail_fields); i++)
		if (has_key(word, tail_fields[i].key))
			return true;
	return false;
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
	static const Span glue[] = { KEY("\x1d"), KEY("#035"), KEY("^]"), KEY("AUID="), KEY("[") };
	bool glued = false;
	Span word;

	if (trail.n == 0)
		return true;
	for (size_t i = 0; i < ELEMENTSOF(glue); i++)
		glued = glued || span_starts(trail, glue[i]);
	if (!glued && trail.p[0] != ' ')
		return false;
	while (span_split(&trail, ' ', &word)) {
		if (is_tail_key(word) || (!glued && word.n > 0 && !memchr(word.p, '=', word.n)))
			return false;
		/* Only the first word must be a field: the labels of stacked LSMs hold spaces. */
		glued = glued || word.n > 0;
	}
	return true;
}

const char *record_read_code(Span text, Record *r)
{
	uint64_t code = 0;
	size_t n = prefix_hex(span_first(text, 8), &code);

	if (n == 0)
		return "code= is not a hexadecimal number";
	r->code = (uint32_t)code;
	if (code_is_cut(r->code, n))
		return "cut off within code=";
	if (!is_trail(span_from(text, n)))
		return "code= runs into other text";
	r->has |= RECORD_HAS_CODE;
	return NULL;
}

/* @text starts with pid=. */
static const char *read_tail(Span text, Record *r)
{
	const Span code = SPAN_LIT("code=0x");

	for (size_t i = 0; i < ELEMENTSOF(tail_fields); i++) {
		const Field *f = &tail_fields[i];

		if (has_key(text, f->key)) {
			if (!take_value(&text, f, r))
				return f->damaged;
		} else if (f->missing)
			return text.n == 0 ? "cut off before code=" : f->missing;
	}
	if (!has_key(text, code))
		return text.n == 0 ? "cut off before code=" : "no code= behind ip=";
	return record_read_code(span_from(text, code.n), r);
}

/* Sixteen places at a time: does " p" start at one of them? One byte behind them is read too. */
static inline bool may_have_pid(const char *p)
{
	typedef unsigned char Bytes __attribute__((vector_size(16)));
	typedef uint64_t Words __attribute__((vector_size(16)));
	Bytes a, b;
	Words hits;

	memcpy(&a, p, sizeof(a));
	memcpy(&b, p + 1, sizeof(b));
	a = (Bytes)((a == ' ') & (b == 'p'));
	hits = (Words)a;
	return (hits[0] | hits[1]) != 0;
}

/* Where the last pid= starts that is a word of its own; -1 when there is none. */
static ssize_t find_last_pid(Span body)
{
	const Span key = SPAN_LIT(" pid=");
	size_t end = body.n >= key.n ? body.n - key.n + 1 : 0;

	while (end > 0) {
		size_t n = MIN(end, (size_t)16);

		end -= n;
		if (n == 16 && !may_have_pid(body.p + end))
			continue;
		while (n-- > 0)
			if (body.p[end + n] == ' ' && memcmp(body.p + end + n, key.p, key.n) == 0)
				return (ssize_t)(end + n) + 1;
	}
	return has_key(body, span_from(key, 1)) ? 0 : -1;
}

/* The label, without the ppid= that ChromeOS kernels print between it and pid=. */
static Span label_of(Span text)
{
	const Span key = SPAN_LIT(" ppid=");
	ssize_t at = text.n > 0 && text.p[text.n - 1] <= '9' ? span_rfind(text, key) : -1;
	uint32_t ppid;

	if (at >= 0 && parse_u32(span_from(text, (size_t)at + key.n), &ppid) == 0)
		return span_first(text, (size_t)at);
	return text;
}

/* A word that is none of ours: a field of another kernel, or a sign of damage. */
static const char *pass_word(Span *rest)
{
	Span word;

	span_split(rest, ' ', &word);
	if (is_tail_key(word))
		return "a field stands twice";
	if (span_is(word, "...") || span_is(word, "\xe2\x80\xa6"))
		return "fields were left out";
	return NULL;
}

/* The field that @text starts with; @next is the one that the kernel prints here. */
static const Field *head_field(Span text, size_t next)
{
	for (size_t i = 0; i < ELEMENTSOF(head_fields); i++) {
		const Field *f = &head_fields[(next + i) % ELEMENTSOF(head_fields)];

		if (has_key(text, f->key))
			return f;
	}
	return NULL;
}

static const char *read_head(Span rest, Record *r)
{
	const Span subj = SPAN_LIT("subj=");
	const char *reason;
	size_t next = 0;

	while (rest.n > 0) {
		const Field *f = head_field(rest, next);

		if (f) {
			next = (size_t)(f - head_fields) + 1;
			if (r->has & f->flag)
				return "a field stands twice";
			if (!take_value(&rest, f, r))
				return f->damaged;
			continue;
		}
		if (has_key(rest, subj)) {
			r->subj = label_of(span_from(rest, subj.n));
			r->has |= RECORD_HAS_SUBJ;
			return NULL;
		}
		reason = pass_word(&rest);
		if (reason)
			return reason;
	}
	return NULL;
}

static const char *read_record(Span body, Record *r)
{
	const char *reason;
	ssize_t pid;

	if (body.n > 0 && memchr(body.p, '\0', body.n))
		return "NUL byte inside";
	pid = find_last_pid(body);
	if (pid < 0)
		return "no pid=";
	reason = read_tail(span_from(body, (size_t)pid), r);
	if (reason)
		return reason;
	return read_head(span_first(body, pid > 0 ? (size_t)pid - 1 : 0), r);
}

int record_parse(Span body, Record *ret, const char **ret_reason)
{
	const char *reason;
	Record r;

	if (record_read_usual(body, &r)) {
		*ret = r;
		return 0;
	}
	r = (Record){ 0 };
	reason = read_record(body, &r);
	if (reason) {
		*ret_reason = reason;
		return -EBADMSG;
	}
	*ret = r;
	return 0;
}

int record_text(Span raw, char *buf, size_t size)
{
	size_t n = 0;

	if (!raw.p || span_is(raw, "(null)"))
		return -ENODATA;
	if (raw.n == 0 || record_text_length(raw) != raw.n)
		return -EBADMSG;
	if (raw.p[0] == '"') {
		raw = span_make(raw.p + 1, raw.n - 2);
		span_copy(raw, buf, size);
		return (int)MIN(raw.n, size - 1);
	}
	for (size_t i = 0; i < raw.n && n < size - 1; i += 2) {
		buf[n] = (char)(hex_digit(raw.p[i]) << 4 | hex_digit(raw.p[i + 1]));
		if (buf[n++] == '\0')
			return -EBADMSG;
	}
	buf[n] = '\0';
	return (int)n;
}
