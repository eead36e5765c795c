/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "suggest/allowed-count.h"
#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/default-gate.h"
#include "suggest/recorded.h"

#define NUMBERS 1024

/* What libseccomp has no name for, no profile can allow. */
static bool is_named(uint32_t arch, int64_t nr, char name[static SYSCALL_NAME_MAX])
{
	SyscallSource source;

	return syscall_name_from(arch, nr, name, &source) == 0 && source == SYSCALL_FROM_LIBSECCOMP;
}

int allowed_count(const Filter *f, uint32_t arch)
{
	char name[SYSCALL_NAME_MAX];
	int n = 0;

	for (int nr = 0; nr < NUMBERS; nr++) {
		int answers;

		if (!is_named(arch, nr, name))
			continue;
		answers = recorded_answers(f, false, arch, nr);
		if (answers < 0)
			return answers;
		n += (answers & PASSED_SILENTLY) != 0;
	}
	return n;
}

int docker_allowed_count(uint32_t arch, uint64_t capabilities)
{
	char name[SYSCALL_NAME_MAX];
	int n = 0;

	for (int nr = 0; nr < NUMBERS; nr++)
		n += is_named(arch, nr, name) && docker_default_allows(name, capabilities);
	return n;
}
