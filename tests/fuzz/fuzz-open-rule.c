/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a request to seccompd-open: what is allowed is well formed, has no way upwards, and
 * its base is a place or a user's own folder. */
#include <string.h>

#include "daemon/open-rule.h"
#include "util/macro.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(x)                  \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

static void check_allowed(const OpenRequest *r, size_t base)
{
	MUST(memchr(r->path, '\0', sizeof(r->path)));
	MUST(base > 0 && base <= strlen(r->path));
	MUST(r->path[base] == '\0' || r->path[base] == '/');
	MUST(r->path[0] != '/' && !strstr(r->path, "//"));
	MUST(strncmp(r->path, "../", 3) != 0 && !strstr(r->path, "/../") &&
	     !strstr(r->path, "/./"));
	MUST(r->uid != 0);
	if (r->uid != OPEN_SYSTEM)
		MUST(strstr(r->path + base, "/.local/share/") == r->path + base ||
		     strncmp(r->path, "run/user/", 9) == 0);
}

/* The first bytes are kind and user, the rest the path; or a whole request. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t users[] = { OPEN_SYSTEM, 0, 1000, 1001 };
	const OpenPlaces places = { 0 };
	OpenRequest r = { .version = OPEN_VERSION };
	size_t base = 0;

	if (size == sizeof(r)) {
		memcpy(&r, data, size);
	} else if (size >= 2) {
		r.kind = data[0] % (_OPEN_KIND_MAX + 1);
		r.uid = users[data[1] % ELEMENTSOF(users)];
		memcpy(r.path, data + 2, MIN(size - 2, sizeof(r.path)));
	}
	if (open_rule_check(&places, &r, &base) == 0 && r.kind < OPEN_CONNECTOR)
		check_allowed(&r, base);
	return 0;
}
