/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/part.c: a profile inside another file is patched there, and nothing around it is. */
#include <errno.h>

#include "profile/part.h"
#include "profile/patch.h"
#include "tests/unit/profile-help.h"

static const char config[] =
	"{\"ociVersion\": \"1.0\",\r\n \"a~b\": {\"c/d\": [1, {\"e\": 2}]},\r\n \"linux\": {\r\n"
	"  \"seccomp\": {\"defaultAction\": \"SCMP_ACT_LOG\",\r\n"
	"   \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}]}, \"x\": "
	"\"\xc3\xa4\"}}\r\n";

static void test_the_part_is_patched_in_its_place(void **state)
{
	static const char *const names[] = { "write" };
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_buffer_ Buffer patched = BUFFER_NULL, out = BUFFER_NULL;
	_cleanup_part_ Part part = { 0 };
	const char *at;
	Span inner;

	(void)state;
	assert_int_equal(part_take(span_of(config), "/linux/seccomp", &part, NULL), 0);
	inner = span_make(part.text, part.n);
	assert_int_equal(part.n, strlen(config));
	assert_int_equal(profile_read(inner, DIALECT_OCI, &help_x86_64, &p, NULL), 0);
	assert_int_equal(p->rules[0].line, 5);
	assert_int_equal(patch_add_names(inner, p, names, 1, &patched), 0);
	assert_int_equal(part_put(span_of(config), &part, buffer_span(&patched), &out), 0);
	at = strstr(config, "\"read\"") + strlen("\"read\"");
	assert_memory_equal(out.p, config, (size_t)(at - config));
	assert_memory_equal(out.p + (at - config), ", \"write\"", 9);
	assert_string_equal(out.p + (at - config) + 9, at);
}

static void test_nothing_patched_is_nothing_changed(void **state)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	_cleanup_part_ Part part = { 0 };

	(void)state;
	assert_int_equal(part_take(span_of(config), "/linux", &part, NULL), 0);
	assert_int_equal(part_put(span_of(config), &part, span_make(part.text, part.n), &out), 0);
	assert_string_equal(out.p, config);
	assert_int_equal(part_put(span_of(config), &part, SPAN_LIT("{}"), &out), -EINVAL);
}

static void test_pointers(void **state)
{
	static const struct {
		const char *at, *value; /* NULL: nothing there */
	} cases[] = {
		{ "/a~0b/c~1d/0", "1" },   { "/a~0b/c~1d/1/e", "2" }, { "/a~0b/c~1d/2", NULL },
		{ "/a~0b/c~1d/-", NULL },  { "/a~b/c", NULL },        { "/ociVersion", "\"1.0\"" },
		{ "/ociVersion/0", NULL }, { "/linux/", NULL },       { "linux", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_part_ Part part = { 0 };
		Diag d = { 0 };
		int r = part_take(span_of(config), cases[i].at, &part, &d);

		assert_int_equal(r, cases[i].value ? 0 : -EBADMSG);
		if (!cases[i].value)
			assert_non_null(strstr(d.text, "nothing at"));
		else
			assert_memory_equal(part.text + part.begin, cases[i].value,
					    part.end - part.begin);
	}
}

UNIT_MAIN(cmocka_unit_test(test_the_part_is_patched_in_its_place),
	  cmocka_unit_test(test_nothing_patched_is_nothing_changed),
	  cmocka_unit_test(test_pointers))
