/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libaudit.h>
#include <limits.h>
#include <string.h>

#include "audit/syscall-audit.h"

enum {
	ON_AARCH64 = 1 << 0,
	ON_ARM = 1 << 1,
	ON_PPC = 1 << 2,
	ON_PPC64 = 1 << 3, /* both byte orders */
	ON_OTHER = 1 << 4,
	ON_ALL = ON_AARCH64 | ON_ARM | ON_PPC | ON_PPC64 | ON_OTHER,
};

typedef struct Fix {
	int where;
	const char *theirs;
	const char *ours; /* NULL: the kernel has no such call there */
} Fix;

static const Fix fixes[] = {
	{ ON_ALL, "perf_counter_open", "perf_event_open" },
	{ ON_ALL, "pread", "pread64" },
	{ ON_ALL, "pwrite", "pwrite64" },
	{ ON_ALL, "sched_rr_get_interval64", "sched_rr_get_interval_time64" },
	{ ON_ALL, "sys_kexec_load", "kexec_load" },
	{ ON_AARCH64, "getdents", "getdents64" },
	{ ON_AARCH64, "newfstat", "fstat" },
	{ ON_ARM, "fadvise64_64", "arm_fadvise64_64" },
	{ ON_ARM, "llseek", "_llseek" },
	{ ON_ARM, "newselect", "_newselect" },
	{ ON_ARM, "sync_file_range", "arm_sync_file_range" },
	{ ON_ARM, "sysctl", "_sysctl" },
	{ ON_PPC | ON_PPC64, "timerfd", "timerfd_create" },
	{ ON_PPC64, "fstatat64", "newfstatat" },
	/* of the old ABI, which numbers calls otherwise and which no filter sees */
	{ ON_ARM, "alarm", NULL },
	{ ON_ARM, "getrlimit", NULL },
	{ ON_ARM, "ipc", NULL },
	{ ON_ARM, "mmap", NULL },
	{ ON_ARM, "readdir", NULL },
	{ ON_ARM, "select", NULL },
	{ ON_ARM, "socketcall", NULL },
	{ ON_ARM, "stime", NULL },
	{ ON_ARM, "syscall", NULL },
	{ ON_ARM, "time", NULL },
	{ ON_ARM, "umount", NULL },
	{ ON_ARM, "utime", NULL },
	/* of the other word size */
	{ ON_PPC, "semtimedop", NULL },
	{ ON_PPC64, "clock_adjtime64", NULL },
	{ ON_PPC64, "clock_getres_time64", NULL },
	{ ON_PPC64, "clock_gettime64", NULL },
	{ ON_PPC64, "clock_nanosleep_time64", NULL },
	{ ON_PPC64, "clock_settime64", NULL },
	{ ON_PPC64, "fadvise64_64", NULL },
	{ ON_PPC64, "fcntl64", NULL },
	{ ON_PPC64, "fstat64", NULL },
	{ ON_PPC64, "ftruncate64", NULL },
	{ ON_PPC64, "futex_time64", NULL },
	{ ON_PPC64, "io_pgetevents_time64", NULL },
	{ ON_PPC64, "lstat64", NULL },
	{ ON_PPC64, "mmap2", NULL },
	{ ON_PPC64, "mq_timedreceive_time64", NULL },
	{ ON_PPC64, "mq_timedsend_time64", NULL },
	{ ON_PPC64, "ppoll_time64", NULL },
	{ ON_PPC64, "pselect6_time64", NULL },
	{ ON_PPC64, "recvmmsg_time64", NULL },
	{ ON_PPC64, "rt_sigtimedwait_time64", NULL },
	{ ON_PPC64, "sched_rr_get_interval_time64", NULL },
	{ ON_PPC64, "semtimedop_time64", NULL },
	{ ON_PPC64, "sendfile64", NULL },
	{ ON_PPC64, "stat64", NULL },
	{ ON_PPC64, "timer_gettime64", NULL },
	{ ON_PPC64, "timer_settime64", NULL },
	{ ON_PPC64, "timerfd_gettime64", NULL },
	{ ON_PPC64, "timerfd_settime64", NULL },
	{ ON_PPC64, "truncate64", NULL },
	{ ON_PPC64, "utimensat_time64", NULL },
};

static int where_of(int machine)
{
	switch (machine) {
	case MACH_AARCH64:
		return ON_AARCH64;
	case MACH_ARM:
		return ON_ARM;
	case MACH_PPC:
		return ON_PPC;
	case MACH_PPC64:
	case MACH_PPC64LE:
		return ON_PPC64;
	default:
		return ON_OTHER;
	}
}

static bool applies(const Fix *fix, int where, const char *name)
{
	return (fix->where & where) && strcmp(fix->theirs, name) == 0;
}

const char *syscall_audit_name(uint32_t arch, int64_t nr)
{
	int machine = audit_elf_to_machine(arch), where = where_of(machine);
	const char *name;

	if (machine < 0 || nr < 0 || nr > INT_MAX)
		return NULL;
	name = audit_syscall_to_name((int)nr, machine);
	for (size_t i = 0; name && i < ELEMENTSOF(fixes); i++)
		if (applies(&fixes[i], where, name))
			return fixes[i].ours;
	return name;
}
