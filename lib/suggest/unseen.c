/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/points.h"
#include "suggest/unseen.h"

#define NUMBERS 1024
#define POINTS_MAX 256 /* what two rules for one call can ask for, and far from slow */

typedef struct Unseen {
	const Filter *applied, *file;
	uint32_t host_arch;
	Suggestion *s;
} Unseen;

static bool passes_silently(const Unseen *u, const struct seccomp_data *data, bool *ret_beyond)
{
	bool beyond_applied, beyond_file, silent;

	silent = bpf_run(&u->applied->bpf, data, &beyond_applied) == SECCOMP_RET_ALLOW;
	silent &= bpf_run(&u->file->bpf, data, &beyond_file) != SECCOMP_RET_ALLOW;
	*ret_beyond = beyond_applied || beyond_file;
	return silent;
}

static int passes_at_a_point(const Unseen *u, struct seccomp_data *data, bool *ret)
{
	_cleanup_free_ PointSet *set = calloc(1, sizeof(*set));
	uint64_t count;
	bool ignored;
	int r;

	if (!set)
		return -ENOMEM;
	r = points_collect(&u->applied->bpf, data->arch, (uint32_t)data->nr, set);
	if (r == 0)
		r = points_collect(&u->file->bpf, data->arch, (uint32_t)data->nr, set);
	if (r < 0)
		return r;
	count = points_count(set, POINTS_MAX);
	for (uint64_t i = 0; i < MIN(count, (uint64_t)POINTS_MAX) && !*ret; i++) {
		if (count > POINTS_MAX)
			points_sample(set, i, data);
		else
			points_get(set, i, data);
		*ret = passes_silently(u, data, &ignored);
	}
	return 0;
}

static bool file_answers_for(const Unseen *u, uint32_t arch)
{
	for (size_t i = 0; i < u->file->n_arches; i++)
		if (u->file->arches[i] == arch)
			return true;
	return false;
}

/* A name that was recorded is decided on for all architectures of the file. */
static bool is_known(const Unseen *u, uint32_t arch, const char *name)
{
	const Suggestion *s = u->s;

	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].name && strcmp(s->calls[i].name, name) == 0 &&
		    (s->calls[i].arch == arch || file_answers_for(u, arch)))
			return true;
	return false;
}

static int note(const Unseen *u, uint32_t arch, const char *name)
{
	char label[SYSCALL_NAME_MAX + 32];
	Suggestion *s = u->s;
	char **more, *copy;

	if (is_known(u, arch, name))
		return 0;
	if (arch == u->host_arch)
		snprintf(label, sizeof(label), "%s", name);
	else
		snprintf(label, sizeof(label), "%s (%s)", name, arch_name(arch));
	more = reallocarray(s->unseen, s->n_unseen + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->unseen = more;
	copy = strdup(label);
	if (!copy)
		return -ENOMEM;
	s->unseen[s->n_unseen++] = copy;
	return 0;
}

static int try_number(const Unseen *u, uint32_t arch, uint32_t number)
{
	bool x32 = arch == ARCH_WORD_X32, beyond, silent;
	struct seccomp_data data = { .nr = (int)(x32 ? number | ARCH_X32_BIT : number),
				     .arch = x32 ? ARCH_WORD_X86_64 : arch };
	char name[SYSCALL_NAME_MAX];
	int r = 0;

	silent = passes_silently(u, &data, &beyond);
	if (!silent && beyond)
		r = passes_at_a_point(u, &data, &silent);
	if (r < 0 || !silent || syscall_name(arch, data.nr, name) < 0)
		return r;
	return note(u, arch, name);
}

int unseen_find(Span applied, const ProfileContext *context, const Filter *file, Suggestion *s)
{
	_cleanup_(profile_freep) Profile *profile = NULL;
	_cleanup_filter_ Filter filter = { 0 };
	Unseen u = { .applied = &filter, .file = file, .host_arch = context->host_arch, .s = s };
	Diag ignored = { 0 };
	int r;

	r = profile_read(applied, DIALECT_OCI, context, &profile, &ignored);
	if (r == 0)
		r = filter_build(profile, &filter, &ignored);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; r == 0 && i < filter.n_arches; i++)
		for (uint32_t number = 0; r == 0 && number < NUMBERS; number++)
			r = try_number(&u, filter.arches[i], number);
	return r;
}
