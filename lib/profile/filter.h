/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The filter that runc and crun would load for a profile, built with libseccomp in their order:
 * rules that equal the default are left out, names that the library does not know are dropped, the
 * first unconditional rule of a name wins, an argument given twice splits the rule into
 * alternatives, and under runc its ENOSYS stub comes first (stub.h).
 */
#include "profile/bpf.h"
#include "profile/profile.h"

typedef struct Filter {
	Bpf bpf;
	Bpf *stacked; /* programs that were loaded behind it, in their order */
	size_t n_stacked;
	const char **unknown; /* names that libseccomp does not know; borrowed from the profile */
	size_t n_unknown;
	uint32_t *arches; /* what it answers for; any other architecture is killed */
	size_t n_arches;
} Filter;

/* Conditions of all rules, and of all calls that they name, times the architectures: libseccomp
 * needs a second or two for as many. Docker's default has 30. */
#define FILTER_CONDITIONS_MAX 1536
#define FILTER_WORK_MAX 16384

/* -EBADMSG with a sentence when libseccomp takes it not (two actions for one condition...), -E2BIG
 * when the kernel would not load it, -EFBIG when there are more conditions than the limits; -errno.
 * The profile must outlive the filter. */
int filter_build(const Profile *p, Filter *ret, Diag *d);
void filter_done(Filter *f);

/* What a process has loaded: @programs (arrays of struct sock_filter), the first one first; at least
 * one. .arches is what they compare with. -EINVAL as bpf_load(), -ENOMEM. */
int filter_from_programs(const Span *programs, size_t n, Filter *ret);

/* As the kernel answers a call: the strictest of all programs, of equals the one loaded last.
 * *ret_beyond as bpf_run(), for any of them. */
uint32_t filter_run(const Filter *f, const struct seccomp_data *data, bool *ret_beyond);

/* The programs, from 0 on; NULL behind the last. */
const Bpf *filter_program(const Filter *f, size_t i);
#define _cleanup_filter_ _cleanup_(filter_done)

/* Does libseccomp know @name at all? */
bool filter_knows_name(const char *name);

/* The word of the architecture that this runs on. */
uint32_t filter_native_arch(void);

/* "2.5.4": whose table of names was used. */
const char *filter_library_version(char *buf, size_t size);
