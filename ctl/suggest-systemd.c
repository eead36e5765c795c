/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/suggest-output.h"
#include "ctl/systemd-ask.h"
#include "profile/systemd-convert.h"
#include "seccompd/exit-codes.h"

static int convert(const SuggestView *v, Buffer *out, Diag *d)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_part_ Part part = { 0 };
	ProfileContext context = v->context;
	int r;

	r = systemd_ask_groups("suggest", DIALECT_SYSTEMD, &groups, &context);
	if (r == 0)
		r = suggest_read_result(v, &part, &p, d);
	return r == 0 ? systemd_convert(p, &context, out, d) : r;
}

/* Of a unit, what is suggested is that already; of a container, its profile becomes one. */
int suggest_print_systemd(const SuggestView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };
	int r = 0;

	if (v->dialect == DIALECT_SYSTEMD)
		buffer_add(&b, suggest_result(v));
	else
		r = convert(v, &b, &d);
	if (r < 0 && d.text[0])
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", v->profile_path, &d);
	if (r != 0)
		return r;
	return fwrite(b.p, 1, b.n, f) == b.n ? buffer_error(&b) : -EIO;
}
