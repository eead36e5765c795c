/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What listing an architecture may change: its programs are killed no more, and get what the rules
 * say. */
#include <errno.h>

#include "audit/arch.h"
#include "suggest/verify.h"

static bool is_added(const uint32_t *added, size_t n, uint32_t arch)
{
	for (size_t i = 0; i < n; i++)
		if (added[i] == arch)
			return true;
	return false;
}

int verify_added_arches(const Proof *proof, const uint32_t *added, size_t n, const Profile *after,
			Diag *d)
{
	for (size_t i = 0; i < proof->n_changes; i++) {
		const ProofChange *c = &proof->changes[i];

		if (!is_added(added, n, c->arch) || c->before != SECCOMP_RET_KILL_THREAD)
			return diag_set(
				d, -ENOTRECOVERABLE,
				"listing it would also change %s on %s, which was not meant",
				c->name[0] ? c->name : "an unknown call", arch_name(c->arch));
		if (!verify_is_said(after, c->inner[0] ? c->inner : c->name, c->after) &&
		    !verify_is_stub_answer(c, after))
			return diag_set(d, -ENOTRECOVERABLE,
					"%s on %s would get the answer 0x%x, which no rule gives",
					c->name[0] ? c->name : "an unknown call",
					arch_name(c->arch), c->after);
	}
	return 0;
}
