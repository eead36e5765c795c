/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/config-file: what the callers of libeconf would otherwise not learn. */
#include <errno.h>
#include <sys/stat.h>

#include "config/config-file.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"
#include "util/file.h"

static char folder[64], file[96], drop_ins[112];

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/seccompd-config-file-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/a.conf", folder);
	snprintf(drop_ins, sizeof(drop_ins), "%s.d", file);
	return mkdir(drop_ins, 0700);
}

static const char *const dropped[] = { "10.conf", "9.conf", "x.txt", ".y.conf" };

static int tear_down(void **state)
{
	char path[160];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(dropped); i++) {
		snprintf(path, sizeof(path), "%s/%s", drop_ins, dropped[i]);
		unlink(path);
	}
	unlink(file);
	rmdir(drop_ins);
	return rmdir(folder);
}

static void put(const char *path, Span text)
{
	assert_int_equal(file_replace(path, text, 0644), 0);
}

/* "[SECTION]" and "KEY=VALUE" with their lines, so that a test sees them all in order. */
static int take(const ConfigLine *line, void *userdata, Diag *d)
{
	(void)d;
	if (line->key)
		buffer_printf(userdata, "%u:%s=%s ", line->line, line->key, line->value);
	else
		buffer_printf(userdata, "%u:[%s] ", line->line, line->section);
	return 0;
}

static int refuse_z(const ConfigLine *line, void *userdata, Diag *d)
{
	(void)userdata;
	return line->key && strcmp(line->key, "Z") == 0 ? diag_set(d, -EINVAL, "no Z") : 0;
}

static void test_lines_come_in_order_with_their_numbers(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };

	(void)state;
	put(file, SPAN_LIT("# c\n[b]\n\nB=1\n  A = x y \n[empty]\n[a]\nB=\"q z\"\nC=\n"));
	assert_int_equal(config_file_read(file, true, take, &b, &d, NULL), 0);
	assert_string_equal(b.p, "2:[b] 4:B=1 5:A=x y 6:[empty] 7:[a] 8:B=q z 9:C= ");
}

static void test_drop_ins_come_behind_by_name(void **state)
{
	static const char *const texts[] = { "[a]\nA=10\n", "[a]\nA=9\n", "[a]\nA=x\n",
					     "[a]\nA=y\n" };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char path[160];

	(void)state;
	put(file, SPAN_LIT("[a]\nA=0\n"));
	for (size_t i = 0; i < ELEMENTSOF(dropped); i++) {
		snprintf(path, sizeof(path), "%s/%s", drop_ins, dropped[i]);
		put(path, span_of(texts[i]));
	}
	assert_int_equal(config_file_read(file, true, take, &b, NULL, NULL), 0);
	assert_string_equal(b.p, "1:[a] 2:A=0 1:[a] 2:A=10 1:[a] 2:A=9 ");
}

static void test_mistakes_have_their_line(void **state)
{
	static const struct {
		Span text;
		unsigned line;
		const char *says;
	} cases[] = {
		{ SPAN_LIT("[a]\nK=1\nK=2\n"), 3, "K= stands twice" },
		{ SPAN_LIT("[a]\n[b]\n[a]\n"), 3, "[a] stands twice" },
		{ SPAN_LIT("K=1\n[a]\n"), 1, "before any [section]" },
		{ SPAN_LIT("[a]\nnonsense\n"), 2, "neither" },
		{ SPAN_LIT("[a]\n=1\n"), 2, "" },
		{ SPAN_LIT("[a]\nK=/srv/a#b\n"), 2, "would be read as \"/srv/a\"" },
		{ SPAN_LIT("[a]\nK=x ; y\n"), 2, "comment on a line of its own" },
		{ SPAN_LIT("[a]\nK=\"x#y\"\n"), 2, "comment on a line of its own" },
		{ SPAN_LIT("[a\nK=1\n"), 1, "" },
		{ SPAN_LIT("[a]\nZ=1\n"), 2, "no Z" },
		{ SPAN_LIT("[a]\nK=\0\n"), 0, "NUL" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_free_ char *where = NULL;
		Diag d = { 0 };

		put(file, cases[i].text);
		if (config_file_read(file, true, refuse_z, NULL, &d, &where) != -EINVAL)
			fail_msg("case %zu was taken", i);
		if (d.line != cases[i].line || !strstr(d.text, cases[i].says) || !d.text[0])
			fail_msg("case %zu: line %u: %s", i, d.line, d.text);
		assert_string_equal(where, file);
	}
}

static void test_there_is_an_end_to_keys_and_sections(void **state)
{
	_cleanup_buffer_ Buffer keys = BUFFER_NULL, sections = BUFFER_NULL, out = BUFFER_NULL;

	(void)state;
	buffer_add_str(&keys, "[a]\n");
	for (int i = 0; i < 65; i++)
		buffer_printf(&keys, "K%d=1\n", i);
	for (int i = 0; i < 513; i++)
		buffer_printf(&sections, "[s%d]\n", i);
	put(file, buffer_span(&keys));
	assert_int_equal(config_file_read(file, true, take, &out, NULL, NULL), -E2BIG);
	put(file, buffer_span(&sections));
	assert_int_equal(config_file_read(file, true, take, &out, NULL, NULL), -E2BIG);
}

static void test_missing_files(void **state)
{
	_cleanup_free_ char *where = NULL;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(config_file_read(file, false, take, &b, &d, &where), 0);
	assert_null(where);
	assert_int_equal(config_file_read(file, true, take, &b, &d, &where), -ENOENT);
	assert_string_equal(where, file);
	assert_int_equal(config_file_read("/dev/null", true, take, &b, &d, NULL), 0);
	assert_int_equal(b.n, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(TEST(test_lines_come_in_order_with_their_numbers),
	  TEST(test_drop_ins_come_behind_by_name), TEST(test_mistakes_have_their_line),
	  TEST(test_there_is_an_end_to_keys_and_sections), TEST(test_missing_files))
