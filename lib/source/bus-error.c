/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <signal.h>
#include <sys/mman.h>

#include "source/bus-error.h"

static _Thread_local volatile sig_atomic_t guarded;
static _Thread_local volatile sig_atomic_t replaced;

/* The access that failed is made again when this returns: it finds the page, or ends the process.
 */
static void on_bus_error(int sig, siginfo_t *info, void *context)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *at = info->si_addr;

	(void)context;
	if (guarded && info->si_code == BUS_ADRERR && at &&
	    mmap(at - (uintptr_t)at % page, page, PROT_READ,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED)
		replaced = 1;
	else
		signal(sig, SIG_DFL);
}

void bus_error_begin(void)
{
	struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };

	replaced = 0;
	guarded = 1;
	(void)sigaction(SIGBUS, &action, NULL);
}

bool bus_error_end(void)
{
	guarded = 0;
	return replaced;
}
