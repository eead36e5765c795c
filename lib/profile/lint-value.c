/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single values of a profile: spelling and kind of keys, texts, numbers, actions. */
#include <errno.h>

#include "profile/lint-private.h"
#include "profile/word.h"

LintSeverity lint_refused(const Lint *l, bool by_runc, bool by_crun)
{
	const LintReader *r = l->reader;

	return (by_runc && r->runc) || (by_crun && r->crun) ? LINT_ERROR : LINT_WARNING;
}

bool lint_is_empty(const ScanNode *node)
{
	return !node || node->kind == SCAN_NULL || node->kind == SCAN_FALSE ||
	       ((node->kind == SCAN_OBJECT || node->kind == SCAN_ARRAY) && node->n_items == 0) ||
	       (node->kind == SCAN_STRING && node->end - node->begin == 2);
}

/* Keys that people add for themselves: nobody reads them, and that is meant so. */
static bool is_remark(Span key)
{
	return key.n == 0 || key.p[0] == '_' || key.p[0] == '$' || span_is(key, "comment") ||
	       span_is(key, "description") || span_starts(key, SPAN_LIT("x-"));
}

static const char *kind_name(unsigned kinds)
{
	for (unsigned k = 0; k < _SCAN_KIND_MAX; k++)
		if (kinds & LINT_KIND(k))
			return scan_kind_name((ScanKind)k);
	return "?";
}

static void unknown_key(Lint *l, const ScanNode *node, const LintKey *keys, size_t n,
			const char *what)
{
	Span key = scan_key(&l->scan, node);

	for (size_t i = 0; i < n; i++)
		if (scan_key_resembles(key, keys[i].name)) {
			lint_say(l, LINT_KEY, LINT_ERROR, node,
				 "the key \"%.*s\" must be written \"%s\": readers in Go (Docker, "
				 "Podman, runc) take it all the same, crun does not",
				 (int)key.n, key.p, keys[i].name);
			return;
		}
	if (!is_remark(key))
		lint_say(l, LINT_UNKNOWN_KEY, LINT_WARNING, node,
			 "no reader knows the key \"%.*s\" in %s, so it has no effect: correct or "
			 "remove it",
			 (int)MIN(key.n, 64U), key.p, what);
}

static const LintKey *find_key(const LintKey *keys, size_t n, Span key)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(key, keys[i].name))
			return &keys[i];
	return NULL;
}

/* Does the dialect's reader know the key at all? */
static bool is_read(const Lint *l, const char *key)
{
	const LintReader *r = l->reader;
	const struct {
		const char *key;
		bool read;
	} keys[] = {
		{ "archMap", r->converts },    { "comment", r->converts },
		{ "name", r->converts },       { "includes", r->conditions },
		{ "excludes", r->conditions }, { "minKernel", r->min_kernel },
		{ "errno", r->errno_names },   { "defaultErrno", r->errno_names },
	};

	for (size_t i = 0; i < ELEMENTSOF(keys); i++)
		if (strcmp(keys[i].key, key) == 0)
			return keys[i].read;
	return true;
}

/* False when the rule is not to be judged any further. */
static bool wrong_kind(Lint *l, const ScanNode *node, const LintKey *known)
{
	bool read = is_read(l, known->name);

	lint_say(l, LINT_VALUE, read ? LINT_ERROR : LINT_WARNING, node,
		 "\"%s\" must be %s, and here it is %s: %s", known->name, kind_name(known->kinds),
		 scan_kind_name(node->kind),
		 read ? "no runtime takes that"
		      : "readers of this dialect ignore the key, and others refuse the profile");
	return !read;
}

bool lint_keys(Lint *l, const ScanNode *object, const LintKey *keys, size_t n, const char *what)
{
	bool sound = true;

	SCAN_EACH(&l->scan, object, child)
	{
		const LintKey *known = find_key(keys, n, scan_key(&l->scan, child));

		if (!known)
			unknown_key(l, child, keys, n, what);
		else if (child->kind != SCAN_NULL && !(known->kinds & LINT_KIND(child->kind)))
			sound &= wrong_kind(l, child, known);
	}
	return sound;
}

const ScanNode *lint_member(Lint *l, const ScanNode *object, const char *key, ScanKind kind)
{
	const ScanNode *node = scan_member(&l->scan, object, key);

	return node && node->kind == kind ? node : NULL;
}

const char *lint_text(Lint *l, const ScanNode *node, const char *what)
{
	char *text = NULL;
	int r;

	if (node->kind != SCAN_STRING) {
		lint_say(l, LINT_VALUE, LINT_ERROR, node,
			 "%s must be a string, and here it is %s: no runtime takes that", what,
			 scan_kind_name(node->kind));
		return NULL;
	}
	r = scan_string(&l->scan, node, &text);
	if (r == -EINVAL)
		lint_say(l, LINT_VALUE, LINT_ERROR, node,
			 "%s holds a NUL character (\\u0000), where readers in C would cut it: "
			 "remove "
			 "it",
			 what);
	else if (r < 0)
		l->error = r;
	if (r < 0)
		return NULL;
	l->owned = lint_grow(l, l->owned, l->n_owned, &l->owned_allocated, sizeof(*l->owned));
	if (l->error < 0) {
		free(text);
		return NULL;
	}
	return l->owned[l->n_owned++] = text;
}

bool lint_number(Lint *l, const ScanNode *node, uint64_t max, uint64_t *ret)
{
	Span key = scan_key(&l->scan, node);
	bool negative = l->scan.text.p[node->begin] == '-';

	if (node->kind == SCAN_NUMBER && scan_u64(&l->scan, node, ret) == 0 && *ret <= max)
		return true;
	lint_say(l, LINT_VALUE, LINT_ERROR, node,
		 "\"%.*s\" must be a whole number in plain digits from 0 to %llu, not %.*s%s",
		 (int)key.n, key.p, (unsigned long long)max, (int)MIN(node->end - node->begin, 40U),
		 l->scan.text.p + node->begin,
		 negative && max == UINT64_MAX
			 ? ": readers in Go refuse it, crun takes it for a very large one"
			 : ": runtimes refuse it, or take it for another");
	return false;
}

/* The number or the name that stands for the errno; false when there is none that is valid. */
static bool read_errno(Lint *l, const ScanNode *node, uint32_t *ret)
{
	uint64_t value;
	const char *text;

	if (node->kind == SCAN_NUMBER) {
		if (!lint_number(l, node, PROFILE_ERRNO_MAX, &value))
			return false;
		*ret = (uint32_t)value;
		return true;
	}
	text = lint_text(l, node, "an errno");
	if (!text || !*text)
		return false;
	if (word_errno(span_of(text), ret) == 0 && *ret <= PROFILE_ERRNO_MAX)
		return true;
	lint_say(l, LINT_VALUE, l->reader->errno_names ? LINT_ERROR : LINT_WARNING, node,
		 "\"%.64s\" is no errno name or number: Podman refuses the profile, others ignore "
		 "this key",
		 text);
	return false;
}

static void check_errno(Lint *l, const ScanNode *node, const LintAction *a)
{
	Span key = scan_key(&l->scan, node);

	if (a->action != ACTION_ERRNO && a->action != ACTION_TRACE)
		lint_say(l, LINT_ERRNO, lint_refused(l, false, true), node,
			 "\"%.*s\" stands beside %s, which gives no errno: crun refuses the "
			 "profile, runc ignores it; remove it",
			 (int)key.n, key.p, action_name(a->action));
	else if (a->action == ACTION_ERRNO && a->data == 0)
		lint_say(l, LINT_ERRNO, LINT_WARNING, node,
			 l->reader->manifest
				 ? "the operator takes 0 for none, so the errno is 1 (EPERM): "
				   "write what is meant"
				 : "with errno 0 a denied call looks as if it had succeeded: give "
				   "a number such as 1 (EPERM) or 38 (ENOSYS)");
}

/* errno (a name), which only some read and which then comes before errnoRet (a number). */
static void read_errnos(Lint *l, const ScanNode *number, const ScanNode *name, LintAction *ret)
{
	uint32_t value = EPERM, named; /* what runtimes answer without any */
	bool has_number = number && read_errno(l, number, &value);

	ret->data = value;
	if (has_number)
		check_errno(l, number, ret);
	if (l->reader->manifest && value == 0)
		ret->data = EPERM;
	if (!name || lint_is_empty(name) || !read_errno(l, name, &named))
		return;
	if (l->reader->errno_names) {
		ret->data = named;
		check_errno(l, name, ret);
	} else
		lint_say(
			l, LINT_IGNORED_KEY, named == value ? LINT_NOTE : LINT_WARNING, name,
			"readers of the dialect \"%s\" ignore \"%.*s\": the errno is %u for them%s",
			dialect_name(l->in->dialect), (int)scan_key(&l->scan, name).n,
			scan_key(&l->scan, name).p, value,
			named == value ? " as well"
				       : "; write it as a number in the key that ends in Ret");
}

static void check_kill(Lint *l, const ScanNode *node, const char *name)
{
	if (strcmp(name, "SCMP_ACT_KILL") == 0)
		lint_say(
			l, LINT_KILL, LINT_WARNING, node,
			"SCMP_ACT_KILL ends only the thread that made the call and leaves the rest "
			"of the process in an unknown state: write SCMP_ACT_KILL_PROCESS");
	else if (strcmp(name, "SCMP_ACT_KILL_THREAD") == 0)
		lint_say(l, LINT_KILL, LINT_NOTE, node,
			 "SCMP_ACT_KILL_THREAD leaves the rest of the process in an unknown state; "
			 "SCMP_ACT_KILL_PROCESS ends it whole");
}

static bool action_word(Lint *l, const ScanNode *node, const char *key, Action *ret)
{
	const char *name = lint_text(l, node, key);

	if (!name)
		return false;
	if (action_from_name(span_of(name), ret) == 0 && *ret != ACTION_OTHER) {
		check_kill(l, node, name);
		return true;
	}
	lint_say(l, LINT_VALUE, LINT_ERROR, node,
		 "\"%.64s\" is no seccomp action that runtimes know: no container would start",
		 name);
	return false;
}

void lint_action(Lint *l, const ScanNode *object, const char *action_key, const char *ret_key,
		 const char *errno_key, LintAction *ret)
{
	const ScanNode *node = scan_member(&l->scan, object, action_key);
	Action action;

	*ret = (LintAction){ 0 };
	if (lint_is_empty(node)) {
		lint_say(l, LINT_VALUE, LINT_ERROR, node ?: object,
			 "there is no \"%s\" here: no container would start", action_key);
		return;
	}
	if (node->kind != SCAN_STRING || !action_word(l, node, action_key, &action))
		return;
	ret->node = node;
	ret->action = action;
	read_errnos(l, ret_key ? lint_member(l, object, ret_key, SCAN_NUMBER) : NULL,
		    lint_member(l, object, errno_key, SCAN_STRING), ret);
	if (action != ACTION_ERRNO && action != ACTION_TRACE)
		ret->data = 0;
}
