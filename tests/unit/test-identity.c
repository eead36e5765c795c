/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/identity: another file is another program, the same one stays what it is. */
#include <fcntl.h>
#include <unistd.h>

#include "state/identity.h"
#include "tests/unit/unit.h"

typedef struct World {
	char dir[64];
	int fd;
} World;

static void run(const World *w, const char *what)
{
	char command[512];

	snprintf(command, sizeof(command), "cd %s && %s", w->dir, what);
	assert_int_equal(system(command), 0);
}

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	snprintf(w->dir, sizeof(w->dir), "/tmp/seccompd-identity-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	run(w, "mkdir -p usr/bin usr/local/bin");
	w->fd = open(w->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(w->fd >= 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	run(w, "rm -rf -- \"$PWD\"");
	close(w->fd);
	free(w);
	return 0;
}

static void test_a_file_is_its_size_and_time(void **state)
{
	World *w = *state;
	char text[64] = "x";

	identity_of_file(w->fd, "usr/bin/runc", text, sizeof(text));
	assert_string_equal(text, "");
	run(w, "printf abc >usr/bin/runc && touch -d @1700000000 usr/bin/runc");
	identity_of_file(w->fd, "usr/bin/runc", text, sizeof(text));
	assert_string_equal(text, "runc:3:1700000000");
	run(w, "touch -d @1700000001 usr/bin/runc");
	identity_of_file(w->fd, "usr/bin/runc", text, sizeof(text));
	assert_string_equal(text, "runc:3:1700000001");
}

static void test_all_runtimes_stand_there_once(void **state)
{
	World *w = *state;
	char text[192] = "x", small[20];

	identity_of_runtimes(w->fd, text, sizeof(text));
	assert_string_equal(text, "");
	run(w, "printf abc >usr/bin/runc && touch -d @1 usr/bin/runc && ln -s bin usr/sbin"
	       " && printf abcd >usr/local/bin/crun && touch -d @2 usr/local/bin/crun");
	identity_of_runtimes(w->fd, text, sizeof(text));
	assert_string_equal(text, "runc:3:1 crun:4:2");
	identity_of_runtimes(w->fd, small, 10);
	assert_string_equal(small, "runc:3:1 ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(TEST(test_a_file_is_its_size_and_time), TEST(test_all_runtimes_stand_there_once))
