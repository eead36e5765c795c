/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a profile. */
#include <errno.h>

#include "audit/arch.h"
#include "profile/lint-private.h"
#include "profile/word.h"

static void ignored_key(Lint *l, const ScanNode *node, const char *consequence)
{
	Span key = scan_key(&l->scan, node);

	lint_say(l, LINT_IGNORED_KEY, LINT_ERROR, node,
		 "readers of the dialect \"%s\" ignore \"%.*s\": %s", dialect_name(l->in->dialect),
		 (int)key.n, key.p, consequence);
}

static void add_arch(Lint *l, const ScanNode *node)
{
	const char *name = lint_text(l, node, "an architecture");
	uint32_t word;

	if (!name)
		return;
	if (arch_from_scmp_name(span_of(name), &word) < 0) {
		lint_say(l, LINT_VALUE, LINT_ERROR, node,
			 strcmp(name, "SCMP_ARCH_NATIVE") == 0
				 ? "runtimes refuse \"%.64s\": name the architecture itself, such "
				   "as "
				   "SCMP_ARCH_X86_64"
				 : "\"%.64s\" is no architecture that runtimes know: no container "
				   "would "
				   "start",
			 name);
		return;
	}
	l->arches = lint_grow(l, l->arches, l->n_arches, &l->arches_allocated, sizeof(*l->arches));
	if (l->error == 0)
		l->arches[l->n_arches++] = (LintArch){ word, node };
}

static void read_arch_map(Lint *l, const ScanNode *map)
{
	static const LintKey keys[] = {
		{ "architecture", LINT_KIND(SCAN_STRING) },
		{ "subArchitectures", LINT_KIND(SCAN_ARRAY) },
	};

	SCAN_EACH(&l->scan, map, entry)
	{
		const ScanNode *main_arch, *subs;

		if (entry->kind != SCAN_OBJECT) {
			lint_say(l, LINT_VALUE, LINT_ERROR, entry,
				 "an entry of \"archMap\" must be an object, not %s",
				 scan_kind_name(entry->kind));
			continue;
		}
		lint_keys(l, entry, keys, ELEMENTSOF(keys), "an entry of \"archMap\"");
		main_arch = lint_member(l, entry, "architecture", SCAN_STRING);
		subs = lint_member(l, entry, "subArchitectures", SCAN_ARRAY);
		if (main_arch)
			add_arch(l, main_arch);
		else
			lint_say(l, LINT_VALUE, LINT_ERROR, entry,
				 "this entry of \"archMap\" has no \"architecture\"");
		if (subs)
			SCAN_EACH(&l->scan, subs, sub)
		add_arch(l, sub);
	}
}

static void read_arches(Lint *l)
{
	const ScanNode *list = lint_member(l, l->root, "architectures", SCAN_ARRAY);
	const ScanNode *map = lint_member(l, l->root, "archMap", SCAN_ARRAY);

	if (!lint_is_empty(list) && !lint_is_empty(map))
		lint_say(
			l, LINT_TWO_FORMS, l->reader->converts ? LINT_ERROR : LINT_WARNING, map,
			"the profile has both \"architectures\" and \"archMap\": Docker and Podman "
			"refuse it, others ignore \"archMap\"; keep one");
	if (!lint_is_empty(list))
		SCAN_EACH(&l->scan, list, child)
	add_arch(l, child);
	else if (!lint_is_empty(map) && l->reader->converts) read_arch_map(l, map);
	if (!lint_is_empty(map) && !l->reader->converts && lint_is_empty(list))
		ignored_key(l, map,
			    "only the host's own architecture is filtered, and calls of other ones "
			    "(32-bit "
			    "programs) are killed; list them in \"architectures\"");
}

static void read_flags(Lint *l)
{
	const ScanNode *list = lint_member(l, l->root, "flags", SCAN_ARRAY);

	l->flags = list;
	if (!list)
		return;
	SCAN_EACH(&l->scan, list, child)
	{
		const char *name = lint_text(l, child, "a flag");

		if (!name)
			continue;
		l->flag_log |= strcmp(name, "SECCOMP_FILTER_FLAG_LOG") == 0;
		l->flag_spec_allow |= strcmp(name, "SECCOMP_FILTER_FLAG_SPEC_ALLOW") == 0;
		if (!word_is_flag(span_of(name)))
			lint_say(l, LINT_VALUE, LINT_ERROR, child,
				 "\"%.64s\" is no filter flag that runtimes know: no container "
				 "would "
				 "start",
				 name);
	}
}

/* runc takes a document without default action and rules for "no seccomp wanted". */
static bool has_no_content(Lint *l)
{
	return lint_is_empty(scan_member(&l->scan, l->root, "defaultAction")) &&
	       lint_is_empty(scan_member(&l->scan, l->root, "syscalls"));
}

/* What only the operator reads, and what it does not. */
static void read_base(Lint *l)
{
	const ScanNode *base = lint_member(l, l->root, "baseProfileName", SCAN_STRING);
	const ScanNode *ret = lint_member(l, l->root, "defaultErrnoRet", SCAN_NUMBER);

	l->has_base = !lint_is_empty(base);
	if (l->has_base)
		lint_say(l, LINT_BASE, LINT_NOTE, base,
			 "the operator adds the rules of this profile, which is not in the file: "
			 "what "
			 "is missing here may be there, and is not judged");
	if (ret)
		lint_say(l, LINT_IGNORED_KEY, LINT_WARNING, ret,
			 "the operator does not know \"defaultErrnoRet\": the errno is %d for it, "
			 "whatever stands here",
			 EPERM);
}

void lint_read(Lint *l)
{
	static const LintKey keys[] = {
		{ "defaultAction", LINT_KIND(SCAN_STRING) },
		{ "defaultErrnoRet", LINT_KIND(SCAN_NUMBER) },
		{ "defaultErrno", LINT_KIND(SCAN_STRING) },
		{ "architectures", LINT_KIND(SCAN_ARRAY) },
		{ "archMap", LINT_KIND(SCAN_ARRAY) },
		{ "flags", LINT_KIND(SCAN_ARRAY) },
		{ "listenerPath", LINT_KIND(SCAN_STRING) },
		{ "listenerMetadata", LINT_KIND(SCAN_STRING) },
		{ "syscalls", LINT_KIND(SCAN_ARRAY) },
		/* the operator's own, which others do not know */
		{ "baseProfileName", LINT_KIND(SCAN_STRING) },
		{ "disabled", LINT_KIND(SCAN_TRUE) | LINT_KIND(SCAN_FALSE) },
	};
	const ScanNode *rules;

	lint_keys(l, l->root, keys, ELEMENTSOF(keys) - (l->reader->manifest ? 0 : 2), "a profile");
	if (l->reader->manifest)
		read_base(l);
	if (has_no_content(l)) {
		lint_say(l, LINT_DOCUMENT, LINT_ERROR, l->root,
			 "there is neither \"defaultAction\" nor a rule here: runc would run the "
			 "container unconfined, without a word");
		return;
	}
	lint_action(l, l->root, "defaultAction", l->reader->manifest ? NULL : "defaultErrnoRet",
		    "defaultErrno", &l->fallback);
	if (l->fallback.node && l->fallback.action == ACTION_USER_NOTIF)
		lint_say(l, LINT_NOTIFY, LINT_ERROR, l->fallback.node,
			 "SCMP_ACT_NOTIFY cannot be the default action: the runtime's own calls "
			 "would "
			 "wait for ever");
	l->listener = lint_member(l, l->root, "listenerPath", SCAN_STRING);
	read_arches(l);
	read_flags(l);
	rules = lint_member(l, l->root, "syscalls", SCAN_ARRAY);
	if (rules)
		lint_read_rules(l, rules);
}
