/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/applied.h"
#include "profile/filter.h"

int applied_read(Ledger *l, const char *hash, Profile **ret)
{
	ProfileContext context = context_default(DIALECT_OCI, filter_native_arch());
	_cleanup_free_ char *json = NULL;
	Diag d = { 0 };
	int r = ledger_get_profile(l, hash, &json);

	*ret = NULL;
	if (r == 0)
		r = profile_read(span_of(json), DIALECT_OCI, &context, ret, &d);
	return r == -ENOENT || r == -EBADMSG ? 0 : r;
}
