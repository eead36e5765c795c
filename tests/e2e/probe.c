/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A container's only program: makes each call of its arguments in a child and prints what came of
 * it, then says "done" and stays, so that its filter can be read. Static, for an empty image.
 *
 *   probe NR:FIRST-ARGUMENT...   prints "NR FIRST sys" (killed by SIGSYS) or "NR FIRST ERRNO" (0:
 * it worked)
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void probe(long nr, long first)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		errno = 0;
		_exit(syscall(nr, first, -1L, -1L, -1L, -1L, -1L) == -1 ? errno : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		exit(3);
	if (WIFSIGNALED(status))
		printf("%ld %ld %s\n", nr, first, WTERMSIG(status) == SIGSYS ? "sys" : "signal");
	else
		printf("%ld %ld %d\n", nr, first, WEXITSTATUS(status));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *end;
		long nr = strtol(argv[i], &end, 10);

		probe(nr, *end == ':' ? strtol(end + 1, NULL, 10) : -1L);
	}
	printf("done\n");
	fflush(stdout);
	for (int i = 0; i < 1000; i++)
		pause(); /* it would return at once under a filter that forbids it */
	return 0;
}
