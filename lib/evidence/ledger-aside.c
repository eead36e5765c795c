/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A damaged ledger is evidence still: it is moved out of the way, never overwritten. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "evidence/ledger-private.h"

#define ASIDE_ATTEMPTS 100
#define SQLITE_LEAST 512 /* the smallest page */

static int rename_with_end(const char *path, const char *suffix, const char *end, bool must_exist)
{
	_cleanup_free_ char *from = NULL, *to = NULL;

	if (asprintf(&from, "%s%s", path, end) < 0) {
		from = NULL;
		return -ENOMEM;
	}
	if (asprintf(&to, "%s%s%s", path, suffix, end) < 0) {
		to = NULL;
		return -ENOMEM;
	}
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0 &&
	    (must_exist || errno != ENOENT))
		return -errno;
	return 0;
}

static void format_suffix(usec_t now, int attempt, char suffix[static LEDGER_ASIDE_SUFFIX_SIZE])
{
	time_t seconds = (time_t)(now / USEC_PER_SEC);
	char when[24] = "", again[16] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	if (attempt > 0)
		snprintf(again, sizeof(again), ".%d", attempt);
	snprintf(suffix, LEDGER_ASIDE_SUFFIX_SIZE, ".corrupt-%s%s", when, again);
}

/* The log and its index first: a database without its log is at worst older, but a new database
 * must never meet the old log. */
int ledger_set_aside(const char *path, usec_t now, char suffix[static LEDGER_ASIDE_SUFFIX_SIZE])
{
	int r = -EEXIST;

	for (int attempt = 0; attempt < ASIDE_ATTEMPTS && r == -EEXIST; attempt++) {
		format_suffix(now, attempt, suffix);
		r = rename_with_end(path, suffix, "-wal", false);
		if (r == 0)
			r = rename_with_end(path, suffix, "-shm", false);
		if (r == 0)
			r = rename_with_end(path, suffix, "", true);
	}
	return r;
}

bool ledger_is_database(const char *path)
{
	static const char magic[] = "SQLite format 3"; /* with its end */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char head[sizeof(magic)] = "";

	return fd >= 0 && pread(fd, head, sizeof(head), 0) == sizeof(head) &&
	       memcmp(head, magic, sizeof(magic)) == 0;
}

bool ledger_was_one(const char *path)
{
	_cleanup_free_ char *log = NULL;

	if (ledger_is_database(path))
		return true;
	if (asprintf(&log, "%s-wal", path) < 0) {
		log = NULL;
		return false;
	}
	return access(log, F_OK) == 0;
}

bool ledger_is_too_short(const struct stat *st)
{
	return st->st_size > 0 && st->st_size < SQLITE_LEAST;
}
