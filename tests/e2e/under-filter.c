/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a program under the filter of a profile or a unit, as a runtime or the service manager
 * would:
 *
 *   under-filter DIALECT FILE GROUPS COMMAND...
 *
 * GROUPS is what systemd-analyze syscall-filter prints, or "" where the dialect has no groups. What
 * the filter refuses is recorded, as systemd does it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "profile/filter.h"
#include "util/file.h"

enum { REFUSED = 3, NOT_LOADED = 125, NOT_FOUND = 127 };

#define FILE_MAX ((size_t)1 << 20)

static int read_text(const char *path, char **text, Span *ret)
{
	size_t n;
	int r = file_read_at(AT_FDCWD, path, FILE_MAX, true, text, &n);

	if (r == 0)
		*ret = span_make(*text, n);
	return r;
}

static int read_filter(char **argv, Profile **profile, Filter *ret, Diag *d)
{
	_cleanup_free_ char *text = NULL, *list = NULL;
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	ProfileContext context = { .host_arch = filter_native_arch() };
	Span profile_text = SPAN_NULL, list_text = SPAN_NULL;
	Dialect dialect;
	int r = dialect_from_name(span_of(argv[1]), &dialect);

	if (r == 0)
		r = read_text(argv[2], &text, &profile_text);
	if (r == 0 && argv[3][0]) {
		r = read_text(argv[3], &list, &list_text);
		if (r == 0)
			r = systemd_groups_parse(list_text, &groups, d);
		context.groups = &groups;
	}
	if (r == 0)
		r = profile_read(profile_text, dialect, &context, profile, d);
	return r == 0 ? filter_build(*profile, ret, d) : r;
}

static int load(const Filter *f)
{
	const Bpf *b;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	for (size_t i = 0; (b = filter_program(f, i)); i++) {
		struct sock_fprog program = { .len = (unsigned short)b->n, .filter = b->insns };

		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG,
			    &program) < 0)
			return -errno;
	}
	return 0;
}

int main(int argc, char **argv)
{
	_cleanup_(profile_freep) Profile *profile = NULL;
	_cleanup_filter_ Filter filter = { 0 };
	Diag d = { 0 };
	int r;

	if (argc < 5) {
		fprintf(stderr, "usage: under-filter DIALECT FILE GROUPS COMMAND...\n");
		return 2;
	}
	r = read_filter(argv, &profile, &filter, &d);
	if (r < 0) {
		fprintf(stderr, "under-filter: %s: %s\n", argv[2],
			d.text[0] ? d.text : strerror(-r));
		return REFUSED;
	}
	r = load(&filter);
	if (r < 0) {
		fprintf(stderr, "under-filter: the filter cannot be loaded: %s\n", strerror(-r));
		return NOT_LOADED;
	}
	execv(argv[4], argv + 4);
	perror(argv[4]);
	return NOT_FOUND;
}
