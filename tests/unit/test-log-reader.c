/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* source/log-reader: whatever form a log has, and however its bytes arrive, the same records. */
#include <errno.h>
#include <fcntl.h>

#include "source/byte-reader.h"
#include "source/log-reader.h"
#include "tests/unit/pack.h"
#include "tests/unit/unit.h"

#define FIELDS                                                                                 \
	"auid=1 uid=2 gid=3 ses=4 pid=5 comm=\"a\" exe=\"/a\" sig=0 arch=c000003e syscall=59 " \
	"compat=0 ip=0x7f code=0x7ffc0000"
#define JSON_FIELDS                                                                         \
	"auid=1 uid=2 gid=3 ses=4 pid=5 comm=\\\"a\\\" exe=\\\"/a\\\" sig=0 arch=c000003e " \
	"syscall=59 compat=0 ip=0x7f code=0x7ffc0000"

/* In each: a record with serial 7, a line of another kind, and a record with serial 8. */
static const char text[] = "type=SECCOMP msg=audit(1700000000.123:7): " FIELDS "\n"
			   "nothing\n"
			   "type=SECCOMP msg=audit(1700000000.124:8): " FIELDS;
static const char json[] =
	"{\"__CURSOR\":\"a\",\"_TRANSPORT\":\"audit\",\"_AUDIT_TYPE\":\"1326\",\"_AUDIT_ID\":\"7\","
	"\"_SOURCE_REALTIME_TIMESTAMP\":\"1700000000123000\",\"MESSAGE\":\"SECCOMP " JSON_FIELDS
	"\"}\n"
	"{\"__CURSOR\":\"b\",\"_TRANSPORT\":\"stdout\",\"MESSAGE\":\"x\"}\n"
	"type=SECCOMP msg=audit(1700000000.124:8): " FIELDS "\n";
static const char export[] = "__CURSOR=a\n_TRANSPORT=audit\n_AUDIT_TYPE=1326\n_AUDIT_ID=7\n"
			     "_SOURCE_REALTIME_TIMESTAMP=1700000000123000\n"
			     "MESSAGE=SECCOMP " FIELDS "\n\n"
			     "__CURSOR=b\n_TRANSPORT=stdout\nMESSAGE=x\n\n"
			     "__CURSOR=c\n_TRANSPORT=kernel\n"
			     "MESSAGE=audit: type=1326 audit(1700000000.124:8): " FIELDS "\n\n";

typedef struct Seen {
	unsigned n, records;
	uint32_t serials;
	bool whole;
} Seen;

static void see(Line *line, void *userdata)
{
	Seen *s = userdata;

	s->n++;
	if (line->status != LINE_RECORD)
		return;
	s->records++;
	s->serials = s->serials * 10 + line->record.serial;
	s->whole = line->record.nr == 59 && span_is(line->record.comm, "\"a\"");
}

/* Through a pipe, @piece bytes at a time. */
static Seen read_log(Span bytes, size_t piece)
{
	_cleanup_(log_reader_freep) LogReader *l = NULL;
	Seen seen = { 0 };
	int fds[2], r;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(log_reader_new(fds[0], true, &l), 0);
	alarm(10);
	while (bytes.n > 0) {
		Span part = span_first(bytes, piece);

		assert_int_equal(write(fds[1], part.p, part.n), part.n);
		bytes = span_from(bytes, part.n);
		while ((r = log_reader_step(l, see, &seen)) == LOG_MORE)
			;
		assert_int_equal(r, -EAGAIN);
	}
	close(fds[1]);
	while ((r = log_reader_step(l, see, &seen)) == LOG_MORE)
		;
	alarm(0);
	assert_int_equal(r, LOG_END);
	close(fds[0]);
	return seen;
}

static void expect(Span bytes)
{
	static const size_t pieces[] = { 1, 7, 100, 4096 };

	for (size_t i = 0; i < ELEMENTSOF(pieces); i++) {
		Seen seen = read_log(bytes, pieces[i]);

		assert_int_equal(seen.n, 3);
		assert_int_equal(seen.records, 2);
		assert_int_equal(seen.serials, 78);
		assert_true(seen.whole);
	}
}

static void test_every_form_packed_and_not(void **state)
{
	const char *const forms[] = { text, json, export };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(forms); i++) {
		_cleanup_buffer_ Buffer gzip = BUFFER_NULL, xz = BUFFER_NULL;

		expect(span_of(forms[i]));
		pack_gzip(&gzip, span_of(forms[i]), 6);
		expect(buffer_span(&gzip));
		pack_xz(&xz, span_of(forms[i]));
		expect(buffer_span(&xz));
		assert_true(log_is_wrapped(span_first(buffer_span(&gzip), LOG_HEAD_MAX)));
		assert_true(log_is_wrapped(span_first(buffer_span(&xz), LOG_HEAD_MAX)));
		assert_int_equal(log_is_wrapped(span_first(span_of(forms[i]), LOG_HEAD_MAX)),
				 forms[i] == export);
	}
}

static void test_too_little_for_any_form_is_a_line(void **state)
{
	(void)state;
	assert_int_equal(read_log(SPAN_LIT("__CUR"), 1).n, 1);
	assert_int_equal(read_log(SPAN_LIT("_"), 1).n, 1);
	assert_int_equal(read_log(SPAN_LIT("_\n_\n"), 1).n, 2);
	assert_int_equal(read_log(SPAN_LIT("\n"), 1).n, 1);
	assert_int_equal(read_log(SPAN_LIT(""), 1).n, 0);
}

static void test_damage_ends_it_behind_what_was_good(void **state)
{
	_cleanup_(log_reader_freep) LogReader *l = NULL;
	_cleanup_buffer_ Buffer gzip = BUFFER_NULL;
	Seen seen = { 0 };
	int fds[2], r;

	(void)state;
	pack_gzip(&gzip, SPAN_LIT(text), 6);
	gzip.p[gzip.n - 8] ^= 1;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], gzip.p, gzip.n), gzip.n);
	close(fds[1]);
	assert_int_equal(log_reader_new(fds[0], false, &l), 0);
	while ((r = log_reader_step(l, see, &seen)) == LOG_MORE)
		;
	assert_int_equal(r, -EBADMSG);
	assert_non_null(strstr(byte_reader_error(r), "damaged"));
	/* The last line has no end, so nobody knows whether it is whole. */
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.records, 1);
	assert_int_equal(log_reader_position(l), gzip.n);
	close(fds[0]);
}

UNIT_MAIN(cmocka_unit_test(test_every_form_packed_and_not),
	  cmocka_unit_test(test_too_little_for_any_form_is_a_line),
	  cmocka_unit_test(test_damage_ends_it_behind_what_was_good))
