/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "profile/context.h"
#include "util/parse.h"

/* By number (linux/capability.h); written out, so that older headers do not matter. */
static const char *const capabilities[] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

#define BIT(n) (1ULL << (n))
enum {
	CHOWN = 0,
	DAC_OVERRIDE = 1,
	FOWNER = 3,
	FSETID = 4,
	KILL = 5,
	SETGID = 6,
	SETUID = 7,
	SETPCAP = 8,
	NET_BIND_SERVICE = 10,
	NET_RAW = 13,
	SYS_CHROOT = 18,
	MKNOD = 27,
	AUDIT_WRITE = 29,
	SETFCAP = 31,
};

#define CAPS_PODMAN                                                                             \
	(BIT(CHOWN) | BIT(DAC_OVERRIDE) | BIT(FOWNER) | BIT(FSETID) | BIT(KILL) | BIT(SETGID) | \
	 BIT(SETUID) | BIT(SETPCAP) | BIT(NET_BIND_SERVICE) | BIT(SYS_CHROOT) | BIT(SETFCAP))
#define CAPS_DOCKER (CAPS_PODMAN | BIT(NET_RAW) | BIT(MKNOD) | BIT(AUDIT_WRITE))

ProfileContext context_default(Dialect d, uint32_t host_arch)
{
	return (ProfileContext){ .host_arch = host_arch,
				 .capabilities = d == DIALECT_PODMAN ? CAPS_PODMAN : CAPS_DOCKER,
				 .runtime = RUNTIME_RUNC };
}

uint32_t context_version(unsigned major, unsigned minor, unsigned patch)
{
	return MIN(major, 255U) << 16 | MIN(minor, 255U) << 8 | MIN(patch, 255U);
}

int context_parse_version(Span text, uint32_t *ret)
{
	uint32_t parts[3] = { 0 };
	unsigned n = 0;

	for (; n < ELEMENTSOF(parts); n++) {
		size_t digits = 0;

		if (n > 0 && !span_skip(&text, SPAN_LIT(".")))
			break;
		while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
			digits++;
		if (parse_u32(span_first(text, digits), &parts[n]) < 0)
			break;
		text = span_from(text, digits);
	}
	if (n < 2)
		return -EINVAL;
	*ret = context_version(parts[0], parts[1], parts[2]);
	return 0;
}

int capability_from_name(Span name, unsigned *ret)
{
	for (unsigned i = 0; i < ELEMENTSOF(capabilities); i++)
		if (span_is(name, capabilities[i])) {
			*ret = i;
			return 0;
		}
	return -EINVAL;
}

uint64_t capability_set(const char *names)
{
	Span rest = span_of(names), name;
	uint64_t set = 0;
	unsigned n;

	while (span_split(&rest, ' ', &name))
		if (capability_from_name(name, &n) == 0)
			set |= 1ULL << n;
	return set;
}

const char *capability_name(unsigned capability)
{
	return capability < ELEMENTSOF(capabilities) ? capabilities[capability] : "?";
}

/*
 * Docker names architectures by way of Go's own names, Podman as libseccomp's Go binding does, and
 * each looks archMap up in a table of its own, in which some of these names are missing.
 */
typedef struct ArchLabel {
	uint32_t arch;
	const char *docker, *podman;
	bool docker_map, podman_map;
} ArchLabel;

static const ArchLabel *find_label(uint32_t arch)
{
	static const ArchLabel labels[] = {
		{ ARCH_WORD_X86_64, "amd64", "amd64", true, true },
		{ ARCH_WORD_I386, "x86", "x86", true, false },
		{ ARCH_WORD_AARCH64, "arm64", "arm64", true, true },
		{ 0x40000028U, "arm", "arm", true, false },
		{ 0x80000008U, "mips64", "mips64", true, true },
		{ 0xc0000008U, "mipsel64", "mipsel64", true, true },
		{ 0xa0000008U, NULL, "mips64n32", false, true },
		{ 0xe0000008U, NULL, "mipsel64n32", false, true },
		{ 0x00000008U, NULL, "mips", false, false },
		{ 0x40000008U, "mipsel", "mipsel", false, false },
		{ 0x00000014U, "ppc", "ppc", true, false },
		{ 0x80000015U, "ppc64", "ppc64", true, false },
		{ 0xc0000015U, "ppc64le", "ppc64le", true, false },
		{ 0xc00000f3U, "riscv64", "riscv64", true, false },
		{ 0xc0000102U, "loongarch64", NULL, false, false },
		{ 0x00000016U, "s390", "s390", true, false },
		{ 0x80000016U, "s390x", "s390x", true, true },
	};

	for (size_t i = 0; i < ELEMENTSOF(labels); i++)
		if (labels[i].arch == arch)
			return &labels[i];
	return NULL;
}

const char *context_arch_label(Dialect d, uint32_t arch)
{
	const ArchLabel *label = find_label(arch);

	if (!label)
		return NULL;
	return d == DIALECT_DOCKER ? label->docker : label->podman;
}

bool context_arch_map_works(Dialect d, uint32_t arch)
{
	const ArchLabel *label = find_label(arch);

	if (!label)
		return false;
	return d == DIALECT_DOCKER ? label->docker_map : label->podman_map;
}

static const char *const runtimes[_RUNTIME_MAX] = {
	[RUNTIME_CRUN] = "crun",
	[RUNTIME_RUNC] = "runc",
	[RUNTIME_SYSTEMD] = "systemd",
};

const char *runtime_name(Runtime r)
{
	return (unsigned)r < _RUNTIME_MAX ? runtimes[r] : "?";
}

int runtime_from_name(Span name, Runtime *ret)
{
	for (unsigned i = 0; i < RUNTIME_SYSTEMD; i++)
		if (span_is(name, runtimes[i])) {
			*ret = (Runtime)i;
			return 0;
		}
	return -EINVAL;
}
