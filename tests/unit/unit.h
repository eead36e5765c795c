/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* cmocka with its prerequisites, and a main that runs a list of tests. Tests print TAP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define UNIT_MAIN(...)                                                                             \
	int main(void)                                                                             \
	{                                                                                          \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };                                 \
                                                                                                   \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

/* Of work over many samples, the sanitized build does one part in this many: that build looks for
 * errors of memory, and what the results mean is judged in full by the other one. The sanitized build
 * of the long tests does all of it. */
#ifdef UNIT_SHARE
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNIT_SHARE 5U
#else
#define UNIT_SHARE 1U
#endif

/* Path of a file below the source folder ($srcdir when run by make); free it. */
static inline char *unit_source_path(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char *path = NULL;

	return asprintf(&path, "%s/%s", srcdir ? srcdir : ".", name) < 0 ? NULL : path;
}
