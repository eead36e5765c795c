/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/sibling.h"
#include "suggest/sibling-table.h"
#include "suggest/verify.h"

typedef struct Search {
	const Advisor *advisor;
	const Suggestion *s;
	SuggestCall *call;
	uint32_t arch; /* the first that has such a sibling */
} Search;

static bool has(uint32_t arch, const char *name, int64_t *ret)
{
	return syscall_number(arch, name, ret) == 0 && *ret >= 0;
}

/* It has advice of its own. */
static bool was_seen(const Search *search, const char *name)
{
	for (size_t i = 0; i < search->s->n_calls; i++)
		if (search->s->calls[i].name && strcmp(search->s->calls[i].name, name) == 0)
			return true;
	return false;
}

/* Would a program on @arch make @sibling instead? Where both are on both, nobody can say. */
static bool is_needed(const Search *search, uint32_t arch, const char *sibling)
{
	const SuggestCall *call = search->call;
	int64_t nr, ignored;

	return arch != call->arch && has(arch, sibling, &nr) &&
	       (!has(arch, call->name, &ignored) || !has(call->arch, sibling, &ignored)) &&
	       !verify_allows(search->advisor->filter, arch, nr);
}

static void add(Search *search, const char *sibling)
{
	const Filter *f = search->advisor->filter;
	SuggestCall *call = search->call;

	if (call->n_siblings == SUGGEST_SIBLINGS_MAX || was_seen(search, sibling) ||
	    advise_names(search->advisor->profile, sibling))
		return;
	for (size_t i = 0; i < f->n_arches; i++)
		if (is_needed(search, f->arches[i], sibling)) {
			search->arch = search->arch ? search->arch : f->arches[i];
			call->siblings[call->n_siblings++] = sibling;
			return;
		}
}

static void tell(const Search *search)
{
	SuggestCall *call = search->call;
	size_t n = strlen(call->reason);
	char names[SUGGEST_SIBLINGS_MAX * 32] = "";
	size_t used = 0;

	for (size_t i = 0; i < call->n_siblings && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 i > 0 ? " or " : "", call->siblings[i]);
	snprintf(call->reason + n, sizeof(call->reason) - n,
		 "; %s programs would make %s instead, which nobody saw and the patch leaves out",
		 arch_name(search->arch), names);
}

void siblings_find(const Advisor *a, Suggestion *s)
{
	for (size_t i = 0; i < s->n_calls; i++) {
		Search search = { .advisor = a, .s = s, .call = &s->calls[i] };

		if (!s->calls[i].offered || s->calls[i].advice != ADVICE_ALLOW)
			continue;
		for (size_t k = 0; k < ELEMENTSOF(sibling_table); k++)
			if (strcmp(sibling_table[k].call, s->calls[i].name) == 0)
				add(&search, sibling_table[k].sibling);
		if (search.call->n_siblings > 0)
			tell(&search);
	}
}
