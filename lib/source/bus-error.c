/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include "source/bus-error.h"

static _Thread_local volatile sig_atomic_t guarded;
static _Thread_local volatile sig_atomic_t replaced;

/* The program's own handler, which is asked for what is not ours. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before;

/* The access that failed is made again when this returns: it finds the page, or the handler of
 * before. */
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
		(void)sigaction(sig, &before, NULL);
}

/* Another thread may be served by it already, so what it falls back to is there first. */
static void install(void)
{
	const struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };
	struct sigaction now;

	if (sigaction(SIGBUS, NULL, &now) < 0 || now.sa_sigaction == on_bus_error)
		return;
	before = now;
	(void)sigaction(SIGBUS, &action, NULL);
}

void bus_error_begin(void)
{
	replaced = 0;
	guarded = 1;
	pthread_mutex_lock(&lock);
	install();
	pthread_mutex_unlock(&lock);
}

bool bus_error_end(void)
{
	guarded = 0;
	return replaced;
}
