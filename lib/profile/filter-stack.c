/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filters that are stacked, as kernel/seccomp.c runs them. */
#include <errno.h>

#include "audit/arch.h"
#include "profile/filter.h"

const Bpf *filter_program(const Filter *f, size_t i)
{
	if (i == 0)
		return &f->bpf;
	return i <= f->n_stacked ? &f->stacked[i - 1] : NULL;
}

/* The smaller, the stricter: KILL_PROCESS is negative. */
static int32_t severity(uint32_t word)
{
	return (int32_t)(word & SECCOMP_RET_ACTION_FULL);
}

uint32_t filter_run(const Filter *f, const struct seccomp_data *data, bool *ret_beyond)
{
	bool beyond = false, any = false;
	uint32_t answer = bpf_run(&f->bpf, data, &any);

	for (size_t i = 0; i < f->n_stacked; i++) {
		uint32_t word = bpf_run(&f->stacked[i], data, &beyond);

		any |= beyond;
		if (severity(word) <= severity(answer))
			answer = word;
	}
	if (ret_beyond)
		*ret_beyond = any;
	return answer;
}

static bool has_arch(const Filter *f, uint32_t word)
{
	for (size_t i = 0; i < f->n_arches; i++)
		if (f->arches[i] == word)
			return true;
	return false;
}

/* Words of architectures that are neither 64-bit nor little-endian are as small as numbers of
 * calls. */
static bool is_arch(uint32_t word)
{
	return word == filter_native_arch() ||
	       (word > UINT16_MAX && word != ARCH_WORD_X32 && arch_scmp_name(word));
}

/* A program tells architectures apart by comparing with their words. */
static int note_arches(Filter *f, const Bpf *b)
{
	for (size_t i = 0; i < b->n; i++) {
		uint32_t word = b->insns[i].k, *more;

		if (BPF_CLASS(b->insns[i].code) != BPF_JMP || !is_arch(word) || has_arch(f, word))
			continue;
		more = reallocarray(f->arches, f->n_arches + 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		f->arches = more;
		f->arches[f->n_arches++] = word;
	}
	return 0;
}

int filter_from_programs(const Span *programs, size_t n, Filter *ret)
{
	_cleanup_filter_ Filter f = { .stacked = calloc(n, sizeof(*f.stacked)) };
	const Bpf *b;
	int r;

	if (!f.stacked)
		return -ENOMEM;
	r = bpf_load(programs[0], &f.bpf);
	for (size_t i = 1; r == 0 && i < n; i++) {
		r = bpf_load(programs[i], &f.stacked[f.n_stacked]);
		f.n_stacked += r == 0;
	}
	for (size_t i = 0; r == 0 && (b = filter_program(&f, i)); i++)
		r = note_arches(&f, b);
	if (r < 0)
		return r;
	*ret = f;
	f = (Filter){ 0 };
	return 0;
}
