/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/word.h"
#include "util/parse.h"

static bool is_among(Span word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

int word_op(Span word, ProfileOp *ret)
{
	static const char *const ops[_PROFILE_OP_MAX] = {
		[PROFILE_OP_NE] = "SCMP_CMP_NE",
		[PROFILE_OP_LT] = "SCMP_CMP_LT",
		[PROFILE_OP_LE] = "SCMP_CMP_LE",
		[PROFILE_OP_EQ] = "SCMP_CMP_EQ",
		[PROFILE_OP_GE] = "SCMP_CMP_GE",
		[PROFILE_OP_GT] = "SCMP_CMP_GT",
		[PROFILE_OP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
	};

	for (unsigned i = 0; i < _PROFILE_OP_MAX; i++)
		if (span_is(word, ops[i])) {
			*ret = (ProfileOp)i;
			return 0;
		}
	return -EINVAL;
}

int word_errno(Span word, uint32_t *ret)
{
	static const struct {
		const char *name;
		uint32_t value;
	} aliases[] = { { "EWOULDBLOCK", EAGAIN },
			{ "EDEADLOCK", EDEADLK },
			{ "ENOTSUP", EOPNOTSUPP } };

	for (int i = 1; i < 134; i++) {
		const char *known = strerrorname_np(i);

		if (known && span_is(word, known)) {
			*ret = (uint32_t)i;
			return 0;
		}
	}
	for (size_t i = 0; i < ELEMENTSOF(aliases); i++)
		if (span_is(word, aliases[i].name)) {
			*ret = aliases[i].value;
			return 0;
		}
	return parse_u32(word, ret);
}

bool word_is_flag(Span word)
{
	static const char *const flags[] = {
		"SECCOMP_FILTER_FLAG_LOG",
		"SECCOMP_FILTER_FLAG_SPEC_ALLOW",
		"SECCOMP_FILTER_FLAG_TSYNC",
		"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	};

	return is_among(word, flags, ELEMENTSOF(flags));
}

bool word_is_capability(Span word)
{
	static const char *const capabilities[] = {
		"CAP_AUDIT_CONTROL",   "CAP_AUDIT_READ",   "CAP_AUDIT_WRITE",
		"CAP_BLOCK_SUSPEND",   "CAP_BPF",          "CAP_CHECKPOINT_RESTORE",
		"CAP_CHOWN",           "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH",
		"CAP_FOWNER",          "CAP_FSETID",       "CAP_IPC_LOCK",
		"CAP_IPC_OWNER",       "CAP_KILL",         "CAP_LEASE",
		"CAP_LINUX_IMMUTABLE", "CAP_MAC_ADMIN",    "CAP_MAC_OVERRIDE",
		"CAP_MKNOD",           "CAP_NET_ADMIN",    "CAP_NET_BIND_SERVICE",
		"CAP_NET_BROADCAST",   "CAP_NET_RAW",      "CAP_PERFMON",
		"CAP_SETFCAP",         "CAP_SETGID",       "CAP_SETPCAP",
		"CAP_SETUID",          "CAP_SYSLOG",       "CAP_SYS_ADMIN",
		"CAP_SYS_BOOT",        "CAP_SYS_CHROOT",   "CAP_SYS_MODULE",
		"CAP_SYS_NICE",        "CAP_SYS_PACCT",    "CAP_SYS_PTRACE",
		"CAP_SYS_RAWIO",       "CAP_SYS_RESOURCE", "CAP_SYS_TIME",
		"CAP_SYS_TTY_CONFIG",  "CAP_WAKE_ALARM",
	};

	return is_among(word, capabilities, ELEMENTSOF(capabilities));
}

bool word_is_go_arch(Span word)
{
	static const char *const arches[] = {
		"amd64",  "arm",      "arm64",     "loong64", "loongarch64", "m68k",
		"mips",   "mips64",   "mips64n32", "mipsel",  "mipsel64",    "mipsel64n32",
		"parisc", "parisc64", "ppc",       "ppc64",   "ppc64le",     "riscv64",
		"s390",   "s390x",    "sh",        "sheb",    "x32",         "x86",
	};

	return is_among(word, arches, ELEMENTSOF(arches));
}
