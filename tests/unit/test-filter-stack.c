/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/filter-stack.c: several filters of one process answer as the kernel does. */
#include <errno.h>

#include "profile/proof.h"
#include "tests/unit/profile-help.h"

#define RETURN(word)                            \
	{                                       \
		BPF_STMT(BPF_RET | BPF_K, word) \
	}
#define PROGRAM(insns) span_make((const char *)(insns), sizeof(insns))

static const struct sock_filter kill_process[] = RETURN(SECCOMP_RET_KILL_PROCESS);
static const struct sock_filter kill_thread[] = RETURN(SECCOMP_RET_KILL_THREAD);
static const struct sock_filter trap[] = RETURN(SECCOMP_RET_TRAP);
static const struct sock_filter errno_1[] = RETURN(SECCOMP_RET_ERRNO | 1);
static const struct sock_filter errno_2[] = RETURN(SECCOMP_RET_ERRNO | 2);
static const struct sock_filter notify[] = RETURN(SECCOMP_RET_USER_NOTIF);
static const struct sock_filter trace[] = RETURN(SECCOMP_RET_TRACE);
static const struct sock_filter logged[] = RETURN(SECCOMP_RET_LOG);
static const struct sock_filter allow[] = RETURN(SECCOMP_RET_ALLOW);

static uint32_t ask(Span first, Span second)
{
	_cleanup_filter_ Filter f = { 0 };
	struct seccomp_data data = { .nr = 1, .arch = ARCH_WORD_X86_64 };
	const Span programs[] = { first, second };
	bool beyond = true;
	uint32_t word;

	assert_int_equal(filter_from_programs(programs, 2, &f), 0);
	word = filter_run(&f, &data, &beyond);
	assert_false(beyond);
	return word;
}

static void test_the_strictest_answer_counts(void **state)
{
	const struct {
		Span program;
		uint32_t word;
	} order[] = {
		{ PROGRAM(kill_process), SECCOMP_RET_KILL_PROCESS },
		{ PROGRAM(kill_thread), SECCOMP_RET_KILL_THREAD },
		{ PROGRAM(trap), SECCOMP_RET_TRAP },
		{ PROGRAM(errno_1), SECCOMP_RET_ERRNO | 1 },
		{ PROGRAM(notify), SECCOMP_RET_USER_NOTIF },
		{ PROGRAM(trace), SECCOMP_RET_TRACE },
		{ PROGRAM(logged), SECCOMP_RET_LOG },
		{ PROGRAM(allow), SECCOMP_RET_ALLOW },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(order); i++)
		for (size_t k = 0; k < ELEMENTSOF(order); k++)
			assert_int_equal(ask(order[i].program, order[k].program),
					 order[MIN(i, k)].word);
}

static void test_of_equal_ones_the_last_loaded_tells_the_errno(void **state)
{
	(void)state;
	assert_int_equal(ask(PROGRAM(errno_1), PROGRAM(errno_2)), SECCOMP_RET_ERRNO | 2);
	assert_int_equal(ask(PROGRAM(errno_2), PROGRAM(errno_1)), SECCOMP_RET_ERRNO | 1);
}

#define P(names)                                                                       \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"," \
	"\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}]}"

static Span bytes_of(const Filter *f)
{
	return span_make((const char *)f->bpf.insns, f->bpf.n * sizeof(*f->bpf.insns));
}

/* Two filters that each allow one call more than the other come to one that allows neither. */
static void test_a_stack_is_compared_as_a_whole(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(P("\"read\",\"chmod\""), DIALECT_OCI);
	_cleanup_(profile_freep) Profile *q = help_read(P("\"read\",\"chown\""), DIALECT_OCI);
	_cleanup_(profile_freep) Profile *both = help_read(P("\"read\""), DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };
	_cleanup_filter_ Filter wanted = { 0 };
	_cleanup_filter_ Filter stack = { 0 };
	_cleanup_proof_ Proof proof = { 0 };

	(void)state;
	help_filter(p, &f);
	help_filter(q, &g);
	help_filter(both, &wanted);
	assert_int_equal(filter_from_programs((Span[]){ bytes_of(&f), bytes_of(&g) }, 2, &stack),
			 0);
	assert_int_equal(proof_compare(&stack, &wanted, &proof), 0);
	assert_int_equal(proof.n_changes, 0);
	assert_true(proof.evaluated > 2000);
	proof_done(&proof);
	assert_int_equal(proof_compare(&stack, &f, &proof), 0);
	assert_int_equal(proof.n_changes, 2);
	assert_string_equal(proof.changes[0].name, "chmod");
}

static void test_architectures_are_those_that_it_compares_with(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(P("\"read\",\"chmod\""), DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter live = { 0 };
	Span bytes;

	(void)state;
	help_filter(p, &f);
	bytes = bytes_of(&f);
	assert_int_equal(filter_from_programs(&bytes, 1, &live), 0);
	assert_int_equal(live.n_arches, 2);
}

static void test_what_is_no_program_is_refused(void **state)
{
	Span broken = span_make((const char *)allow, sizeof(allow) - 1);
	Filter f;

	(void)state;
	assert_int_equal(filter_from_programs(&broken, 1, &f), -EINVAL);
	assert_int_equal(filter_from_programs((Span[]){ PROGRAM(allow), broken }, 2, &f), -EINVAL);
}

UNIT_MAIN(cmocka_unit_test(test_the_strictest_answer_counts),
	  cmocka_unit_test(test_of_equal_ones_the_last_loaded_tells_the_errno),
	  cmocka_unit_test(test_a_stack_is_compared_as_a_whole),
	  cmocka_unit_test(test_architectures_are_those_that_it_compares_with),
	  cmocka_unit_test(test_what_is_no_program_is_refused), )
