/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/allowed.h"
#include "ctl/past-instance.h"
#include "profile/filter.h"
#include "suggest/allowed-count.h"

static int count(Span json, const ProfileContext *c)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	Diag ignored = { 0 };
	int r;

	r = profile_read(json, DIALECT_OCI, c, &p, &ignored);
	if (r == 0)
		r = filter_build(p, &f, &ignored);
	return r < 0 ? r : allowed_count(&f, c->host_arch);
}

int allowed_read(const Evidence *e, const Workload *w, Allowed *ret)
{
	ProfileContext c = context_default(DIALECT_DOCKER, filter_native_arch());
	_cleanup_free_ char *json = NULL;
	Allowed a = { .calls = -1 };
	Instance past;
	int r = ledger_get_profile(e->ledger, w->profile_hash, &json);

	if (r == 0)
		a.calls = count(span_of(json), &c);
	else if (r != -ENOENT)
		return r;
	if (a.calls == -ENOMEM)
		return a.calls;
	a.calls = MAX(a.calls, -1);
	if (past_instance(e->ledger, w, &past) == 0)
		c.capabilities = past.capabilities;
	a.docker = docker_allowed_count(c.host_arch, c.capabilities);
	*ret = a;
	return 0;
}
