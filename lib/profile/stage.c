/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The applied filter is read leniently: a runtime has taken it already, so what this version of
 * ours does not know must not hide the stage. */
#include <errno.h>

#include "profile/digest.h"
#include "profile/normal.h"
#include "profile/stage.h"

_Static_assert(PROFILE_HASH_SIZE == DIGEST_SIZE, "both are SHA-256 in hex");

#define APPLIED_MAX ((size_t)1 << 20)
#define APPLIED_DEPTH 32

static void json_putp(struct json_object **o)
{
	json_object_put(*o);
}

static void tokener_freep(struct json_tokener **t)
{
	if (*t)
		json_tokener_free(*t);
}

typedef struct ActionFact {
	const char *name;
	Stage stage;
	bool logged, silent; /* always in the log; only with the log flag */
} ActionFact;

static const ActionFact facts[] = {
	{ "SCMP_ACT_LOG", STAGE_LOG, true, false },
	{ "SCMP_ACT_ERRNO", STAGE_ERRNO, false, true },
	{ "SCMP_ACT_KILL", STAGE_KILL, true, false },
	{ "SCMP_ACT_KILL_THREAD", STAGE_KILL, true, false },
	{ "SCMP_ACT_KILL_PROCESS", STAGE_KILL, true, false },
	{ "SCMP_ACT_TRAP", STAGE_OTHER, false, true },
	{ "SCMP_ACT_TRACE", STAGE_OTHER, false, true },
	{ "SCMP_ACT_NOTIFY", STAGE_OTHER, false, true },
	{ "SCMP_ACT_ALLOW", STAGE_OTHER, false, false },
};

static struct json_object *member(struct json_object *o, const char *key)
{
	struct json_object *value = NULL;

	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, key, &value);
	return value;
}

static const ActionFact *fact_of(struct json_object *action)
{
	if (!json_object_is_type(action, json_type_string))
		return NULL;
	for (size_t i = 0; i < ELEMENTSOF(facts); i++)
		if (strcmp(facts[i].name, json_object_get_string(action)) == 0)
			return &facts[i];
	return NULL;
}

static bool has_log_flag(struct json_object *filter)
{
	struct json_object *flags = member(filter, "flags"), *flag;

	if (!json_object_is_type(flags, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(flags); i++) {
		flag = json_object_array_get_idx(flags, i);
		if (json_object_is_type(flag, json_type_string) &&
		    strcmp(json_object_get_string(flag), "SECCOMP_FILTER_FLAG_LOG") == 0)
			return true;
	}
	return false;
}

static bool has_silent_rule(struct json_object *filter)
{
	struct json_object *rules = member(filter, "syscalls");
	const ActionFact *fact;

	if (!json_object_is_type(rules, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		fact = fact_of(member(json_object_array_get_idx(rules, i), "action"));
		if (fact && fact->silent)
			return true;
	}
	return false;
}

static Visibility visibility_of(struct json_object *filter, const ActionFact *fact)
{
	if (!fact)
		return VISIBILITY_UNKNOWN;
	if (!fact->logged && !(fact->silent && has_log_flag(filter)))
		return VISIBILITY_BLIND;
	return has_log_flag(filter) || !has_silent_rule(filter) ? VISIBILITY_FULL
								: VISIBILITY_PARTIAL;
}

static int parse(Span json, struct json_object **ret, Diag *d)
{
	_cleanup_(tokener_freep) struct json_tokener *tokener = NULL;
	_cleanup_(json_putp) struct json_object *o = NULL;

	if (json.n > APPLIED_MAX)
		return diag_set(d, -EBADMSG, "the applied filter is larger than 1 MiB");
	tokener = json_tokener_new_ex(APPLIED_DEPTH);
	if (!tokener)
		return -ENOMEM;
	o = json_tokener_parse_ex(tokener, json.p, (int)json.n);
	if (!json_object_is_type(o, json_type_object))
		return diag_set(d, -EBADMSG, "the applied filter is no JSON object");
	*ret = STEAL(o);
	return 0;
}

static int hash_filter(struct json_object *filter, char ret[static PROFILE_HASH_SIZE])
{
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	int r;

	r = normal_write(filter, &text);
	return r < 0 ? r : digest_sha256(buffer_span(&text), ret);
}

static void judge(struct json_object *filter, struct json_object *action, AppliedProfile *applied)
{
	const ActionFact *fact = fact_of(action);

	applied->stage = fact ? fact->stage : STAGE_OTHER;
	applied->visibility = visibility_of(filter, fact);
}

static bool allows_by_default(struct json_object *filter)
{
	const ActionFact *fact = fact_of(member(filter, "defaultAction"));

	return fact && strcmp(fact->name, "SCMP_ACT_ALLOW") == 0;
}

static void judge_deny_list(struct json_object *filter, AppliedProfile *applied)
{
	struct json_object *rules = member(filter, "syscalls");

	if (json_object_is_type(rules, json_type_array) && json_object_array_length(rules) > 0) {
		judge(filter, member(json_object_array_get_idx(rules, 0), "action"), applied);
		return;
	}
	applied->stage = STAGE_KILL;
	applied->visibility = VISIBILITY_FULL;
}

static int read_applied(Span json, bool of_unit, AppliedProfile *ret, Diag *d)
{
	_cleanup_(json_putp) struct json_object *filter = NULL;
	AppliedProfile applied = { .stage = STAGE_OTHER, .visibility = VISIBILITY_BLIND };
	int r;

	r = parse(json.p ? json : SPAN_LIT("{}"), &filter, d);
	if (r < 0)
		return r;
	if (json_object_object_length(filter) > 0) {
		if (!json_object_is_type(member(filter, "defaultAction"), json_type_string))
			return diag_set(d, -EBADMSG, "the applied filter has no defaultAction");
		if (of_unit && allows_by_default(filter))
			judge_deny_list(filter, &applied);
		else
			judge(filter, member(filter, "defaultAction"), &applied);
	}
	r = hash_filter(filter, applied.hash);
	if (r < 0)
		return r;
	*ret = applied;
	return 0;
}

int applied_profile_read(Span json, AppliedProfile *ret, Diag *d)
{
	return read_applied(json, false, ret, d);
}

int applied_unit_profile_read(Span json, AppliedProfile *ret, Diag *d)
{
	return read_applied(json, true, ret, d);
}

bool applied_profile_is_none(const char *hash)
{
	AppliedProfile none;

	return applied_profile_read(SPAN_NULL, &none, NULL) == 0 && strcmp(none.hash, hash) == 0;
}

const char *stage_name(Stage s)
{
	static const char *const names[_STAGE_MAX] = {
		[STAGE_OTHER] = "other",
		[STAGE_LOG] = "log",
		[STAGE_ERRNO] = "errno",
		[STAGE_KILL] = "kill",
	};

	return (unsigned)s < _STAGE_MAX ? names[s] : "?";
}

const char *visibility_name(Visibility v)
{
	static const char *const names[_VISIBILITY_MAX] = {
		[VISIBILITY_UNKNOWN] = "unknown",
		[VISIBILITY_FULL] = "full",
		[VISIBILITY_PARTIAL] = "partial",
		[VISIBILITY_BLIND] = "blind",
	};

	return (unsigned)v < _VISIBILITY_MAX ? names[v] : "?";
}
