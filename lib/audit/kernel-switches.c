/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <strings.h>

#include "audit/kernel-switches.h"

static Span without_newline(Span s)
{
	return span_ends(s, SPAN_LIT("\n")) ? span_first(s, s.n - 1) : s;
}

/* As audit_enable() of the kernel takes it. */
static bool is_off(Span value)
{
	return span_is(value, "0") || (value.n == 3 && strncasecmp(value.p, "off", 3) == 0);
}

bool kernel_audit_is_off(Span cmdline)
{
	Span rest = without_newline(cmdline), word;

	while (span_split(&rest, ' ', &word) && !span_is(word, "--"))
		if (span_skip(&word, SPAN_LIT("audit=")) && is_off(word))
			return true;
	return false;
}

bool kernel_logs_action(Span actions, const char *name)
{
	Span rest = without_newline(actions), word;

	while (span_split(&rest, ' ', &word))
		if (span_is(word, name))
			return true;
	return false;
}

const char *kernel_wanted_action(size_t i)
{
	static const char *const wanted[] = { "log", "kill_process", "kill_thread", "errno" };

	return i < ELEMENTSOF(wanted) ? wanted[i] : NULL;
}

void kernel_complete_actions(Span actions, Buffer *out)
{
	const char *name;

	actions = without_newline(actions);
	buffer_add(out, actions);
	for (size_t i = 0; (name = kernel_wanted_action(i)); i++)
		if (!kernel_logs_action(actions, name))
			buffer_printf(out, "%s%s", out->n > 0 ? " " : "", name);
}
