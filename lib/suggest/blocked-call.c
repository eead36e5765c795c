/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/capability.h>

#include "suggest/blocked-call.h"
#include "suggest/risk.h"

#define CAP(n) (1ULL << (CAP_##n))

/* What calls of one kind have in common. */
typedef struct Story {
	const char *why; /* NULL: the risk's own reason */
	const char *kernel;
	uint64_t capabilities;
	const char *instead;
	bool gone;
} Story;

static const Story accounting = {
	.kernel = "CAP_SYS_PACCT",
	.capabilities = CAP(SYS_PACCT),
	.instead = "What a container uses is counted by its cgroup. Process accounting belongs to "
		   "one service on the host.",
};

static const Story keyring = {
	.instead =
		"Most programs only try whether there is a keyring, and go on without. Kerberos "
		"keeps its tickets in a file when told so (KRB5CCNAME=FILE:PATH). Where an image "
		"does need keyrings, allow keyctl alone, on Linux 5.3 or later.",
};

static const Story bpf = {
	.kernel = "CAP_BPF, with CAP_PERFMON or CAP_NET_ADMIN by the kind of program "
		  "(CAP_SYS_ADMIN before Linux 5.8)",
	.capabilities = CAP(BPF) | CAP(SYS_ADMIN),
	.instead = "Run the tracer on the host, or in one container that is given CAP_BPF and "
		   "CAP_PERFMON on purpose.",
};

static const Story clock_setting = {
	.kernel = "CAP_SYS_TIME",
	.capabilities = CAP(SYS_TIME),
	.instead =
		"One time service on the host (chrony, systemd-timesyncd) sets the clock for all "
		"containers. A program that is to see another time takes libfaketime, or a time "
		"namespace for the monotonic clocks.",
};

static const Story clock_adjusting = {
	.why = "it tunes the clock of the whole host, which no namespace separates; who only reads "
	       "the state of the clock makes it as well",
	.kernel = "CAP_SYS_TIME to change anything; nothing to read",
	.capabilities = CAP(SYS_TIME),
	.instead = "Default profiles of today allow it, because the kernel refuses the change to "
		   "whoever has no CAP_SYS_TIME. Setting the clock is the host's.",
};

static const Story clone = {
	.kernel = "CAP_SYS_ADMIN for each new namespace but a user namespace; nothing for threads "
		  "and processes",
	.capabilities = CAP(SYS_ADMIN),
	.instead =
		"Threads and processes need clone without a namespace flag: allow it by a rule on "
		"its flags, as \"suggest\" writes it. A browser or build tool that makes its own "
		"sandbox needs a profile of its own for that one image.",
};

static const Story clone3 = {
	.kernel = "as for clone",
	.capabilities = CAP(SYS_ADMIN),
	.instead =
		"Answer it with ENOSYS (errnoRet 38): libc then falls back to clone, whose flags "
		"a filter can see. With any other answer programs start no thread.",
};

static const Story old_module = {
	.gone = true,
	.instead = "Nothing needs it. Look at the architecture of the record: the number may be "
		   "another call's there.",
};

static const Story module = {
	.kernel = "CAP_SYS_MODULE",
	.capabilities = CAP(SYS_MODULE),
	.instead =
		"Load the module on the host, at boot by modules-load.d(5). Drivers that come in "
		"an image belong into a package of the host.",
};

static const Story numa = {
	.kernel = "nothing for the caller's own memory",
	.instead =
		"Bind the whole container to a node from outside: --cpuset-mems and "
		"--cpuset-cpus. Databases and Java go on without, with a warning. Where one gains "
		"by it, allow the call in its profile, or give CAP_SYS_NICE under Docker.",
};

static const Story moving_pages = {
	.kernel = "CAP_SYS_NICE for pages that others use, too",
	.capabilities = CAP(SYS_NICE),
	.instead = "Bind the whole container to a node from outside: --cpuset-mems. Programs that "
		   "only ask where their pages are go on without.",
};

static const Story ports = {
	.kernel = "CAP_SYS_RAWIO",
	.capabilities = CAP(SYS_RAWIO),
	.instead = "Give the container the device that it is for (--device). What talks to ports "
		   "belongs into a driver of the host's kernel.",
};

static const Story kcmp = {
	.kernel = "the right to trace both processes, which CAP_SYS_PTRACE gives",
	.capabilities = CAP(SYS_PTRACE),
	.instead = "Graphics drivers (Mesa) go on without it. CRIU belongs on the host.",
};

static const Story kexec = {
	.kernel = "CAP_SYS_BOOT, which opens it in no default profile",
	.capabilities = CAP(SYS_BOOT),
	.instead = "Nothing in a container needs it. The next kernel is the host's to choose.",
};

static const Story dcookie = {
	.gone = true,
	.kernel = "CAP_SYS_ADMIN, until Linux 6.6",
	.capabilities = CAP(SYS_ADMIN),
	.instead = "OProfile needed it. Take perf, on the host.",
};

static const Story mounting = {
	.kernel = "CAP_SYS_ADMIN in the user namespace that owns the mounts",
	.capabilities = CAP(SYS_ADMIN),
	.instead =
		"Let the engine mount before the start: -v, --mount, --tmpfs, a volume driver. "
		"To build images in a container take rootless BuildKit or Buildah, under a profile "
		"of their own. FUSE and network file systems are mounted on the host.",
};

static const Story nfs_server = {
	.gone = true,
	.instead = "The NFS server of today is steered by files in /proc/fs/nfsd, on the host.",
};

static const Story handles = {
	.kernel = "CAP_DAC_READ_SEARCH over the whole file system",
	.capabilities = CAP(DAC_READ_SEARCH),
	.instead = "Open files by their paths. File servers and backups that need handles run on "
		   "the host, or in one container that is trusted like it.",
};

static const Story perf = {
	.kernel = "CAP_PERFMON, or as little as kernel.perf_event_paranoid says",
	.capabilities = CAP(PERFMON) | CAP(SYS_ADMIN),
	.instead = "Measure from the host: perf record -p PID, or --cgroup. Or give that one "
		   "container CAP_PERFMON for as long as it is measured.",
};

static const Story personality = {
	.instead =
		"The five values that programs use are allowed by rules on its argument, as "
		"\"suggest\" writes them. gdb wants to switch address randomisation off: tell it "
		"\"set disable-randomization off\".",
};

static const Story other_memory = {
	.kernel = "the right to trace the process, which CAP_SYS_PTRACE gives",
	.capabilities = CAP(SYS_PTRACE),
	.instead =
		"Debug from the host, or from a second container in the first one's pid "
		"namespace (--pid container:NAME, kubectl debug). MPI and UCX copy through shared "
		"memory when this way is closed.",
};

static const Story tracing = {
	.kernel = "the right to trace the process: one's own children, or CAP_SYS_PTRACE",
	.capabilities = CAP(SYS_PTRACE),
	.instead =
		"Debug from the host, or from a second container in the first one's pid "
		"namespace (--pid container:NAME, kubectl debug). Sanitizers and crash handlers in "
		"a test image may have it.",
};

static const Story quota = {
	.kernel = "CAP_SYS_ADMIN",
	.capabilities = CAP(SYS_ADMIN),
	.instead = "Limit space from the host: --storage-opt size=, or project quotas of the file "
		   "system.",
};

static const Story rebooting = {
	.kernel = "CAP_SYS_BOOT",
	.capabilities = CAP(SYS_BOOT),
	.instead =
		"End the container's first process; its engine's restart policy starts it again.",
};

static const Story entering = {
	.kernel = "CAP_SYS_ADMIN over the namespace, but for a user namespace of one's own",
	.capabilities = CAP(SYS_ADMIN),
	.instead = "Enter from outside: docker exec, podman exec, kubectl debug, nsenter on the "
		   "host. What two containers are to share they are started with (--network "
		   "container:NAME, --pid container:NAME).",
};

static const Story swapping = {
	.kernel = "CAP_SYS_ADMIN, which opens it in no default profile",
	.capabilities = CAP(SYS_ADMIN),
	.instead = "Swap space is the host's. How much of it a container gets, --memory-swap says.",
};

static const Story sysfs = {
	.why = "it is obsolete, and programs have no use for it",
	.instead = "The names of file systems stand in /proc/filesystems. An attempt is mostly a "
		   "probe, or a record of another architecture.",
};

static const Story sysctl = {
	.why = "it changed settings of the kernel by number, was discouraged for a decade, and is "
	       "gone since Linux 5.5",
	.gone = true,
	.instead = "Read and write /proc/sys; settings that belong to the container are given with "
		   "--sysctl.",
};

static const Story ustat = {
	.why = "it is obsolete",
	.instead = "Take statfs or statvfs, which tell the same.",
};

static const Story unsharing = {
	.kernel = "CAP_SYS_ADMIN for each namespace but a user namespace, which everybody may make",
	.capabilities = CAP(SYS_ADMIN),
	.instead =
		"The engine makes the namespaces before the start. Chrome, bubblewrap and rootless "
		"build tools, which make a sandbox in the container, need a profile that allows "
		"it for that one image.",
};

static const Story uselib = {
	.instead = "The dynamic linker loads libraries with open and mmap.",
};

static const Story page_faults = {
	.kernel =
		"CAP_SYS_PTRACE for faults in the kernel, unless vm.unprivileged_userfaultfd is 1",
	.capabilities = CAP(SYS_PTRACE),
	.instead = "Live migration of virtual machines and CRIU use it, and belong on the host. "
		   "Language runtimes go on without.",
};

static const Story real_mode = {
	.instead = "Old DOS programs run in DOSBox or in a virtual machine.",
};

static const Story io_uring = {
	.instead = "Answered with ENOSYS (errnoRet 38) most programs fall back to epoll, read and "
		   "write; Node.js has UV_USE_IO_URING=0, databases have a setting. Who allows it "
		   "gives up seeing these operations: they pass no filter.",
};

/* In the order of strcmp(). */
static const struct {
	const char *call;
	const Story *story;
} calls[] = {
	{ "_sysctl", &sysctl },
	{ "acct", &accounting },
	{ "add_key", &keyring },
	{ "bpf", &bpf },
	{ "clock_adjtime", &clock_adjusting },
	{ "clock_settime", &clock_setting },
	{ "clock_settime64", &clock_setting },
	{ "clone", &clone },
	{ "clone3", &clone3 },
	{ "create_module", &old_module },
	{ "delete_module", &module },
	{ "finit_module", &module },
	{ "fsconfig", &mounting },
	{ "fsmount", &mounting },
	{ "fsopen", &mounting },
	{ "fspick", &mounting },
	{ "get_kernel_syms", &old_module },
	{ "get_mempolicy", &numa },
	{ "init_module", &module },
	{ "io_uring_enter", &io_uring },
	{ "io_uring_register", &io_uring },
	{ "io_uring_setup", &io_uring },
	{ "ioperm", &ports },
	{ "iopl", &ports },
	{ "kcmp", &kcmp },
	{ "kexec_file_load", &kexec },
	{ "kexec_load", &kexec },
	{ "keyctl", &keyring },
	{ "lookup_dcookie", &dcookie },
	{ "mbind", &numa },
	{ "migrate_pages", &moving_pages },
	{ "mount", &mounting },
	{ "mount_setattr", &mounting },
	{ "move_mount", &mounting },
	{ "move_pages", &moving_pages },
	{ "nfsservctl", &nfs_server },
	{ "open_by_handle_at", &handles },
	{ "open_tree", &mounting },
	{ "perf_event_open", &perf },
	{ "personality", &personality },
	{ "pivot_root", &mounting },
	{ "process_vm_readv", &other_memory },
	{ "process_vm_writev", &other_memory },
	{ "ptrace", &tracing },
	{ "query_module", &old_module },
	{ "quotactl", &quota },
	{ "quotactl_fd", &quota },
	{ "reboot", &rebooting },
	{ "request_key", &keyring },
	{ "set_mempolicy", &numa },
	{ "set_mempolicy_home_node", &numa },
	{ "setns", &entering },
	{ "settimeofday", &clock_setting },
	{ "stime", &clock_setting },
	{ "swapoff", &swapping },
	{ "swapon", &swapping },
	{ "sysfs", &sysfs },
	{ "umount", &mounting },
	{ "umount2", &mounting },
	{ "unshare", &unsharing },
	{ "uselib", &uselib },
	{ "userfaultfd", &page_faults },
	{ "ustat", &ustat },
	{ "vm86", &real_mode },
	{ "vm86old", &real_mode },
};

static int compare_call(const void *name, const void *entry)
{
	return strcmp(name, ((const __typeof__(calls[0]) *)entry)->call);
}

int blocked_call_of(const char *call, BlockedCall *ret)
{
	const __typeof__(calls[0]) *row =
		bsearch(call, calls, ELEMENTSOF(calls), sizeof(calls[0]), compare_call);

	if (!row)
		return -ENOENT;
	*ret = (BlockedCall){
		.call = row->call,
		.why = row->story->why ?: risk_of(call).reason,
		.kernel = row->story->kernel,
		.capabilities = row->story->capabilities,
		.instead = row->story->instead,
		.gone = row->story->gone,
	};
	return 0;
}

const char *blocked_call_each(size_t i)
{
	return i < ELEMENTSOF(calls) ? calls[i].call : NULL;
}
