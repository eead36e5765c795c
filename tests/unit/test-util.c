/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/util: what every other module relies on. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"
#include "util/buffer.h"
#include "util/clock.h"
#include "util/error.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/pack.h"
#include "util/parse.h"
#include "util/text.h"

static void test_span_finds_and_splits(void **state)
{
	Span rest = SPAN_LIT("a::b"), part;

	(void)state;
	assert_true(span_starts(SPAN_LIT("x"), SPAN_NULL) && span_starts(SPAN_NULL, SPAN_NULL));
	assert_true(span_ends(SPAN_LIT("x"), SPAN_NULL) && span_ends(SPAN_NULL, SPAN_NULL));
	assert_int_equal(span_rfind(SPAN_LIT("x pid=1 pid=2"), SPAN_LIT(" pid=")), 7);
	assert_int_equal(span_rfind(SPAN_LIT("pid"), SPAN_LIT(" pid=")), -1);
	assert_int_equal(span_rfind(SPAN_LIT("aaaa"), SPAN_LIT("aa")), 2);
	assert_int_equal(span_find(SPAN_LIT("x pid=1 pid=2"), SPAN_LIT(" pid=")), 1);
	assert_true(span_split(&rest, ':', &part) && span_is(part, "a"));
	assert_true(span_split(&rest, ':', &part) && span_is(part, ""));
	assert_true(span_split(&rest, ':', &part) && span_is(part, "b"));
	assert_false(span_split(&rest, ':', &part));
}

static void test_numbers_are_whole_and_bounded(void **state)
{
	uint64_t u;
	int64_t i;
	uint32_t w;
	bool b;

	(void)state;
	assert_int_equal(parse_u64(SPAN_LIT("18446744073709551615"), &u), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(parse_u64(SPAN_LIT("18446744073709551616"), &u), -ERANGE);
	assert_int_equal(parse_u64(SPAN_LIT(""), &u), -EINVAL);
	assert_int_equal(parse_u64(SPAN_LIT("+1"), &u), -EINVAL);
	assert_int_equal(parse_u64(SPAN_LIT("1 "), &u), -EINVAL);
	assert_int_equal(parse_i64(SPAN_LIT("-9223372036854775808"), &i), 0);
	assert_true(i == INT64_MIN);
	assert_int_equal(parse_i64(SPAN_LIT("9223372036854775808"), &i), -ERANGE);
	assert_int_equal(parse_i64(SPAN_LIT("--1"), &i), -EINVAL);
	assert_int_equal(parse_hex_u32(SPAN_LIT("c000003e"), &w), 0);
	assert_int_equal(w, 0xc000003e);
	assert_int_equal(parse_hex_u32(SPAN_LIT("1c000003e"), &w), -ERANGE);
	assert_int_equal(parse_size(SPAN_LIT("16M"), &u), 0);
	assert_int_equal(u, 16 << 20);
	assert_int_equal(parse_size(SPAN_LIT("M"), &u), -EINVAL);
	assert_int_equal(parse_size(SPAN_LIT("99999999999999G"), &u), -ERANGE);
	assert_true(parse_bool(SPAN_LIT("on"), &b) == 0 && b);
	assert_int_equal(parse_bool(SPAN_LIT("maybe"), &b), -EINVAL);
}

static void test_hostile_text_is_escaped(void **state)
{
	char small[8], all[128];

	(void)state;
	assert_string_equal(text_escape_to(SPAN_LIT("na\xc3\xafve"), all, sizeof(all)),
			    "na\xc3\xafve");
	assert_string_equal(text_escape_to(SPAN_LIT("na\xc3"), all, sizeof(all)), "na\\xC3");
	assert_string_equal(text_escape_to(SPAN_LIT("a\x1b[2J\n"), all, sizeof(all)),
			    "a\\x1B[2J\\x0A");
	assert_string_equal(text_escape_to(SPAN_LIT("\\"), all, sizeof(all)), "\\x5C");
	assert_string_equal(text_escape_to(SPAN_LIT("\xc0\xaf"), all, sizeof(all)), "\\xC0\\xAF");
	assert_string_equal(text_escape_to(SPAN_LIT("\xe2\x80\xae"), all, sizeof(all)),
			    "\\xE2\\x80\\xAE");
	/* What nobody sees: no width, a tag, and the direction of Arabic. */
	assert_string_equal(text_escape_to(SPAN_LIT("s\xe2\x80\x8bh\xf3\xa0\x81\x81\xd8\x9c"), all,
					   sizeof(all)),
			    "s\\xE2\\x80\\x8Bh\\xF3\\xA0\\x81\\x81\\xD8\\x9C");
	assert_string_equal(text_escape_to(SPAN_LIT("\xe2\x82\xac~\xc2\xa0"), all, sizeof(all)),
			    "\xe2\x82\xac~\xc2\xa0");
	assert_string_equal(text_escape_to(SPAN_LIT("abcdefghij"), small, sizeof(small)),
			    "abcdefg");
	assert_false(text_is_utf8(SPAN_LIT("\xed\xa0\x80")));
}

static void test_buffer_failure_is_sticky(void **state)
{
	_cleanup_buffer_ Buffer b = { .max = 8 };

	(void)state;
	buffer_add_str(&b, "1234");
	buffer_printf(&b, "%d", 56789);
	assert_int_equal(buffer_error(&b), -E2BIG);
	buffer_add_char(&b, 'x');
	assert_null(buffer_steal(&b));
}

static void test_replace_keeps_mode_and_old_content_on_failure(void **state)
{
	char dir[] = "/tmp/seccompd-test-XXXXXX", path[64], missing[96];
	_cleanup_free_ char *text = NULL;
	struct stat st;
	size_t n;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/f", dir);
	snprintf(missing, sizeof(missing), "%s/none/f", dir);
	assert_int_equal(file_replace(path, SPAN_LIT("one"), 0640), 0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(file_replace(path, SPAN_LIT("two"), 0644), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(file_read_at(AT_FDCWD, path, 100, false, &text, &n), 0);
	assert_string_equal(text, "two");
	assert_int_equal(file_read_at(AT_FDCWD, path, 2, false, &text, &n), -EFBIG);
	assert_int_equal(file_read_at(AT_FDCWD, dir, 100, false, &text, &n), -EISDIR);
	assert_int_equal(file_replace(missing, SPAN_LIT("x"), 0644), -ENOENT);
	assert_int_equal(file_replace(dir, SPAN_LIT("x"), 0644), -EISDIR);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(file_read_at(AT_FDCWD, path, 100, false, &text, &n), -EINVAL);
	assert_int_equal(file_replace(path, SPAN_LIT("x"), 0644), -EINVAL);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

static void test_two_names_of_a_file_are_the_same_file(void **state)
{
	char dir[] = "/tmp/seccompd-test-XXXXXX", names[5][64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		snprintf(names[i], sizeof(names[i]), "%s/%zu", dir, i);
	assert_false(file_is_same(names[0], names[0])); /* there is none */
	assert_int_equal(file_replace(names[0], SPAN_LIT("x"), 0600), 0);
	assert_int_equal(file_replace(names[1], SPAN_LIT("x"), 0600), 0);
	assert_int_equal(link(names[0], names[2]), 0);
	assert_int_equal(symlink("2", names[3]), 0);
	assert_int_equal(symlink("none", names[4]), 0);
	assert_true(file_is_same(names[0], names[2]));
	assert_true(file_is_same(names[0], names[3]));
	assert_false(file_is_same(names[0], names[1]));
	assert_false(file_is_same(names[0], names[4]));
	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		assert_int_equal(unlink(names[i]), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void test_replacing_a_link_writes_what_it_points_to(void **state)
{
	char dir[] = "/tmp/seccompd-test-XXXXXX", path[64], link[64];
	_cleanup_free_ char *text = NULL;
	struct stat st;
	size_t n;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/f", dir);
	snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(symlink("f", link), 0);
	assert_int_equal(file_replace(link, SPAN_LIT("x"), 0644), -ENOENT);
	assert_int_equal(lstat(path, &st), -1);
	assert_int_equal(file_replace(path, SPAN_LIT("old"), 0600), 0);
	assert_int_equal(file_replace(link, SPAN_LIT("new"), 0644), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(file_read_at(AT_FDCWD, path, 100, false, &text, &n), 0);
	assert_string_equal(text, "new");
	unlink(link);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

#define DAY (24 * 3600 * USEC_PER_SEC)

static void test_times_read_well(void **state)
{
	char buf[CLOCK_RFC3339_SIZE], ago[32];

	(void)state;
	assert_string_equal(clock_format_rfc3339(1795309685233001, buf),
			    "2026-11-22T01:08:05.233001Z");
	assert_string_equal(clock_format_rfc3339(0, buf), "");
	assert_string_equal(clock_format_ago(5 * USEC_PER_SEC, 65 * USEC_PER_SEC, ago, sizeof(ago)),
			    "1 min ago");
	assert_string_equal(clock_format_ago(0, 1, ago, sizeof(ago)), "not known");
	assert_string_equal(
		clock_format_ago(1795309685233001 - 99 * DAY, 1795309685233001, ago, sizeof(ago)),
		"99 d ago");
	assert_string_equal(
		clock_format_ago(1795309685233001, 1795309685233001 + 100 * DAY, ago, sizeof(ago)),
		"2026-11-22");
}

static void test_diag_carries_one_safe_sentence(void **state)
{
	Diag d = { 0 };

	(void)state;
	assert_int_equal(diag_set_at(&d, -EBADMSG, 3, 7, "bad key \"%s\"", "a\x1b"), -EBADMSG);
	assert_int_equal(d.line, 3);
	assert_string_equal(d.text, "bad key \"a\\x1B\"");
	assert_int_equal(diag_set(NULL, -EIO, "x"), -EIO);
}

static void test_hash_depends_on_bytes_and_seed(void **state)
{
	(void)state;
	assert_true(hash_bytes(SPAN_LIT("abc"), 1) == hash_bytes(SPAN_LIT("abc"), 1));
	assert_true(hash_bytes(SPAN_LIT("abc"), 1) != hash_bytes(SPAN_LIT("abc"), 2));
	assert_true(hash_bytes(SPAN_LIT("abc"), 1) != hash_bytes(SPAN_LIT("abd"), 1));
	assert_true(hash_bytes(SPAN_LIT("a\0"), 1) != hash_bytes(SPAN_LIT("a"), 1));
}

static void pack_and_unpack(const unsigned char *bytes, size_t n, size_t most)
{
	_cleanup_buffer_ Buffer packed = BUFFER_NULL;
	_cleanup_free_ unsigned char *back = malloc(n + 1);

	memset(back, 0xaa, n + 1);
	pack_zeros(bytes, n, &packed);
	assert_int_equal(buffer_error(&packed), 0);
	assert_true(packed.n <= most);
	assert_int_equal(unpack_zeros(buffer_span(&packed), back, n), 0);
	assert_memory_equal(back, bytes, n);
	assert_int_equal(back[n], 0xaa);
	if (n > 0) {
		assert_int_equal(unpack_zeros(buffer_span(&packed), back, n - 1), -EBADMSG);
		assert_int_equal(
			unpack_zeros(span_first(buffer_span(&packed), packed.n - 1), back, n),
			-EBADMSG);
	}
}

static void test_packing_leaves_out_zeros_only(void **state)
{
	static unsigned char bytes[200000];

	(void)state;
	pack_and_unpack(bytes, 0, 0);
	pack_and_unpack(bytes, sizeof(bytes), 16);
	memcpy(bytes + 70000, "some text", 9);
	bytes[sizeof(bytes) - 1] = 1;
	pack_and_unpack(bytes, sizeof(bytes), 64);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i % 7 < 4 ? 0 : i % 251);
	pack_and_unpack(bytes, sizeof(bytes), sizeof(bytes) + 64);
	pack_and_unpack(bytes, 3, 8);
}

/* That a shell reads these words back: tests/integration/client-outputs.sh. */
static void test_shell_words_are_quoted_where_they_must_be(void **state)
{
	static const struct {
		const char *text, *wanted;
	} rows[] = {
		{ "/etc/a-b_c.d/web@1.json", "/etc/a-b_c.d/web@1.json" },
		{ "", "''" },
		{ "a b", "'a b'" },
		{ "it's", "'it'\\''s'" },
		{ "$(x)`y`!*?~", "'$(x)`y`!*?~'" },
		{ "\xc3\xa4", "'\xc3\xa4'" },
		{ "a\n'\\\x1b", "$'a\\x0A\\'\\x5C\\x1B'" },
		{ "\xff"
		  "0",
		  "$'\\xFF0'" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		text_shell_word(&b, span_of(rows[i].text));
		assert_string_equal(b.p, rows[i].wanted);
	}
}

static void test_durations_are_shown_in_two_units(void **state)
{
	static const struct {
		usec_t t;
		const char *text;
	} rows[] = {
		{ 0, "0 s" },
		{ 999, "0 s" },
		{ 250 * USEC_PER_MSEC, "250 ms" },
		{ 59 * USEC_PER_SEC + 999999, "59 s" },
		{ 3600 * USEC_PER_SEC + 59 * USEC_PER_SEC, "1 h" },
		{ 3600 * USEC_PER_SEC + 60 * USEC_PER_SEC, "1 h 1 min" },
		{ 7 * 86400 * USEC_PER_SEC - 1, "6 d 23 h" },
		{ 31 * 86400 * USEC_PER_SEC, "31 d" },
	};
	char buf[32];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		assert_string_equal(clock_format_span(rows[i].t, buf, sizeof(buf)), rows[i].text);
}

static void test_dates_are_days_that_there_are(void **state)
{
	static const char *const bad[] = { "",
					   "2026",
					   "2026-2-3",
					   "2026-02-30",
					   "2026-13-01",
					   "2026-00-10",
					   "2026-01-00",
					   "2026-01-01-01",
					   "1969-12-31",
					   "2026-01-01T00:00:00Z",
					   " 2026-01-01",
					   "+026-01-01" };
	usec_t t = 0;

	(void)state;
	assert_int_equal(clock_parse_date(SPAN_LIT("1970-01-02"), &t), 0);
	assert_int_equal(t, 24 * 3600 * USEC_PER_SEC);
	assert_int_equal(clock_parse_date(SPAN_LIT("2024-02-29"), &t), 0);
	assert_int_equal(t, 1709164800 * USEC_PER_SEC);
	for (size_t i = 0; i < ELEMENTSOF(bad); i++)
		assert_int_equal(clock_parse_date(span_of(bad[i]), &t), -EINVAL);
}

static void test_durations_are_read_whole_or_not_at_all(void **state)
{
	static const char *const bad[] = { "", "d", "7x", "7 d", "-1", "1h ", "1.5h", "0x1s" };
	usec_t t;

	(void)state;
	assert_int_equal(clock_parse_span(SPAN_LIT("90"), &t), 0);
	assert_int_equal(t, 90 * USEC_PER_SEC);
	assert_int_equal(clock_parse_span(SPAN_LIT("1w1d2h3min4s5ms"), &t), 0);
	assert_int_equal(t, ((((8 * 24 + 2) * 60 + 3) * 60 + 4) * 1000 + 5) * USEC_PER_MSEC);
	assert_int_equal(clock_parse_span(SPAN_LIT("0"), &t), 0);
	assert_int_equal(t, 0);
	for (size_t i = 0; i < ELEMENTSOF(bad); i++)
		assert_int_equal(clock_parse_span(span_of(bad[i]), &t), -EINVAL);
	assert_int_equal(clock_parse_span(SPAN_LIT("99999999999999w"), &t), -ERANGE);
	assert_int_equal(clock_parse_span(SPAN_LIT("10000000w10000000w"), &t), -ERANGE);
}

static void test_moments_are_parsed(void **state)
{
	static const struct {
		const char *text;
		int r;
		usec_t t;
	} cases[] = {
		{ "1970-01-02", 0, 86400 * USEC_PER_SEC },
		{ "2023-11-14 22:13", 0, 1699999980 * USEC_PER_SEC },
		{ "2023-11-14T22:13:20Z", 0, 1700000000 * USEC_PER_SEC },
		{ "2023-11-14T22:13:20.5", 0, 1700000000 * USEC_PER_SEC + 500000 },
		{ "2023-11-14T22:13:20.1234567Z", 0, 1700000000 * USEC_PER_SEC + 123456 },
		{ "2023-11-14T23:13:20+01:00", 0, 1700000000 * USEC_PER_SEC },
		{ "2023-11-14T14:43:20-07:30", 0, 1700000000 * USEC_PER_SEC },
		{ "2024-02-29", 0, 1709164800 * USEC_PER_SEC },
		{ "@1700000000", 0, 1700000000 * USEC_PER_SEC },
		{ "@1700000000.123", 0, 1700000000 * USEC_PER_SEC + 123000 },
		{ "", -EINVAL, 0 },
		{ "yesterday", -EINVAL, 0 },
		{ "2023-11", -EINVAL, 0 },
		{ "2023-02-29", -EINVAL, 0 },
		{ "2023-13-01", -EINVAL, 0 },
		{ "2023-11-14T24:00", -EINVAL, 0 },
		{ "2023-11-14T22", -EINVAL, 0 },
		{ "2023-11-14T22:13:60", -EINVAL, 0 },
		{ "2023-11-14T22:13:20.", -EINVAL, 0 },
		{ "2023-11-14T22:13:20Zulu", -EINVAL, 0 },
		{ "2023-11-14T22:13:20+25:00", -EINVAL, 0 },
		{ " 2023-11-14", -EINVAL, 0 },
		{ "+023-11-14", -EINVAL, 0 },
		{ "1969-12-31", -ERANGE, 0 },
		{ "1970-01-01T00:30+01:00", -ERANGE, 0 },
		{ "@", -EINVAL, 0 },
		{ "@-5", -EINVAL, 0 },
		{ "@1e9", -EINVAL, 0 },
		{ "@18446744073709551615", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		usec_t t = 0;

		if (clock_parse_time(span_of(cases[i].text), &t) != cases[i].r || t != cases[i].t)
			fail_msg("\"%s\" gave %llu", cases[i].text, (unsigned long long)t);
	}
}

UNIT_MAIN(cmocka_unit_test(test_dates_are_days_that_there_are),
	  cmocka_unit_test(test_moments_are_parsed),
	  cmocka_unit_test(test_shell_words_are_quoted_where_they_must_be),
	  cmocka_unit_test(test_packing_leaves_out_zeros_only),
	  cmocka_unit_test(test_span_finds_and_splits),
	  cmocka_unit_test(test_numbers_are_whole_and_bounded),
	  cmocka_unit_test(test_hostile_text_is_escaped),
	  cmocka_unit_test(test_buffer_failure_is_sticky),
	  cmocka_unit_test(test_replace_keeps_mode_and_old_content_on_failure),
	  cmocka_unit_test(test_two_names_of_a_file_are_the_same_file),
	  cmocka_unit_test(test_replacing_a_link_writes_what_it_points_to),
	  cmocka_unit_test(test_times_read_well),
	  cmocka_unit_test(test_diag_carries_one_safe_sentence),
	  cmocka_unit_test(test_hash_depends_on_bytes_and_seed),
	  cmocka_unit_test(test_durations_are_shown_in_two_units),
	  cmocka_unit_test(test_durations_are_read_whole_or_not_at_all))
