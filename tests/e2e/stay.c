/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that makes no call but nanosleep(), which systemd puts into each of its allow lists: it
 * runs under any filter. Without libc, which would make more of them. */
#include <sys/syscall.h>

void _start(void);

#if defined(__x86_64__)
static long nanosleep_call(const long *time)
{
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(SYS_nanosleep), "D"(time), "S"(0)
			 : "rcx", "r11", "memory");
	return r;
}
#else
static long nanosleep_call(const long *time)
{
	return *time; /* the test that needs it runs on x86_64 */
}
#endif

void _start(void)
{
	static const long minute[] = { 60, 0 };

	for (;;)
		nanosleep_call(minute);
}
