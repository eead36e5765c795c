/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cost FILE COMMAND...: runs COMMAND and adds one line to FILE: its wall time and CPU time in
 * milliseconds, and the most memory that it had at once, in KiB. The exit status is COMMAND's.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms_of(const struct timeval *t)
{
	return (double)t->tv_sec * 1e3 + (double)t->tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double start;
	int status;
	pid_t pid;
	FILE *f;

	if (argc < 3) {
		fprintf(stderr, "cost FILE COMMAND...\n");
		return 2;
	}
	start = now_ms();
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
		perror("cost");
		return 125;
	}
	start = now_ms() - start;
	f = fopen(argv[1], "ae");
	if (!f) {
		perror(argv[1]);
		return 125;
	}
	fprintf(f, "%.1f %.1f %ld\n", start, ms_of(&usage.ru_utime) + ms_of(&usage.ru_stime),
		usage.ru_maxrss);
	if (fclose(f) != 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
