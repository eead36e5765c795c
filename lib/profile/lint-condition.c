/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* includes and excludes of rules, for those who evaluate them. */
#include "profile/lint-private.h"
#include "profile/word.h"
#include "util/parse.h"

static void check_words(Lint *l, const ScanNode *list, bool (*known)(Span), const char *format)
{
	SCAN_EACH(&l->scan, list, child)
	{
		const char *word = lint_text(l, child, "a word of a condition");

		if (word && !known(span_of(word)))
			lint_say(l, LINT_CONDITION, LINT_WARNING, child,
				 "\"%.64s\" is no %s, so this part of the condition is never met",
				 word, format);
	}
}

/* As moby reads it: two numbers of eight bits, not both 0. */
static bool is_kernel_version(Span text)
{
	uint32_t major, minor;
	Span part;

	if (!span_split(&text, '.', &part) || parse_u32(part, &major) < 0 ||
	    !span_split(&text, '.', &part) || parse_u32(part, &minor) < 0 || text.p)
		return false;
	return major < 256 && minor < 256 && (major > 0 || minor > 0);
}

static void check_min_kernel(Lint *l, const ScanNode *node)
{
	const char *version = lint_text(l, node, "\"minKernel\"");

	if (!version || !*version)
		return;
	if (!l->reader->min_kernel)
		lint_say(l, LINT_MIN_KERNEL, LINT_WARNING, node,
			 "readers of the dialect \"%s\" do not know \"minKernel\": the rule holds "
			 "on "
			 "every kernel",
			 dialect_name(l->in->dialect));
	else if (!is_kernel_version(span_of(version)))
		lint_say(l, LINT_VALUE, LINT_ERROR, node,
			 "\"%.40s\" is no kernel version for Docker, which refuses the profile: "
			 "write "
			 "two numbers, such as \"4.8\"",
			 version);
}

static void check(Lint *l, const ScanNode *object)
{
	static const LintKey keys[] = {
		{ "caps", LINT_KIND(SCAN_ARRAY) },
		{ "arches", LINT_KIND(SCAN_ARRAY) },
		{ "minKernel", LINT_KIND(SCAN_STRING) },
	};
	const ScanNode *caps, *arches, *kernel;

	if (!object)
		return;
	lint_keys(l, object, keys, ELEMENTSOF(keys), "a condition");
	caps = lint_member(l, object, "caps", SCAN_ARRAY);
	arches = lint_member(l, object, "arches", SCAN_ARRAY);
	kernel = lint_member(l, object, "minKernel", SCAN_STRING);
	if (caps)
		check_words(l, caps, word_is_capability, "capability (\"CAP_SYS_ADMIN\"...)");
	if (arches)
		check_words(
			l, arches, word_is_go_arch,
			"architecture as conditions name them (\"amd64\", \"arm64\", \"x86\"...)");
	if (kernel)
		check_min_kernel(l, kernel);
}

void lint_conditions(Lint *l)
{
	for (size_t i = 0; i < l->n_rules; i++) {
		check(l, l->rules[i].includes);
		check(l, l->rules[i].excludes);
	}
}
