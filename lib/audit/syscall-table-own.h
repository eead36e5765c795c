/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The calls below number 424 of architectures with a table of their own.
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

static const char *const alpha_rows[] = {
	/*   0 */ "osf_syscall exit fork read write osf_old_open close osf_wait4 osf_old_creat "
		  "link unlink osf_execve chdir fchdir mknod chmod chown brk osf_getfsstat lseek",
	/*  20 */ "getxpid osf_mount umount2 setuid getxuid exec_with_loader ptrace osf_nrecvmsg "
		  "osf_nsendmsg osf_nrecvfrom osf_naccept osf_ngetpeername osf_ngetsockname access "
		  "osf_chflags osf_fchflags sync kill osf_old_stat setpgid",
	/*  40 */ "osf_old_lstat dup pipe osf_set_program_attributes osf_profil open "
		  "osf_old_sigaction getxgid osf_sigprocmask osf_getlogin osf_setlogin acct sigpending - "
		  "ioctl osf_reboot osf_revoke symlink readlink execve",
	/*  60 */ "umask chroot osf_old_fstat getpgrp getpagesize osf_mremap vfork stat lstat "
		  "osf_sbrk osf_sstk mmap osf_old_vadvise munmap mprotect madvise vhangup osf_kmodcall "
		  "osf_mincore getgroups",
	/*  80 */ "setgroups osf_old_getpgrp setpgrp osf_setitimer osf_old_wait osf_table "
		  "osf_getitimer gethostname sethostname getdtablesize dup2 fstat fcntl osf_select poll "
		  "fsync setpriority socket connect accept",
	/* 100 */ "getpriority send recv sigreturn bind setsockopt listen osf_plock "
		  "osf_old_sigvec osf_old_sigblock osf_old_sigsetmask sigsuspend osf_sigstack recvmsg "
		  "sendmsg osf_old_vtrace osf_gettimeofday osf_getrusage getsockopt -",
	/* 120 */ "readv writev osf_settimeofday fchown fchmod recvfrom setreuid setregid rename "
		  "truncate ftruncate flock setgid sendto shutdown socketpair mkdir rmdir osf_utimes "
		  "osf_old_sigreturn",
	/* 140 */ "osf_adjtime getpeername osf_gethostid osf_sethostid getrlimit setrlimit "
		  "osf_old_killpg setsid quotactl osf_oldquota getsockname - - osf_pid_block "
		  "osf_pid_unblock - sigaction osf_sigwaitprim osf_nfssvc osf_getdirentries",
	/* 160 */ "osf_statfs osf_fstatfs - osf_asynch_daemon osf_getfh osf_getdomainname "
		  "setdomainname - - osf_exportfs - - - - - - - - - -",
	/* 180 */ "- osf_alt_plock - - osf_getmnt - - osf_alt_sigpending osf_alt_setsid - - - - - "
		  "- - - - - osf_swapon",
	/* 200 */ "msgctl msgget msgrcv msgsnd semctl semget semop osf_utsname lchown shmat "
		  "shmctl shmdt shmget osf_mvalid osf_getaddressconf osf_msleep osf_mwakeup msync "
		  "osf_signal osf_utc_gettime",
	/* 220 */ "osf_utc_adjtime - osf_security osf_kloadcall osf_stat osf_lstat osf_fstat "
		  "osf_statfs64 osf_fstatfs64 - - - - getpgid getsid sigaltstack osf_waitid "
		  "osf_priocntlset osf_sigsendset osf_set_speculative",
	/* 240 */ "osf_msfs_syscall osf_sysinfo osf_uadmin osf_fuser osf_proplist_syscall "
		  "osf_ntp_adjtime osf_ntp_gettime osf_pathconf osf_fpathconf - osf_uswitch "
		  "osf_usleep_thread osf_audcntl osf_audgen sysfs osf_subsys_info osf_getsysinfo "
		  "osf_setsysinfo osf_afs_syscall osf_swapctl",
	/* 260 */ "osf_memcntl osf_fdatasync - - - - - - - - - - - - - - - - - -",
	/* 280 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 300 */ "bdflush sethae mount old_adjtimex swapoff getdents create_module init_module "
		  "delete_module get_kernel_syms syslog reboot clone uselib mlock munlock mlockall "
		  "munlockall sysinfo _sysctl",
	/* 320 */ "- oldumount swapon times personality setfsuid setfsgid ustat statfs fstatfs "
		  "sched_setparam sched_getparam sched_setscheduler sched_getscheduler sched_yield "
		  "sched_get_priority_max sched_get_priority_min sched_rr_get_interval afs_syscall uname",
	/* 340 */ "nanosleep mremap nfsservctl setresuid getresuid pciconfig_read pciconfig_write "
		  "query_module prctl pread64 pwrite64 rt_sigreturn rt_sigaction rt_sigprocmask "
		  "rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend select gettimeofday",
	/* 360 */ "settimeofday getitimer setitimer utimes getrusage wait4 adjtimex getcwd capget "
		  "capset sendfile setresgid getresgid dipc pivot_root mincore pciconfig_iobase "
		  "getdents64 gettid readahead",
	/* 380 */ "- tkill setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr "
		  "llistxattr flistxattr removexattr lremovexattr fremovexattr futex sched_setaffinity "
		  "sched_getaffinity tuxcall io_setup io_destroy",
	/* 400 */ "io_getevents io_submit io_cancel - - exit_group lookup_dcookie epoll_create "
		  "epoll_ctl epoll_wait remap_file_pages set_tid_address restart_syscall fadvise64 "
		  "timer_create timer_settime timer_gettime timer_getoverrun timer_delete clock_settime",
	/* 420 */ "clock_gettime clock_getres clock_nanosleep semtimedop tgkill stat64 lstat64 "
		  "fstat64 vserver mbind get_mempolicy set_mempolicy mq_open mq_unlink mq_timedsend "
		  "mq_timedreceive mq_notify mq_getsetattr waitid add_key",
	/* 440 */ "request_key keyctl ioprio_set ioprio_get inotify_init inotify_add_watch "
		  "inotify_rm_watch fdatasync kexec_load migrate_pages openat mkdirat mknodat fchownat "
		  "futimesat fstatat64 unlinkat renameat linkat symlinkat",
	/* 460 */ "readlinkat fchmodat faccessat pselect6 ppoll unshare set_robust_list "
		  "get_robust_list splice sync_file_range tee vmsplice move_pages getcpu epoll_pwait "
		  "utimensat signalfd timerfd eventfd recvmmsg",
	/* 480 */ "fallocate timerfd_create timerfd_settime timerfd_gettime signalfd4 eventfd2 "
		  "epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev rt_tgsigqueueinfo "
		  "perf_event_open fanotify_init fanotify_mark prlimit64 name_to_handle_at "
		  "open_by_handle_at clock_adjtime",
	/* 500 */ "syncfs setns accept4 sendmmsg process_vm_readv process_vm_writev kcmp "
		  "finit_module sched_setattr sched_getattr renameat2 getrandom memfd_create execveat "
		  "seccomp bpf userfaultfd membarrier mlock2 copy_file_range",
	/* 520 */ "preadv2 pwritev2 statx io_pgetevents pkey_mprotect pkey_alloc pkey_free rseq "
		  "statfs64 fstatfs64 getegid geteuid getppid - - - - - - -",
};

static const char *const arm_rows[] = {
	/*   0 */ "restart_syscall exit fork read write open close - creat link unlink execve "
		  "chdir - mknod chmod lchown - - lseek",
	/*  20 */ "getpid mount - setuid getuid - ptrace - - pause - - - access nice - sync kill "
		  "rename mkdir",
	/*  40 */ "rmdir dup pipe times - brk setgid getgid - geteuid getegid acct umount2 - "
		  "ioctl fcntl - setpgid - -",
	/*  60 */ "umask chroot ustat dup2 getppid getpgrp setsid sigaction - - setreuid setregid "
		  "sigsuspend sigpending sethostname setrlimit - getrusage gettimeofday settimeofday",
	/*  80 */ "getgroups setgroups - symlink - readlink uselib swapon reboot - - munmap "
		  "truncate ftruncate fchmod fchown getpriority setpriority - statfs",
	/* 100 */ "fstatfs - - syslog setitimer getitimer stat lstat fstat - - vhangup - - wait4 "
		  "swapoff sysinfo - fsync sigreturn",
	/* 120 */ "clone setdomainname uname - adjtimex mprotect sigprocmask - init_module "
		  "delete_module - quotactl getpgid fchdir bdflush sysfs personality - setfsuid setfsgid",
	/* 140 */ "_llseek getdents _newselect flock msync readv writev getsid fdatasync _sysctl "
		  "mlock munlock mlockall munlockall sched_setparam sched_getparam sched_setscheduler "
		  "sched_getscheduler sched_yield sched_get_priority_max",
	/* 160 */ "sched_get_priority_min sched_rr_get_interval nanosleep mremap setresuid "
		  "getresuid - - poll nfsservctl setresgid getresgid prctl rt_sigreturn rt_sigaction "
		  "rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend",
	/* 180 */ "pread64 pwrite64 chown getcwd capget capset sigaltstack sendfile - - vfork "
		  "ugetrlimit mmap2 truncate64 ftruncate64 stat64 lstat64 fstat64 lchown32 getuid32",
	/* 200 */ "getgid32 geteuid32 getegid32 setreuid32 setregid32 getgroups32 setgroups32 "
		  "fchown32 setresuid32 getresuid32 setresgid32 getresgid32 chown32 setuid32 setgid32 "
		  "setfsuid32 setfsgid32 getdents64 pivot_root mincore",
	/* 220 */ "madvise fcntl64 - - gettid readahead setxattr lsetxattr fsetxattr getxattr "
		  "lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr "
		  "fremovexattr tkill sendfile64",
	/* 240 */ "futex sched_setaffinity sched_getaffinity io_setup io_destroy io_getevents "
		  "io_submit io_cancel exit_group lookup_dcookie epoll_create epoll_ctl epoll_wait "
		  "remap_file_pages - - set_tid_address timer_create timer_settime timer_gettime",
	/* 260 */ "timer_getoverrun timer_delete clock_settime clock_gettime clock_getres "
		  "clock_nanosleep statfs64 fstatfs64 tgkill utimes arm_fadvise64_64 pciconfig_iobase "
		  "pciconfig_read pciconfig_write mq_open mq_unlink mq_timedsend mq_timedreceive "
		  "mq_notify mq_getsetattr",
	/* 280 */ "waitid socket bind connect listen accept getsockname getpeername socketpair "
		  "send sendto recv recvfrom shutdown setsockopt getsockopt sendmsg recvmsg semop semget",
	/* 300 */ "semctl msgsnd msgrcv msgget msgctl shmat shmdt shmget shmctl add_key "
		  "request_key keyctl semtimedop vserver ioprio_set ioprio_get inotify_init "
		  "inotify_add_watch inotify_rm_watch mbind",
	/* 320 */ "get_mempolicy set_mempolicy openat mkdirat mknodat fchownat futimesat "
		  "fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 "
		  "ppoll unshare set_robust_list get_robust_list",
	/* 340 */ "splice arm_sync_file_range tee vmsplice move_pages getcpu epoll_pwait "
		  "kexec_load utimensat signalfd timerfd_create eventfd fallocate timerfd_settime "
		  "timerfd_gettime signalfd4 eventfd2 epoll_create1 dup3 pipe2",
	/* 360 */ "inotify_init1 preadv pwritev rt_tgsigqueueinfo perf_event_open recvmmsg "
		  "accept4 fanotify_init fanotify_mark prlimit64 name_to_handle_at open_by_handle_at "
		  "clock_adjtime syncfs sendmmsg setns process_vm_readv process_vm_writev kcmp "
		  "finit_module",
	/* 380 */ "sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create bpf "
		  "execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect "
		  "pkey_alloc pkey_free statx rseq io_pgetevents",
	/* 400 */ "migrate_pages kexec_file_load - clock_gettime64 clock_settime64 "
		  "clock_adjtime64 clock_getres_time64 clock_nanosleep_time64 timer_gettime64 "
		  "timer_settime64 timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64 "
		  "ppoll_time64 - io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 "
		  "mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};

static const char *const ia64_rows[] = {
	/*   0 */ "- exit read write open close creat link unlink execve chdir fchdir utimes "
		  "mknod chmod chown lseek getpid getppid mount",
	/*  20 */ "umount2 setuid getuid geteuid ptrace access sync fsync fdatasync kill rename "
		  "mkdir rmdir dup pipe times brk setgid getgid getegid",
	/*  40 */ "acct ioctl fcntl umask chroot ustat dup2 setreuid setregid getresuid setresuid "
		  "getresgid setresgid getgroups setgroups getpgid setpgid setsid getsid sethostname",
	/*  60 */ "setrlimit getrlimit getrusage gettimeofday settimeofday select poll symlink "
		  "readlink uselib swapon swapoff reboot truncate ftruncate fchmod fchown getpriority "
		  "setpriority statfs",
	/*  80 */ "fstatfs gettid semget semop semctl msgget msgsnd msgrcv msgctl shmget shmat "
		  "shmdt shmctl syslog setitimer getitimer - - - vhangup",
	/* 100 */ "lchown remap_file_pages wait4 sysinfo clone setdomainname uname adjtimex - "
		  "init_module delete_module - - quotactl bdflush sysfs personality afs_syscall setfsuid "
		  "setfsgid",
	/* 120 */ "getdents flock readv writev pread64 pwrite64 _sysctl mmap munmap mlock "
		  "mlockall mprotect mremap msync munlock munlockall sched_getparam sched_setparam "
		  "sched_getscheduler sched_setscheduler",
	/* 140 */ "sched_yield sched_get_priority_max sched_get_priority_min "
		  "sched_rr_get_interval nanosleep nfsservctl prctl old_getpagesize mmap2 pciconfig_read "
		  "pciconfig_write perfmonctl sigaltstack rt_sigaction rt_sigpending rt_sigprocmask "
		  "rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait",
	/* 160 */ "getcwd capget capset sendfile getpmsg putpmsg socket bind connect listen "
		  "accept getsockname getpeername socketpair send sendto recv recvfrom shutdown "
		  "setsockopt",
	/* 180 */ "getsockopt sendmsg recvmsg pivot_root mincore madvise stat lstat fstat clone2 "
		  "getdents64 getunwind readahead setxattr lsetxattr fsetxattr getxattr lgetxattr "
		  "fgetxattr listxattr",
	/* 200 */ "llistxattr flistxattr removexattr lremovexattr fremovexattr tkill futex "
		  "sched_setaffinity sched_getaffinity set_tid_address fadvise64 tgkill exit_group "
		  "lookup_dcookie io_setup io_destroy io_getevents io_submit io_cancel epoll_create",
	/* 220 */ "epoll_ctl epoll_wait restart_syscall semtimedop timer_create timer_settime "
		  "timer_gettime timer_getoverrun timer_delete clock_settime clock_gettime clock_getres "
		  "clock_nanosleep fstatfs64 statfs64 mbind get_mempolicy set_mempolicy mq_open "
		  "mq_unlink",
	/* 240 */ "mq_timedsend mq_timedreceive mq_notify mq_getsetattr kexec_load vserver waitid "
		  "add_key request_key keyctl ioprio_set ioprio_get move_pages inotify_init "
		  "inotify_add_watch inotify_rm_watch migrate_pages openat mkdirat mknodat",
	/* 260 */ "fchownat futimesat newfstatat unlinkat renameat linkat symlinkat readlinkat "
		  "fchmodat faccessat pselect6 ppoll unshare splice set_robust_list get_robust_list "
		  "sync_file_range tee vmsplice fallocate",
	/* 280 */ "getcpu epoll_pwait utimensat signalfd timerfd eventfd timerfd_create "
		  "timerfd_settime timerfd_gettime signalfd4 eventfd2 epoll_create1 dup3 pipe2 "
		  "inotify_init1 preadv pwritev rt_tgsigqueueinfo recvmmsg fanotify_init",
	/* 300 */ "fanotify_mark prlimit64 name_to_handle_at open_by_handle_at clock_adjtime "
		  "syncfs setns sendmmsg process_vm_readv process_vm_writev accept4 finit_module "
		  "sched_setattr sched_getattr renameat2 getrandom memfd_create bpf execveat userfaultfd",
	/* 320 */ "membarrier kcmp mlock2 copy_file_range preadv2 pwritev2 statx io_pgetevents "
		  "perf_event_open seccomp pkey_mprotect pkey_alloc pkey_free rseq - - - - - -",
};

static const char *const m68k_rows[] = {
	/*   0 */ "restart_syscall exit fork read write open close waitpid creat link unlink "
		  "execve chdir time mknod chmod chown - oldstat lseek",
	/*  20 */ "getpid mount umount setuid getuid stime ptrace alarm oldfstat pause utime - - "
		  "access nice - sync kill rename mkdir",
	/*  40 */ "rmdir dup pipe times - brk setgid getgid signal geteuid getegid acct umount2 - "
		  "ioctl fcntl - setpgid - -",
	/*  60 */ "umask chroot ustat dup2 getppid getpgrp setsid sigaction sgetmask ssetmask "
		  "setreuid setregid sigsuspend sigpending sethostname setrlimit getrlimit getrusage "
		  "gettimeofday settimeofday",
	/*  80 */ "getgroups setgroups select symlink oldlstat readlink uselib swapon reboot "
		  "readdir mmap munmap truncate ftruncate fchmod fchown getpriority setpriority - statfs",
	/* 100 */ "fstatfs - socketcall syslog setitimer getitimer stat lstat fstat - - vhangup - "
		  "- wait4 swapoff sysinfo ipc fsync sigreturn",
	/* 120 */ "clone setdomainname uname cacheflush adjtimex mprotect sigprocmask "
		  "create_module init_module delete_module get_kernel_syms quotactl getpgid fchdir "
		  "bdflush sysfs personality - setfsuid setfsgid",
	/* 140 */ "_llseek getdents _newselect flock msync readv writev getsid fdatasync _sysctl "
		  "mlock munlock mlockall munlockall sched_setparam sched_getparam sched_setscheduler "
		  "sched_getscheduler sched_yield sched_get_priority_max",
	/* 160 */ "sched_get_priority_min sched_rr_get_interval nanosleep mremap setresuid "
		  "getresuid getpagesize query_module poll nfsservctl setresgid getresgid prctl "
		  "rt_sigreturn rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait "
		  "rt_sigqueueinfo rt_sigsuspend",
	/* 180 */ "pread64 pwrite64 lchown getcwd capget capset sigaltstack sendfile getpmsg "
		  "putpmsg vfork ugetrlimit mmap2 truncate64 ftruncate64 stat64 lstat64 fstat64 chown32 "
		  "getuid32",
	/* 200 */ "getgid32 geteuid32 getegid32 setreuid32 setregid32 getgroups32 setgroups32 "
		  "fchown32 setresuid32 getresuid32 setresgid32 getresgid32 lchown32 setuid32 setgid32 "
		  "setfsuid32 setfsgid32 pivot_root - -",
	/* 220 */ "getdents64 gettid tkill setxattr lsetxattr fsetxattr getxattr lgetxattr "
		  "fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr futex "
		  "sendfile64 mincore madvise fcntl64",
	/* 240 */ "readahead io_setup io_destroy io_getevents io_submit io_cancel fadvise64 "
		  "exit_group lookup_dcookie epoll_create epoll_ctl epoll_wait remap_file_pages "
		  "set_tid_address timer_create timer_settime timer_gettime timer_getoverrun "
		  "timer_delete clock_settime",
	/* 260 */ "clock_gettime clock_getres clock_nanosleep statfs64 fstatfs64 tgkill utimes "
		  "fadvise64_64 mbind get_mempolicy set_mempolicy mq_open mq_unlink mq_timedsend "
		  "mq_timedreceive mq_notify mq_getsetattr waitid - add_key",
	/* 280 */ "request_key keyctl ioprio_set ioprio_get inotify_init inotify_add_watch "
		  "inotify_rm_watch migrate_pages openat mkdirat mknodat fchownat futimesat fstatat64 "
		  "unlinkat renameat linkat symlinkat readlinkat fchmodat",
	/* 300 */ "faccessat pselect6 ppoll unshare set_robust_list get_robust_list splice "
		  "sync_file_range tee vmsplice move_pages sched_setaffinity sched_getaffinity "
		  "kexec_load getcpu epoll_pwait utimensat signalfd timerfd_create eventfd",
	/* 320 */ "fallocate timerfd_settime timerfd_gettime signalfd4 eventfd2 epoll_create1 "
		  "dup3 pipe2 inotify_init1 preadv pwritev rt_tgsigqueueinfo perf_event_open "
		  "get_thread_area set_thread_area atomic_cmpxchg_32 atomic_barrier fanotify_init "
		  "fanotify_mark prlimit64",
	/* 340 */ "name_to_handle_at open_by_handle_at clock_adjtime syncfs setns "
		  "process_vm_readv process_vm_writev kcmp finit_module sched_setattr sched_getattr "
		  "renameat2 getrandom memfd_create bpf execveat socket socketpair bind connect",
	/* 360 */ "listen accept4 getsockopt setsockopt getsockname getpeername sendto sendmsg "
		  "recvfrom recvmsg shutdown recvmmsg sendmmsg userfaultfd membarrier mlock2 "
		  "copy_file_range preadv2 pwritev2 statx",
	/* 380 */ "seccomp pkey_mprotect pkey_alloc pkey_free rseq - - - - - - - - semget semctl "
		  "shmget shmctl shmat shmdt msgget",
	/* 400 */ "msgsnd msgrcv msgctl clock_gettime64 clock_settime64 clock_adjtime64 "
		  "clock_getres_time64 clock_nanosleep_time64 timer_gettime64 timer_settime64 "
		  "timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 - "
		  "io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};

static const char *const microblaze_rows[] = {
	/*   0 */ "restart_syscall exit fork read write open close waitpid creat link unlink "
		  "execve chdir time mknod chmod lchown break oldstat lseek",
	/*  20 */ "getpid mount umount setuid getuid stime ptrace alarm oldfstat pause utime stty "
		  "gtty access nice ftime sync kill rename mkdir",
	/*  40 */ "rmdir dup pipe times prof brk setgid getgid signal geteuid getegid acct "
		  "umount2 lock ioctl fcntl mpx setpgid ulimit oldolduname",
	/*  60 */ "umask chroot ustat dup2 getppid getpgrp setsid sigaction sgetmask ssetmask "
		  "setreuid setregid sigsuspend sigpending sethostname setrlimit getrlimit getrusage "
		  "gettimeofday settimeofday",
	/*  80 */ "getgroups setgroups select symlink oldlstat readlink uselib swapon reboot "
		  "readdir mmap munmap truncate ftruncate fchmod fchown getpriority setpriority profil "
		  "statfs",
	/* 100 */ "fstatfs ioperm socketcall syslog setitimer getitimer stat lstat fstat olduname "
		  "iopl vhangup idle vm86old wait4 swapoff sysinfo ipc fsync sigreturn",
	/* 120 */ "clone setdomainname uname modify_ldt adjtimex mprotect sigprocmask "
		  "create_module init_module delete_module get_kernel_syms quotactl getpgid fchdir "
		  "bdflush sysfs personality afs_syscall setfsuid setfsgid",
	/* 140 */ "_llseek getdents _newselect flock msync readv writev getsid fdatasync _sysctl "
		  "mlock munlock mlockall munlockall sched_setparam sched_getparam sched_setscheduler "
		  "sched_getscheduler sched_yield sched_get_priority_max",
	/* 160 */ "sched_get_priority_min sched_rr_get_interval nanosleep mremap setresuid "
		  "getresuid vm86 query_module poll nfsservctl setresgid getresgid prctl rt_sigreturn "
		  "rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo "
		  "rt_sigsuspend",
	/* 180 */ "pread64 pwrite64 chown getcwd capget capset sigaltstack sendfile getpmsg "
		  "putpmsg vfork ugetrlimit mmap2 truncate64 ftruncate64 stat64 lstat64 fstat64 lchown32 "
		  "getuid32",
	/* 200 */ "getgid32 geteuid32 getegid32 setreuid32 setregid32 getgroups32 setgroups32 "
		  "fchown32 setresuid32 getresuid32 setresgid32 getresgid32 chown32 setuid32 setgid32 "
		  "setfsuid32 setfsgid32 pivot_root mincore madvise",
	/* 220 */ "getdents64 fcntl64 - - gettid readahead setxattr lsetxattr fsetxattr getxattr "
		  "lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr "
		  "fremovexattr tkill sendfile64",
	/* 240 */ "futex sched_setaffinity sched_getaffinity set_thread_area get_thread_area "
		  "io_setup io_destroy io_getevents io_submit io_cancel fadvise64 - exit_group "
		  "lookup_dcookie epoll_create epoll_ctl epoll_wait remap_file_pages set_tid_address "
		  "timer_create",
	/* 260 */ "timer_settime timer_gettime timer_getoverrun timer_delete clock_settime "
		  "clock_gettime clock_getres clock_nanosleep statfs64 fstatfs64 tgkill utimes "
		  "fadvise64_64 vserver mbind get_mempolicy set_mempolicy mq_open mq_unlink mq_timedsend",
	/* 280 */ "mq_timedreceive mq_notify mq_getsetattr kexec_load waitid - add_key "
		  "request_key keyctl ioprio_set ioprio_get inotify_init inotify_add_watch "
		  "inotify_rm_watch migrate_pages openat mkdirat mknodat fchownat futimesat",
	/* 300 */ "fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat "
		  "pselect6 ppoll unshare set_robust_list get_robust_list splice sync_file_range tee "
		  "vmsplice move_pages getcpu epoll_pwait",
	/* 320 */ "utimensat signalfd timerfd_create eventfd fallocate semtimedop timerfd_settime "
		  "timerfd_gettime semctl semget semop msgctl msgget msgrcv msgsnd shmat shmctl shmdt "
		  "shmget signalfd4",
	/* 340 */ "eventfd2 epoll_create1 dup3 pipe2 inotify_init1 socket socketpair bind listen "
		  "accept connect getsockname getpeername sendto send recvfrom recv setsockopt "
		  "getsockopt shutdown",
	/* 360 */ "sendmsg recvmsg accept4 preadv pwritev rt_tgsigqueueinfo perf_event_open "
		  "recvmmsg fanotify_init fanotify_mark prlimit64 name_to_handle_at open_by_handle_at "
		  "clock_adjtime syncfs setns sendmmsg process_vm_readv process_vm_writev kcmp",
	/* 380 */ "finit_module sched_setattr sched_getattr renameat2 seccomp getrandom "
		  "memfd_create bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2 "
		  "pwritev2 pkey_mprotect pkey_alloc pkey_free statx io_pgetevents",
	/* 400 */ "rseq - - clock_gettime64 clock_settime64 clock_adjtime64 clock_getres_time64 "
		  "clock_nanosleep_time64 timer_gettime64 timer_settime64 timerfd_gettime64 "
		  "timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 - "
		  "io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};

static const char *const sh_rows[] = {
	/*   0 */ "restart_syscall exit fork read write open close waitpid creat link unlink "
		  "execve chdir time mknod chmod lchown - oldstat lseek",
	/*  20 */ "getpid mount umount setuid getuid stime ptrace alarm oldfstat pause utime - - "
		  "access nice - sync kill rename mkdir",
	/*  40 */ "rmdir dup pipe times - brk setgid getgid signal geteuid getegid acct umount2 - "
		  "ioctl fcntl - setpgid - -",
	/*  60 */ "umask chroot ustat dup2 getppid getpgrp setsid sigaction sgetmask ssetmask "
		  "setreuid setregid sigsuspend sigpending sethostname setrlimit getrlimit getrusage "
		  "gettimeofday settimeofday",
	/*  80 */ "getgroups setgroups - symlink oldlstat readlink uselib swapon reboot readdir "
		  "mmap munmap truncate ftruncate fchmod fchown getpriority setpriority - statfs",
	/* 100 */ "fstatfs - socketcall syslog setitimer getitimer stat lstat fstat olduname - "
		  "vhangup - - wait4 swapoff sysinfo ipc fsync sigreturn",
	/* 120 */ "clone setdomainname uname cacheflush adjtimex mprotect sigprocmask - "
		  "init_module delete_module - quotactl getpgid fchdir bdflush sysfs personality - "
		  "setfsuid setfsgid",
	/* 140 */ "_llseek getdents _newselect flock msync readv writev getsid fdatasync _sysctl "
		  "mlock munlock mlockall munlockall sched_setparam sched_getparam sched_setscheduler "
		  "sched_getscheduler sched_yield sched_get_priority_max",
	/* 160 */ "sched_get_priority_min sched_rr_get_interval nanosleep mremap setresuid "
		  "getresuid - - poll nfsservctl setresgid getresgid prctl rt_sigreturn rt_sigaction "
		  "rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend",
	/* 180 */ "pread64 pwrite64 chown getcwd capget capset sigaltstack sendfile - - vfork "
		  "ugetrlimit mmap2 truncate64 ftruncate64 stat64 lstat64 fstat64 lchown32 getuid32",
	/* 200 */ "getgid32 geteuid32 getegid32 setreuid32 setregid32 getgroups32 setgroups32 "
		  "fchown32 setresuid32 getresuid32 setresgid32 getresgid32 chown32 setuid32 setgid32 "
		  "setfsuid32 setfsgid32 pivot_root mincore madvise",
	/* 220 */ "getdents64 fcntl64 - - gettid readahead setxattr lsetxattr fsetxattr getxattr "
		  "lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr "
		  "fremovexattr tkill sendfile64",
	/* 240 */ "futex sched_setaffinity sched_getaffinity - - io_setup io_destroy io_getevents "
		  "io_submit io_cancel fadvise64 - exit_group lookup_dcookie epoll_create epoll_ctl "
		  "epoll_wait remap_file_pages set_tid_address timer_create",
	/* 260 */ "timer_settime timer_gettime timer_getoverrun timer_delete clock_settime "
		  "clock_gettime clock_getres clock_nanosleep statfs64 fstatfs64 tgkill utimes "
		  "fadvise64_64 - mbind get_mempolicy set_mempolicy mq_open mq_unlink mq_timedsend",
	/* 280 */ "mq_timedreceive mq_notify mq_getsetattr kexec_load waitid add_key request_key "
		  "keyctl ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch - "
		  "migrate_pages openat mkdirat mknodat fchownat futimesat",
	/* 300 */ "fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat "
		  "pselect6 ppoll unshare set_robust_list get_robust_list splice sync_file_range tee "
		  "vmsplice move_pages getcpu epoll_pwait",
	/* 320 */ "utimensat signalfd timerfd_create eventfd fallocate timerfd_settime "
		  "timerfd_gettime signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv "
		  "pwritev rt_tgsigqueueinfo perf_event_open fanotify_init fanotify_mark prlimit64",
	/* 340 */ "socket bind connect listen accept getsockname getpeername socketpair send "
		  "sendto recv recvfrom shutdown setsockopt getsockopt sendmsg recvmsg recvmmsg accept4 "
		  "name_to_handle_at",
	/* 360 */ "open_by_handle_at clock_adjtime syncfs sendmmsg setns process_vm_readv "
		  "process_vm_writev kcmp finit_module sched_getattr sched_setattr renameat2 seccomp "
		  "getrandom memfd_create bpf execveat userfaultfd membarrier mlock2",
	/* 380 */ "copy_file_range preadv2 pwritev2 statx pkey_mprotect pkey_alloc pkey_free rseq "
		  "sync_file_range2 - - - - semget semctl shmget shmctl shmat shmdt msgget",
	/* 400 */ "msgsnd msgrcv msgctl clock_gettime64 clock_settime64 clock_adjtime64 "
		  "clock_getres_time64 clock_nanosleep_time64 timer_gettime64 timer_settime64 "
		  "timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 - "
		  "io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};

static const char *const sparc_rows[] = {
	/*   0 */ "restart_syscall exit fork read write open close wait4 creat link unlink execv "
		  "chdir chown mknod chmod lchown brk perfctr lseek",
	/*  20 */ "getpid capget capset setuid getuid vmsplice ptrace alarm sigaltstack pause "
		  "utime lchown32 fchown32 access nice chown32 sync kill stat sendfile",
	/*  40 */ "lstat dup pipe times getuid32 umount2 setgid getgid signal geteuid getegid "
		  "acct - getgid32 ioctl reboot mmap2 symlink readlink execve",
	/*  60 */ "umask chroot fstat fstat64 getpagesize msync vfork pread64 pwrite64 geteuid32 "
		  "getegid32 mmap setreuid32 munmap mprotect madvise vhangup truncate64 mincore "
		  "getgroups",
	/*  80 */ "setgroups getpgrp setgroups32 setitimer ftruncate64 swapon getitimer setuid32 "
		  "sethostname setgid32 dup2 setfsuid32 fcntl select setfsgid32 fsync setpriority socket "
		  "connect accept",
	/* 100 */ "getpriority rt_sigreturn rt_sigaction rt_sigprocmask rt_sigpending "
		  "rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend setresuid32 getresuid32 setresgid32 "
		  "getresgid32 setregid32 recvmsg sendmsg getgroups32 gettimeofday getrusage getsockopt "
		  "getcwd",
	/* 120 */ "readv writev settimeofday fchown fchmod recvfrom setreuid setregid rename "
		  "truncate ftruncate flock lstat64 sendto shutdown socketpair mkdir rmdir utimes stat64",
	/* 140 */ "sendfile64 getpeername futex gettid getrlimit setrlimit pivot_root prctl "
		  "pciconfig_read pciconfig_write getsockname inotify_init inotify_add_watch poll "
		  "getdents64 fcntl64 inotify_rm_watch statfs fstatfs umount",
	/* 160 */ "sched_set_affinity sched_get_affinity getdomainname setdomainname - quotactl "
		  "set_tid_address mount ustat setxattr lsetxattr fsetxattr getxattr lgetxattr getdents "
		  "setsid fchdir fgetxattr listxattr llistxattr",
	/* 180 */ "flistxattr removexattr lremovexattr sigpending query_module setpgid "
		  "fremovexattr tkill exit_group uname init_module personality remap_file_pages "
		  "epoll_create epoll_ctl epoll_wait ioprio_set getppid sigaction sgetmask",
	/* 200 */ "ssetmask sigsuspend oldlstat uselib readdir readahead socketcall syslog "
		  "lookup_dcookie fadvise64 fadvise64_64 tgkill waitpid swapoff sysinfo ipc sigreturn "
		  "clone ioprio_get adjtimex",
	/* 220 */ "sigprocmask create_module delete_module get_kernel_syms getpgid bdflush sysfs "
		  "afs_syscall setfsuid setfsgid _newselect time splice stime statfs64 fstatfs64 _llseek "
		  "mlock munlock mlockall",
	/* 240 */ "munlockall sched_setparam sched_getparam sched_setscheduler sched_getscheduler "
		  "sched_yield sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
		  "nanosleep mremap _sysctl getsid fdatasync nfsservctl sync_file_range clock_settime "
		  "clock_gettime clock_getres clock_nanosleep",
	/* 260 */ "sched_getaffinity sched_setaffinity timer_settime timer_gettime "
		  "timer_getoverrun timer_delete timer_create vserver io_setup io_destroy io_submit "
		  "io_cancel io_getevents mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify "
		  "mq_getsetattr waitid",
	/* 280 */ "tee add_key request_key keyctl openat mkdirat mknodat fchownat futimesat "
		  "fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 "
		  "ppoll unshare",
	/* 300 */ "set_robust_list get_robust_list migrate_pages mbind get_mempolicy "
		  "set_mempolicy kexec_load move_pages getcpu epoll_pwait utimensat signalfd "
		  "timerfd_create eventfd fallocate timerfd_settime timerfd_gettime signalfd4 eventfd2 "
		  "epoll_create1",
	/* 320 */ "dup3 pipe2 inotify_init1 accept4 preadv pwritev rt_tgsigqueueinfo "
		  "perf_event_open recvmmsg fanotify_init fanotify_mark prlimit64 name_to_handle_at "
		  "open_by_handle_at clock_adjtime syncfs sendmmsg setns process_vm_readv "
		  "process_vm_writev",
	/* 340 */ "kern_features kcmp finit_module sched_setattr sched_getattr renameat2 seccomp "
		  "getrandom memfd_create bpf execveat membarrier userfaultfd bind listen setsockopt "
		  "mlock2 copy_file_range preadv2 pwritev2",
	/* 360 */ "statx io_pgetevents pkey_mprotect pkey_alloc pkey_free rseq - - - - - - - - - "
		  "- - - - -",
	/* 380 */ "- - - - - - - - - - - - - semget semctl shmget shmctl shmat shmdt msgget",
	/* 400 */ "msgsnd msgrcv msgctl clock_gettime64 clock_settime64 clock_adjtime64 "
		  "clock_getres_time64 clock_nanosleep_time64 timer_gettime64 timer_settime64 "
		  "timerfd_gettime64 timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 - "
		  "io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};

static const char *const sparc64_rows[] = {
	/*   0 */ "restart_syscall exit fork read write open close wait4 creat link unlink execv "
		  "chdir chown mknod chmod lchown brk perfctr lseek",
	/*  20 */ "getpid capget capset setuid getuid vmsplice ptrace alarm sigaltstack pause "
		  "utime - - access nice - sync kill stat sendfile",
	/*  40 */ "lstat dup pipe times - umount2 setgid getgid signal geteuid getegid acct "
		  "memory_ordering - ioctl reboot - symlink readlink execve",
	/*  60 */ "umask chroot fstat fstat64 getpagesize msync vfork pread64 pwrite64 - - mmap - "
		  "munmap mprotect madvise vhangup - mincore getgroups",
	/*  80 */ "setgroups getpgrp - setitimer - swapon getitimer - sethostname - dup2 - fcntl "
		  "select - fsync setpriority socket connect accept",
	/* 100 */ "getpriority rt_sigreturn rt_sigaction rt_sigprocmask rt_sigpending "
		  "rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend setresuid getresuid setresgid getresgid "
		  "- recvmsg sendmsg - gettimeofday getrusage getsockopt getcwd",
	/* 120 */ "readv writev settimeofday fchown fchmod recvfrom setreuid setregid rename "
		  "truncate ftruncate flock lstat64 sendto shutdown socketpair mkdir rmdir utimes stat64",
	/* 140 */ "sendfile64 getpeername futex gettid getrlimit setrlimit pivot_root prctl "
		  "pciconfig_read pciconfig_write getsockname inotify_init inotify_add_watch poll "
		  "getdents64 - inotify_rm_watch statfs fstatfs umount",
	/* 160 */ "sched_set_affinity sched_get_affinity getdomainname setdomainname "
		  "utrap_install quotactl set_tid_address mount ustat setxattr lsetxattr fsetxattr "
		  "getxattr lgetxattr getdents setsid fchdir fgetxattr listxattr llistxattr",
	/* 180 */ "flistxattr removexattr lremovexattr sigpending query_module setpgid "
		  "fremovexattr tkill exit_group uname init_module personality remap_file_pages "
		  "epoll_create epoll_ctl epoll_wait ioprio_set getppid sigaction sgetmask",
	/* 200 */ "ssetmask sigsuspend oldlstat uselib readdir readahead socketcall syslog "
		  "lookup_dcookie fadvise64 fadvise64_64 tgkill waitpid swapoff sysinfo ipc sigreturn "
		  "clone ioprio_get adjtimex",
	/* 220 */ "sigprocmask create_module delete_module get_kernel_syms getpgid bdflush sysfs "
		  "afs_syscall setfsuid setfsgid _newselect - splice stime statfs64 fstatfs64 _llseek "
		  "mlock munlock mlockall",
	/* 240 */ "munlockall sched_setparam sched_getparam sched_setscheduler sched_getscheduler "
		  "sched_yield sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
		  "nanosleep mremap _sysctl getsid fdatasync nfsservctl sync_file_range clock_settime "
		  "clock_gettime clock_getres clock_nanosleep",
	/* 260 */ "sched_getaffinity sched_setaffinity timer_settime timer_gettime "
		  "timer_getoverrun timer_delete timer_create vserver io_setup io_destroy io_submit "
		  "io_cancel io_getevents mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify "
		  "mq_getsetattr waitid",
	/* 280 */ "tee add_key request_key keyctl openat mkdirat mknodat fchownat futimesat "
		  "fstatat64 unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 "
		  "ppoll unshare",
	/* 300 */ "set_robust_list get_robust_list migrate_pages mbind get_mempolicy "
		  "set_mempolicy kexec_load move_pages getcpu epoll_pwait utimensat signalfd "
		  "timerfd_create eventfd fallocate timerfd_settime timerfd_gettime signalfd4 eventfd2 "
		  "epoll_create1",
	/* 320 */ "dup3 pipe2 inotify_init1 accept4 preadv pwritev rt_tgsigqueueinfo "
		  "perf_event_open recvmmsg fanotify_init fanotify_mark prlimit64 name_to_handle_at "
		  "open_by_handle_at clock_adjtime syncfs sendmmsg setns process_vm_readv "
		  "process_vm_writev",
	/* 340 */ "kern_features kcmp finit_module sched_setattr sched_getattr renameat2 seccomp "
		  "getrandom memfd_create bpf execveat membarrier userfaultfd bind listen setsockopt "
		  "mlock2 copy_file_range preadv2 pwritev2",
	/* 360 */ "statx io_pgetevents pkey_mprotect pkey_alloc pkey_free rseq - - - - - - - - - "
		  "- - - - -",
	/* 380 */ "- - - - - - - - - - - - semtimedop semget semctl shmget shmctl shmat shmdt "
		  "msgget",
	/* 400 */ "msgsnd msgrcv msgctl - - - - - - - - - - - - - - - - -",
};

static const char *const xtensa_rows[] = {
	/*   0 */ "spill xtensa - - - - - - open close dup dup2 read write select lseek poll "
		  "_llseek epoll_wait epoll_ctl",
	/*  20 */ "epoll_create creat truncate ftruncate readv writev fsync fdatasync truncate64 "
		  "ftruncate64 pread64 pwrite64 link rename symlink readlink mknod pipe unlink rmdir",
	/*  40 */ "mkdir chdir fchdir getcwd chmod chown stat stat64 lchown lstat lstat64 - "
		  "fchmod fchown fstat fstat64 flock access umask getdents",
	/*  60 */ "getdents64 fcntl64 fallocate fadvise64_64 utime utimes ioctl fcntl setxattr "
		  "getxattr listxattr removexattr lsetxattr lgetxattr llistxattr lremovexattr fsetxattr "
		  "fgetxattr flistxattr fremovexattr",
	/*  80 */ "mmap2 munmap mprotect brk mlock munlock mlockall munlockall mremap msync "
		  "mincore madvise shmget shmat shmctl shmdt socket setsockopt getsockopt shutdown",
	/* 100 */ "bind connect listen accept getsockname getpeername sendmsg recvmsg send recv "
		  "sendto recvfrom socketpair sendfile sendfile64 sendmmsg clone execve exit exit_group",
	/* 120 */ "getpid wait4 waitid kill tkill tgkill set_tid_address gettid setsid getsid "
		  "prctl personality getpriority setpriority setitimer getitimer setuid getuid setgid "
		  "getgid",
	/* 140 */ "geteuid getegid setreuid setregid setresuid getresuid setresgid getresgid "
		  "setpgid getpgid getppid getpgrp - - times acct sched_setaffinity sched_getaffinity "
		  "capget capset",
	/* 160 */ "ptrace semtimedop semget semop semctl - msgget msgsnd msgrcv msgctl - umount2 "
		  "mount swapon chroot pivot_root umount swapoff sync syncfs",
	/* 180 */ "setfsuid setfsgid sysfs ustat statfs fstatfs statfs64 fstatfs64 setrlimit "
		  "getrlimit getrusage futex gettimeofday settimeofday adjtimex nanosleep getgroups "
		  "setgroups sethostname setdomainname",
	/* 200 */ "syslog vhangup uselib reboot quotactl nfsservctl _sysctl bdflush uname sysinfo "
		  "init_module delete_module sched_setparam sched_getparam sched_setscheduler "
		  "sched_getscheduler sched_get_priority_max sched_get_priority_min "
		  "sched_rr_get_interval sched_yield",
	/* 220 */ "- - - restart_syscall sigaltstack rt_sigreturn rt_sigaction rt_sigprocmask "
		  "rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend mq_open mq_unlink "
		  "mq_timedsend mq_timedreceive mq_notify mq_getsetattr - io_setup",
	/* 240 */ "io_destroy io_submit io_getevents io_cancel clock_settime clock_gettime "
		  "clock_getres clock_nanosleep timer_create timer_delete timer_settime timer_gettime "
		  "timer_getoverrun - lookup_dcookie - add_key request_key keyctl -",
	/* 260 */ "readahead remap_file_pages migrate_pages mbind get_mempolicy set_mempolicy "
		  "unshare move_pages splice tee vmsplice - pselect6 ppoll epoll_pwait epoll_create1 "
		  "inotify_init inotify_add_watch inotify_rm_watch inotify_init1",
	/* 280 */ "getcpu kexec_load ioprio_set ioprio_get set_robust_list get_robust_list - - "
		  "openat mkdirat mknodat unlinkat renameat linkat symlinkat readlinkat utimensat "
		  "fchownat futimesat fstatat64",
	/* 300 */ "fchmodat faccessat - - signalfd - eventfd recvmmsg setns signalfd4 dup3 pipe2 "
		  "timerfd_create timerfd_settime timerfd_gettime - eventfd2 preadv pwritev -",
	/* 320 */ "fanotify_init fanotify_mark process_vm_readv process_vm_writev "
		  "name_to_handle_at open_by_handle_at sync_file_range2 perf_event_open "
		  "rt_tgsigqueueinfo clock_adjtime prlimit64 kcmp finit_module accept4 sched_setattr "
		  "sched_getattr renameat2 seccomp getrandom memfd_create",
	/* 340 */ "bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 "
		  "pkey_mprotect pkey_alloc pkey_free statx rseq - - - - - - -",
	/* 360 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 380 */ "- - - - - - - - - - - - - - - - - - - -",
	/* 400 */ "- - - clock_gettime64 clock_settime64 clock_adjtime64 clock_getres_time64 "
		  "clock_nanosleep_time64 timer_gettime64 timer_settime64 timerfd_gettime64 "
		  "timerfd_settime64 utimensat_time64 pselect6_time64 ppoll_time64 - "
		  "io_pgetevents_time64 recvmmsg_time64 mq_timedsend_time64 mq_timedreceive_time64",
	/* 420 */ "semtimedop_time64 rt_sigtimedwait_time64 futex_time64 "
		  "sched_rr_get_interval_time64 - - - - - - - - - - - - - - - -",
};
/* clang-format on */
