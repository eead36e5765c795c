/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "suggest/always.h"
#include "suggest/kernel-call.h"
#include "util/macro.h"

/* kernel-call.h knows why; and what every libc does to start, allocate, wait and end. */
static const char *const by_kernel[] = {
	"clock_getres", "clock_gettime",   "clock_gettime64", "getcpu",
	"gettimeofday", "restart_syscall", "rt_sigreturn",    "sigreturn",
	"time",         "uprobe",          "uretprobe",
};

static const char *const by_programs[] = {
	"brk",
	"clock_getres_time64",
	"clock_nanosleep",
	"execve",
	"exit",
	"exit_group",
	"futex",
	"futex_time64",
	"getrandom",
	"membarrier",
	"mmap",
	"mprotect",
	"munmap",
	"nanosleep",
	"prlimit64",
	"rseq",
	"sched_yield",
	"set_robust_list",
	"set_tid_address",
};

/* Measured with runc 1.1.5, without no_new_privs: with it fewer. */
static const char *const by_runc[] = {
	"capget", "capset",  "chdir",  "close",      "epoll_ctl", "execve",  "faccessat2", "fcntl",
	"fstat",  "fstatfs", "getcwd", "getdents64", "getpid",    "getppid", "newfstatat", "openat",
	"prctl",  "read",    "setgid", "setgroups",  "setuid",    "write",
};

static const char *const by_later_runc[] = { "openat2", "statx" };

/* Measured with crun 1.8.1. */
static const char *const by_crun[] = {
	"capset",         "close",     "execve",    "prctl", "rt_sigaction",
	"rt_sigprocmask", "setresgid", "setresuid", "write",
};

typedef struct List {
	const char *const *calls;
	size_t n;
	const char *why; /* NULL: kernel_call_reason() */
	Runtime runtime; /* _RUNTIME_MAX: any */
	uint32_t since;  /* its version */
} List;

#define LIST(calls_) .calls = (calls_), .n = ELEMENTSOF(calls_)
#define BY_RUNTIME(name) name " makes it between loading the filter and starting the program"

static const List lists[] = {
	{ LIST(by_kernel), .runtime = _RUNTIME_MAX },
	{ LIST(by_programs),
	  .why = "hardly any program starts, allocates memory, waits or ends without it",
	  .runtime = _RUNTIME_MAX },
	{ LIST(by_runc), .why = BY_RUNTIME("runc"), .runtime = RUNTIME_RUNC },
	{ LIST(by_later_runc), .why = BY_RUNTIME("runc, from 1.2 on,"), .runtime = RUNTIME_RUNC,
	  .since = 0x010200 },
	{ LIST(by_crun), .why = BY_RUNTIME("crun"), .runtime = RUNTIME_CRUN },
};

static bool applies(const List *l, const ProfileContext *c)
{
	return (l->runtime == _RUNTIME_MAX || l->runtime == c->runtime) &&
	       (c->runtime_version == 0 || c->runtime_version >= l->since);
}

const char *always_needed(const char *call, const ProfileContext *c)
{
	for (size_t i = 0; i < ELEMENTSOF(lists); i++)
		for (size_t k = 0; applies(&lists[i], c) && k < lists[i].n; k++)
			if (strcmp(lists[i].calls[k], call) == 0)
				return lists[i].why ?: kernel_call_reason(call);
	return NULL;
}

const char *always_each(size_t i, const ProfileContext *c)
{
	for (size_t k = 0; k < ELEMENTSOF(lists); k++) {
		if (!applies(&lists[k], c))
			continue;
		if (i < lists[k].n)
			return lists[k].calls[i];
		i -= lists[k].n;
	}
	return NULL;
}
