/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/points.h"
#include "util/hash.h"

#define FIRST_WORD offsetof(struct seccomp_data, instruction_pointer)

/* What is known about the accumulator at one instruction. */
typedef enum Knowledge { UNREACHED, KNOWN, WORD, ANYTHING } Knowledge;

typedef struct State {
	Knowledge kind;
	uint32_t value; /* KNOWN: the value; WORD: the mask it was and-ed with */
	uint32_t word;
} State;

static void add_value(PointSet *set, uint32_t word, uint32_t value)
{
	unsigned *n = &set->n[word];

	for (unsigned i = 0; i < *n; i++)
		if (set->values[word][i] == value)
			return;
	if (*n == POINTS_VALUES_MAX) {
		set->incomplete = true;
		return;
	}
	set->values[word][(*n)++] = value;
}

/* Both sides of the comparison of word & @mask with @k. */
static void add_boundary(PointSet *set, uint32_t word, uint16_t op, uint32_t k, uint32_t mask)
{
	uint32_t bits = op == BPF_JSET ? k & mask : mask;

	add_value(set, word, 0);
	add_value(set, word, UINT32_MAX);
	add_value(set, word, k);
	add_value(set, word, k | ~mask);
	if (bits == UINT32_MAX) {
		add_value(set, word, k - 1);
		add_value(set, word, k + 1);
		return;
	}
	for (unsigned i = 0; i < 32; i++)
		if (bits & 1U << i)
			add_value(set, word, k ^ 1U << i);
}

static void note_compare(PointSet *set, const State *s, const struct sock_filter *insn)
{
	uint16_t op = BPF_OP(insn->code);

	if (s->kind == WORD)
		add_boundary(set, s->word, op, insn->k, s->value);
	/* Paths met with different contents: it could be about any word. */
	for (uint32_t i = 0; s->kind == ANYTHING && i < POINTS_WORDS; i++)
		add_boundary(set, i, op, insn->k, UINT32_MAX);
}

static void join(State *into, const State *s)
{
	if (into->kind == UNREACHED)
		*into = *s;
	else if (into->kind != s->kind || into->value != s->value || into->word != s->word)
		*into = (State){ .kind = ANYTHING };
}

static void load(State *s, const struct sock_filter *insn, uint32_t arch, uint32_t nr)
{
	if (BPF_MODE(insn->code) != BPF_ABS)
		*s = (State){ .kind = ANYTHING };
	else if (insn->k == offsetof(struct seccomp_data, nr))
		*s = (State){ .kind = KNOWN, .value = nr };
	else if (insn->k == offsetof(struct seccomp_data, arch))
		*s = (State){ .kind = KNOWN, .value = arch };
	else
		*s = (State){ .kind = WORD,
			      .value = UINT32_MAX,
			      .word = (uint32_t)((insn->k - FIRST_WORD) / 4) };
}

static bool takes_jump(const State *s, const struct sock_filter *insn)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return s->value == insn->k;
	case BPF_JGE:
		return s->value >= insn->k;
	case BPF_JGT:
		return s->value > insn->k;
	default:
		return (s->value & insn->k) != 0;
	}
}

static void follow_jump(PointSet *set, State *states, size_t at, const struct sock_filter *insn)
{
	State s = states[at];
	State *next = &states[at + 1];

	if (BPF_OP(insn->code) == BPF_JA) {
		join(&next[insn->k], &s);
		return;
	}
	if (BPF_SRC(insn->code) == BPF_X)
		s = (State){ .kind = ANYTHING };
	if (s.kind == KNOWN) {
		join(&next[takes_jump(&s, insn) ? insn->jt : insn->jf], &s);
		return;
	}
	note_compare(set, &s, insn);
	join(&next[insn->jt], &states[at]);
	join(&next[insn->jf], &states[at]);
}

static void follow(PointSet *set, State *states, size_t at, const struct sock_filter *insn,
		   uint32_t arch, uint32_t nr)
{
	State s = states[at];

	switch (BPF_CLASS(insn->code)) {
	case BPF_JMP:
		follow_jump(set, states, at, insn);
		return;
	case BPF_RET:
		return;
	case BPF_LD:
		load(&s, insn, arch, nr);
		break;
	case BPF_ALU:
		if (BPF_OP(insn->code) == BPF_AND && BPF_SRC(insn->code) == BPF_K &&
		    s.kind != ANYTHING)
			s.value &= insn->k;
		else
			s = (State){ .kind = ANYTHING };
		break;
	case BPF_MISC:
		s = (State){ .kind = ANYTHING };
		break;
	default:
		break;
	}
	join(&states[at + 1], &s);
}

int points_collect(const Bpf *b, uint32_t arch, uint32_t nr, PointSet *set)
{
	_cleanup_free_ State *states = calloc(b->n, sizeof(*states));

	if (!states)
		return -ENOMEM;
	states[0] = (State){ .kind = KNOWN, .value = 0 };
	for (size_t i = 0; i < b->n; i++)
		if (states[i].kind != UNREACHED)
			follow(set, states, i, &b->insns[i], arch, nr);
	return 0;
}

uint64_t points_count(const PointSet *set, uint64_t max)
{
	uint64_t count = 1;

	for (unsigned i = 0; i < POINTS_WORDS; i++) {
		count *= MAX(set->n[i], 1U);
		if (count > max)
			return max + 1;
	}
	return count;
}

static void set_word(struct seccomp_data *data, unsigned word, uint32_t value)
{
	memcpy((char *)data + FIRST_WORD + 4 * word, &value, sizeof(value));
}

void points_get(const PointSet *set, uint64_t i, struct seccomp_data *data)
{
	for (unsigned word = 0; word < POINTS_WORDS; word++) {
		unsigned n = MAX(set->n[word], 1U);

		set_word(data, word, set->n[word] ? set->values[word][i % n] : 0);
		i /= n;
	}
}

void points_sample(const PointSet *set, uint64_t seed, struct seccomp_data *data)
{
	for (unsigned word = 0; word < POINTS_WORDS; word++) {
		uint64_t pick = hash_u64(seed * POINTS_WORDS + word + 1);

		set_word(data, word, set->n[word] ? set->values[word][pick % set->n[word]] : 0);
	}
}
