/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/json-patch.c: it makes the new document of the old one, and of no other. */
#include <errno.h>

#include "profile/json-patch.h"
#include "tests/unit/json-patch-eval.h"
#include "tests/unit/unit.h"
#include "util/hash.h"

static void is(const char *before, const char *after, const char *at, const char *wanted)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	assert_int_equal(json_patch_make(span_of(before), span_of(after), at, &b, NULL), 0);
	assert_string_equal(b.p, wanted);
}

static void test_a_name_is_added_between_two_others(void **state)
{
	(void)state;
	is("{\"d\": \"LOG\", \"syscalls\": [{\"names\": [\"a\", \"c\"], \"action\": \"ALLOW\"}]}",
	   "{\"d\": \"LOG\", \"syscalls\": [{\"names\": [\"a\", \"b\", \"c\", \"d\"], "
	   "\"action\": \"ALLOW\"}]}",
	   "",
	   "[\n"
	   "  {\"op\":\"test\",\"path\":\"\",\"value\":{\"d\":\"LOG\",\"syscalls\":"
	   "[{\"names\":[\"a\",\"c\"],\"action\":\"ALLOW\"}]}},\n"
	   "  {\"op\":\"test\",\"path\":\"/syscalls/0/action\",\"value\":\"ALLOW\"},\n"
	   "  {\"op\":\"test\",\"path\":\"/syscalls/0/names/1\",\"value\":\"c\"},\n"
	   "  {\"op\":\"add\",\"path\":\"/syscalls/0/names/1\",\"value\":\"b\"},\n"
	   "  {\"op\":\"test\",\"path\":\"/syscalls/0/names/2\",\"value\":\"c\"},\n"
	   "  {\"op\":\"add\",\"path\":\"/syscalls/0/names/3\",\"value\":\"d\"}\n"
	   "]\n");
}

static void test_members_are_replaced_removed_and_added(void **state)
{
	(void)state;
	is("{\"a\":1,\"b\":\"x\",\"c\":[1]}", "{\"c\":[1],\"b\":\"y\",\"d\":{}}", "",
	   "[\n"
	   "  {\"op\":\"test\",\"path\":\"\",\"value\":{\"a\":1,\"b\":\"x\",\"c\":[1]}},\n"
	   "  {\"op\":\"test\",\"path\":\"/a\",\"value\":1},\n"
	   "  {\"op\":\"remove\",\"path\":\"/a\"},\n"
	   "  {\"op\":\"test\",\"path\":\"/b\",\"value\":\"x\"},\n"
	   "  {\"op\":\"replace\",\"path\":\"/b\",\"value\":\"y\"},\n"
	   "  {\"op\":\"add\",\"path\":\"/d\",\"value\":{}}\n"
	   "]\n");
}

static void test_paths_are_those_of_the_whole_file_and_escaped(void **state)
{
	(void)state;
	is("{\"x\":{\"other\":1},\"a/b~\xc3\xa4\":[{\"p\":{\"n\":[\"a\"]}}]}",
	   "{\"x\":{\"other\":1},\"a/b~\xc3\xa4\":[{\"p\":{\"n\":[\"a\",\"\\\"\"]}}]}",
	   "/a~1b~0\xc3\xa4/0/p",
	   "[\n"
	   "  {\"op\":\"test\",\"path\":\"/a~1b~0\\u00e4/0/p\",\"value\":{\"n\":[\"a\"]}},\n"
	   "  {\"op\":\"test\",\"path\":\"/a~1b~0\\u00e4/0/p/n/0\",\"value\":\"a\"},\n"
	   "  {\"op\":\"add\",\"path\":\"/a~1b~0\\u00e4/0/p/n/1\",\"value\":\"\\\"\"}\n"
	   "]\n");
}

static void test_the_same_meaning_needs_no_patch(void **state)
{
	(void)state;
	is("{\"a\":[{\"b\":1,\"c\":\"\\u0041\"}]}", "{ \"a\" : [ { \"c\":\"A\", \"b\":1 } ] }\n",
	   "", "[]\n");
}

static void test_what_cannot_be_patched_is_refused(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(json_patch_make(SPAN_LIT("{"), SPAN_LIT("{}"), "", &b, &d), -EBADMSG);
	assert_int_equal(json_patch_make(SPAN_LIT("{}"), SPAN_LIT("{"), "", &b, &d), -EBADMSG);
}

static uint64_t draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*seed);
}

static void random_value(uint64_t *seed, unsigned depth, Buffer *b)
{
	static const char *const scalars[] = { "1", "\"x\"", "\"\\u00e4\"", "null", "\"~/\"" };
	static const char *const keys[] = { "a", "b/", "~c", "\xc3\xa4", "" };
	uint64_t r = draw(seed);
	const char *sep = "";

	if (depth == 0 || r % 4 == 0) {
		buffer_add_str(b, scalars[(r >> 8) % ELEMENTSOF(scalars)]);
		return;
	}
	buffer_add_char(b, r & 1 ? '{' : '[');
	for (unsigned i = 0; i < ELEMENTSOF(keys); i++) {
		if (draw(seed) & 1)
			continue;
		buffer_add_str(b, sep);
		sep = ", ";
		if (r & 1)
			buffer_printf(b, "\"%s\": ", keys[i]);
		random_value(seed, depth - 1, b);
	}
	buffer_add_char(b, r & 1 ? '}' : ']');
}

/* One document changed into the other; and with one byte of it changed, not. */
static void check_pair(Span before, Span after, uint64_t *seed, unsigned *refused)
{
	_cleanup_buffer_ Buffer patch = BUFFER_NULL;
	_cleanup_free_ char *other = span_dup(before);
	struct json_object *doc = eval_parse(before), *wanted = eval_parse(after), *third;
	char *digit;

	assert_int_equal(json_patch_make(before, after, "", &patch, NULL), 0);
	assert_true(eval_patch(doc, buffer_span(&patch)));
	assert_true(json_object_equal(doc, wanted));
	digit = strchr(other, "1x~n"[draw(seed) % 4]);
	if (digit && (*digit == '1' || *digit == 'x') && patch.n > 3) {
		*digit = *digit == '1' ? '2' : 'y';
		third = eval_parse(span_make(other, before.n));
		assert_false(eval_patch(third, buffer_span(&patch)));
		json_object_put(third);
		(*refused)++;
	}
	json_object_put(doc);
	json_object_put(wanted);
}

static void test_random_documents(void **state)
{
	uint64_t seed = 11;
	unsigned refused = 0;

	(void)state;
	for (unsigned i = 0; i < 3000 / UNIT_SHARE; i++) {
		_cleanup_buffer_ Buffer a = BUFFER_NULL;
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		buffer_add_str(&a, "{\"d\": ");
		buffer_add_str(&b, "{\"d\": ");
		random_value(&seed, 4, &a);
		random_value(&seed, 4, &b);
		buffer_add_char(&a, '}');
		buffer_add_char(&b, '}');
		check_pair(buffer_span(&a), buffer_span(&b), &seed, &refused);
	}
	assert_true(refused > 500 / UNIT_SHARE);
}

UNIT_MAIN(cmocka_unit_test(test_a_name_is_added_between_two_others),
	  cmocka_unit_test(test_members_are_replaced_removed_and_added),
	  cmocka_unit_test(test_paths_are_those_of_the_whole_file_and_escaped),
	  cmocka_unit_test(test_the_same_meaning_needs_no_patch),
	  cmocka_unit_test(test_what_cannot_be_patched_is_refused),
	  cmocka_unit_test(test_random_documents))
