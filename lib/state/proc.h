/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What /proc says of a process, read through a directory fd of the process: a recycled pid cannot
 * answer through it. */
#include "util/clock.h"
#include "util/span.h"

#define PROC_CGROUP_MAX 16384

typedef struct ProcStat {
	uint64_t start_ticks; /* since boot */
	int32_t parent;
	char state;    /* 'R' 'S' ... 'Z' 'X' */
	bool exiting;  /* ends or has ended: its v1 cgroups read "/" from here on */
	char comm[32]; /* raw */
} ProcStat;

typedef struct ProcInfo {
	ProcStat stat;
	size_t cgroup_n;
	char cgroup[PROC_CGROUP_MAX]; /* text of /proc/PID/cgroup, NUL-terminated */
} ProcInfo;

/* Opens /proc/@pid below @proc_fd. Returns an fd that the caller owns, -ENOENT or -ESRCH when the
 * process is gone. */
int proc_open(int proc_fd, int32_t pid);

/* Does it keep other users' processes from us (hidepid=, proc(5))? Then none that is there can be
 * told from one that has ended. */
bool proc_hides_others(int proc_fd);

/* Reads cgroup and then stat. -ESRCH when the process ended meanwhile. */
int proc_read(int pid_fd, ProcInfo *ret);

/* The same of one of its threads that is not about to end; -ESRCH when there is none. */
int proc_read_thread(int pid_fd, ProcInfo *ret);

/* Whether it is the first process of a pid namespace that is not the host's: 0, 1, or -errno. */
int proc_is_first(int pid_fd);

/* Whether it lives in such a one at all: likewise. */
int proc_is_nested(int pid_fd);

/* Seccomp filters that it runs under, 0 when it ends. -ENODATA when the kernel does not tell. */
int proc_read_filters(int pid_fd, uint32_t *ret);

/* What /proc/PID/status says of what holds a process. */
typedef struct ProcConfinement {
	enum { PROC_SECCOMP_NONE, PROC_SECCOMP_STRICT, PROC_SECCOMP_FILTER } mode;
	bool has_filters; /* does the kernel tell how many? */
	uint32_t filters;
	bool no_new_privs;
	uint64_t capabilities; /* the bounding set */
	uint64_t effective;    /* those that it uses now */
} ProcConfinement;

/* -ESRCH when it ends or has ended: it shows no filter any more. -ENODATA when the kernel does not
 * tell the mode. */
int proc_read_confinement(int pid_fd, ProcConfinement *ret);

/* The label that a security module gave it, without the newline; "" when there is none. Hostile
 * text in part. -ESRCH, -EACCES. */
int proc_read_label(int pid_fd, char *buf, size_t size);

/* Only the start time: the cheap question "is it still the same process". */
int proc_read_start(int pid_fd, uint64_t *ret_ticks);

/* Wall-clock time of @ticks since boot. @boot is the wall-clock time of the boot (now minus
 * CLOCK_BOOTTIME), @hz from sysconf(_SC_CLK_TCK). */
usec_t proc_start_time(uint64_t ticks, usec_t boot, long hz) _const_;
