/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/bpf.c: malformed programs are refused, and a run answers what the kernel answers. */
#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "profile/bpf.h"
#include "tests/unit/unit.h"
#include "util/hash.h"

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define RET(k) BPF_STMT(BPF_RET | BPF_K, (k))

static int load(const struct sock_filter *insns, size_t n, Bpf *ret)
{
	return bpf_load(span_make((const char *)insns, n * sizeof(*insns)), ret);
}

static void test_malformed_programs_are_refused(void **state)
{
	static const struct {
		const char *what;
		struct sock_filter insns[3];
		size_t n;
	} cases[] = {
		{ "no return", { LOAD(0) }, 1 },
		{ "a load beyond the data", { LOAD(64), RET(0) }, 2 },
		{ "an odd load", { LOAD(2), RET(0) }, 2 },
		{ "a load of bytes", { BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), RET(0) }, 2 },
		{ "a jump out", { BPF_STMT(BPF_JMP | BPF_JA, 1), RET(0) }, 2 },
		{ "a jump back", { BPF_STMT(BPF_JMP | BPF_JA, UINT32_MAX), RET(0) }, 2 },
		{ "a branch out", { BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), RET(0) }, 2 },
		{ "a division by 0", { BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), RET(0) }, 2 },
		{ "a shift by 32", { BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), RET(0) }, 2 },
		{ "a cell too far", { BPF_STMT(BPF_ST, BPF_MEMWORDS), RET(0) }, 2 },
		{ "a cell never set", { BPF_STMT(BPF_LD | BPF_MEM, 3), RET(0) }, 2 },
		{ "an opcode that seccomp refuses",
		  { BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 2), RET(0) },
		  2 },
	};
	Bpf b;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		if (load(cases[i].insns, cases[i].n, &b) != -EINVAL)
			fail_msg("%s was taken", cases[i].what);
	assert_int_equal(bpf_load(SPAN_LIT("1234567"), &b), -EINVAL);
	assert_int_equal(bpf_load(SPAN_NULL, &b), -EINVAL);
}

static void test_a_cell_must_be_set_on_every_path(void **state)
{
	struct sock_filter insns[] = {
		LOAD(0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
		BPF_STMT(BPF_ST, 0),
		BPF_STMT(BPF_LD | BPF_MEM, 0),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	_cleanup_bpf_ Bpf b = { 0 };

	(void)state;
	assert_int_equal(load(insns, ELEMENTSOF(insns), &b), -EINVAL);
	insns[1].jf = 0;
	assert_int_equal(load(insns, ELEMENTSOF(insns), &b), 0);
}

static void test_it_says_whether_it_looked_beyond_the_number(void **state)
{
	const struct sock_filter insns[] = {
		LOAD(0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 0, 1),
		LOAD(16),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct seccomp_data data = { .nr = 7, .args = { 42 } };
	_cleanup_bpf_ Bpf b = { 0 };
	bool beyond;

	(void)state;
	assert_int_equal(load(insns, ELEMENTSOF(insns), &b), 0);
	assert_int_equal(bpf_run(&b, &data, &beyond), 42);
	assert_true(beyond);
	data.nr = 8;
	assert_int_equal(bpf_run(&b, &data, &beyond), 8);
	assert_false(beyond);
}

/* The kernel as the judge: a child loads a random program and makes a call that no kernel has. */
#define PROBE 1023
#define BODY 40

static uint64_t draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*seed);
}

static struct sock_filter random_insn(uint64_t *seed, unsigned left)
{
	static const uint16_t alu[] = { BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND,
					BPF_OR,  BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG };
	static const uint16_t jumps[] = { BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JSET };
	uint64_t r = draw(seed);
	uint16_t source = r & 1 ? BPF_X : BPF_K, op = alu[(r >> 8) % ELEMENTSOF(alu)];
	uint32_t k = r & 2 ? (uint32_t)(r >> 32) : (uint32_t)(r >> 32) % 32;

	switch ((r >> 4) % 8) {
	case 0:
	case 1:
		return (struct sock_filter)LOAD(16 + 4 * ((r >> 16) % 12));
	case 2:
		return (struct sock_filter)BPF_STMT(r & 1 ? BPF_LD | BPF_MEM : BPF_LDX | BPF_MEM,
						    (r >> 16) % 4);
	case 3:
		return (struct sock_filter)BPF_STMT(r & 1 ? BPF_ST : BPF_STX, (r >> 16) % 4);
	case 4:
		return (struct sock_filter)BPF_STMT(r & 1 ? BPF_MISC | BPF_TAX : BPF_MISC | BPF_TXA,
						    0);
	case 5:
		return (struct sock_filter)BPF_JUMP(BPF_JMP | jumps[(r >> 8) % 4] | source, k,
						    (uint8_t)((r >> 16) % left),
						    (uint8_t)((r >> 24) % left));
	default:
		if (op == BPF_NEG)
			return (struct sock_filter)BPF_STMT(BPF_ALU | BPF_NEG, 0);
		if (source == BPF_K && (op == BPF_LSH || op == BPF_RSH || op == BPF_DIV))
			k = k % 31 + 1;
		return (struct sock_filter)BPF_STMT(BPF_ALU | op | source, k);
	}
}

/* Everything but the probe is allowed; the probe fails with twelve bits of what was computed. */
static size_t random_program(uint64_t *seed, struct sock_filter *insns)
{
	size_t n = 0;

	insns[n++] = (struct sock_filter)LOAD(0);
	insns[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROBE, 1, 0);
	insns[n++] = (struct sock_filter)RET(SECCOMP_RET_ALLOW);
	for (unsigned i = 0; i < 4; i++)
		insns[n++] = (struct sock_filter)BPF_STMT(BPF_ST, i);
	for (unsigned i = 0; i < BODY; i++)
		insns[n++] = random_insn(seed, BODY - i);
	insns[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff);
	insns[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO);
	insns[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
	return n;
}

/* Exit status: 0 as predicted, 1 not, 2 no filter could be loaded. */
static void probe(const struct sock_filter *insns, size_t n, const uint64_t *args,
		  uint32_t predicted)
{
	struct sock_fprog program = { (unsigned short)n, (struct sock_filter *)(uintptr_t)insns };
	long r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(2);
	r = syscall(PROBE, args[0], args[1], args[2], args[3], args[4], args[5]);
	_exit((r == 0 ? 0 : (uint32_t)errno) == (predicted & 0xfff) ? 0 : 1);
}

static int judge(uint64_t *seed)
{
	struct sock_filter insns[BODY + 16];
	struct seccomp_data data = { .nr = PROBE };
	_cleanup_bpf_ Bpf b = { 0 };
	size_t n = random_program(seed, insns);
	uint32_t predicted;
	int status;
	pid_t pid;

	assert_int_equal(load(insns, n, &b), 0);
	for (unsigned i = 0; i < 6; i++)
		data.args[i] = draw(seed);
	predicted = bpf_run(&b, &data, NULL);
	if (predicted >> 16 != SECCOMP_RET_ERRNO >> 16)
		return 0; /* a division by zero: the kernel would kill */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		probe(insns, n, (const uint64_t *)data.args, predicted);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_random_programs_answer_as_in_the_kernel(void **state)
{
	uint64_t seed = 1326;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		uint64_t start = seed;
		int r = judge(&seed);

		if (r == 2) {
			print_message("# skipped: no seccomp filter can be loaded here\n");
			skip();
		}
		if (r != 0)
			fail_msg("the kernel answers otherwise for seed %#llx",
				 (unsigned long long)start);
	}
}

UNIT_MAIN(cmocka_unit_test(test_malformed_programs_are_refused),
	  cmocka_unit_test(test_a_cell_must_be_set_on_every_path),
	  cmocka_unit_test(test_it_says_whether_it_looked_beyond_the_number),
	  cmocka_unit_test(test_random_programs_answer_as_in_the_kernel))
