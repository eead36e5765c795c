/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sys/mman.h>

#include "source/bus-error.h"

static _Thread_local volatile sig_atomic_t guarded;
static _Thread_local volatile sig_atomic_t replaced;

bool bus_error_take(const siginfo_t *info)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *at = info->si_addr;

	if (!guarded || info->si_code != BUS_ADRERR || !at ||
	    mmap(at - (uintptr_t)at % page, page, PROT_READ,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return false;
	replaced = 1;
	return true;
}

/* The access that failed is made again when this returns: it finds the page, or ends the program.
 */
static void on_bus_error(int sig, siginfo_t *info, void *context)
{
	const struct sigaction deadly = { .sa_handler = SIG_DFL };

	(void)context;
	if (!bus_error_take(info))
		(void)sigaction(sig, &deadly, NULL);
}

void bus_error_watch(void)
{
	const struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };

	(void)sigaction(SIGBUS, &action, NULL);
}

void bus_error_begin(void)
{
	replaced = 0;
	guarded = 1;
}

bool bus_error_end(void)
{
	guarded = 0;
	return replaced;
}
