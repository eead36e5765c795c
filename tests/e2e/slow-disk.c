/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk, preloaded, that takes most of a second for each commit while the file $SLOW_DISK is
 * there. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_for_disk(void)
{
	const struct timespec delay = { .tv_nsec = 700000000 };

	const char *slow = getenv("SLOW_DISK");

	if (slow && access(slow, F_OK) == 0)
		nanosleep(&delay, NULL);
}

int fsync(int fd)
{
	wait_for_disk();
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	wait_for_disk();
	return (int)syscall(SYS_fdatasync, fd);
}
