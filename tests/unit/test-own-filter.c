/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/own-filter: what a container's filter can have answered, and what it cannot. */
#include "audit/arch.h"
#include "suggest/own-filter.h"
#include "tests/unit/profile-help.h"

static const char errno_profile[] =
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
	"\"syscalls\":["
	"{\"names\":[\"read\",\"openat2\"],\"action\":\"SCMP_ACT_ALLOW\"},"
	"{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_LOG\"},"
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"op\":\"SCMP_CMP_EQ\",\"value\":1}]}]}";

static const char kill_profile[] =
	"{\"defaultAction\":\"SCMP_ACT_KILL\",\"architectures\":[\"SCMP_"
	"ARCH_X86_64\"],\"syscalls\":["
	"{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

static bool may_give(const char *profile, uint32_t arch, int64_t nr, Action action)
{
	_cleanup_own_filter_ OwnFilter o = { 0 };

	assert_int_equal(
		own_filter_init(profile ? span_of(profile) : SPAN_NULL, false, &help_x86_64, &o),
		0);
	return own_filter_may_give(&o, arch, nr, action);
}

static void test_each_answer_is_known(void **state)
{
	static const struct {
		const char *profile;
		uint32_t arch;
		int64_t nr;
		Action action;
		bool may;
	} cases[] = {
		{ errno_profile, ARCH_WORD_X86_64, 90, ACTION_ERRNO, true }, /* chmod */
		{ errno_profile, ARCH_WORD_X86_64, 90, ACTION_KILL_PROCESS, false },
		{ errno_profile, ARCH_WORD_X86_64, 90, ACTION_LOG, false },
		/* not listed: killed, whatever the number */
		{ errno_profile, ARCH_WORD_I386, 1, ACTION_KILL_THREAD, true },
		{ errno_profile, ARCH_WORD_I386, 449, ACTION_KILL_THREAD, true },
		{ errno_profile, ARCH_WORD_I386, 400, ACTION_LOG, false },
		{ errno_profile, ARCH_WORD_X86_64, 0, ACTION_LOG, false }, /* read */
		{ errno_profile, ARCH_WORD_X86_64, 0, ACTION_ERRNO, false },
		{ errno_profile, ARCH_WORD_X86_64, 83, ACTION_LOG, true }, /* mkdir */
		{ errno_profile, ARCH_WORD_X86_64, 83, ACTION_TRAP, false },
		/* by arguments: whatever the profile ever answers */
		{ errno_profile, ARCH_WORD_X86_64, 41, ACTION_ERRNO, true },
		{ errno_profile, ARCH_WORD_X86_64, 41, ACTION_TRAP, false },
		/* openat2: the runtime's libseccomp may not know it */
		{ errno_profile, ARCH_WORD_X86_64, 437, ACTION_ERRNO, true },
		{ errno_profile, ARCH_WORD_X86_64, 437, ACTION_TRAP, false },
		/* an architecture that is not listed is killed */
		{ errno_profile, ARCH_WORD_I386, 5, ACTION_KILL_THREAD, true },
		{ errno_profile, ARCH_WORD_I386, 5, ACTION_KILL_PROCESS, true },
		{ errno_profile, ARCH_WORD_I386, 5, ACTION_ERRNO, false },
		{ kill_profile, ARCH_WORD_X86_64, 90, ACTION_KILL_PROCESS, true },
		/* above the largest number runc says ENOSYS */
		{ kill_profile, ARCH_WORD_X86_64, 90, ACTION_ERRNO, true },
		{ kill_profile, ARCH_WORD_X86_64, 90, ACTION_LOG, false },
		{ NULL, ARCH_WORD_X86_64, 0, ACTION_TRAP, true },
		{ "{\"no\":\"profile\"}", ARCH_WORD_X86_64, 0, ACTION_TRAP, true },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		if (may_give(cases[i].profile, cases[i].arch, cases[i].nr, cases[i].action) !=
		    cases[i].may)
			fail_msg("case %zu: %d", i, !cases[i].may);
}

static void test_without_a_filter_none_is_its_answer(void **state)
{
	_cleanup_own_filter_ OwnFilter o = { 0 };

	(void)state;
	assert_int_equal(own_filter_init(SPAN_NULL, true, &help_x86_64, &o), 0);
	assert_false(own_filter_may_give(&o, ARCH_WORD_X86_64, 0, ACTION_LOG));
}

UNIT_MAIN(cmocka_unit_test(test_each_answer_is_known),
	  cmocka_unit_test(test_without_a_filter_none_is_its_answer))
