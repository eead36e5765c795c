/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/context.h"
#include "profile/word.h"
#include "util/parse.h"

static bool is_among(Span word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

int word_op(Span word, ProfileOp *ret)
{
	for (unsigned i = 0; i < _PROFILE_OP_MAX; i++)
		if (span_is(word, profile_op_name((ProfileOp)i))) {
			*ret = (ProfileOp)i;
			return 0;
		}
	return -EINVAL;
}

int word_errno(Span word, uint32_t *ret)
{
	static const struct {
		const char *name;
		uint32_t value;
	} aliases[] = { { "EWOULDBLOCK", EAGAIN },
			{ "EDEADLOCK", EDEADLK },
			{ "ENOTSUP", EOPNOTSUPP } };

	for (int i = 1; i < 134; i++) {
		const char *known = strerrorname_np(i);

		if (known && span_is(word, known)) {
			*ret = (uint32_t)i;
			return 0;
		}
	}
	for (size_t i = 0; i < ELEMENTSOF(aliases); i++)
		if (span_is(word, aliases[i].name)) {
			*ret = aliases[i].value;
			return 0;
		}
	return parse_u32(word, ret);
}

bool word_is_flag(Span word)
{
	static const char *const flags[] = {
		"SECCOMP_FILTER_FLAG_LOG",
		"SECCOMP_FILTER_FLAG_SPEC_ALLOW",
		"SECCOMP_FILTER_FLAG_TSYNC",
		"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	};

	return is_among(word, flags, ELEMENTSOF(flags));
}

bool word_is_capability(Span word)
{
	unsigned capability;

	return capability_from_name(word, &capability) == 0;
}

bool word_is_go_arch(Span word)
{
	static const char *const arches[] = {
		"amd64",  "arm",      "arm64",     "loong64", "loongarch64", "m68k",
		"mips",   "mips64",   "mips64n32", "mipsel",  "mipsel64",    "mipsel64n32",
		"parisc", "parisc64", "ppc",       "ppc64",   "ppc64le",     "riscv64",
		"s390",   "s390x",    "sh",        "sheb",    "x32",         "x86",
	};

	return is_among(word, arches, ELEMENTSOF(arches));
}
