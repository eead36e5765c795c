/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands in for a fuzzing engine: runs the target once over each file given, or without arguments
 * over tests/fuzz/corpus/NAME/ below $srcdir, where the program is called fuzz-NAME. Prints TAP. A
 * crash ends the program before its "ok", which fails the test.
 */
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>

#include "util/file.h"

#define INPUT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay(unsigned number, const char *path)
{
	_cleanup_free_ char *text = NULL, *exact = NULL;
	size_t n = 0;

	if (file_read_at(AT_FDCWD, path, INPUT_MAX, true, &text, &n) < 0) {
		printf("not ok %u - %s cannot be read\n", number, path);
		return false;
	}
	/* A copy of just this size, so that a sanitizer sees a read behind its end. */
	exact = malloc(n > 0 ? n : 1);
	if (!exact)
		return false;
	if (n > 0)
		memcpy(exact, text, n);
	LLVMFuzzerTestOneInput((const uint8_t *)exact, n);
	printf("ok %u - %s\n", number, path);
	fflush(stdout);
	return true;
}

static int is_file(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int replay_folder(const char *program)
{
	const char *srcdir = getenv("srcdir"), *name = strstr(program, "fuzz-");
	_cleanup_free_ char *folder = NULL;
	struct dirent **entries = NULL;
	bool good = true;
	int n;

	if (!name || asprintf(&folder, "%s/tests/fuzz/corpus/%s", srcdir ?: ".", name + 5) < 0)
		return EXIT_FAILURE;
	n = scandir(folder, &entries, is_file, alphasort);
	if (n <= 0) {
		printf("1..1\nnot ok 1 - %s holds no inputs\n", folder);
		return EXIT_FAILURE;
	}
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		_cleanup_free_ struct dirent *entry = entries[i];
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0)
			return EXIT_FAILURE;
		good = replay((unsigned)i + 1, path) && good;
	}
	free(entries);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	bool good = true;

	if (argc < 2)
		return replay_folder(basename(argv[0]));
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++)
		good = replay((unsigned)i, argv[i]) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
