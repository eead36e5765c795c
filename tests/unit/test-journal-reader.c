/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* source/journal-reader: what sd-journal gives of a journal, with bounds, and whatever becomes of
 * its files meanwhile. tests/data/journal.xz has 20 entries, one a second; MESSAGE is "entry N",
 * KIND is a, b, c in turn, _TRANSPORT is journal or kernel, and LONG of entry 4 has 70,000 bytes.
 * make-journal.sh beside it made it. */
#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <sys/stat.h>

#include "source/bus-error.h"
#include "source/journal-reader.h"
#include "tests/unit/unit.h"

#define ENTRIES 20
#define START UINT64_C(1700000000000000)
#define SECOND UINT64_C(1000000)
#define JOURNAL_SIZE ((size_t)8 << 20)

static char dir[] = "/tmp/test-journal-reader.XXXXXX";
static char good[128], bad[128], copy[128], none[128];
static unsigned char *bytes;

static const Span names[] = { { "MESSAGE", 7 }, { "KIND", 4 }, { "LONG", 4 }, { "N", 1 } };

/* ---- the files ---- */

static void write_file(const char *path, const void *p, size_t n)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
}

static void unpack_journal(void)
{
	_cleanup_free_ char *path = unit_source_path("tests/data/journal.xz");
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ unsigned char *packed = malloc(JOURNAL_SIZE);
	uint64_t limit = UINT64_MAX;
	size_t in = 0, out = 0;
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, packed, JOURNAL_SIZE);
	assert_true(n > 0);
	bytes = malloc(JOURNAL_SIZE);
	assert_int_equal(lzma_stream_buffer_decode(&limit, 0, NULL, packed, &in, (size_t)n, bytes,
						   &out, JOURNAL_SIZE),
			 LZMA_OK);
	assert_int_equal(out, JOURNAL_SIZE);
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(good, sizeof(good), "%s/good.journal", dir);
	snprintf(bad, sizeof(bad), "%s/bad.journal", dir);
	snprintf(copy, sizeof(copy), "%s/copy.journal", dir);
	snprintf(none, sizeof(none), "%s/none.journal", dir);
	unpack_journal();
	write_file(good, bytes, JOURNAL_SIZE);
	write_file(bad, bytes, JOURNAL_SIZE / 2);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlink(good);
	(void)unlink(bad);
	(void)unlink(copy);
	free(bytes);
	return rmdir(dir);
}

static JournalReader *open_files(const char *const *files, size_t n)
{
	JournalPlace place = { .files = files, .n_files = n };
	JournalReader *r = NULL;

	assert_int_equal(journal_reader_new(&place, names, ELEMENTSOF(names), &r), 0);
	return r;
}

static JournalReader *open_good(void)
{
	static const char *const files[] = { good };

	return open_files(files, 1);
}

/* The numbers of all entries from here on, "0 1 2 ". */
static const char *rest(JournalReader *r)
{
	static char text[256];
	JournalValues v;
	size_t n = 0;
	int e;

	text[0] = '\0';
	while ((e = journal_reader_next(r, &v)) > 0)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s ", (int)v.values[3].n,
				      v.values[3].p);
	assert_int_equal(e, 0);
	return text;
}

/* ---- entries ---- */

static void test_entries_come_in_order_with_the_fields_asked_for(void **state)
{
	_cleanup_(journal_reader_freep) JournalReader *r = open_good();
	JournalValues v;
	char text[32];

	(void)state;
	for (unsigned i = 0; i < ENTRIES; i++) {
		uint64_t t = 0;

		assert_int_equal(journal_reader_next(r, &v), 1);
		snprintf(text, sizeof(text), "entry %u", i);
		assert_true(span_is(v.values[0], text));
		assert_int_equal(v.values[1].n, 1);
		assert_int_equal(v.values[1].p[0], "abc"[i % 3]);
		assert_int_equal(journal_reader_time(r, &t), 0);
		assert_true(t == START + i * SECOND);
		assert_null(v.values[4].p);
	}
	assert_int_equal(journal_reader_next(r, &v), 0);
	assert_int_equal(journal_reader_next(r, &v), 0);
}

static void test_a_field_too_long_is_left_out_and_told(void **state)
{
	_cleanup_(journal_reader_freep) JournalReader *r = open_good();
	JournalValues v;

	(void)state;
	for (unsigned i = 0; i < ENTRIES; i++) {
		assert_int_equal(journal_reader_next(r, &v), 1);
		assert_int_equal(v.cut, i == 4);
		assert_int_equal(v.values[2].p == NULL, i == 4);
		assert_non_null(v.values[0].p);
		assert_non_null(v.values[3].p);
	}
}

static void test_the_times_are_those_of_all_entries(void **state)
{
	JournalReader *r = open_good();
	uint64_t first = 1, last = 1;

	(void)state;
	assert_true(journal_reader_match(r, SPAN_LIT("KIND=b")) >= 0);
	assert_int_equal(journal_reader_times(r, &first, &last), 0);
	assert_int_equal(first, START);
	assert_int_equal(last, START + (ENTRIES - 1) * SECOND);
	journal_reader_free(r);
}

static void test_matches_choose_entries(void **state)
{
	JournalReader *r = open_good();

	(void)state;
	assert_true(journal_reader_match(r, SPAN_LIT("KIND=a")) >= 0);
	assert_true(journal_reader_match(r, SPAN_LIT("_TRANSPORT=kernel")) >= 0);
	assert_string_equal(rest(r), "3 9 15 ");
	r = journal_reader_free(r);

	r = open_good();
	assert_true(journal_reader_match(r, SPAN_LIT("N=3")) >= 0);
	assert_true(journal_reader_match(r, SPAN_LIT("N=5")) >= 0);
	assert_true(journal_reader_or(r) >= 0);
	assert_true(journal_reader_match(r, SPAN_LIT("MESSAGE=entry 11")) >= 0);
	assert_string_equal(rest(r), "3 5 11 ");
	journal_reader_free(r);
}

typedef struct Seen {
	unsigned n;
	char kinds[8];
} Seen;

static void see(Span match, void *userdata)
{
	Seen *s = userdata;

	assert_true(span_skip(&match, SPAN_LIT("KIND=")));
	s->kinds[s->n++] = match.p[0];
}

static void test_a_fields_values_are_listed_up_to_a_bound(void **state)
{
	_cleanup_(journal_reader_freep) JournalReader *r = open_good();
	Seen seen = { 0 };

	(void)state;
	assert_int_equal(journal_reader_values(r, "KIND", 3, see, &seen), 0);
	assert_int_equal(seen.n, 3);
	assert_true(strchr(seen.kinds, 'a') && strchr(seen.kinds, 'b') && strchr(seen.kinds, 'c'));
	seen = (Seen){ 0 };
	assert_int_equal(journal_reader_values(r, "KIND", 2, see, &seen), 1);
	assert_int_equal(seen.n, 2);
	assert_int_equal(journal_reader_values(r, "NOBODY_HAS_IT", 2, see, &seen), 0);
	assert_int_equal(seen.n, 2);
}

/* ---- places ---- */

static void test_seeking_puts_the_reader_where_it_says(void **state)
{
	_cleanup_(journal_reader_freep) JournalReader *r = open_good();
	uint64_t t = 0;

	(void)state;
	assert_int_equal(journal_reader_seek_tail(r), 1);
	assert_int_equal(journal_reader_time(r, &t), 0);
	assert_true(t == START + (ENTRIES - 1) * SECOND);
	assert_string_equal(rest(r), "");
	assert_int_equal(journal_reader_seek_time(r, START + 17 * SECOND), 0);
	assert_string_equal(rest(r), "17 18 19 ");
	assert_int_equal(journal_reader_seek_time(r, START + 17 * SECOND + 1), 0);
	assert_string_equal(rest(r), "18 19 ");
	assert_int_equal(journal_reader_seek_time(r, START + 100 * SECOND), 0);
	assert_string_equal(rest(r), "");
	assert_int_equal(journal_reader_seek_head(r), 0);
	assert_string_equal(rest(r), "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 ");
}

static void test_a_tail_without_entries_is_told(void **state)
{
	_cleanup_(journal_reader_freep) JournalReader *r = open_good();

	(void)state;
	assert_true(journal_reader_match(r, SPAN_LIT("KIND=z")) >= 0);
	assert_int_equal(journal_reader_seek_tail(r), 0);
	assert_string_equal(rest(r), "");
}

static void test_a_cursor_leads_behind_its_entry(void **state)
{
	_cleanup_(journal_reader_freep) JournalReader *r = open_good(), *other = open_good();
	_cleanup_free_ char *cursor = NULL;
	JournalValues v;

	(void)state;
	assert_int_equal(journal_reader_cursor(r, &cursor), -EADDRNOTAVAIL);
	for (unsigned i = 0; i <= 16; i++)
		assert_int_equal(journal_reader_next(r, &v), 1);
	assert_int_equal(journal_reader_cursor(r, &cursor), 0);
	assert_int_equal(journal_reader_seek_cursor(other, cursor), 1);
	assert_string_equal(rest(other), "17 18 19 ");
	other = journal_reader_free(other);
	/* Its entry is not among those asked for, as if it had gone. */
	other = open_good();
	assert_true(journal_reader_match(other, SPAN_LIT("KIND=c")) >= 0);
	assert_int_equal(journal_reader_seek_cursor(other, cursor), 0);
	assert_string_equal(rest(other), "17 ");
	assert_int_equal(journal_reader_seek_cursor(other, "this is no cursor"), -EINVAL);
}

/* ---- files ---- */

static void test_files_that_are_no_journal_are_left_out_and_counted(void **state)
{
	const char *const mixed[] = { bad, good, none };
	const char *first = NULL;
	JournalReader *r = open_files(mixed, 3);

	(void)state;
	assert_int_equal(journal_reader_left_out(r, &first), 2);
	assert_string_equal(first, bad);
	assert_string_equal(rest(r), "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 ");
	r = journal_reader_free(r);

	r = open_good();
	assert_int_equal(journal_reader_left_out(r, &first), 0);
	assert_null(first);
	journal_reader_free(r);
}

static void test_a_place_without_a_journal_is_an_error(void **state)
{
	const char *const files[] = { bad, none };
	JournalPlace place = { .files = files, .n_files = 2 };
	JournalReader *r = NULL;

	(void)state;
	assert_int_equal(journal_reader_new(&place, names, 4, &r), -EBADMSG);
	place.files = files + 1;
	place.n_files = 1;
	assert_int_equal(journal_reader_new(&place, names, 4, &r), -ENOENT);
	place = (JournalPlace){ .directory = none };
	assert_int_equal(journal_reader_new(&place, names, 4, &r), -ENOENT);
	place = (JournalPlace){ .directory = dir };
	assert_int_equal(journal_reader_new(&place, names, JOURNAL_NAMES_MAX + 1, &r), -E2BIG);
	assert_null(r);
}

static void test_a_directory_is_read_and_can_be_followed(void **state)
{
	_cleanup_(journal_reader_freep) JournalReader *r = NULL;
	JournalPlace place = { .directory = dir, .users = true };

	(void)state;
	assert_int_equal(journal_reader_new(&place, names, ELEMENTSOF(names), &r), 0);
	assert_string_equal(rest(r), "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 ");
	assert_true(journal_reader_fd(r) >= 0);
	assert_int_equal(journal_reader_process(r), 0);
}

/* As journald does with a file that it puts away. */
static void test_a_file_that_is_cut_is_an_error_and_no_death(void **state)
{
	static const char *const files[] = { copy };
	JournalReader *r;
	JournalValues v;
	int e = 0;

	(void)state;
	bus_error_watch();
	write_file(copy, bytes, JOURNAL_SIZE);
	r = open_files(files, 1);
	assert_int_equal(journal_reader_next(r, &v), 1);
	assert_int_equal(truncate(copy, 4096), 0);
	for (unsigned i = 0; i < ENTRIES && e >= 0; i++)
		e = journal_reader_next(r, &v);
	assert_int_equal(e, -EBADMSG);
	assert_int_equal(journal_reader_next(r, &v), -EBADMSG);
	assert_int_equal(journal_reader_seek_head(r), -EBADMSG);
	assert_null(journal_reader_free(r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_come_in_order_with_the_fields_asked_for),
		cmocka_unit_test(test_a_field_too_long_is_left_out_and_told),
		cmocka_unit_test(test_the_times_are_those_of_all_entries),
		cmocka_unit_test(test_matches_choose_entries),
		cmocka_unit_test(test_a_fields_values_are_listed_up_to_a_bound),
		cmocka_unit_test(test_seeking_puts_the_reader_where_it_says),
		cmocka_unit_test(test_a_tail_without_entries_is_told),
		cmocka_unit_test(test_a_cursor_leads_behind_its_entry),
		cmocka_unit_test(test_files_that_are_no_journal_are_left_out_and_counted),
		cmocka_unit_test(test_a_place_without_a_journal_is_an_error),
		cmocka_unit_test(test_a_directory_is_read_and_can_be_followed),
		cmocka_unit_test(test_a_file_that_is_cut_is_an_error_and_no_death),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
