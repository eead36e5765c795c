/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Compiler attributes, array sizes and the cleanup idiom. Every local resource of this project
 * is declared with one of the cleanup attributes; a function that hands a resource out steals it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ELEMENTSOF(x) (sizeof(x) / sizeof((x)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#define _printf_(fmt, first) __attribute__((format(printf, fmt, first)))
#define _pure_ __attribute__((pure))
#define _const_ __attribute__((const))
#define _unused_ __attribute__((unused))
#define _always_inline_ inline __attribute__((always_inline))
#define _must_check_ __attribute__((warn_unused_result))
#define _cleanup_(f) __attribute__((cleanup(f)))

/* For a destructor that takes a pointer, accepts NULL and returns NULL. */
#define DEFINE_CLEANUP(type, destroy)                                                              \
	static inline void destroy##p(type **p)                                                    \
	{                                                                                          \
		if (*p)                                                                            \
			destroy(*p);                                                               \
	}                                                                                          \
	_unused_ typedef type *destroy##p##_needs_semicolon

static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void fclosep(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define _cleanup_free_ _cleanup_(freep)
#define _cleanup_close_ _cleanup_(closep)
#define _cleanup_fclose_ _cleanup_(fclosep)

static inline void *steal_pointer(void *pp)
{
	void **p = (void **)pp, *value = *p;

	*p = NULL;
	return value;
}
#define STEAL(p) ((__typeof__(p))steal_pointer(&(p)))

static inline int steal_fd(int *fd)
{
	int value = *fd;

	*fd = -1;
	return value;
}
