/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/verify.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_named(const char *name, const char *const *names, size_t n)
{
	return bsearch(&name, names, n, sizeof(*names), compare_names) != NULL;
}

/* What libseccomp allows along with a name inside socketcall and ipc is the same call by another
 * way. */
static bool is_meant(const ProofChange *change, const char *const *names, size_t n)
{
	if (change->after != SECCOMP_RET_ALLOW)
		return false;
	if (change->inner[0])
		return is_named(change->inner, names, n);
	return !change->by_arguments && is_named(change->name, names, n);
}

int verify_changes(const Proof *proof, const char *const *names, size_t n, Diag *d)
{
	for (size_t i = 0; i < proof->n_changes; i++) {
		const ProofChange *change = &proof->changes[i];

		if (!is_meant(change, names, n))
			return diag_set(
				d, -ENOTRECOVERABLE,
				"the patch would also change %s (%s, number %lld) from 0x%x to "
				"0x%x, which was not meant: no patch is made",
				change->name[0] ? change->name : "an unknown call",
				arch_name(change->arch), (long long)change->nr, change->before,
				change->after);
	}
	return 0;
}

bool verify_allows(const Filter *f, uint32_t arch, int64_t nr)
{
	struct seccomp_data data = { .nr = (int)nr,
				     .arch = arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64 : arch };
	bool beyond;

	return bpf_run(&f->bpf, &data, &beyond) == SECCOMP_RET_ALLOW && !beyond;
}

int verify_effect(const Filter *after, const char *const *names, size_t n, Diag *d)
{
	int64_t nr;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < after->n_arches; k++)
			if (syscall_number(after->arches[k], names[i], &nr) == 0 && nr >= 0 &&
			    !verify_allows(after, after->arches[k], nr))
				return diag_set(
					d, -ENOTRECOVERABLE,
					"the patch would not allow %s on %s: no patch is made",
					names[i], arch_name(after->arches[k]));
	return 0;
}
