/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <seccomp.h>

#include "audit/arch.h"
#include "tests/unit/profile-oracle.h"
#include "util/hash.h"

#define S390 0x00000016U
#define S390X 0x80000016U
#define ENOSYS_WORD (0x00050000U | ENOSYS)
#define ARCHES_MAX 24

typedef struct Condition {
	unsigned index;
	ProfileOp op;
	uint64_t value, two;
} Condition;

typedef struct Rule {
	const char *name; /* in the JSON */
	uint32_t word;
	const Condition *conditions;
	size_t n;
	bool skipped;             /* equals the default, or its name is unknown */
	int own[ARCHES_MAX];      /* its number on each of the oracle's architectures; -1: none */
	int resolved[ARCHES_MAX]; /* the same as the stub sees it */
	int outer[ARCHES_MAX];    /* the call through which it is made as well; -1: none */
	unsigned inner;           /* its number there */
} Rule;

struct Oracle {
	struct json_object *json;
	Rule *rules;
	Condition *conditions;
	size_t n_rules, n_conditions;
	uint32_t fallback;
	uint32_t arches[ARCHES_MAX];
	size_t n_arches;
	int limits[ARCHES_MAX];     /* of runc's stub; -1: none */
	bool has_plain[ARCHES_MAX]; /* is the number looked at in any case? */
};

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

/* How a rule bears on call @nr: 0 not, -1 as it is, else through that inner number. */
static int bearing(const Rule *r, size_t arch, uint32_t nr)
{
	return r->own[arch] == (int)nr ? -1 : r->outer[arch] == (int)nr ? (int)r->inner : 0;
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

static bool is_wide(uint32_t arch)
{
	return arch & 0x80000000U && (arch & 0x20000000U) == 0;
}

static bool repeats(const Rule *r)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < i; k++)
			if (r->conditions[i].index == r->conditions[k].index)
				return true;
	return false;
}

/* A mask of 0 compares nothing, and libseccomp then leaves the condition out; on 32 bits sooner. */
static bool is_vacuous(const Condition *c, uint32_t arch)
{
	return c->op == PROFILE_OP_MASKED_EQ &&
	       (is_wide(arch) ? c->value : (uint32_t)c->value) == 0;
}

/* Does the rule hold for any arguments there? */
static bool is_plain(const Oracle *o, const Rule *r, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += is_vacuous(&r->conditions[i], o->arches[at]);
	return n == r->n || (n > 0 && repeats(r));
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

/* ---- answers ---- */

static bool meets(const Condition *c, uint32_t arch, const uint64_t *args)
{
	uint64_t mask = is_wide(arch) ? UINT64_MAX : UINT32_MAX;
	uint64_t arg = args[c->index] & mask, value = c->value & mask;

	switch (c->op) {
	case PROFILE_OP_NE:
		return arg != value;
	case PROFILE_OP_LT:
		return arg < value;
	case PROFILE_OP_LE:
		return arg <= value;
	case PROFILE_OP_EQ:
		return arg == value;
	case PROFILE_OP_GE:
		return arg >= value;
	case PROFILE_OP_GT:
		return arg > value;
	default:
		return (arg & value) == (c->two & value); /* as libseccomp has it */
	}
}

/* The multiplexer's first argument is the inner number; what the rule says of the first is lost. */
static bool holds(const Rule *r, int inner, uint32_t arch, const uint64_t *args)
{
	bool any = repeats(r), met;

	if (inner > 0 && (is_wide(arch) ? args[0] : (uint32_t)args[0]) != (uint64_t)inner)
		return false;
	for (size_t i = 0; i < r->n; i++) {
		met = (inner > 0 && r->conditions[i].index == 0) ||
		      meets(&r->conditions[i], arch, args);
		if (met == any)
			return any;
	}
	return !any;
}

/* -1 when it is not listed. */
static int find_arch(const Oracle *o, uint32_t arch, uint32_t nr)
{
	if (arch == ARCH_WORD_X86_64 && nr & ARCH_X32_BIT)
		arch = ARCH_WORD_X32;
	for (size_t i = 0; i < o->n_arches; i++)
		if (o->arches[i] == arch)
			return (int)i;
	return -1;
}

static bool is_stubbed(const Oracle *o, size_t arch, uint32_t nr)
{
	bool s390 = o->arches[arch] == S390 || o->arches[arch] == S390X;

	return o->limits[arch] > 0 && (nr > (uint32_t)o->limits[arch] || (s390 && nr == 0));
}

static bool is_ordered(ProfileOp op)
{
	return op == PROFILE_OP_LT || op == PROFILE_OP_LE || op == PROFILE_OP_GE ||
	       op == PROFILE_OP_GT;
}

static bool compares_one_argument_twice(const Oracle *o, size_t arch, uint32_t nr)
{
	bool seen[6] = { false };

	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];

		if (r->skipped || bearing(r, arch, nr) == 0)
			continue;
		for (size_t k = 0; k < r->n; k++) {
			const Condition *c = &r->conditions[k];

			if (is_ordered(c->op) && seen[c->index])
				return true;
			seen[c->index] |= is_ordered(c->op);
		}
	}
	return false;
}

/* Several rules of one call, with different actions and more than one condition in one of them. */
static bool are_entangled(const Oracle *o, size_t arch, uint32_t nr)
{
	const Rule *first = NULL;
	bool deep = false, differ = false;

	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];
		int how = r->skipped ? 0 : bearing(r, arch, nr);

		if (how == 0 || (how == -1 && r->n == 0))
			continue;
		first = first ?: r;
		differ |= r->word != first->word;
		deep |= r->n > 1 || (how > 0 && r->n > 0);
	}
	return deep && differ;
}

bool oracle_is_misread(const Oracle *o, uint32_t arch, uint32_t nr)
{
	int at = find_arch(o, arch, nr);

	return at >= 0 && (!o->has_plain[at] || compares_one_argument_twice(o, (size_t)at, nr) ||
			   are_entangled(o, (size_t)at, nr));
}

bool oracle_answer(const Oracle *o, uint32_t arch, uint32_t nr, const uint64_t args[static 6],
		   uint32_t *ret)
{
	int at = find_arch(o, arch, nr);
	bool found = false;

	*ret = at < 0 ? 0 : ENOSYS_WORD; /* KILL, for an architecture that is not listed */
	if (at < 0 || is_stubbed(o, (size_t)at, nr))
		return true;
	for (size_t i = 0; i < o->n_rules; i++)
		if (!o->rules[i].skipped && is_plain(o, &o->rules[i], (size_t)at) &&
		    bearing(&o->rules[i], (size_t)at, nr) == -1) {
			*ret = o->rules[i].word;
			return true;
		}
	*ret = o->fallback;
	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];
		int how = r->skipped ? 0 : bearing(r, (size_t)at, nr);

		if (how == 0 || !holds(r, how, o->arches[at], args))
			continue;
		if (found && *ret != r->word)
			return false;
		*ret = r->word;
		found = true;
	}
	return true;
}

bool oracle_filters_arguments(const Oracle *o, uint32_t arch, uint32_t nr)
{
	int at = find_arch(o, arch, nr);
	bool found = false;

	for (size_t i = 0; at >= 0 && i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];
		int how = r->skipped ? 0 : bearing(r, (size_t)at, nr);

		if (how == -1 && is_plain(o, r, (size_t)at))
			return false;
		found |= how != 0;
	}
	return found;
}

bool oracle_has_argument_rule(const Oracle *o, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];

		if (r->skipped || strcmp(r->name, name) != 0)
			continue;
		if (r->n == 0)
			return false;
		found = true;
	}
	return found;
}

size_t oracle_arches(const Oracle *o, const uint32_t **ret)
{
	*ret = o->arches;
	return o->n_arches;
}

/* ---- points ---- */

#define VALUES_MAX 256

static size_t collect_rule(const Rule *r, int how, unsigned index, uint64_t *values, size_t n)
{
	if (how > 0 && index == 0 && n < VALUES_MAX)
		values[n++] = (uint64_t)how;
	for (size_t k = 0; how != 0 && k < r->n && n + 1 < VALUES_MAX; k++) {
		const Condition *c = &r->conditions[k];
		bool masked = c->op == PROFILE_OP_MASKED_EQ;

		if (c->index == index)
			values[n++] = masked ? c->two : c->value;
		if (c->index == index && masked)
			values[n++] = c->two ^ c->value;
	}
	return n;
}

static size_t collect(const Oracle *o, uint32_t arch, uint32_t nr, unsigned index, uint64_t *values,
		      size_t n)
{
	int at = o ? find_arch(o, arch, nr) : -1;

	for (size_t i = 0; at >= 0 && i < o->n_rules; i++)
		n = collect_rule(&o->rules[i], bearing(&o->rules[i], (size_t)at, nr), index, values,
				 n);
	return n;
}

/* A value of interest, or beside one. */
static uint64_t vary(uint64_t value, uint64_t dice)
{
	switch (dice % 8) {
	case 0:
		return value - 1;
	case 1:
		return value + 1;
	case 2:
		return value ^ 1ULL << (dice >> 8) % 64;
	case 3:
		return value | 1ULL << (32 + (dice >> 8) % 32);
	default:
		return value;
	}
}

void oracle_point(const Oracle *a, const Oracle *b, uint32_t arch, uint32_t nr, unsigned i,
		  uint64_t ret[static 6])
{
	for (unsigned index = 0; index < 6; index++) {
		uint64_t values[VALUES_MAX] = { 0, UINT64_MAX, UINT32_MAX };
		uint64_t dice = hash_u64((uint64_t)i * 6 + index + 1);
		size_t n = collect(a, arch, nr, index, values, 3);

		n = collect(b, arch, nr, index, values, n);
		ret[index] = i == 0 ? 0 : vary(values[dice % n], dice >> 16);
	}
}
