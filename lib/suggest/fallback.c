/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "suggest/fallback.h"
#include "util/macro.h"

#define RING(call)                                                                         \
	{                                                                                  \
		call, "most programs fall", { "epoll_create1", "epoll_ctl", "epoll_pwait", \
					      "epoll_wait",    "read",      "write" },     \
			"epoll, read and write"                                            \
	}

static const Fallback fallbacks[] = {
	{ "clone3", "libc falls", { "clone" }, "clone" },
	{ "close_range", "libc falls", { "close", "getdents64" }, "close" },
	{ "copy_file_range",
	  "programs fall",
	  { "read", "sendfile", "sendfile64", "write" },
	  "sendfile, read and write" },
	{ "epoll_pwait2", "programs fall", { "epoll_pwait" }, "epoll_pwait" },
	{ "faccessat2", "libc falls", { "faccessat" }, "faccessat" },
	{ "fchmodat2", "libc falls", { "fchmodat" }, "fchmodat" },
	{ "futex_waitv", "programs fall", { "futex", "futex_time64" }, "futex" },
	RING("io_uring_enter"),
	RING("io_uring_register"),
	RING("io_uring_setup"),
	{ "openat2", "programs fall", { "openat" }, "openat" },
	{ "pidfd_open", "programs fall", { "kill" }, "kill" },
	{ "preadv2", "libc falls", { "preadv" }, "preadv" },
	{ "pwritev2", "libc falls", { "pwritev" }, "pwritev" },
	{ "renameat2", "programs fall", { "rename", "renameat" }, "renameat" },
	{ "statx",
	  "libc falls",
	  { "fstat", "fstat64", "fstatat64", "newfstatat" },
	  "newfstatat and fstat" },
};

const Fallback *fallback_for(const char *call)
{
	for (size_t i = 0; i < ELEMENTSOF(fallbacks); i++)
		if (strcmp(fallbacks[i].call, call) == 0)
			return &fallbacks[i];
	return NULL;
}
