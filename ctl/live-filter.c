/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "ctl/live-filter.h"
#include "seccompd/exit-codes.h"
#include "state/live-filter.h"

#define PATIENCE_MS 2000

static int explain(const char *verb, const Instance *i, int r)
{
	static const struct {
		int r, code;
		const char *text;
	} reasons[] = {
		{ -ESRCH, SECCOMPD_EXIT_UNKNOWN, "it has ended meanwhile" },
		{ -EPERM, SECCOMPD_EXIT_INPUT,
		  "it may not be traced: be root with CAP_SYS_PTRACE, and stop a debugger that is "
		  "at "
		  "it" },
		{ -EACCES, SECCOMPD_EXIT_INPUT,
		  "the kernel gives filters only to who has CAP_SYS_ADMIN and runs under no "
		  "seccomp "
		  "filter: run it as root on the host, outside of a container" },
		{ -ELOOP, SECCOMPD_EXIT_INPUT, "this program runs below it" },
		{ -ETIMEDOUT, SECCOMPD_EXIT_UNKNOWN,
		  "it does not stop: it may be paused or wait for a device" },
		{ -EOPNOTSUPP, SECCOMPD_EXIT_UNKNOWN,
		  "this kernel does not give filters out (CONFIG_CHECKPOINT_RESTORE)" },
		{ -E2BIG, SECCOMPD_EXIT_UNKNOWN, "it has loaded too many filters" },
		{ -EINVAL, SECCOMPD_EXIT_UNKNOWN, "what it has loaded cannot be evaluated" },
	};
	const char *text = strerror(-r);
	int code = SECCOMPD_EXIT_INPUT;

	for (size_t k = 0; k < ELEMENTSOF(reasons); k++)
		if (reasons[k].r == r) {
			text = reasons[k].text;
			code = reasons[k].code;
		}
	return ctl_fail(code, verb,
			"the loaded filter of process %d of the container %s cannot be read: %s",
			i->init_pid, i->name, text);
}

static int evaluate(const LiveFilters *f, LiveInput *ret)
{
	Span programs[LIVE_FILTERS_MAX];

	ret->n = f->n;
	for (size_t i = 0; i < f->n; i++) {
		programs[i] = span_make((const char *)f->rows[i].insns,
					f->rows[i].n * sizeof(*f->rows[i].insns));
		ret->logs |= f->rows[i].logs;
	}
	return f->n > 0 ? filter_from_programs(programs, f->n, &ret->filter) : 0;
}

int live_input_read(const char *verb, const Instance *i, LiveInput *ret)
{
	_cleanup_close_ int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_live_filters_ LiveFilters f = { 0 };
	LiveInput in = { 0 };
	int r;

	if (i->init_pid <= 0)
		return ctl_fail(SECCOMPD_EXIT_UNKNOWN, verb,
				"the first process of the container %s is not known, so its loaded "
				"filter cannot be read",
				i->name);
	ctl_fail(0, verb, "--live: process %d of the container %s is stopped for a moment",
		 i->init_pid, i->name);
	r = proc_fd < 0 ? -errno
			: live_filters_read(proc_fd, i->init_pid, i->init_start, PATIENCE_MS, &f);
	if (r == 0)
		r = evaluate(&f, &in);
	if (r < 0)
		return explain(verb, i, r);
	*ret = in;
	return 0;
}
