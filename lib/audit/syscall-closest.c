/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "audit/arch.h"
#include "audit/syscall-closest.h"
#include "util/similar.h"

/* Behind the last call of each of them. */
#define NUMBERS_MAX 512

int syscall_closest(const char *name, char buf[static SYSCALL_NAME_MAX])
{
	static const uint32_t arches[] = { ARCH_WORD_X86_64, ARCH_WORD_AARCH64, ARCH_WORD_I386 };
	Similar s = similar_begin(name);
	char other[SYSCALL_NAME_MAX];
	int r = -ENOENT;

	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		for (int64_t nr = 0; nr < NUMBERS_MAX; nr++)
			if (syscall_name(arches[i], nr, other) == 0 && similar_offer(&s, other)) {
				memcpy(buf, other, sizeof(other));
				r = 0;
			}
	return r;
}

char *syscall_hint(const char *name, char buf[static SYSCALL_HINT_MAX])
{
	char near[SYSCALL_NAME_MAX];

	buf[0] = '\0';
	if (syscall_closest(name, near) == 0)
		snprintf(buf, SYSCALL_HINT_MAX, "; did you mean \"%s\"?", near);
	return buf;
}
