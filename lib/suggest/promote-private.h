/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the parts of promote(). Not for other modules. */
#include "profile/filter.h"
#include "suggest/draft.h"
#include "suggest/promote.h"

/* Names that get a rule of their own, or lose it. */
typedef struct PromoteNames {
	const char **names;
	size_t n, allocated;
} PromoteNames;

typedef struct Promoting {
	const PromoteInput *in;
	Promotion *p;
	Draft before, after; /* .after is .before's text at first, and then changed */
	Filter filter_before, filter_after;
	PromoteNames probing;  /* ENOSYS, so that programs fall back */
	PromoteNames critical; /* denied as before */
	PromoteNames everyday; /* allowed, where there was no allow list */
	PromoteNames freed;    /* listed by a rule, and no more; texts owned */
	uint32_t critical_word;
	Diag *diag;
} Promoting;

/* One more remark; takes the text, which is failed when memory was short. */
int promote_say(Promotion *p, PromoteKind kind, const char *check, Buffer *text);

/* Appends "a, b and 3 more". */
void promote_list_names(const char *const *names, size_t n, Buffer *out);

/* -ENOMEM. */
int promote_add_name(PromoteNames *list, const char *name);
bool promote_names_have(const PromoteNames *list, const char *name);

/* A rule for the names from @from on; @data is an errno, or -1. */
int promote_add_rule(Promoting *w, const PromoteNames *list, size_t from, Action action, int data);

/* A copy of @name to .freed, once. */
int promote_note_freed(Promoting *w, const char *name);

/* The rules that change along, with their remarks. .filter_after is of .after, and is kept so. */
int promote_add_rules(Promoting *w);
int promote_rebuild(Promoting *w);

/* Takes the rules out that refuse a call, towards stage log. */
int promote_free_denials(Promoting *w);

/* Takes the rules out that allow a call, so that it is recorded. */
int promote_audit_all(Promoting *w);

/* Both flags, or none, by what the runtime takes. */
int promote_set_flags(Promoting *w);

/* -ENOTRECOVERABLE with a sentence when something changed that was not meant. */
int promote_prove(Promoting *w);

/* What speaks against the next profile, and what should be known of it. */
int promote_check(Promoting *w);
