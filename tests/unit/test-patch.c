/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/patch.c: names go where the list's style has them, and no other byte changes. */
#include <errno.h>

#include "profile/patch.h"
#include "tests/unit/profile-help.h"
#include "util/hash.h"

static char *add(const char *text, const char *const *names, size_t n)
{
	_cleanup_(profile_freep) Profile *p = help_read(text, DIALECT_OCI);
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	assert_int_equal(patch_add_names(span_of(text), p, names, n, &out), 0);
	return buffer_steal(&out);
}

#define HEAD                                                                       \
	"{ \"defaultAction\": \"SCMP_ACT_LOG\", \"syscalls\": [ {\n\t\"action\": " \
	"\"SCMP_ACT_ALLOW\",\n"
#define TAIL "\n} ] }"

static void test_names_go_where_the_style_has_them(void **state)
{
	static const struct {
		const char *before, *after; /* of the names member; "chmod" and "write" are added */
	} cases[] = {
		{ "\t\"names\": [\"bind\", \"read\"]",
		  "\t\"names\": [\"bind\", \"chmod\", \"read\", \"write\"]" },
		{ "\t\"names\":[\"bind\",\"read\"]",
		  "\t\"names\":[\"bind\",\"chmod\",\"read\",\"write\"]" },
		{ "\t\"names\": [\n\t\t\"bind\",\n\t\t\"read\"\n\t]",
		  "\t\"names\": "
		  "[\n\t\t\"bind\",\n\t\t\"chmod\",\n\t\t\"read\",\n\t\t\"write\"\n\t]" },
		{ "  \"names\": [\r\n    \"bind\",\r\n    \"read\"\r\n  ]",
		  "  \"names\": [\r\n    \"bind\",\r\n    \"chmod\",\r\n    \"read\",\r\n    "
		  "\"write\"\r\n  ]" },
		{ "\t\"names\": [\"read\", \"bind\"]", /* in no order: at the end */
		  "\t\"names\": [\"read\", \"bind\", \"chmod\", \"write\"]" },
		{ "\t\"names\": [\"read\"]", "\t\"names\": [\"chmod\", \"read\", \"write\"]" },
		{ "\t\"names\": [\n\t\t\"zzz\"\n\t]",
		  "\t\"names\": [\n\t\t\"chmod\",\n\t\t\"write\",\n\t\t\"zzz\"\n\t]" },
		{ "\t\"names\": []", "\t\"names\": [\"chmod\", \"write\"]" },
		{ "\t\"names\": [\n\t]", "\t\"names\": [\n\t\t\"chmod\",\n\t\t\"write\"\n\t]" },
		{ "\t\"names\": [\n\t  \"bind\"\n\t, \"read\"\n\t]",
		  "\t\"names\": [\n\t  \"bind\"\n\t, \"chmod\"\n\t, \"read\"\n\t, \"write\"\n\t]" },
		{ "\t\"names\": [\"bind\", \"chmod\", \"write\"]",
		  "\t\"names\": [\"bind\", \"chmod\", \"write\"]" },
		{ "\t\"names\": [\"getrlimit\", \"get_robust_list\", \"_llseek\"]",
		  "\t\"names\": [\"chmod\", \"getrlimit\", \"get_robust_list\", \"_llseek\", "
		  "\"write\"]" },
		{ "\t\"names\": [\n\t\t\"bind\",\n\n\t\t\"read\"\n\t]", /* a blank line is not
									   copied */
		  "\t\"names\": "
		  "[\n\t\t\"bind\",\n\n\t\t\"chmod\",\n\t\t\"read\",\n\t\t\"write\"\n\t]" },
	};
	static const char *const names[] = { "write", "chmod", "write" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_free_ char *before = NULL, *after = NULL, *got = NULL, *again = NULL;

		assert_true(asprintf(&before, HEAD "%s" TAIL, cases[i].before) > 0);
		assert_true(asprintf(&after, HEAD "%s" TAIL, cases[i].after) > 0);
		got = add(before, names, ELEMENTSOF(names));
		if (i == 4) { /* given order is kept where there is none */
			free(after);
			assert_true(asprintf(&after,
					     HEAD "\t\"names\": [\"read\", \"bind\", \"write\", "
						  "\"chmod\"]" TAIL) > 0);
		}
		assert_string_equal(got, after);
		again = add(got, names, ELEMENTSOF(names));
		assert_string_equal(again, got);
	}
}

static void test_the_target_is_unconditional_and_a_list(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
		"{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ERRNO\"},"
		"{\"name\":\"b\",\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"c\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"op\":\"SCMP_CMP_"
		"EQ\"}]},"
		"{\"names\":[\"d\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[]}]}";
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_(profile_freep) Profile *none =
		help_read("{\"defaultAction\":\"SCMP_ACT_LOG\"}", DIALECT_OCI);
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	static const char *const bad[] = { "re\"ad" };

	(void)state;
	p = help_read(text, DIALECT_DOCKER);
	assert_ptr_equal(patch_target(p), &p->rules[3]);
	assert_int_equal(patch_add_names(span_of(text), p, bad, 1, &out), -EINVAL);
	assert_int_equal(out.n, 0);
	assert_null(patch_target(none));
	assert_int_equal(patch_add_names(SPAN_NULL, none, bad, 1, &out), -ENOENT);
}

static void check_round_trip(const char *name, Span text)
{
	(void)name;
	for (unsigned k = 0; k < _DIALECT_JSON_MAX; k++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_buffer_ Buffer out = BUFFER_NULL;

		if (profile_read(text, (Dialect)k, &help_x86_64, &p, NULL) < 0 || !patch_target(p))
			continue;
		assert_int_equal(patch_add_names(text, p, NULL, 0, &out), 0);
		assert_int_equal(out.n, text.n);
		assert_memory_equal(out.p, text.p, text.n);
	}
}

static void test_patching_nothing_changes_no_byte(void **state)
{
	(void)state;
	if (help_each_sample("", check_round_trip) == 0) {
		print_message("# skipped: no sample profiles beside the source\n");
		skip();
	}
}

/* A profile in a random style, and random names into it. */
typedef struct Style {
	const char *line_end, *indent, *comma;
	bool lines, sorted, last_newline;
} Style;

static uint64_t draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*seed);
}

static Style random_style(uint64_t *seed)
{
	static const char *const indents[] = { "\t", "  ", "    ", "" };
	uint64_t r = draw(seed);

	return (Style){ .line_end = r & 1 ? "\r\n" : "\n",
			.indent = indents[(r >> 8) % 4],
			.comma = r & 2 ? ", " : ",",
			.lines = r & 4,
			.sorted = r & 8,
			.last_newline = r & 16 };
}

static void write_profile(Buffer *b, const Style *s, const unsigned *numbers, unsigned n)
{
	buffer_printf(b, "{%s%s\"defaultAction\": \"SCMP_ACT_LOG\",%s%s\"syscalls\": [{",
		      s->line_end, s->indent, s->line_end, s->indent);
	buffer_printf(b, "%s%s%s\"names\": [", s->line_end, s->indent, s->indent);
	for (unsigned i = 0; i < n; i++) {
		if (s->lines)
			buffer_printf(b, "%s%s%s%s%s", i ? "," : "", s->line_end, s->indent,
				      s->indent, s->indent);
		else if (i > 0)
			buffer_add_str(b, s->comma);
		buffer_printf(b, "\"call_%05u\"", numbers[i]);
	}
	if (s->lines)
		buffer_printf(b, "%s%s%s", s->line_end, s->indent, s->indent);
	buffer_printf(b, "], \"action\": \"SCMP_ACT_ALLOW\" }]}%s",
		      s->last_newline ? s->line_end : "");
}

static int compare_numbers(const void *a, const void *b)
{
	return (int)*(const unsigned *)a - (int)*(const unsigned *)b;
}

/* The patched text is what a person with this style would have written in the first place. */
static void check_random(uint64_t *seed)
{
	Style style = random_style(seed);
	unsigned n = 2 + draw(seed) % 20, k = draw(seed) % 8, numbers[32];
	_cleanup_buffer_ Buffer before = BUFFER_NULL;
	_cleanup_buffer_ Buffer after = BUFFER_NULL;
	_cleanup_free_ char *got = NULL;
	char names[8][16];
	const char *list[8];

	numbers[0] = 5; /* not in order at least here, unless sorted below */
	numbers[1] = 2;
	for (unsigned i = 2; i < n + k; i++)
		numbers[i] = i * 7 + (unsigned)(draw(seed) % 7);
	for (unsigned i = 0; i < k; i++) {
		snprintf(names[i], sizeof(names[i]), "call_%05u", numbers[n + i]);
		list[i] = names[i];
	}
	if (style.sorted)
		qsort(numbers, n, sizeof(numbers[0]), compare_numbers);
	write_profile(&before, &style, numbers, n);
	if (style.sorted)
		qsort(numbers, n + k, sizeof(numbers[0]), compare_numbers);
	write_profile(&after, &style, numbers, n + k);
	got = add(before.p, list, k);
	assert_string_equal(got, after.p);
}

static void test_random_styles_are_kept(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned i = 0; i < 2000; i++)
		check_random(&seed);
}

UNIT_MAIN(cmocka_unit_test(test_names_go_where_the_style_has_them),
	  cmocka_unit_test(test_the_target_is_unconditional_and_a_list),
	  cmocka_unit_test(test_patching_nothing_changes_no_byte),
	  cmocka_unit_test(test_random_styles_are_kept))
