/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/diff.c: what it writes, patch(1) turns back into the new text, to the byte. */
#include <fcntl.h>
#include <sys/wait.h>

#include "profile/diff.h"
#include "tests/unit/unit.h"
#include "util/file.h"
#include "util/hash.h"

static void test_the_format_is_that_of_diff_u(void **state)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	(void)state;
	assert_int_equal(diff_unified(SPAN_LIT("1\n2\n3\n4\n5\n6\n7\n8\n9"),
				      SPAN_LIT("1\n2\n3\n4\nx\n5\n6\n7\n8\n9\n"), "a/p", "b/p",
				      &out),
			 0);
	assert_string_equal(
		out.p, "--- ./a/p\n+++ ./b/p\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n 8\n"
		       "-9\n\\ No newline at end of file\n+9\n");
}

static void test_equal_texts_have_no_diff(void **state)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	(void)state;
	assert_int_equal(diff_unified(SPAN_LIT("a"), SPAN_LIT("a"), "x", "y", &out), 0);
	assert_int_equal(out.n, 0);
}

/* Those that patch and git apply find, both of them: tests/integration/client-outputs.sh. */
static void test_names_are_written_as_git_does(void **state)
{
	static const struct {
		const char *name, *wanted;
	} rows[] = {
		{ "p.json", "p.json" },
		{ "./p.json", "p.json" },
		{ "a/b.json", "./a/b.json" },
		{ ".//./a/b.json", "./a/b.json" },
		{ "a b", "a b\t" },
		{ "a\tb", "\"a\\tb\"" },
		{ "a\n/b", "\"./a\\n/b\"" },
		{ "\xc3\xa4 \xff\x01", "\"\\303\\244 \\377\\001\"" },
		{ "q\"\\", "\"q\\\"\\\\\"" },
		{ " a", "\" a\"" },
		{ "a ", "\"a \"" },
		{ "/etc/x/p.json", "p.json" },
		{ "../x/p.json", "p.json" },
		{ "a/../p.json", "p.json" },
		{ "a/..b/p.json", "./a/..b/p.json" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		_cleanup_free_ char *wanted = NULL;

		assert_int_equal(diff_unified(SPAN_LIT("b\n"), SPAN_LIT("a\n"), rows[i].name,
					      rows[i].name, &out),
				 0);
		assert_true(asprintf(&wanted, "--- %s\n+++ %s\n@@ -1 +1 @@\n-b\n+a\n",
				     rows[i].wanted, rows[i].wanted) > 0);
		assert_string_equal(out.p, wanted);
	}
}

static void test_an_empty_side_and_crlf(void **state)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	(void)state;
	assert_int_equal(diff_unified(SPAN_LIT(""), SPAN_LIT("a\r\n"), "x", "y z", &out), 0);
	assert_string_equal(out.p, "--- /dev/null\n+++ y z\t\n@@ -0,0 +1 @@\n+a\r\n");
}

static void test_far_apart_texts_become_one_block(void **state)
{
	_cleanup_buffer_ Buffer a = BUFFER_NULL;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		buffer_printf(&a, "a%u\n", i);
		buffer_printf(&b, "b%u\n", i);
	}
	assert_int_equal(diff_unified(buffer_span(&a), buffer_span(&b), "x", "y", &out), 0);
	assert_non_null(strstr(out.p, "@@ -1,5000 +1,5000 @@\n-a0\n-a1\n"));
}

static uint64_t draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*seed);
}

/* Random lines, and a copy with some left out, changed and put in. */
static void random_pair(uint64_t *seed, Buffer *a, Buffer *b)
{
	unsigned n = draw(seed) % 40;

	for (unsigned i = 0; i < n; i++) {
		char line[32];
		uint64_t r = draw(seed);

		snprintf(line, sizeof(line), "line %u%s", (unsigned)(r % 9),
			 r & 32 ? "\r\n" : "\n");
		if (i == n - 1 && r & 64)
			line[strlen(line) - 1] = '\0';
		buffer_add_str(a, line);
		if ((r >> 8) % 8 == 0)
			buffer_printf(b, "new %u\n", (unsigned)(r >> 20) % 3);
		if ((r >> 16) % 8 != 0)
			buffer_add_str(b, line);
	}
	buffer_add_str(b, draw(seed) & 1 ? "end" : "");
	buffer_add_str(a, "");
	buffer_add_str(b, "");
}

static bool have(const char *program)
{
	char command[64];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
	return system(command) == 0;
}

static void test_patch_makes_the_new_text(void **state)
{
	char dir[] = "/tmp/seccompd-test-XXXXXX", path[64], diff[64], command[256];
	uint64_t seed = 5;

	(void)state;
	if (!have("patch")) {
		print_message("# skipped: no patch(1) here\n");
		skip();
	}
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/f", dir);
	snprintf(diff, sizeof(diff), "%s/d", dir);
	snprintf(command, sizeof(command), "cd %s && patch -s -p0 < d", dir);
	for (unsigned i = 0; i < 150; i++) {
		_cleanup_buffer_ Buffer a = BUFFER_NULL;
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		_cleanup_free_ char *got = NULL;
		size_t n = 0;

		random_pair(&seed, &a, &b);
		if (a.n == 0 || b.n == 0 || span_eq(buffer_span(&a), buffer_span(&b)))
			continue;
		assert_int_equal(diff_unified(buffer_span(&a), buffer_span(&b), "f", "f", &out), 0);
		assert_int_equal(file_replace(path, buffer_span(&a), 0600), 0);
		assert_int_equal(file_replace(diff, buffer_span(&out), 0600), 0);
		assert_int_equal(system(command), 0);
		assert_int_equal(file_read_at(AT_FDCWD, path, 1 << 20, false, &got, &n), 0);
		assert_int_equal(n, b.n);
		assert_memory_equal(got, b.p, n);
	}
	unlink(path);
	unlink(diff);
	assert_int_equal(rmdir(dir), 0);
}

UNIT_MAIN(cmocka_unit_test(test_the_format_is_that_of_diff_u),
	  cmocka_unit_test(test_equal_texts_have_no_diff),
	  cmocka_unit_test(test_names_are_written_as_git_does),
	  cmocka_unit_test(test_an_empty_side_and_crlf),
	  cmocka_unit_test(test_far_apart_texts_become_one_block),
	  cmocka_unit_test(test_patch_makes_the_new_text))
