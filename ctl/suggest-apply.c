/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/suggest-output.h"
#include "ctl/suggest-unit.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

int suggest_apply(SuggestView *v)
{
	Diag d = { 0 };
	int r;

	if (!v->suggestion->patched)
		return 0;
	if (v->dialect == DIALECT_SYSTEMD && v->profile.n == 0) {
		v->written = v->profile_path;
		return unit_dropin_create(v->profile_path, suggest_result(v));
	}
	r = file_change(v->profile_path, v->profile, suggest_result(v), ctl_now(), &v->applied, &d);
	if (r == -ENOMEM)
		return ctl_fail_memory("suggest");
	return r < 0 ? ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", NULL, &d) : 0;
}

int suggest_print_applied(const SuggestView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const FileChange *c = &v->applied;

	text_escape(&b, span_of(v->profile_path));
	buffer_add_str(&b, " is patched");
	if (c->by_link) {
		buffer_add_str(&b, " (the link leads to ");
		text_escape(&b, span_of(c->target));
		buffer_add_char(&b, ')');
	}
	buffer_add_str(&b,
		       v->profile_path[0] == '-' ? ". To go back: mv -- " : ". To go back: mv ");
	text_shell_word(&b, span_of(c->backup));
	buffer_add_char(&b, ' ');
	text_shell_word(&b, span_of(c->by_link ? c->target : v->profile_path));
	buffer_add_char(&b, '\n');
	if (buffer_error(&b) < 0)
		return buffer_error(&b);
	return fwrite(b.p, 1, b.n, f) == b.n ? 0 : -EIO;
}
