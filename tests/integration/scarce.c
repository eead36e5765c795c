/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that is scarce, preloaded: of the allocations that a program makes from its main() on, the
 * one with the number SCARCE_AT fails, and SCARCE_FOR - 1 behind it (default: none). How many were
 * made is written to the file SCARCE_FILE, as text, when the program ends.
 *
 * json-c (0.16) does not look at what strdup() gives it where it parses a key, and libseccomp
 * (2.5.4) crashes when it has no memory for a program that it exports: these never fail here.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static unsigned long at, until, made;
static int counting;

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void begin(void)
{
	at = number("SCARCE_AT", 0);
	until = at + number("SCARCE_FOR", 1);
	counting = 1;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("SCARCE_FILE");
	char text[32];
	int n, fd;

	counting = 0;
	n = snprintf(text, sizeof(text), "%lu\n", made);
	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	if (fd >= 0 && write(fd, text, (size_t)n) == n)
		close(fd);
}

static int is_of(void *caller, const char *library)
{
	Dl_info info;

	return dladdr(caller, &info) != 0 && info.dli_fname && strstr(info.dli_fname, library);
}

static int fails(void *caller)
{
	unsigned long n;

	if (!counting)
		return 0;
	n = __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
	if (at == 0 || n < at || n >= until || is_of(caller, "libseccomp"))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, size);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, all);
}

char *strdup(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = is_of(__builtin_return_address(0), "libjson-c") ? __libc_malloc(n) : malloc(n);

	return copy ? memcpy(copy, text, n) : NULL;
}

void *memalign(size_t alignment, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
	void *p = memalign(alignment, size);

	if (!p)
		return ENOMEM;
	*ret = p;
	return 0;
}
