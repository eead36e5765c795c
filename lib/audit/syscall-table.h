/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The calls that many architectures share, and what each architecture has of them.
 *
 * Made by make-syscall-table.sh; do not edit. Included by syscall-supplement.c only. From the
 * tables (arch/.../syscall.tbl, scripts/syscall.tbl, asm/unistd.h) in Debian's packages
 *
 *   linux-source-7.3 7.3.4-1~bpo13+1
 *   linux-source-6.12 6.12.117-1~deb12u1
 *   linux-source-6.1 6.1.192-2
 *
 * A row holds the names of 20 numbers, beginning with a multiple of 20; "-" is none.
 */
/* clang-format off */

static const char *const common_rows[] = {
	/* 420 */ "- - - - pidfd_send_signal io_uring_setup io_uring_enter io_uring_register "
		  "open_tree move_mount fsopen fsconfig fsmount fspick pidfd_open clone3 close_range "
		  "openat2 pidfd_getfd faccessat2",
	/* 440 */ "process_madvise epoll_pwait2 mount_setattr quotactl_fd landlock_create_ruleset "
		  "landlock_add_rule landlock_restrict_self - process_mrelease futex_waitv "
		  "set_mempolicy_home_node cachestat fchmodat2 map_shadow_stack futex_wake futex_wait "
		  "futex_requeue statmount listmount lsm_get_self_attr",
	/* 460 */ "lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat "
		  "removexattrat open_tree_attr file_getattr file_setattr listns rseq_slice_yield "
		  "fchroot - - - - - - -",
};

static const char *const generic64_rows[] = {
	/*   0 */ "io_setup io_destroy io_submit io_cancel io_getevents setxattr lsetxattr "
		  "fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr "
		  "lremovexattr fremovexattr getcwd lookup_dcookie eventfd2",
	/*  20 */ "epoll_create1 epoll_ctl epoll_pwait dup dup3 fcntl inotify_init1 "
		  "inotify_add_watch inotify_rm_watch ioctl ioprio_set ioprio_get flock mknodat mkdirat "
		  "unlinkat symlinkat linkat - umount2",
	/*  40 */ "mount pivot_root nfsservctl statfs fstatfs truncate ftruncate fallocate "
		  "faccessat chdir fchdir chroot fchmod fchmodat fchownat fchown openat close vhangup "
		  "pipe2",
	/*  60 */ "quotactl getdents64 lseek read write readv writev pread64 pwrite64 preadv "
		  "pwritev sendfile pselect6 ppoll signalfd4 vmsplice splice tee readlinkat newfstatat",
	/*  80 */ "fstat sync fsync fdatasync sync_file_range timerfd_create timerfd_settime "
		  "timerfd_gettime utimensat acct capget capset personality exit exit_group waitid "
		  "set_tid_address unshare futex set_robust_list",
	/* 100 */ "get_robust_list nanosleep getitimer setitimer kexec_load init_module "
		  "delete_module timer_create timer_gettime timer_getoverrun timer_settime timer_delete "
		  "clock_settime clock_gettime clock_getres clock_nanosleep syslog ptrace sched_setparam "
		  "sched_setscheduler",
	/* 120 */ "sched_getscheduler sched_getparam sched_setaffinity sched_getaffinity "
		  "sched_yield sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
		  "restart_syscall kill tkill tgkill sigaltstack rt_sigsuspend rt_sigaction "
		  "rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigreturn",
	/* 140 */ "setpriority getpriority reboot setregid setgid setreuid setuid setresuid "
		  "getresuid setresgid getresgid setfsuid setfsgid times setpgid getpgid getsid setsid "
		  "getgroups setgroups",
	/* 160 */ "uname sethostname setdomainname - - getrusage umask prctl getcpu gettimeofday "
		  "settimeofday adjtimex getpid getppid getuid geteuid getgid getegid gettid sysinfo",
	/* 180 */ "mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr msgget "
		  "msgctl msgrcv msgsnd semget semctl semtimedop semop shmget shmctl shmat shmdt socket "
		  "socketpair",
	/* 200 */ "bind listen accept connect getsockname getpeername sendto recvfrom setsockopt "
		  "getsockopt shutdown sendmsg recvmsg readahead brk munmap mremap add_key request_key "
		  "keyctl",
	/* 220 */ "clone execve mmap fadvise64 swapon swapoff mprotect msync mlock munlock "
		  "mlockall munlockall mincore madvise remap_file_pages mbind get_mempolicy "
		  "set_mempolicy migrate_pages move_pages",
	/* 240 */ "rt_tgsigqueueinfo perf_event_open accept4 recvmmsg - - - - - - - - - - - - - - "
		  "- -",
	/* 260 */ "wait4 prlimit64 fanotify_init fanotify_mark name_to_handle_at "
		  "open_by_handle_at clock_adjtime syncfs setns sendmmsg process_vm_readv "
		  "process_vm_writev kcmp finit_module sched_setattr sched_getattr renameat2 seccomp "
		  "getrandom memfd_create",
	/* 280 */ "bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 "
		  "pkey_mprotect pkey_alloc pkey_free statx io_pgetevents rseq kexec_file_load - - - - -",
};

static const char *const old32_rows[] = {
	/*   0 */ "io_setup io_destroy io_submit io_cancel io_getevents setxattr lsetxattr "
		  "fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr "
		  "lremovexattr fremovexattr getcwd lookup_dcookie eventfd2",
	/*  20 */ "epoll_create1 epoll_ctl epoll_pwait dup dup3 fcntl64 inotify_init1 "
		  "inotify_add_watch inotify_rm_watch ioctl ioprio_set ioprio_get flock mknodat mkdirat "
		  "unlinkat symlinkat linkat - umount2",
	/*  40 */ "mount pivot_root nfsservctl statfs64 fstatfs64 truncate64 ftruncate64 "
		  "fallocate faccessat chdir fchdir chroot fchmod fchmodat fchownat fchown openat close "
		  "vhangup pipe2",
	/*  60 */ "quotactl getdents64 llseek read write readv writev pread64 pwrite64 preadv "
		  "pwritev sendfile64 pselect6 ppoll signalfd4 vmsplice splice tee readlinkat fstatat64",
	/*  80 */ "fstat64 sync fsync fdatasync - timerfd_create timerfd_settime timerfd_gettime "
		  "utimensat acct capget capset personality exit exit_group waitid set_tid_address "
		  "unshare futex set_robust_list",
	/* 100 */ "get_robust_list nanosleep getitimer setitimer kexec_load init_module "
		  "delete_module timer_create timer_gettime timer_getoverrun timer_settime timer_delete "
		  "clock_settime clock_gettime clock_getres clock_nanosleep syslog ptrace sched_setparam "
		  "sched_setscheduler",
	/* 120 */ "sched_getscheduler sched_getparam sched_setaffinity sched_getaffinity "
		  "sched_yield sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
		  "restart_syscall kill tkill tgkill sigaltstack rt_sigsuspend rt_sigaction "
		  "rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigreturn",
	/* 140 */ "setpriority getpriority reboot setregid setgid setreuid setuid setresuid "
		  "getresuid setresgid getresgid setfsuid setfsgid times setpgid getpgid getsid setsid "
		  "getgroups setgroups",
	/* 160 */ "uname sethostname setdomainname getrlimit setrlimit getrusage umask prctl "
		  "getcpu gettimeofday settimeofday adjtimex getpid getppid getuid geteuid getgid "
		  "getegid gettid sysinfo",
	/* 180 */ "mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr msgget "
		  "msgctl msgrcv msgsnd semget semctl semtimedop semop shmget shmctl shmat shmdt socket "
		  "socketpair",
	/* 200 */ "bind listen accept connect getsockname getpeername sendto recvfrom setsockopt "
		  "getsockopt shutdown sendmsg recvmsg readahead brk munmap mremap add_key request_key "
		  "keyctl",
	/* 220 */ "clone execve mmap2 fadvise64_64 swapon swapoff mprotect msync mlock munlock "
		  "mlockall munlockall mincore madvise remap_file_pages mbind get_mempolicy "
		  "set_mempolicy migrate_pages move_pages",
	/* 240 */ "rt_tgsigqueueinfo perf_event_open accept4 recvmmsg - - - - - - - - - - - - - - "
		  "- -",
	/* 260 */ "wait4 prlimit64 fanotify_init fanotify_mark name_to_handle_at "
		  "open_by_handle_at clock_adjtime syncfs setns sendmmsg process_vm_readv "
		  "process_vm_writev kcmp finit_module sched_setattr sched_getattr renameat2 seccomp "
		  "getrandom memfd_create",
	/* 280 */ "bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 "
		  "pkey_mprotect pkey_alloc pkey_free statx io_pgetevents rseq kexec_file_load - - - - -",
	/* 300 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 320 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 340 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 360 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 380 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 400 */ "- - - clock_gettime64 clock_settime64 clock_adjtime64 clock_getres_time64 "
		  "clock_nanosleep_time64 timer_gettime64 timer_settime64 timerfd_gettime64 "
		  "timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 - "
		  "io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};

static const char *const generic32_rows[] = {
	/*   0 */ "io_setup io_destroy io_submit io_cancel - setxattr lsetxattr fsetxattr "
		  "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr "
		  "fremovexattr getcwd lookup_dcookie eventfd2",
	/*  20 */ "epoll_create1 epoll_ctl epoll_pwait dup dup3 fcntl64 inotify_init1 "
		  "inotify_add_watch inotify_rm_watch ioctl ioprio_set ioprio_get flock mknodat mkdirat "
		  "unlinkat symlinkat linkat - umount2",
	/*  40 */ "mount pivot_root nfsservctl statfs64 fstatfs64 truncate64 ftruncate64 "
		  "fallocate faccessat chdir fchdir chroot fchmod fchmodat fchownat fchown openat close "
		  "vhangup pipe2",
	/*  60 */ "quotactl getdents64 llseek read write readv writev pread64 pwrite64 preadv "
		  "pwritev sendfile64 - - signalfd4 vmsplice splice tee readlinkat -",
	/*  80 */ "- sync fsync fdatasync sync_file_range timerfd_create - - - acct capget capset "
		  "personality exit exit_group waitid set_tid_address unshare - set_robust_list",
	/* 100 */ "get_robust_list - getitimer setitimer kexec_load init_module delete_module "
		  "timer_create - timer_getoverrun - timer_delete - - - - syslog ptrace sched_setparam "
		  "sched_setscheduler",
	/* 120 */ "sched_getscheduler sched_getparam sched_setaffinity sched_getaffinity "
		  "sched_yield sched_get_priority_max sched_get_priority_min - restart_syscall kill "
		  "tkill tgkill sigaltstack rt_sigsuspend rt_sigaction rt_sigprocmask rt_sigpending - "
		  "rt_sigqueueinfo rt_sigreturn",
	/* 140 */ "setpriority getpriority reboot setregid setgid setreuid setuid setresuid "
		  "getresuid setresgid getresgid setfsuid setfsgid times setpgid getpgid getsid setsid "
		  "getgroups setgroups",
	/* 160 */ "uname sethostname setdomainname - - getrusage umask prctl getcpu - - - getpid "
		  "getppid getuid geteuid getgid getegid gettid sysinfo",
	/* 180 */ "mq_open mq_unlink - - mq_notify mq_getsetattr msgget msgctl msgrcv msgsnd "
		  "semget semctl - semop shmget shmctl shmat shmdt socket socketpair",
	/* 200 */ "bind listen accept connect getsockname getpeername sendto recvfrom setsockopt "
		  "getsockopt shutdown sendmsg recvmsg readahead brk munmap mremap add_key request_key "
		  "keyctl",
	/* 220 */ "clone execve mmap2 fadvise64_64 swapon swapoff mprotect msync mlock munlock "
		  "mlockall munlockall mincore madvise remap_file_pages mbind get_mempolicy "
		  "set_mempolicy migrate_pages move_pages",
	/* 240 */ "rt_tgsigqueueinfo perf_event_open accept4 - - - - - - - - - - - - - - - - -",
	/* 260 */ "- prlimit64 fanotify_init fanotify_mark name_to_handle_at open_by_handle_at - "
		  "syncfs setns sendmmsg process_vm_readv process_vm_writev kcmp finit_module "
		  "sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create",
	/* 280 */ "bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 "
		  "pkey_mprotect pkey_alloc pkey_free statx - rseq kexec_file_load - - - - -",
	/* 300 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 320 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 340 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 360 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 380 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 400 */ "- - - clock_gettime64 clock_settime64 clock_adjtime64 clock_getres_time64 "
		  "clock_nanosleep_time64 timer_gettime64 timer_settime64 timerfd_gettime64 "
		  "timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 - "
		  "io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};

/* What an architecture has and its table has not; NULL: what it lacks. In order. */
static const Special specials[] = {
	{ 0x00000016, 447, "memfd_secret" },
	{ 0x00000028, 983041, "breakpoint" },
	{ 0x00000028, 983042, "cacheflush" },
	{ 0x00000028, 983043, "usr26" },
	{ 0x00000028, 983044, "usr32" },
	{ 0x00000028, 983045, "set_tls" },
	{ 0x00000028, 983046, "get_tls" },
	{ 0x0000002a, 435, NULL },
	{ 0x0000005c, 38, "renameat" },
	{ 0x0000005c, 84, "sync_file_range" },
	{ 0x0000005c, 244, "or1k_atomic" },
	{ 0x0000005d, 38, "renameat" },
	{ 0x0000005d, 84, "sync_file_range" },
	{ 0x0000005d, 244, "cacheflush" },
	{ 0x0000005d, 245, "arc_settls" },
	{ 0x0000005d, 246, "arc_gettls" },
	{ 0x0000005d, 247, "sysfs" },
	{ 0x0000005d, 248, "arc_usr_cmpxchg" },
	{ 0x000000a4, 38, "renameat" },
	{ 0x000000a4, 84, "sync_file_range2" },
	{ 0x000000c3, 38, "renameat" },
	{ 0x000000c3, 84, "sync_file_range" },
	{ 0x000000c3, 244, "cacheflush" },
	{ 0x000000c3, 245, "arc_settls" },
	{ 0x000000c3, 246, "arc_gettls" },
	{ 0x000000c3, 247, "sysfs" },
	{ 0x000000c3, 248, "arc_usr_cmpxchg" },
	{ 0x40000003, 447, "memfd_secret" },
	{ 0x40000028, 983041, "breakpoint" },
	{ 0x40000028, 983042, "cacheflush" },
	{ 0x40000028, 983043, "usr26" },
	{ 0x40000028, 983044, "usr32" },
	{ 0x40000028, 983045, "set_tls" },
	{ 0x40000028, 983046, "get_tls" },
	{ 0x4000002a, 435, NULL },
	{ 0x4000003e, 335, "uretprobe" },
	{ 0x4000003e, 336, "uprobe" },
	{ 0x4000003e, 447, "memfd_secret" },
	{ 0x4000005d, 38, "renameat" },
	{ 0x4000005d, 84, "sync_file_range" },
	{ 0x4000005d, 244, "cacheflush" },
	{ 0x4000005d, 245, "arc_settls" },
	{ 0x4000005d, 246, "arc_gettls" },
	{ 0x4000005d, 247, "sysfs" },
	{ 0x4000005d, 248, "arc_usr_cmpxchg" },
	{ 0x40000071, 38, "renameat" },
	{ 0x40000071, 84, "sync_file_range" },
	{ 0x40000071, 244, "cacheflush" },
	{ 0x400000c3, 38, "renameat" },
	{ 0x400000c3, 84, "sync_file_range" },
	{ 0x400000c3, 244, "cacheflush" },
	{ 0x400000c3, 245, "arc_settls" },
	{ 0x400000c3, 246, "arc_gettls" },
	{ 0x400000c3, 247, "sysfs" },
	{ 0x400000c3, 248, "arc_usr_cmpxchg" },
	{ 0x400000f3, 258, "riscv_hwprobe" },
	{ 0x400000f3, 259, "riscv_flush_icache" },
	{ 0x400000f3, 447, "memfd_secret" },
	{ 0x400000fc, 84, "sync_file_range2" },
	{ 0x400000fc, 244, "set_thread_area" },
	{ 0x400000fc, 245, "cacheflush" },
	{ 0x40000102, 447, "memfd_secret" },
	{ 0x80000016, 447, "memfd_secret" },
	{ 0xc0000032, 435, NULL },
	{ 0xc000003e, 335, "uretprobe" },
	{ 0xc000003e, 336, "uprobe" },
	{ 0xc000003e, 447, "memfd_secret" },
	{ 0xc00000b7, 38, "renameat" },
	{ 0xc00000b7, 163, "getrlimit" },
	{ 0xc00000b7, 164, "setrlimit" },
	{ 0xc00000b7, 447, "memfd_secret" },
	{ 0xc00000f3, 163, "getrlimit" },
	{ 0xc00000f3, 164, "setrlimit" },
	{ 0xc00000f3, 258, "riscv_hwprobe" },
	{ 0xc00000f3, 259, "riscv_flush_icache" },
	{ 0xc00000f3, 447, "memfd_secret" },
	{ 0xc0000102, 447, "memfd_secret" },
};

/* Where the numbers begin, and the common ones, and the last of these. In order. */
static const Table tables[] = {
	{ 0x00000002, 0, 0, 472, sparc_rows, ELEMENTSOF(sparc_rows) },
	{ 0x00000004, 0, 0, 472, m68k_rows, ELEMENTSOF(m68k_rows) },
	{ 0x00000008, 4000, 4000, 472, NULL, 0 },
	{ 0x0000000f, 0, 0, 472, NULL, 0 },
	{ 0x00000014, 0, 0, 472, NULL, 0 },
	{ 0x00000016, 0, 0, 462, NULL, 0 },
	{ 0x00000028, 0, 0, 472, arm_rows, ELEMENTSOF(arm_rows) },
	{ 0x0000002a, 0, 0, 472, sh_rows, ELEMENTSOF(sh_rows) },
	{ 0x0000005c, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x0000005d, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x0000005e, 0, 0, 472, xtensa_rows, ELEMENTSOF(xtensa_rows) },
	{ 0x000000a4, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x000000bd, 0, 0, 472, microblaze_rows, ELEMENTSOF(microblaze_rows) },
	{ 0x000000c3, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x40000003, 0, 0, 472, NULL, 0 },
	{ 0x40000008, 4000, 4000, 472, NULL, 0 },
	{ 0x40000028, 0, 0, 472, arm_rows, ELEMENTSOF(arm_rows) },
	{ 0x4000002a, 0, 0, 472, sh_rows, ELEMENTSOF(sh_rows) },
	{ 0x4000003e, 0, 0, 472, NULL, 0 },
	{ 0x4000005d, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x40000071, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x400000c3, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x400000f3, 0, 0, 472, generic32_rows, ELEMENTSOF(generic32_rows) },
	{ 0x400000fc, 0, 0, 472, old32_rows, ELEMENTSOF(old32_rows) },
	{ 0x40000102, 0, 0, 472, generic32_rows, ELEMENTSOF(generic32_rows) },
	{ 0x80000008, 5000, 5000, 472, NULL, 0 },
	{ 0x8000000f, 0, 0, 472, NULL, 0 },
	{ 0x80000015, 0, 0, 472, NULL, 0 },
	{ 0x80000016, 0, 0, 472, NULL, 0 },
	{ 0x8000002b, 0, 0, 472, sparc64_rows, ELEMENTSOF(sparc64_rows) },
	{ 0xa0000008, 6000, 6000, 472, NULL, 0 },
	{ 0xc0000008, 5000, 5000, 472, NULL, 0 },
	{ 0xc0000015, 0, 0, 472, NULL, 0 },
	{ 0xc0000032, 1024, 1024, 450, ia64_rows, ELEMENTSOF(ia64_rows) },
	{ 0xc000003e, 0, 0, 472, NULL, 0 },
	{ 0xc00000b7, 0, 0, 472, generic64_rows, ELEMENTSOF(generic64_rows) },
	{ 0xc00000f3, 0, 0, 472, generic64_rows, ELEMENTSOF(generic64_rows) },
	{ 0xc0000102, 0, 0, 472, generic64_rows, ELEMENTSOF(generic64_rows) },
	{ 0xc0009026, 0, 110, 472, alpha_rows, ELEMENTSOF(alpha_rows) },
	{ 0xe0000008, 6000, 6000, 472, NULL, 0 },
};
/* clang-format on */
