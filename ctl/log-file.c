/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/log-file.h"
#include "seccompd/exit-codes.h"
#include "util/file.h"

static bool is_standard_input(const char *name)
{
	return strcmp(name, "-") == 0;
}

const char *log_file_name(const char *name)
{
	return is_standard_input(name) ? "standard input" : name;
}

int log_file_open(const char *verb, const char *name, int *ret)
{
	int fd = is_standard_input(name) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					 : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "%s cannot be opened: %s",
				log_file_name(name), strerror(errno));
	*ret = fd;
	return 0;
}

uint64_t log_files_size(const char *const *names, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		struct stat st;
		int r = is_standard_input(names[i]) ? fstat(STDIN_FILENO, &st)
						    : stat(names[i], &st);

		if (r < 0 || !S_ISREG(st.st_mode))
			return 0;
		sum += (uint64_t)st.st_size;
	}
	return sum;
}

int log_file_check(const char *verb, const char *name, const char *ledger)
{
	struct stat st;

	if (is_standard_input(name))
		return 0;
	if (stat(name, &st) < 0 || access(name, R_OK) < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "%s cannot be opened: %s", name,
				strerror(errno));
	if (S_ISDIR(st.st_mode))
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "%s is a folder, a log file is needed",
				name);
	if (file_is_same(name, ledger))
		return ctl_fail(SECCOMPD_EXIT_USAGE, verb,
				"%s is the ledger, and cannot be a log as well", name);
	return 0;
}
