/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/bpf.h"

/* Where execution may go on after an instruction. */
enum { FLOW_NEXT, FLOW_JUMP, FLOW_BRANCH, FLOW_END };

/* What the instruction's k must be. */
enum { K_ANY, K_DATA, K_CELL, K_SHIFT, K_DIVISOR };

typedef struct Opcode {
	uint16_t code;
	uint8_t flow, k;
} Opcode;

/* The opcodes that seccomp_check_filter() lets pass. */
static const Opcode opcodes[] = {
	{ BPF_LD | BPF_W | BPF_ABS, FLOW_NEXT, K_DATA },
	{ BPF_LD | BPF_W | BPF_LEN, FLOW_NEXT, K_ANY },
	{ BPF_LDX | BPF_W | BPF_LEN, FLOW_NEXT, K_ANY },
	{ BPF_LD | BPF_IMM, FLOW_NEXT, K_ANY },
	{ BPF_LDX | BPF_IMM, FLOW_NEXT, K_ANY },
	{ BPF_LD | BPF_MEM, FLOW_NEXT, K_CELL },
	{ BPF_LDX | BPF_MEM, FLOW_NEXT, K_CELL },
	{ BPF_ST, FLOW_NEXT, K_CELL },
	{ BPF_STX, FLOW_NEXT, K_CELL },
	{ BPF_MISC | BPF_TAX, FLOW_NEXT, K_ANY },
	{ BPF_MISC | BPF_TXA, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_ADD | BPF_K, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_ADD | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_SUB | BPF_K, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_SUB | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_MUL | BPF_K, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_MUL | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_DIV | BPF_K, FLOW_NEXT, K_DIVISOR },
	{ BPF_ALU | BPF_DIV | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_AND | BPF_K, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_AND | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_OR | BPF_K, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_OR | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_XOR | BPF_K, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_XOR | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_LSH | BPF_K, FLOW_NEXT, K_SHIFT },
	{ BPF_ALU | BPF_LSH | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_RSH | BPF_K, FLOW_NEXT, K_SHIFT },
	{ BPF_ALU | BPF_RSH | BPF_X, FLOW_NEXT, K_ANY },
	{ BPF_ALU | BPF_NEG, FLOW_NEXT, K_ANY },
	{ BPF_RET | BPF_K, FLOW_END, K_ANY },
	{ BPF_RET | BPF_A, FLOW_END, K_ANY },
	{ BPF_JMP | BPF_JA, FLOW_JUMP, K_ANY },
	{ BPF_JMP | BPF_JEQ | BPF_K, FLOW_BRANCH, K_ANY },
	{ BPF_JMP | BPF_JEQ | BPF_X, FLOW_BRANCH, K_ANY },
	{ BPF_JMP | BPF_JGE | BPF_K, FLOW_BRANCH, K_ANY },
	{ BPF_JMP | BPF_JGE | BPF_X, FLOW_BRANCH, K_ANY },
	{ BPF_JMP | BPF_JGT | BPF_K, FLOW_BRANCH, K_ANY },
	{ BPF_JMP | BPF_JGT | BPF_X, FLOW_BRANCH, K_ANY },
	{ BPF_JMP | BPF_JSET | BPF_K, FLOW_BRANCH, K_ANY },
	{ BPF_JMP | BPF_JSET | BPF_X, FLOW_BRANCH, K_ANY },
};

static const Opcode *opcode_find(uint16_t code)
{
	for (size_t i = 0; i < ELEMENTSOF(opcodes); i++)
		if (opcodes[i].code == code)
			return &opcodes[i];
	return NULL;
}

static bool k_is_valid(const Opcode *op, uint32_t k)
{
	switch (op->k) {
	case K_DATA:
		return k % 4 == 0 && k < sizeof(struct seccomp_data);
	case K_CELL:
		return k < BPF_MEMWORDS;
	case K_SHIFT:
		return k < 32;
	case K_DIVISOR:
		return k != 0;
	default:
		return true;
	}
}

/* What is behind instruction @at stays inside the program. */
static bool flow_is_valid(const Opcode *op, const struct sock_filter *insn, size_t at, size_t n)
{
	size_t left = n - at - 1;

	switch (op->flow) {
	case FLOW_END:
		return true;
	case FLOW_JUMP:
		return insn->k < left;
	case FLOW_BRANCH:
		return insn->jt < left && insn->jf < left;
	default:
		return left > 0;
	}
}

static bool reads_cell(uint16_t code)
{
	return code == (BPF_LD | BPF_MEM) || code == (BPF_LDX | BPF_MEM);
}

/* Hands the cells that are set on every path on to where an instruction leads, and checks that none
 * is read before. @masks starts as all ones. */
static bool cells_are_valid(const struct sock_filter *insns, size_t n, uint16_t *masks)
{
	uint16_t set = 0;

	for (size_t i = 0; i < n; i++) {
		const struct sock_filter *insn = &insns[i];
		const Opcode *op = opcode_find(insn->code);

		set &= masks[i];
		if (insn->code == BPF_ST || insn->code == BPF_STX)
			set |= (uint16_t)(1U << insn->k);
		if (reads_cell(insn->code) && !(set & 1U << insn->k))
			return false;
		if (op->flow == FLOW_JUMP)
			masks[i + 1 + insn->k] &= set;
		if (op->flow == FLOW_BRANCH) {
			masks[i + 1 + insn->jt] &= set;
			masks[i + 1 + insn->jf] &= set;
		}
		if (op->flow != FLOW_NEXT)
			set = UINT16_MAX; /* only jumps come to the next one */
	}
	return true;
}

static int check(const struct sock_filter *insns, size_t n)
{
	_cleanup_free_ uint16_t *masks = malloc(n * sizeof(*masks));

	if (!masks)
		return -ENOMEM;
	memset(masks, 0xff, n * sizeof(*masks));
	for (size_t i = 0; i < n; i++) {
		const Opcode *op = opcode_find(insns[i].code);

		if (!op || !k_is_valid(op, insns[i].k) || !flow_is_valid(op, &insns[i], i, n))
			return -EINVAL;
	}
	return cells_are_valid(insns, n, masks) ? 0 : -EINVAL;
}

int bpf_load(Span bytes, Bpf *ret)
{
	_cleanup_free_ struct sock_filter *insns = NULL;
	size_t n = bytes.n / sizeof(*insns);
	int r;

	if (n == 0 || bytes.n % sizeof(*insns) != 0 || n > BPF_MAXINSNS)
		return -EINVAL;
	insns = malloc(bytes.n);
	if (!insns)
		return -ENOMEM;
	memcpy(insns, bytes.p, bytes.n);
	r = check(insns, n);
	if (r < 0)
		return r;
	*ret = (Bpf){ .insns = STEAL(insns), .n = n };
	return 0;
}

void bpf_done(Bpf *b)
{
	free(b->insns);
	*b = (Bpf){ 0 };
}

typedef struct Machine {
	uint32_t a, x;
	uint32_t cells[BPF_MEMWORDS];
	bool beyond;
} Machine;

static uint32_t load_data(Machine *m, const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word;

	m->beyond |= offset >= offsetof(struct seccomp_data, instruction_pointer);
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

static void run_load(Machine *m, const struct sock_filter *insn, const struct seccomp_data *data)
{
	uint32_t value;

	switch (BPF_MODE(insn->code)) {
	case BPF_ABS:
		value = load_data(m, data, insn->k);
		break;
	case BPF_LEN:
		value = sizeof(*data);
		break;
	case BPF_MEM:
		value = m->cells[insn->k];
		break;
	default:
		value = insn->k;
	}
	*(BPF_CLASS(insn->code) == BPF_LDX ? &m->x : &m->a) = value;
}

/* False at a division by zero, which ends the filter with 0. */
static bool run_alu(Machine *m, const struct sock_filter *insn)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? m->x : insn->k;

	switch (BPF_OP(insn->code)) {
	case BPF_ADD:
		m->a += operand;
		break;
	case BPF_SUB:
		m->a -= operand;
		break;
	case BPF_MUL:
		m->a *= operand;
		break;
	case BPF_DIV:
		if (operand == 0)
			return false;
		m->a /= operand;
		break;
	case BPF_AND:
		m->a &= operand;
		break;
	case BPF_OR:
		m->a |= operand;
		break;
	case BPF_XOR:
		m->a ^= operand;
		break;
	case BPF_LSH:
		m->a <<= operand & 31; /* the kernel masks shifts, too */
		break;
	case BPF_RSH:
		m->a >>= operand & 31;
		break;
	default:
		m->a = 0 - m->a;
	}
	return true;
}

/* How far to jump. */
static uint32_t run_jump(const Machine *m, const struct sock_filter *insn)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? m->x : insn->k;
	bool taken;

	switch (BPF_OP(insn->code)) {
	case BPF_JA:
		return insn->k;
	case BPF_JEQ:
		taken = m->a == operand;
		break;
	case BPF_JGE:
		taken = m->a >= operand;
		break;
	case BPF_JGT:
		taken = m->a > operand;
		break;
	default:
		taken = (m->a & operand) != 0;
	}
	return taken ? insn->jt : insn->jf;
}

uint32_t bpf_run(const Bpf *b, const struct seccomp_data *data, bool *ret_beyond)
{
	const struct sock_filter *insn = b->insns;
	Machine m = { 0 };
	uint32_t answer = 0;

	for (;; insn++) {
		switch (BPF_CLASS(insn->code)) {
		case BPF_JMP:
			insn += run_jump(&m, insn);
			continue;
		case BPF_LD:
		case BPF_LDX:
			run_load(&m, insn, data);
			continue;
		case BPF_ST:
			m.cells[insn->k] = m.a;
			continue;
		case BPF_STX:
			m.cells[insn->k] = m.x;
			continue;
		case BPF_MISC:
			*(BPF_MISCOP(insn->code) == BPF_TXA ? &m.a : &m.x) =
				BPF_MISCOP(insn->code) == BPF_TXA ? m.x : m.a;
			continue;
		case BPF_ALU:
			if (run_alu(&m, insn))
				continue;
			break;
		default:
			answer = BPF_RVAL(insn->code) == BPF_A ? m.a : insn->k;
		}
		break;
	}
	if (ret_beyond)
		*ret_beyond = m.beyond;
	return answer;
}
