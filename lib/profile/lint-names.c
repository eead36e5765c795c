/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names that runtimes drop without a word. */
#include <ctype.h>

#include "audit/arch.h"
#include "audit/syscall-closest.h"
#include "profile/filter.h"
#include "profile/lint-private.h"
#include "util/buffer.h"

#define NEWER_SHOWN 12
/* A guess takes milliseconds, and a file may be full of them. */
#define GUESSED_MAX 16

/* What people write, and what the call is called. */
static const struct {
	const char *wrong, *right;
} slips[] = {
	{ "_exit", "exit" },
	{ "fstatat", "newfstatat" },
	{ "llseek", "_llseek" },
	{ "newselect", "_newselect" },
	{ "pread", "pread64" },
	{ "pwrite", "pwrite64" },
	{ "sigaction", "rt_sigaction" },
	{ "sysctl", "_sysctl" },
	{ "wait", "wait4" },
};

/* Does an architecture have it, that libseccomp does not know of? */
static bool is_newer(const char *name)
{
	static const char *const arches[] = { "x86_64",  "aarch64", "i386",   "arm",
					      "ppc64le", "riscv64", "s390x",  "loongarch64",
					      "mips",    "mips64",  "sparc64" };
	uint32_t word;
	int64_t nr;

	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (arch_from_name(span_of(arches[i]), &word) == 0 &&
		    syscall_number_seen(word, name, &nr) == 0)
			return true;
	return false;
}

static bool has_odd_letters(const char *name)
{
	for (; *name; name++)
		if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) &&
		    *name != '_')
			return true;
	return false;
}

static void say_unknown(Lint *l, const LintCall *call, bool guess)
{
	char near[SYSCALL_NAME_MAX];
	const char *right = NULL;

	for (size_t i = 0; i < ELEMENTSOF(slips); i++)
		if (strcmp(slips[i].wrong, call->name) == 0)
			right = slips[i].right;
	if (!right && guess && syscall_closest(call->name, near) == 0)
		right = near;
	if (right) {
		lint_say(l, LINT_NAME, LINT_WARNING, call->node,
			 "no system call is named \"%.64s\", so runtimes drop it without a word: "
			 "\"%s\" may be meant",
			 call->name, right);
		return;
	}
	lint_say(l, LINT_NAME, LINT_WARNING, call->node,
		 "no system call is named \"%.64s\", so runtimes drop it without a word: %s",
		 call->name,
		 has_odd_letters(call->name) ? "names are lower case letters, digits and _"
					     : "correct or remove it");
}

static void note_newer(Buffer *b, size_t n, const char *name)
{
	if (n < NEWER_SHOWN)
		buffer_printf(b, "%s%s", n ? ", " : "", name);
}

void lint_names(Lint *l)
{
	_cleanup_buffer_ Buffer newer = BUFFER_NULL;
	const ScanNode *first = NULL;
	const char *last = NULL;
	char version[32], more[32] = "";
	size_t n = 0, guessed = 0;

	for (size_t i = 0; i < l->n_calls; i++) {
		const LintCall *call = &l->calls[i];

		if (last && strcmp(last, call->name) == 0)
			continue;
		last = call->name;
		if (filter_knows_name(call->name))
			continue;
		if (is_newer(call->name)) {
			note_newer(&newer, n++, call->name);
			first = !first || call->node < first ? call->node : first;
		} else
			say_unknown(l, call, guessed++ < GUESSED_MAX);
	}
	if (n > NEWER_SHOWN)
		snprintf(more, sizeof(more), " and %zu more", n - NEWER_SHOWN);
	if (n > 0)
		lint_say(l, LINT_NAME, LINT_NOTE, first,
			 "libseccomp %s does not know %s%s: runtimes that use it drop what they do "
			 "not "
			 "know without a word",
			 filter_library_version(version, sizeof(version)), newer.p, more);
}
