/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/stub.h"

#define ARCH_S390 0x00000016U
#define ARCH_S390X 0x80000016U

typedef struct Stub {
	struct sock_filter *insns;
	size_t n;
} Stub;

static bool has_stub(const Profile *p)
{
	if (p->runtime != RUNTIME_RUNC)
		return false;
	switch (p->default_action) {
	case ACTION_ALLOW:
	case ACTION_LOG:
	case ACTION_TRACE:
		return false;
	case ACTION_ERRNO:
		return p->default_data != ENOSYS;
	default:
		return true;
	}
}

/* Before 1.1.14, runc forgot the host's own architecture when the profile does not list it. */
static bool covers(const Profile *p, uint32_t arch)
{
	if (p->runtime_version == 0 || p->runtime_version >= context_version(1, 1, 14))
		return true;
	for (size_t i = 0; i < p->n_arches; i++)
		if (p->arches[i] == arch)
			return true;
	return false;
}

int64_t stub_limit(const Profile *p, uint32_t arch)
{
	int64_t limit = -1, nr;

	if (!has_stub(p) || !covers(p, arch))
		return -1;
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t k = 0; !p->rules[i].gate.closed && k < p->rules[i].n_names; k++)
			if (syscall_number(arch, p->rules[i].names[k].text, &nr) == 0 && nr > limit)
				limit = nr;
	return limit > 0 ? limit : -1;
}

static void add(Stub *s, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	s->insns[s->n++] = (struct sock_filter){ .code = code, .jt = jt, .jf = jf, .k = k };
}

static void add_refusal(Stub *s, int64_t limit)
{
	if (limit < 0)
		return;
	add(s, BPF_JMP | BPF_JGT | BPF_K, 0, 1, (uint32_t)limit);
	add(s, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS);
}

/* To the filter; where that begins is filled in when all is written. */
static void add_leave(Stub *s)
{
	add(s, BPF_JMP | BPF_JA, 0, 0, 0);
}

static int64_t limit_of(const Profile *p, const uint32_t *arches, size_t n, uint32_t arch)
{
	for (size_t i = 0; i < n; i++)
		if (arches[i] == arch)
			return stub_limit(p, arch);
	return -1;
}

/* x86_64 and x32 share the kernel's word, and each has numbers of its own. */
static void add_x86_64(Stub *s, int64_t limit, int64_t limit_x32)
{
	add(s, BPF_JMP | BPF_JSET | BPF_K, limit < 0 ? 1 : 3, 0, ARCH_X32_BIT);
	add_refusal(s, limit);
	add_leave(s);
	add_refusal(s, limit_x32);
	add_leave(s);
}

static void add_other(Stub *s, uint32_t arch, int64_t limit)
{
	/* setup(2): newer calls come as number 0 there. */
	if (arch == ARCH_S390 || arch == ARCH_S390X) {
		add(s, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
		add(s, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS);
	}
	add_refusal(s, limit);
	add_leave(s);
}

static void add_arch(Stub *s, uint32_t arch, int64_t limit, int64_t limit_x32)
{
	size_t test = s->n;

	if (limit < 0 && limit_x32 < 0)
		return;
	add(s, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, arch);
	add(s, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
	if (arch == ARCH_WORD_X86_64)
		add_x86_64(s, limit, limit_x32);
	else
		add_other(s, arch, limit);
	s->insns[test].jf = (uint8_t)(s->n - test - 1);
}

size_t stub_write(const Profile *p, const uint32_t *arches, size_t n, struct sock_filter *insns)
{
	Stub s = { .insns = insns };
	bool x86_64 = false;

	add(&s, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
	for (size_t i = 0; i < n; i++) {
		bool pair = arches[i] == ARCH_WORD_X86_64 || arches[i] == ARCH_WORD_X32;

		if (!pair)
			add_arch(&s, arches[i], stub_limit(p, arches[i]), -1);
		else if (!x86_64)
			add_arch(&s, ARCH_WORD_X86_64, limit_of(p, arches, n, ARCH_WORD_X86_64),
				 limit_of(p, arches, n, ARCH_WORD_X32));
		x86_64 |= pair;
	}
	for (size_t i = 0; i < s.n; i++)
		if (insns[i].code == (BPF_JMP | BPF_JA))
			insns[i].k = (uint32_t)(s.n - i - 1);
	return s.n > 1 ? s.n : 0;
}
