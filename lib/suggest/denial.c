/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <linux/seccomp.h>
#include <string.h>

#include "suggest/denial.h"
#include "util/span.h"

static DenialAnswer ask_filter(const DenialFacts *f, Denial *d)
{
	struct seccomp_data data = { .nr = (int)f->nr, .arch = f->arch };
	bool beyond = false;
	uint32_t action;

	if (!f->filter_known)
		return DENIAL_NOT_KNOWN;
	d->word = f->filter ? filter_run(f->filter, &data, &beyond) : SECCOMP_RET_ALLOW;
	if (beyond)
		return DENIAL_BY_ARGUMENTS;
	action = d->word & SECCOMP_RET_ACTION_FULL;
	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG ? DENIAL_LETS
									: DENIAL_REFUSES;
}

static DenialAnswer ask_capabilities(const DenialFacts *f, Denial *d)
{
	uint64_t wanted = d->story.call ? d->story.capabilities : 0;

	if (wanted == 0)
		return DENIAL_LETS;
	if (!f->capabilities_known)
		return DENIAL_NOT_KNOWN;
	if (!(f->capabilities & wanted)) {
		d->missing = wanted;
		return d->story.always ? DENIAL_REFUSES : DENIAL_BY_ARGUMENTS;
	}
	d->not_held = f->effective_known && !(f->effective & wanted);
	return d->not_held ? DENIAL_BY_ARGUMENTS : DENIAL_LETS;
}

bool denial_label_confines(const char *label)
{
	/* AppArmor's "unconfined", also as "profile (unconfined)"; SELinux' unconfined types and
	 * those that containers have without separation. */
	static const char *const free_ones[] = { "unconfined", ":unconfined_",
						 ":spc_t:", ":kernel_t" };

	for (size_t i = 0; i < ELEMENTSOF(free_ones); i++)
		if (strstr(label, free_ones[i]))
			return false;
	return label[0] != '\0' && !strstr(label, "(complain)");
}

static DenialAnswer ask_label(const DenialFacts *f)
{
	if (!f->label)
		return DENIAL_NOT_KNOWN;
	/* What its policy says of this call only its own log tells. */
	return denial_label_confines(f->label) ? DENIAL_BY_ARGUMENTS : DENIAL_LETS;
}

static DenialBy first_of(const Denial *d)
{
	const DenialAnswer answers[] = { d->seccomp, d->capability, d->lsm };
	static const DenialBy parts[] = { DENIAL_BY_SECCOMP, DENIAL_BY_CAPABILITY, DENIAL_BY_LSM };

	/* One that refuses for certain explains it, whatever else is not known. */
	for (size_t i = 0; i < ELEMENTSOF(answers); i++)
		if (answers[i] == DENIAL_REFUSES)
			return parts[i];
	for (size_t i = 0; i < ELEMENTSOF(answers); i++)
		if (answers[i] == DENIAL_BY_ARGUMENTS)
			return parts[i];
	for (size_t i = 0; i < ELEMENTSOF(answers); i++)
		if (answers[i] == DENIAL_NOT_KNOWN)
			return DENIAL_BY_UNKNOWN;
	return DENIAL_BY_NOBODY;
}

void denial_judge(const DenialFacts *f, Denial *ret)
{
	Denial d = { 0 };

	if (blocked_call_of(f->call, &d.story) < 0)
		d.story = (BlockedCall){ 0 };
	d.seccomp = ask_filter(f, &d);
	d.capability = ask_capabilities(f, &d);
	d.lsm = ask_label(f);
	d.by = first_of(&d);
	d.certain = d.seccomp == DENIAL_REFUSES ||
		    (d.seccomp == DENIAL_LETS && d.capability == DENIAL_REFUSES);
	*ret = d;
}

const char *denial_by_name(DenialBy by)
{
	static const char *const names[_DENIAL_BY_MAX] = {
		[DENIAL_BY_NOBODY] = "nobody",         [DENIAL_BY_SECCOMP] = "seccomp",
		[DENIAL_BY_CAPABILITY] = "capability", [DENIAL_BY_LSM] = "lsm",
		[DENIAL_BY_UNKNOWN] = "unknown",
	};

	return names[by];
}

const char *denial_answer_name(DenialAnswer a)
{
	static const char *const names[_DENIAL_ANSWER_MAX] = {
		[DENIAL_NOT_KNOWN] = "not-known",
		[DENIAL_LETS] = "lets",
		[DENIAL_BY_ARGUMENTS] = "depends",
		[DENIAL_REFUSES] = "refuses",
	};

	return names[a];
}
