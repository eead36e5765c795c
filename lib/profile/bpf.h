/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Classic BPF as seccomp runs it: the opcodes that kernel/seccomp.c accepts, over struct
 * seccomp_data. Jumps only go forward, so a run is at most as long as the program.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "util/span.h"

typedef struct Bpf {
	struct sock_filter *insns;
	size_t n; /* at most BPF_MAXINSNS */
} Bpf;

/* Takes a copy of @bytes (an array of struct sock_filter) and checks it as the kernel would: known
 * opcodes, jumps within the program, loads within seccomp_data, initialised memory cells, a return
 * at the end. -EINVAL otherwise, -ENOMEM. */
int bpf_load(Span bytes, Bpf *ret);
void bpf_done(Bpf *b);
#define _cleanup_bpf_ _cleanup_(bpf_done)

/* The filter's answer to one call. *ret_beyond (may be NULL) says whether it looked beyond number
 * and architecture: if not, it answers the same for any arguments. */
uint32_t bpf_run(const Bpf *b, const struct seccomp_data *data, bool *ret_beyond);
