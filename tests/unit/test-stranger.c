/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/stranger: never says of a record that a workload can have made it that it did not. */
#include "audit/syscall.h"
#include "suggest/stranger.h"
#include "tests/unit/profile-help.h"
#include "tests/unit/profile-random.h"

#define X86 ARCH_WORD_X86_64

static void free_profile(Profile **p)
{
	profile_free(*p);
}
#define _cleanup_profile_ _cleanup_(free_profile)

static bool may(const char *text, const char *call, Action action)
{
	_cleanup_profile_ Profile *p = help_read(text, DIALECT_OCI);
	int64_t nr;

	assert_int_equal(syscall_number(X86, call, &nr), 0);
	return stranger_may_be_of(p, X86, nr, action);
}

static void test_what_its_filter_allows_or_answers_more_strictly_is_not_its(void **state)
{
	static const char log[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
		"{\"names\":[\"read\",\"mincore\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\"}]}";
	static const char errno_[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
				     "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

	(void)state;
	assert_false(may(log, "mincore", ACTION_LOG));
	assert_false(may(log, "mincore", ACTION_KILL_PROCESS));
	assert_true(may(log, "getpid", ACTION_LOG));
	assert_false(may(log, "mount", ACTION_LOG));
	assert_true(may(log, "mount", ACTION_ERRNO));
	assert_false(may(errno_, "getpid", ACTION_LOG));
	assert_true(may(errno_, "getpid", ACTION_ERRNO));
	assert_false(may(errno_, "read", ACTION_ERRNO));
	/* of runc's stub */
	assert_true(may("{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\"}", "getpid", ACTION_ERRNO));
	assert_false(may("{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\"}", "getpid", ACTION_LOG));
}

/* A filter of a program's own may hide the answer of the applied one behind a stricter one. */
static void test_a_stricter_answer_may_hide_a_milder_one(void **state)
{
	static const char log[] = "{\"defaultAction\":\"SCMP_ACT_LOG\"}";

	(void)state;
	assert_true(may(log, "getpid", ACTION_ERRNO));
	assert_true(may(log, "getpid", ACTION_KILL_PROCESS));
}

static void test_what_depends_on_arguments_is_not_allowed(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"personality\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":0,"
		"\"op\":\"SCMP_CMP_EQ\"}]},{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":0,"
		"\"value\":40,\"op\":\"SCMP_CMP_EQ\"}]}]}";

	(void)state;
	assert_true(may(text, "personality", ACTION_LOG));
	assert_true(may(text, "socket", ACTION_LOG));
}

/* The runtime leaves out what its library does not know. */
static void test_a_new_call_may_not_be_in_the_filter(void **state)
{
	static const char log[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
				  "{\"names\":[\"clone3\",\"rseq\",\"mseal\"],"
				  "\"action\":\"SCMP_ACT_ALLOW\"}]}";
	static const char errno_[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
				     "{\"names\":[\"statx\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

	(void)state;
	assert_true(may(log, "clone3", ACTION_LOG));
	assert_false(may(log, "rseq", ACTION_LOG));
	assert_true(may(errno_, "statx", ACTION_ERRNO));
}

static void test_what_is_not_known_may_be_anybodys(void **state)
{
	static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
				   "{\"names\":[\"read\",\"socketcall\"],"
				   "\"action\":\"SCMP_ACT_ALLOW\"}]}";
	_cleanup_profile_ Profile *p = help_read(text, DIALECT_OCI);

	(void)state;
	assert_false(stranger_may_be_of(p, X86, 0, ACTION_LOG));
	assert_true(stranger_may_be_of(p, X86, -1, ACTION_LOG));
	assert_true(stranger_may_be_of(p, X86, 0x40000000, ACTION_LOG));
	assert_true(stranger_may_be_of(p, X86, 0, ACTION_OTHER));
	assert_true(stranger_may_be_of(p, ARCH_WORD_I386, 3, ACTION_LOG));
	assert_true(stranger_may_be_of(p, ARCH_WORD_I386, 102, ACTION_LOG));
	assert_true(stranger_may_be_of(p, ARCH_WORD_AARCH64, 63, ACTION_KILL_THREAD));
}

/* ---- against the filters themselves ---- */

typedef struct Tried {
	unsigned records, proved;
} Tried;

static const uint32_t own_answers[] = {
	SECCOMP_RET_ALLOW, SECCOMP_RET_LOG,         SECCOMP_RET_TRACE,        SECCOMP_RET_ERRNO | 1,
	SECCOMP_RET_TRAP,  SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,
};

/* Every record that a process under this filter, and perhaps one of its own, can make here. */
static void try_call(const Profile *p, const Filter *f, const struct seccomp_data *data, Tried *t)
{
	bool beyond;
	uint32_t word = bpf_run(&f->bpf, data, &beyond);
	Action answer = action_of_code(word);

	if (beyond)
		return;
	for (size_t i = 0; i < ELEMENTSOF(own_answers); i++) {
		Action own = action_of_code(own_answers[i]), record = MIN(answer, own);
		bool is_evidence = answer != ACTION_ALLOW;

		if (record == ACTION_ALLOW)
			continue;
		t->records++;
		if (stranger_may_be_of(p, data->arch, data->nr, record))
			continue;
		t->proved++;
		if (is_evidence)
			fail_msg("number %d of %x: %s behind %s", data->nr, data->arch,
				 action_name(answer), action_name(record));
	}
}

static void try_profile(uint64_t *seed, const Profile *p, const Filter *f, Tried *t)
{
	for (size_t i = 0; i < f->n_arches; i++)
		for (int k = 0; k < 64; k++) {
			struct seccomp_data data = { .arch = f->arches[i] == ARCH_WORD_X32
								     ? X86
								     : f->arches[i] };

			data.nr = (int)(random_draw(seed) % 460);
			for (size_t a = 0; a < ELEMENTSOF(data.args); a++)
				data.args[a] = random_draw(seed) % 3 == 0 ? random_draw(seed)
									  : random_draw(seed) % 4;
			try_call(p, f, &data, t);
		}
}

static void test_no_record_that_a_filter_can_make_is_said_to_be_a_strangers(void **state)
{
	uint64_t seed = 7;
	Tried t = { 0 };

	(void)state;
	for (int round = 0; round < 400; round++) {
		_cleanup_random_profile_ RandomProfile random = { 0 };
		_cleanup_profile_ Profile *p = NULL;
		_cleanup_filter_ Filter f = { 0 };
		Diag d = { 0 };

		random_profile(&seed, &random);
		if (profile_read(buffer_span(&random.text), random.dialect, &random.context, &p,
				 &d) < 0 ||
		    filter_build(p, &f, &d) < 0)
			continue;
		try_profile(&seed, p, &f, &t);
	}
	print_message("# %u records, %u of them proved to be strangers'\n", t.records, t.proved);
	assert_true(t.records > 10000 && t.proved > 500);
}

UNIT_MAIN(cmocka_unit_test(test_what_its_filter_allows_or_answers_more_strictly_is_not_its),
	  cmocka_unit_test(test_a_stricter_answer_may_hide_a_milder_one),
	  cmocka_unit_test(test_what_depends_on_arguments_is_not_allowed),
	  cmocka_unit_test(test_a_new_call_may_not_be_in_the_filter),
	  cmocka_unit_test(test_what_is_not_known_may_be_anybodys),
	  cmocka_unit_test(test_no_record_that_a_filter_can_make_is_said_to_be_a_strangers))
