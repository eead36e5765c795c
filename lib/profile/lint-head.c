/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of what holds for the whole profile. */
#include "audit/arch.h"
#include "profile/lint-private.h"

#define ENTRIES_MAX 128 /* KEP-6061, for profiles that are distributed as OCI artifacts */
#define WORD_LITTLE_ENDIAN 0x40000000U

static bool has_arch(const Lint *l, uint32_t word)
{
	for (size_t i = 0; i < l->n_arches; i++)
		if (l->arches[i].word == word)
			return true;
	return false;
}

/* Whose calls programs of the host's architecture may make beside their own. */
static const struct {
	uint32_t host, sub;
	const char *name, *who;
} siblings[] = {
	{ ARCH_WORD_X86_64, ARCH_WORD_I386, "SCMP_ARCH_X86", "32-bit programs" },
	{ ARCH_WORD_AARCH64, 0x40000028U, "SCMP_ARCH_ARM", "32-bit programs" },
	{ 0x80000016U, 0x00000016U, "SCMP_ARCH_S390", "31-bit programs" },
};

static void check_siblings(Lint *l)
{
	const ScanNode *list = scan_member(&l->scan, l->root, "architectures");

	for (size_t i = 0; i < ELEMENTSOF(siblings); i++) {
		bool listed = has_arch(l, siblings[i].host) ||
			      (l->n_arches == 0 && l->in->host_arch == siblings[i].host);

		if (listed && !has_arch(l, siblings[i].sub))
			lint_say(l, LINT_ARCHITECTURE, LINT_NOTE, list ?: l->root,
				 "%s is not among the architectures: %s are killed at their first "
				 "call, "
				 "even where the default action is to log or to allow",
				 siblings[i].name, siblings[i].who);
	}
}

/* archMap holds one entry for each host; only "architectures" is one filter. */
static void check_list(Lint *l)
{
	bool mixed = false;

	if (lint_is_empty(lint_member(l, l->root, "architectures", SCAN_ARRAY)))
		return;
	for (size_t i = 1; i < l->n_arches; i++) {
		mixed |= (l->arches[i].word ^ l->arches[0].word) & WORD_LITTLE_ENDIAN;
		for (size_t k = 0; k < i; k++)
			if (l->arches[k].word == l->arches[i].word) {
				lint_say(l, LINT_DUPLICATE, LINT_NOTE, l->arches[i].node,
					 "%s is listed twice", arch_scmp_name(l->arches[i].word));
				break;
			}
		if (i > 64)
			break; /* there are not so many; the others repeat them */
	}
	if (mixed)
		lint_say(l, LINT_VALUE, LINT_ERROR, l->arches[0].node,
			 "the architectures have different byte orders, which one filter cannot "
			 "hold: no "
			 "container would start; make a profile for each");
}

void lint_architectures(Lint *l)
{
	check_list(l);
	check_siblings(l);
}

void lint_flags(Lint *l)
{
	if (!l->flags)
		return;
	if (l->flags->n_items > 0)
		lint_say(l, LINT_FLAGS, l->reader->runc ? LINT_WARNING : LINT_NOTE, l->flags,
			 "runc before 1.2 does not start a container whose profile has \"flags\"; "
			 "runc 1.2 and crun do");
	if (!l->flag_spec_allow)
		lint_say(l, LINT_FLAGS, l->flags->n_items > 0 ? LINT_WARNING : LINT_NOTE, l->flags,
			 "with \"flags\", runtimes leave out SECCOMP_FILTER_FLAG_SPEC_ALLOW, which "
			 "they "
			 "set by default: the mitigation against speculative store bypass goes on "
			 "and "
			 "costs speed; list that flag as well");
}

void lint_blind(Lint *l)
{
	Action a = l->fallback.action;

	if (l->fallback.node && !l->flag_log &&
	    (a == ACTION_ERRNO || a == ACTION_TRAP || a == ACTION_TRACE))
		lint_say(l, LINT_BLIND, LINT_NOTE, l->fallback.node,
			 "the kernel records no call that %s denies, so nothing shows what is "
			 "missing: "
			 "where the runtime takes flags, list SECCOMP_FILTER_FLAG_LOG and "
			 "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
			 action_name(a));
}

void lint_size(Lint *l)
{
	if (l->n_rules > ENTRIES_MAX)
		lint_say(
			l, LINT_SIZE, LINT_NOTE, scan_member(&l->scan, l->root, "syscalls"),
			"%zu rules: distributing profiles as OCI artifacts for Kubernetes is to be "
			"limited to %d; put names with the same action into one rule",
			l->n_rules, ENTRIES_MAX);
}

void lint_default_again(Lint *l)
{
	for (size_t i = 0; i < l->n_rules; i++) {
		const LintRule *rule = &l->rules[i];

		if (lint_is_default(l, rule))
			lint_say(l, LINT_DEFAULT_AGAIN, LINT_NOTE, rule->node,
				 "this rule gives the default action again, so runtimes leave it "
				 "out "
				 "(runc before 1.0.2 did not start): remove it");
	}
}

/* Left behind when a profile moved on from the stage at which everything is recorded, or meant. */
void lint_logged(Lint *l)
{
	Action a = l->fallback.action;

	if (!l->fallback.node || a == ACTION_LOG || a == ACTION_ALLOW)
		return;
	for (size_t i = 0; i < l->n_rules; i++)
		if (l->rules[i].action.action == ACTION_LOG)
			lint_say(l, LINT_LOGGED, LINT_NOTE, l->rules[i].node,
				 "these calls are allowed, and each makes a record: write "
				 "SCMP_ACT_ALLOW where nobody reads them");
}
