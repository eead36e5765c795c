/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl/user.h"
#include "util/file.h"
#include "util/parse.h"

/* The kernel keeps it over all changes of the uid; (uid_t)-1 where nobody logged in. */
static uid_t login_uid(void)
{
	_cleanup_free_ char *text = NULL;
	uint32_t uid;
	size_t n;

	if (file_read_at(AT_FDCWD, "/proc/self/loginuid", 64, false, &text, &n) < 0)
		return (uid_t)-1;
	return parse_u32(span_make(text, strcspn(text, "\n")), &uid) < 0 ? (uid_t)-1 : (uid_t)uid;
}

char *ctl_user(char *buf, size_t size)
{
	uid_t uid = login_uid();
	const char *sudo = uid == (uid_t)-1 && getuid() == 0 ? getenv("SUDO_USER") : NULL;
	const struct passwd *p = sudo ? getpwnam(sudo) : NULL;

	if (uid == (uid_t)-1)
		uid = getuid();
	p = p ?: getpwuid(uid);
	if (p)
		snprintf(buf, size, "%s", p->pw_name);
	else
		snprintf(buf, size, "%u", (unsigned)uid);
	return buf;
}
