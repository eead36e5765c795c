/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/default-gate.h"
#include "suggest/risk.h"

/* By number (linux/capability.h), written out as in profile/context.c. */
#define CAP(n) (1ULL << (n))
#define DAC_READ_SEARCH CAP(2)
#define SYS_MODULE CAP(16)
#define SYS_RAWIO CAP(17)
#define SYS_CHROOT CAP(18)
#define SYS_PTRACE CAP(19)
#define SYS_PACCT CAP(20)
#define SYS_ADMIN CAP(21)
#define SYS_BOOT CAP(22)
#define SYS_NICE CAP(23)
#define SYS_TIME CAP(25)
#define SYS_TTY_CONFIG CAP(26)
#define SYSLOG CAP(34)
#define PERFMON CAP(38)
#define BPF CAP(39)
#define NOBODY 0ULL
#define SOME_ARGUMENTS CAP(62) /* only for some of its arguments, unless by capability */
#define EVERYBODY CAP(63)

typedef struct Gate {
	const char *call;
	uint64_t docker, podman; /* any of these capabilities opens it */
} Gate;

/* In the order of strcmp(). */
static const Gate gates[] = {
	{ "_sysctl", NOBODY, NOBODY },
	{ "acct", SYS_PACCT, SYS_PACCT },
	{ "add_key", NOBODY, NOBODY },
	{ "bpf", SYS_ADMIN | BPF, SYS_ADMIN | BPF },
	{ "chroot", SYS_CHROOT, SYS_CHROOT },
	{ "clock_adjtime", EVERYBODY, EVERYBODY },
	{ "clock_settime", SYS_TIME, SYS_TIME },
	{ "clock_settime64", SYS_TIME, SYS_TIME },
	{ "clone", SOME_ARGUMENTS | SYS_ADMIN, EVERYBODY },
	{ "clone3", SYS_ADMIN, EVERYBODY },
	{ "create_module", NOBODY, NOBODY },
	{ "delete_module", SYS_MODULE, SYS_MODULE },
	{ "execveat", EVERYBODY, EVERYBODY },
	{ "fanotify_init", SYS_ADMIN, EVERYBODY },
	{ "finit_module", SYS_MODULE, SYS_MODULE },
	{ "fsconfig", SYS_ADMIN, EVERYBODY },
	{ "fsmount", SYS_ADMIN, EVERYBODY },
	{ "fsopen", SYS_ADMIN, EVERYBODY },
	{ "fspick", SYS_ADMIN, EVERYBODY },
	{ "get_kernel_syms", NOBODY, NOBODY },
	{ "get_mempolicy", SYS_NICE, EVERYBODY },
	{ "init_module", SYS_MODULE, SYS_MODULE },
	{ "io_uring_enter", NOBODY, NOBODY },
	{ "io_uring_register", NOBODY, NOBODY },
	{ "io_uring_setup", NOBODY, NOBODY },
	{ "ioctl", EVERYBODY, EVERYBODY },
	{ "ioperm", SYS_RAWIO, SYS_RAWIO },
	{ "iopl", SYS_RAWIO, SYS_RAWIO },
	{ "kcmp", SYS_PTRACE, SYS_PTRACE },
	{ "kexec_file_load", NOBODY, NOBODY },
	{ "kexec_load", NOBODY, NOBODY },
	{ "keyctl", NOBODY, EVERYBODY },
	{ "lookup_dcookie", SYS_ADMIN, SYS_ADMIN },
	{ "lsm_get_self_attr", SYS_ADMIN, NOBODY },
	{ "lsm_list_modules", SYS_ADMIN, NOBODY },
	{ "lsm_set_self_attr", SYS_ADMIN, NOBODY },
	{ "mbind", SYS_NICE, EVERYBODY },
	{ "migrate_pages", NOBODY, NOBODY },
	{ "mknod", EVERYBODY, EVERYBODY },
	{ "mknodat", EVERYBODY, EVERYBODY },
	{ "modify_ldt", EVERYBODY, EVERYBODY },
	{ "mount", SYS_ADMIN, EVERYBODY },
	{ "mount_setattr", SYS_ADMIN, EVERYBODY },
	{ "move_mount", SYS_ADMIN, EVERYBODY },
	{ "move_pages", NOBODY, NOBODY },
	{ "nfsservctl", NOBODY, NOBODY },
	{ "open_by_handle_at", DAC_READ_SEARCH, DAC_READ_SEARCH },
	{ "open_tree", SYS_ADMIN, EVERYBODY },
	{ "open_tree_attr", NOBODY, NOBODY },
	{ "perf_event_open", SYS_ADMIN | PERFMON, NOBODY }, /* two at once in Podman's */
	{ "personality", SOME_ARGUMENTS, SOME_ARGUMENTS },
	{ "pidfd_getfd", SYS_PTRACE, EVERYBODY },
	{ "pivot_root", NOBODY, EVERYBODY },
	{ "process_madvise", SYS_PTRACE, SYS_PTRACE },
	{ "process_vm_readv", EVERYBODY, EVERYBODY },
	{ "process_vm_writev", EVERYBODY, EVERYBODY },
	{ "ptrace", EVERYBODY, EVERYBODY },
	{ "query_module", NOBODY, SYS_MODULE },
	{ "quotactl", SYS_ADMIN, SYS_ADMIN },
	{ "quotactl_fd", SYS_ADMIN, SYS_ADMIN },
	{ "reboot", SYS_BOOT, EVERYBODY },
	{ "request_key", NOBODY, NOBODY },
	{ "set_mempolicy", SYS_NICE, EVERYBODY },
	{ "set_mempolicy_home_node", SYS_NICE, NOBODY },
	{ "setdomainname", SYS_ADMIN, SYS_ADMIN },
	{ "sethostname", SYS_ADMIN, SYS_ADMIN },
	{ "setns", SYS_ADMIN, EVERYBODY },
	{ "settimeofday", SYS_TIME, SYS_TIME },
	{ "socket", SOME_ARGUMENTS, SOME_ARGUMENTS },
	{ "socketcall", EVERYBODY, EVERYBODY },
	{ "stime", SYS_TIME, SYS_TIME },
	{ "swapoff", NOBODY, NOBODY },
	{ "swapon", NOBODY, NOBODY },
	{ "sysfs", NOBODY, NOBODY },
	{ "syslog", SYS_ADMIN | SYSLOG, EVERYBODY },
	{ "umount", SYS_ADMIN, EVERYBODY },
	{ "umount2", SYS_ADMIN, EVERYBODY },
	{ "unshare", SYS_ADMIN, EVERYBODY },
	{ "uselib", NOBODY, NOBODY },
	{ "userfaultfd", NOBODY, NOBODY },
	{ "ustat", NOBODY, NOBODY },
	{ "vhangup", SYS_TTY_CONFIG, SYS_TTY_CONFIG },
	{ "vm86", NOBODY, NOBODY },
	{ "vm86old", NOBODY, NOBODY },
	{ "vmsplice", EVERYBODY, NOBODY },
};

static int compare_call(const void *call, const void *gate)
{
	return strcmp(call, ((const Gate *)gate)->call);
}

void capabilities_text(uint64_t set, const char *separator, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < 64 && n < size; i++)
		if (set & CAP(i))
			n += (size_t)snprintf(buf + n, size - n, "%s%s", n > 0 ? separator : "",
					      capability_name(i));
}

static bool is_in(const char *call, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], call) == 0)
			return true;
	return false;
}

/* Where Docker's alone is not as the table of risks has it of both engines together. */
bool docker_default_allows(const char *call, uint64_t capabilities)
{
	static const char *const also[] = {
		"cachestat",        "futex_requeue", "futex_wait",           "futex_wake",
		"getxattrat",       "io_pgetevents", "io_pgetevents_time64", "listxattrat",
		"map_shadow_stack", "mseal",         "removexattrat",        "riscv_hwprobe",
		"setxattrat",
	};
	static const char *const not_these[] = {
		"_sysctl",        "bdflush",         "nice",
		"oldfstat",       "oldlstat",        "oldolduname",
		"oldstat",        "olduname",        "pciconfig_iobase",
		"pciconfig_read", "pciconfig_write", "sgetmask",
		"ssetmask",       "sysfs",           "uprobe",
		"ustat",
	};
	const Gate *gate = bsearch(call, gates, ELEMENTSOF(gates), sizeof(gates[0]), compare_call);

	if (gate)
		return (gate->docker & (SOME_ARGUMENTS | EVERYBODY | capabilities)) != 0;
	if (is_in(call, not_these, ELEMENTSOF(not_these)))
		return false;
	return risk_of(call).by_default || is_in(call, also, ELEMENTSOF(also));
}

int default_gate_of(const char *call, Dialect dialect, DefaultGate *ret)
{
	const Gate *gate = bsearch(call, gates, ELEMENTSOF(gates), sizeof(gates[0]), compare_call);
	uint64_t set;

	if (!gate)
		return -ENOENT;
	set = dialect == DIALECT_PODMAN ? gate->podman : gate->docker;
	*ret = (DefaultGate){ .everybody = set & EVERYBODY,
			      .some_arguments = set & SOME_ARGUMENTS,
			      .capabilities = set & ~(SOME_ARGUMENTS | EVERYBODY) };
	return 0;
}

void default_gate_text(const char *call, Dialect dialect, uint64_t capabilities, char *buf,
		       size_t size)
{
	const char *engine = dialect == DIALECT_PODMAN ? "Podman" : "Docker";
	DefaultGate gate;
	char names[64];

	buf[0] = '\0';
	if (default_gate_of(call, dialect, &gate) < 0)
		return;
	capabilities_text(gate.capabilities, " or ", names, sizeof(names));
	if (gate.everybody)
		snprintf(buf, size, "%s's default profile allows it", engine);
	else if (gate.capabilities != 0)
		snprintf(buf, size,
			 "%s's default profile blocks it%s unless %s, which this container %s",
			 engine, gate.some_arguments ? " for some arguments" : "", names,
			 gate.capabilities & capabilities ? "has" : "lacks");
	else
		snprintf(buf, size, "%s's default profile %s", engine,
			 gate.some_arguments ? "allows it for some arguments only" : "blocks it");
}
