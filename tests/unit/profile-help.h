/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the tests of profiles: reading from a string, and the optional folder of sample
 * profiles. */
#include <dirent.h>
#include <fcntl.h>

#include "audit/arch.h"
#include "profile/filter.h"
#include "tests/unit/unit.h"
#include "util/file.h"

/* A host with an old kernel under crun, which loads the filter as it is. */
static const ProfileContext help_x86_64 = { .host_arch = ARCH_WORD_X86_64, .kernel = 0x030a00 };

static inline Profile *help_read_in(const char *text, Dialect dialect,
				    const ProfileContext *context)
{
	Profile *p = NULL;
	Diag d = { 0 };

	if (profile_read(span_of(text), dialect, context, &p, &d) < 0)
		print_message("# line %u: %s\n", d.line, d.text);
	assert_non_null(p);
	return p;
}

static inline Profile *help_read(const char *text, Dialect dialect)
{
	return help_read_in(text, dialect, &help_x86_64);
}

static inline void help_filter(const Profile *p, Filter *ret)
{
	Diag d = { 0 };

	if (filter_build(p, ret, &d) < 0)
		fail_msg("%s", d.text);
}

/* What the filter answers for a call with one argument. */
static inline uint32_t help_ask(const Filter *f, uint32_t arch, int nr, uint64_t a0)
{
	struct seccomp_data data = { .nr = nr, .arch = arch, .args = { a0 } };

	return bpf_run(&f->bpf, &data, NULL);
}

/* The sample @name (a path below the samples' folder), or NULL when the samples are not there. */
static inline char *help_sample(const char *name, size_t *ret_n)
{
	char *below = NULL, *path = NULL, *text = NULL;

	if (asprintf(&below, "../shared/data/profiles/%s", name) > 0)
		path = unit_source_path(below);
	if (!path || file_read_at(AT_FDCWD, path, (size_t)1 << 20, true, &text, ret_n) < 0)
		text = NULL;
	free(below);
	free(path);
	return text;
}

/* Calls @f for each sample of a folder ("" or "malformed"); the number of them. */
static inline unsigned help_each_sample(const char *folder, void (*f)(const char *name, Span text))
{
	char *below = NULL, *path = NULL;
	unsigned n = 0;
	DIR *dir;

	assert_true(asprintf(&below, "../shared/data/profiles/%s", folder) > 0);
	path = unit_source_path(below);
	dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		char name[512], *text;
		size_t length;

		if (!span_ends(span_of(e->d_name), SPAN_LIT(".json")))
			continue;
		snprintf(name, sizeof(name), "%s%s%s", folder, *folder ? "/" : "", e->d_name);
		text = help_sample(name, &length);
		assert_non_null(text);
		f(e->d_name, span_make(text, length));
		free(text);
		n++;
	}
	if (dir)
		closedir(dir);
	free(below);
	free(path);
	return n;
}
