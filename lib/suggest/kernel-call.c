/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "suggest/kernel-call.h"
#include "util/macro.h"

#define PROBE "the kernel makes it when somebody traces the program with uprobes"
#define RETURN "the kernel makes each signal handler end with it"
#define CLOCK \
	"normally it is answered without the kernel (vDSO), but not on every machine and clock"

static const struct {
	const char *call, *reason;
} calls[] = {
	{ "clock_getres", CLOCK },
	{ "clock_gettime", CLOCK },
	{ "clock_gettime64", CLOCK },
	{ "getcpu", CLOCK },
	{ "gettimeofday", CLOCK },
	{ "restart_syscall",
	  "the kernel makes it when the program goes on after it was stopped or traced" },
	{ "rt_sigreturn", RETURN },
	{ "sigreturn", RETURN },
	{ "time", CLOCK },
	{ "uprobe", PROBE },
	{ "uretprobe", PROBE },
};

const char *kernel_call_reason(const char *call)
{
	for (size_t i = 0; i < ELEMENTSOF(calls); i++)
		if (strcmp(calls[i].call, call) == 0)
			return calls[i].reason;
	return NULL;
}
