/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <signal.h>

#include "daemon/thread.h"

int thread_start(pthread_t *ret, void *(*f)(void *userdata), void *userdata)
{
	sigset_t all, before;
	int e;

	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	e = pthread_create(ret, NULL, f, userdata);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -e;
}
