/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/profile-file.h"
#include "seccompd/exit-codes.h"
#include "util/file.h"

#define PROFILE_FILE_MAX ((size_t)4 << 20)

int profile_file_read(const char *verb, const char *path, char **ret, size_t *ret_n)
{
	static const struct {
		int r;
		const char *text;
	} reasons[] = {
		{ -ENOENT, "there is no such file" },
		{ -EISDIR, "it is a directory" },
		{ -EINVAL, "it is no regular file" },
		{ -EFBIG, "it is larger than 4 MiB, which no profile is" },
	};
	const char *text;
	int r;

	if (strcmp(path, "-") == 0)
		r = file_read_fd(STDIN_FILENO, PROFILE_FILE_MAX, ret, ret_n);
	else
		r = file_read_at(AT_FDCWD, path, PROFILE_FILE_MAX, true, ret, ret_n);
	if (r >= 0)
		return 0;
	text = strerror(-r);
	for (size_t i = 0; i < ELEMENTSOF(reasons); i++)
		if (reasons[i].r == r)
			text = reasons[i].text;
	return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "cannot read the profile %s: %s", path, text);
}
