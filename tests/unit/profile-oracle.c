/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <seccomp.h>

#include "audit/arch.h"
#include "tests/unit/profile-oracle-private.h"
#include "util/hash.h"

/* ---- numbers ---- */

/* Calls that 32-bit x86 and s390 programs make through others; arch/x86/entry/syscalls and
 * arch/s390/kernel/syscalls have the direct numbers (0: none), which came later. */
static const struct {
	const char *outer;
	unsigned inner;
	const char *name;
	int x86, s390;
} multiplexed[] = {
	{ "socketcall", 1, "socket", 359, 359 },
	{ "socketcall", 2, "bind", 361, 361 },
	{ "socketcall", 3, "connect", 362, 362 },
	{ "socketcall", 4, "listen", 363, 363 },
	{ "socketcall", 5, "accept", -1, -1 },
	{ "socketcall", 6, "getsockname", 367, 367 },
	{ "socketcall", 7, "getpeername", 368, 368 },
	{ "socketcall", 8, "socketpair", 360, 360 },
	{ "socketcall", 9, "send", -1, -1 },
	{ "socketcall", 10, "recv", -1, -1 },
	{ "socketcall", 11, "sendto", 369, 369 },
	{ "socketcall", 12, "recvfrom", 371, 371 },
	{ "socketcall", 13, "shutdown", 373, 373 },
	{ "socketcall", 14, "setsockopt", 366, 366 },
	{ "socketcall", 15, "getsockopt", 365, 365 },
	{ "socketcall", 16, "sendmsg", 370, 370 },
	{ "socketcall", 17, "recvmsg", 372, 372 },
	{ "socketcall", 18, "accept4", 364, 364 },
	{ "socketcall", 19, "recvmmsg", 337, 357 },
	{ "socketcall", 20, "sendmmsg", 345, 358 },
	{ "ipc", 1, "semop", -1, -1 },
	{ "ipc", 2, "semget", 393, 393 },
	{ "ipc", 3, "semctl", 394, 394 },
	{ "ipc", 4, "semtimedop", -1, -1 },
	{ "ipc", 11, "msgsnd", 400, 400 },
	{ "ipc", 12, "msgrcv", 401, 401 },
	{ "ipc", 13, "msgget", 399, 399 },
	{ "ipc", 14, "msgctl", 402, 402 },
	{ "ipc", 21, "shmat", 397, 397 },
	{ "ipc", 22, "shmdt", 398, 398 },
	{ "ipc", 23, "shmget", 395, 395 },
	{ "ipc", 24, "shmctl", 396, 396 },
};

static bool is_multiplexing(uint32_t arch)
{
	return arch == ARCH_WORD_I386 || arch == S390 || arch == S390X;
}

int oracle_number(uint32_t arch, const char *name)
{
	if (arch == S390X && strcmp(name, "semtimedop") == 0)
		return 392;
	for (size_t i = 0; is_multiplexing(arch) && i < ELEMENTSOF(multiplexed); i++)
		if (strcmp(multiplexed[i].name, name) == 0)
			return arch == ARCH_WORD_I386 ? multiplexed[i].x86 : multiplexed[i].s390;
	return MAX(seccomp_syscall_resolve_name_arch(arch, name), -1);
}

static void find_numbers(const Oracle *o, Rule *r)
{
	for (size_t k = 0; k < o->n_arches; k++) {
		uint32_t arch = o->arches[k];

		r->own[k] = oracle_number(arch, r->name);
		r->resolved[k] = seccomp_syscall_resolve_name_arch(arch, r->name);
		r->outer[k] = -1;
		for (size_t i = 0; is_multiplexing(arch) && i < ELEMENTSOF(multiplexed); i++)
			if (strcmp(multiplexed[i].name, r->name) == 0) {
				r->outer[k] = seccomp_syscall_resolve_name_arch(
					arch, multiplexed[i].outer);
				r->inner = multiplexed[i].inner;
			}
	}
}

/* ---- reading ---- */

static struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *value = NULL;

	return json_object_is_type(o, json_type_object) && json_object_object_get_ex(o, key, &value)
		       ? value
		       : NULL;
}

static const char *text(struct json_object *o, const char *key)
{
	struct json_object *value = get(o, key);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

static size_t length(struct json_object *o)
{
	return json_object_is_type(o, json_type_array) ? json_object_array_length(o) : 0;
}

static const char *item(struct json_object *list, size_t i)
{
	return json_object_get_string(json_object_array_get_idx(list, i));
}

static uint64_t number(struct json_object *o, const char *key)
{
	struct json_object *value = get(o, key);

	return value ? json_object_get_uint64(value) : 0;
}

static uint32_t errno_of(const char *word)
{
	static const struct {
		const char *name;
		uint32_t value;
	} names[] = {
		{ "EPERM", EPERM }, { "ENOSYS", ENOSYS }, { "EACCES", EACCES }, { "EINVAL", EINVAL }
	};

	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		if (strcmp(names[i].name, word) == 0)
			return names[i].value;
	return (uint32_t)strtoul(word, NULL, 10);
}

static uint32_t word_of(struct json_object *o, const char *action_key, const char *ret_key,
			const char *name_key, Dialect dialect)
{
	const char *action = text(o, action_key);
	uint32_t data = get(o, ret_key) ? (uint32_t)number(o, ret_key) : EPERM;

	if (dialect == DIALECT_SPO && (data == 0 || strcmp(ret_key, "defaultErrnoRet") == 0))
		data = EPERM;
	if (dialect == DIALECT_PODMAN && *text(o, name_key))
		data = errno_of(text(o, name_key));
	if (strcmp(action, "SCMP_ACT_ERRNO") == 0)
		return 0x00050000U | data;
	if (strcmp(action, "SCMP_ACT_TRACE") == 0)
		return 0x7ff00000U | data;
	return strcmp(action, "SCMP_ACT_ALLOW") == 0          ? 0x7fff0000U
	       : strcmp(action, "SCMP_ACT_LOG") == 0          ? 0x7ffc0000U
	       : strcmp(action, "SCMP_ACT_KILL_PROCESS") == 0 ? 0x80000000U
	       : strcmp(action, "SCMP_ACT_TRAP") == 0         ? 0x00030000U
	       : strcmp(action, "SCMP_ACT_NOTIFY") == 0       ? 0x7fc00000U
							      : 0;
}

static uint32_t arch_word(const char *scmp)
{
	char name[32] = "";

	for (size_t i = 0; i < sizeof(name) - 1 && strlen(scmp) > 10 && scmp[10 + i]; i++)
		name[i] = (char)tolower((unsigned char)scmp[10 + i]);
	return seccomp_arch_resolve_name(name);
}

static void add_arch(Oracle *o, uint32_t word)
{
	for (size_t i = 0; i < o->n_arches; i++)
		if (o->arches[i] == word)
			return;
	if (o->n_arches < ELEMENTSOF(o->arches))
		o->arches[o->n_arches++] = word;
}

/* Podman looks in a table in which some architectures are missing. */
static bool finds_host_in_map(Dialect dialect, uint32_t host)
{
	return dialect == DIALECT_DOCKER || host == ARCH_WORD_X86_64 || host == ARCH_WORD_AARCH64 ||
	       host == S390X;
}

static void read_arches(Oracle *o, struct json_object *root, Dialect dialect, uint32_t host)
{
	struct json_object *list = get(root, "architectures"), *map = get(root, "archMap");
	bool maps = (dialect == DIALECT_DOCKER || dialect == DIALECT_PODMAN) && length(map) > 0;

	for (size_t i = 0; i < length(list); i++)
		add_arch(o, arch_word(item(list, i)));
	for (size_t i = 0; maps && i < length(map) && finds_host_in_map(dialect, host); i++) {
		struct json_object *entry = json_object_array_get_idx(map, i);
		struct json_object *subs = get(entry, "subArchitectures");

		if (arch_word(text(entry, "architecture")) != host)
			continue;
		for (size_t k = 0; k < length(subs); k++)
			add_arch(o, arch_word(item(subs, k)));
		break;
	}
	add_arch(o, host);
}

/* ---- conditions of rules ---- */

static const char *go_arch(uint32_t host)
{
	return host == ARCH_WORD_X86_64    ? "amd64"
	       : host == ARCH_WORD_AARCH64 ? "arm64"
	       : host == S390X             ? "s390x"
					   : "other";
}

static bool has(struct json_object *list, const char *word)
{
	for (size_t i = 0; i < length(list); i++)
		if (strcmp(item(list, i), word) == 0)
			return true;
	return false;
}

static bool has_capability(const ProfileContext *c, const char *name)
{
	unsigned n;

	return capability_from_name(span_of(name), &n) == 0 && c->capabilities >> n & 1;
}

static bool kernel_is_at_least(const ProfileContext *c, const char *version)
{
	char *rest;
	unsigned long major = strtoul(version, &rest, 10), minor = strtoul(rest + 1, NULL, 10);

	return (c->kernel >> 16) > major ||
	       ((c->kernel >> 16) == major && (c->kernel >> 8 & 0xff) >= minor);
}

static bool applies(struct json_object *rule, Dialect dialect, const ProfileContext *c)
{
	struct json_object *in = get(rule, "includes"), *out = get(rule, "excludes");
	const char *arch = go_arch(c->host_arch);

	if (dialect != DIALECT_DOCKER && dialect != DIALECT_PODMAN)
		return true;
	for (size_t i = 0; i < length(get(out, "caps")); i++)
		if (has_capability(c, item(get(out, "caps"), i)))
			return false;
	for (size_t i = 0; i < length(get(in, "caps")); i++)
		if (!has_capability(c, item(get(in, "caps"), i)))
			return false;
	if (has(get(out, "arches"), arch) ||
	    (length(get(in, "arches")) > 0 && !has(get(in, "arches"), arch)))
		return false;
	if (dialect != DIALECT_DOCKER)
		return true;
	return (!*text(in, "minKernel") || kernel_is_at_least(c, text(in, "minKernel"))) &&
	       (!*text(out, "minKernel") || !kernel_is_at_least(c, text(out, "minKernel")));
}

static ProfileOp op_of(const char *name)
{
	static const char *const ops[_PROFILE_OP_MAX] = {
		[PROFILE_OP_NE] = "NE", [PROFILE_OP_LT] = "LT", [PROFILE_OP_LE] = "LE",
		[PROFILE_OP_EQ] = "EQ", [PROFILE_OP_GE] = "GE", [PROFILE_OP_GT] = "GT",
	};

	for (unsigned i = 0; i < PROFILE_OP_MASKED_EQ; i++)
		if (strcmp(name + MIN(strlen(name), strlen("SCMP_CMP_")), ops[i]) == 0)
			return (ProfileOp)i;
	return PROFILE_OP_MASKED_EQ;
}

static void read_conditions(Oracle *o, struct json_object *list, Rule *rule)
{
	rule->conditions = &o->conditions[o->n_conditions];
	rule->n = length(list);
	for (size_t i = 0; i < rule->n; i++) {
		struct json_object *c = json_object_array_get_idx(list, i);

		o->conditions[o->n_conditions++] =
			(Condition){ .index = (unsigned)number(c, "index"),
				     .op = op_of(text(c, "op")),
				     .value = number(c, "value"),
				     .two = number(c, "valueTwo") };
	}
}

static void add_rule(Oracle *o, const Rule *rule, const char *name)
{
	Rule *r = &o->rules[o->n_rules++];

	*r = *rule;
	r->name = name;
	r->skipped =
		rule->word == o->fallback || seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR;
	find_numbers(o, r);
}

static void make_room(Oracle *o, struct json_object *rules)
{
	size_t n = 1, conditions = 1;

	for (size_t i = 0; i < length(rules); i++) {
		n += length(get(json_object_array_get_idx(rules, i), "names")) + 1;
		conditions += length(get(json_object_array_get_idx(rules, i), "args"));
	}
	o->rules = calloc(n, sizeof(*o->rules));
	o->conditions = calloc(conditions, sizeof(*o->conditions));
}

static void read_rules(Oracle *o, struct json_object *rules, Dialect dialect,
		       const ProfileContext *c)
{
	for (size_t i = 0; i < length(rules); i++) {
		struct json_object *json = json_object_array_get_idx(rules, i);
		struct json_object *names = get(json, "names");
		Rule rule = { .word = word_of(json, "action", "errnoRet", "errno", dialect) };

		if (!applies(json, dialect, c))
			continue;
		read_conditions(o, get(json, "args"), &rule);
		for (size_t k = 0; k < length(names); k++)
			add_rule(o, &rule, item(names, k));
		if (*text(json, "name"))
			add_rule(o, &rule, text(json, "name"));
	}
}

/* runc: numbers above the largest one that is named are answered with ENOSYS. */
static int find_limit(const Oracle *o, size_t arch)
{
	bool lets = o->fallback == 0x7fff0000U || o->fallback == 0x7ffc0000U ||
		    o->fallback >> 16 == 0x7ff0U;
	int limit = 0;

	for (size_t i = 0; i < o->n_rules; i++)
		limit = MAX(limit, o->rules[i].resolved[arch]);
	return lets || o->fallback == ENOSYS_WORD || limit == 0 ? -1 : limit;
}

/* On x86_64 the number is looked at in any case, to tell x32 apart. */
static bool find_plain(const Oracle *o, size_t arch)
{
	bool has = o->arches[arch] == ARCH_WORD_X86_64 || o->arches[arch] == ARCH_WORD_X32;

	for (size_t i = 0; !has && i < o->n_rules; i++)
		has = !o->rules[i].skipped && is_plain(o, &o->rules[i], arch) &&
		      o->rules[i].own[arch] >= 0;
	return has;
}

Oracle *oracle_new(Span json, Dialect dialect, const ProfileContext *context)
{
	struct json_tokener *tokener = json_tokener_new();
	Oracle *o = calloc(1, sizeof(*o));
	struct json_object *root, *rules;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	o->json = json_tokener_parse_ex(tokener, json.p, (int)json.n);
	json_tokener_free(tokener);
	root = get(o->json, "kind") ? get(o->json, "spec") : o->json;
	if (!json_object_is_type(root, json_type_object))
		return oracle_free(o);
	rules = get(root, "syscalls");
	make_room(o, rules);
	o->fallback = word_of(root, "defaultAction", "defaultErrnoRet", "defaultErrno", dialect);
	read_arches(o, root, dialect, context->host_arch);
	read_rules(o, rules, dialect, context);
	for (size_t i = 0; i < o->n_arches; i++) {
		o->limits[i] = context->runtime == RUNTIME_RUNC ? find_limit(o, i) : -1;
		o->has_plain[i] = find_plain(o, i);
	}
	return o;
}

Oracle *oracle_free(Oracle *o)
{
	if (!o)
		return NULL;
	json_object_put(o->json);
	free(o->rules);
	free(o->conditions);
	free(o);
	return NULL;
}
