/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* audit/syscall-closest: the call that somebody meant. */
#include <errno.h>

#include "audit/syscall-closest.h"
#include "tests/unit/unit.h"

static void test_slips_are_found_on_each_architecture(void **state)
{
	static const struct {
		const char *word, *call;
	} cases[] = {
		{ "mout", "mount" },
		{ "opeant", "openat" },
		{ "perf_event", "perf_event_open" },
		{ "Mount", "mount" },
		{ "epoll_cerate1", "epoll_create1" },
		{ "scoketcall", "socketcall" }, /* of i386 alone */
	};
	char buf[SYSCALL_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		assert_int_equal(syscall_closest(cases[i].word, buf), 0);
		assert_string_equal(buf, cases[i].call);
	}
}

static void test_nothing_is_guessed_from_afar(void **state)
{
	static const char *const words[] = { "", "frobnicate_all", "\x1b[2J\n\xff-----" };
	char buf[SYSCALL_NAME_MAX], hint[SYSCALL_HINT_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(words); i++) {
		assert_int_equal(syscall_closest(words[i], buf), -ENOENT);
		assert_string_equal(syscall_hint(words[i], hint), "");
	}
	assert_string_equal(syscall_hint("mout", hint), "; did you mean \"mount\"?");
}

UNIT_MAIN(cmocka_unit_test(test_slips_are_found_on_each_architecture),
	  cmocka_unit_test(test_nothing_is_guessed_from_afar))
