/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/ctl.h"
#include "ctl/diff-side.h"
#include "ctl/profile-file.h"
#include "seccompd/exit-codes.h"

void diff_input_done(DiffInput *in)
{
	filter_done(&in->filter);
	profile_free(in->profile);
	free(in->text);
	*in = (DiffInput){ 0 };
}

static int build(Span text, Dialect dialect, const ProfileContext *context, DiffInput *in, Diag *d)
{
	int r = profile_read(text, dialect, context, &in->profile, d);

	return r < 0 ? r : filter_build(in->profile, &in->filter, d);
}

int diff_input_fail(const char *path, int r, const Diag *d)
{
	if (r == -ENOMEM)
		return ctl_fail_memory("diff");
	return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "diff", path, d);
}

int diff_input_read(const char *path, Dialect dialect, const ProfileContext *context,
		    DiffInput *ret)
{
	Diag d = { 0 };
	size_t n;
	int r;

	r = profile_file_read("diff", path, &ret->text, &n);
	if (r != 0)
		return r;
	r = build(span_make(ret->text, n), dialect, context, ret, &d);
	return r < 0 ? diff_input_fail(path, r, &d) : 0;
}

int diff_input_parse(Span text, Dialect dialect, const ProfileContext *context, DiffInput *ret,
		     Diag *d)
{
	_cleanup_diff_input_ DiffInput in = { .text = span_dup(text) };
	int r;

	if (!in.text)
		return -ENOMEM;
	r = build(span_make(in.text, text.n), dialect, context, &in, d);
	if (r < 0)
		return r;
	*ret = in;
	in = (DiffInput){ 0 };
	return 0;
}
