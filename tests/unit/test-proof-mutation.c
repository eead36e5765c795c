/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A proof misses nothing: public profiles are patched, then one thing in them is broken, and the
 * difference of both filters must be what a naive interpreter finds in both texts: each call that
 * it finds, and none that it does not. Where it finds none over all numbers, the mutant is
 * equivalent. MUTATION_EACH says how many mutants of a kind there are of each profile.
 */
#include <errno.h>
#include <json-c/json.h>

#include "audit/syscall.h"
#include "profile/proof.h"
#include "suggest/suggest.h"
#include "tests/unit/profile-help.h"
#include "tests/unit/profile-oracle.h"
#include "tests/unit/profile-random.h"

#define NUMBERS 470

typedef struct json_object Json;

static Json *get(Json *o, const char *key)
{
	Json *value = NULL;

	json_object_object_get_ex(o, key, &value);
	return value;
}

static size_t length(Json *o)
{
	return json_object_is_type(o, json_type_array) ? json_object_array_length(o) : 0;
}

static void set_text(Json *o, const char *key, const char *value)
{
	json_object_object_add(o, key, json_object_new_string(value));
}

static void set_number(Json *o, const char *key, uint64_t value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

static bool is_text(Json *o, const char *value)
{
	return o && strcmp(json_object_get_string(o), value) == 0;
}

/* ---- mutations: false where there is nothing to break ---- */

/* A rule that has @key as a list with something in it; NULL when none. */
static Json *rule_with(Json *root, uint64_t *seed, const char *key)
{
	Json *rules = get(root, "syscalls");

	for (unsigned tries = 0; length(rules) > 0 && tries < 60; tries++) {
		Json *rule = json_object_array_get_idx(rules, random_draw(seed) % length(rules));

		if (length(get(rule, key)) > 0 || (key[0] == 'i' && get(rule, key) &&
						   json_object_object_length(get(rule, key)) > 0))
			return rule;
	}
	return NULL;
}

static Json *argument(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "args"), *args = rule ? get(rule, "args") : NULL;

	return args ? json_object_array_get_idx(args, random_draw(seed) % length(args)) : NULL;
}

static bool drop_name(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "names");

	if (!rule || length(get(rule, "names")) < 2)
		return false;
	json_object_array_del_idx(get(rule, "names"),
				  random_draw(seed) % length(get(rule, "names")), 1);
	return true;
}

static bool add_name(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "names");
	char buf[64];

	if (rule)
		json_object_array_add(get(rule, "names"),
				      json_object_new_string(random_name(seed, buf)));
	return rule;
}

static bool misspell_name(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "names");

	if (rule)
		json_object_array_put_idx(get(rule, "names"),
					  random_draw(seed) % length(get(rule, "names")),
					  json_object_new_string("misspelt"));
	return rule;
}

static bool change_action(Json *root, uint64_t *seed)
{
	static const char *const actions[] = { "SCMP_ACT_LOG", "SCMP_ACT_TRAP",
					       "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_ALLOW" };
	Json *rule = rule_with(root, seed, "names");

	if (!rule)
		return false;
	json_object_object_del(rule, "errnoRet");
	set_text(rule, "action", actions[random_draw(seed) % ELEMENTSOF(actions)]);
	return true;
}

static bool change_errno(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "names");

	if (!rule || !is_text(get(rule, "action"), "SCMP_ACT_ERRNO"))
		return false;
	json_object_object_del(rule, "errno");
	set_number(rule, "errnoRet", 2 + random_draw(seed) % 90);
	return true;
}

static bool change_value(Json *root, uint64_t *seed)
{
	Json *arg = argument(root, seed);

	if (arg)
		set_number(arg, "value", json_object_get_uint64(get(arg, "value")) + 1);
	return arg;
}

static bool change_mask_bit(Json *root, uint64_t *seed)
{
	Json *arg = argument(root, seed);

	if (arg)
		set_number(arg, "value",
			   json_object_get_uint64(get(arg, "value")) ^
				   1ULL << random_draw(seed) % 32);
	return arg;
}

/* A bit that the mask lets through. */
static bool change_datum(Json *root, uint64_t *seed)
{
	for (unsigned tries = 0; tries < 20; tries++) {
		Json *arg = argument(root, seed);
		uint64_t mask = arg ? json_object_get_uint64(get(arg, "value")) : 0;

		if (mask == 0 || !is_text(get(arg, "op"), "SCMP_CMP_MASKED_EQ"))
			continue;
		set_number(arg, "valueTwo", mask & -mask);
		return true;
	}
	return false;
}

static bool change_comparison(Json *root, uint64_t *seed)
{
	static const char *const ops[] = { "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE",
					   "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT" };
	Json *arg = argument(root, seed);

	if (arg)
		set_text(arg, "op", ops[random_draw(seed) % ELEMENTSOF(ops)]);
	return arg;
}

static bool change_index(Json *root, uint64_t *seed)
{
	Json *arg = argument(root, seed);

	if (arg)
		set_number(arg, "index", (json_object_get_uint64(get(arg, "index")) + 1) % 6);
	return arg;
}

static bool drop_arguments(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "args");

	if (rule)
		json_object_object_del(rule, "args");
	return rule;
}

static bool add_argument(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "names"), *arg, *args;

	if (!rule || length(get(rule, "args")) > 0)
		return false;
	arg = json_object_new_object();
	args = json_object_new_array();
	set_number(arg, "index", 3);
	set_number(arg, "value", 7);
	set_text(arg, "op", "SCMP_CMP_EQ");
	json_object_array_add(args, arg);
	json_object_object_add(rule, "args", args);
	return true;
}

static bool drop_rule(Json *root, uint64_t *seed)
{
	Json *rules = get(root, "syscalls");

	if (length(rules) < 2)
		return false;
	json_object_array_del_idx(rules, random_draw(seed) % length(rules), 1);
	return true;
}

static Json *copy_of(Json *o)
{
	return json_tokener_parse(json_object_to_json_string(o));
}

static bool repeat_rule(Json *root, uint64_t *seed)
{
	Json *rules = get(root, "syscalls"), *rule = rule_with(root, seed, "names");

	if (rule)
		json_object_array_add(rules, copy_of(rule));
	return rule;
}

static bool add_rule(Json *root, uint64_t *seed)
{
	static const char *const actions[] = { "ALLOW", "LOG", "KILL_PROCESS" };
	char text[192], buf[64];

	if (length(get(root, "syscalls")) == 0)
		return false;
	snprintf(text, sizeof(text), "{\"names\": [\"%s\"], \"action\": \"SCMP_ACT_%s\"}",
		 random_name(seed, buf), actions[random_draw(seed) % ELEMENTSOF(actions)]);
	json_object_array_add(get(root, "syscalls"), json_tokener_parse(text));
	return true;
}

static bool turn_rules_round(Json *root, uint64_t *seed)
{
	Json *rules = get(root, "syscalls"), *first, *last;
	size_t n = length(rules);

	if (n < 2)
		return false;
	first = copy_of(json_object_array_get_idx(rules, random_draw(seed) % (n - 1)));
	last = copy_of(json_object_array_get_idx(rules, n - 1));
	json_object_array_put_idx(rules, 0, last);
	json_object_array_put_idx(rules, n - 1, first);
	return true;
}

static bool drop_arch(Json *root, uint64_t *seed)
{
	Json *list = get(root, "architectures"), *map = get(root, "archMap");

	if (length(map) > 0) {
		list = get(json_object_array_get_idx(map, 0), "subArchitectures");
		if (length(list) > 0)
			json_object_array_del_idx(list, 0, 1);
		return length(list) > 0;
	}
	if (length(list) == 0)
		return false;
	json_object_array_del_idx(list, random_draw(seed) % length(list), 1);
	return true;
}

static bool add_arch(Json *root, uint64_t *seed)
{
	Json *list = get(root, "architectures");

	(void)seed;
	if (!list)
		return false;
	json_object_array_add(list, json_object_new_string("SCMP_ARCH_RISCV64"));
	return true;
}

static bool change_default(Json *root, uint64_t *seed)
{
	static const char *const actions[] = { "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_LOG",
					       "SCMP_ACT_TRAP" };

	json_object_object_del(root, "defaultErrnoRet");
	json_object_object_del(root, "defaultErrno");
	set_text(root, "defaultAction", actions[random_draw(seed) % ELEMENTSOF(actions)]);
	return true;
}

static bool change_default_errno(Json *root, uint64_t *seed)
{
	if (!is_text(get(root, "defaultAction"), "SCMP_ACT_ERRNO"))
		return false;
	json_object_object_del(root, "defaultErrno");
	set_number(root, "defaultErrnoRet", 40 + random_draw(seed) % 50);
	return true;
}

static bool drop_condition(Json *root, uint64_t *seed)
{
	Json *rule = rule_with(root, seed, "includes");

	if (rule)
		json_object_object_del(rule, "includes");
	return rule;
}

static const struct Kind {
	const char *name;
	bool (*mutate)(Json *root, uint64_t *seed);
} kinds[] = {
	{ "a name dropped", drop_name },
	{ "a name added", add_name },
	{ "a name misspelt", misspell_name },
	{ "another action", change_action },
	{ "another errno", change_errno },
	{ "another value", change_value },
	{ "a bit of value or mask", change_mask_bit },
	{ "another datum", change_datum },
	{ "another comparison", change_comparison },
	{ "another argument", change_index },
	{ "arguments dropped", drop_arguments },
	{ "an argument added", add_argument },
	{ "a rule dropped", drop_rule },
	{ "a rule repeated", repeat_rule },
	{ "a rule added", add_rule },
	{ "rules in another order", turn_rules_round },
	{ "an architecture dropped", drop_arch },
	{ "an architecture added", add_arch },
	{ "another default action", change_default },
	{ "another default errno", change_default_errno },
	{ "a condition dropped", drop_condition },
};

typedef struct Count {
	unsigned killed, equivalent, refused;
} Count;

static Count counts[ELEMENTSOF(kinds)];
static unsigned each; /* mutants of a kind; 0: of some kinds of each profile */
static unsigned turn;

/* ---- judging a mutant ---- */

typedef struct Side {
	Oracle *oracle;
	Profile *profile;
	Filter filter;
} Side;

static void side_done(Side *s)
{
	filter_done(&s->filter);
	profile_free(s->profile);
	oracle_free(s->oracle);
}

static bool side_init(Side *s, Span text, Dialect dialect, const ProfileContext *context)
{
	Diag d = { 0 };

	if (profile_read(text, dialect, context, &s->profile, &d) < 0 ||
	    filter_build(s->profile, &s->filter, &d) < 0)
		return false;
	s->oracle = oracle_new(text, dialect, context);
	return true;
}

static bool is_misread(const Side *a, const Side *b, uint32_t arch, uint32_t nr)
{
	return oracle_is_misread(a->oracle, arch, nr) || oracle_is_misread(b->oracle, arch, nr);
}

static bool differs(const Side *a, const Side *b, uint32_t arch, uint32_t nr,
		    const uint64_t args[static 6])
{
	uint32_t x, y;

	return oracle_answer(a->oracle, arch, nr, args, &x) &&
	       oracle_answer(b->oracle, arch, nr, args, &y) && x != y;
}

static bool differs_somewhere(const Side *a, const Side *b, uint32_t arch, uint32_t nr)
{
	bool filtered = oracle_filters_arguments(a->oracle, arch, nr) ||
			oracle_filters_arguments(b->oracle, arch, nr);
	uint64_t args[6];

	for (unsigned i = 0; i < (filtered ? ORACLE_POINTS : 1); i++) {
		oracle_point(a->oracle, b->oracle, arch, nr, i, args);
		if (differs(a, b, arch, nr, args))
			return true;
	}
	return false;
}

static bool tells(const Proof *p, uint32_t arch, uint32_t nr)
{
	for (size_t i = 0; i < p->n_changes; i++)
		if (p->changes[i].arch == arch && p->changes[i].nr <= nr &&
		    p->changes[i].nr_last >= nr)
			return true;
	return false;
}

/* What the proof tells is so. */
static void check_told(const char *what, const Side *a, const Side *b, const Proof *p)
{
	for (size_t i = 0; i < p->n_changes; i++) {
		const ProofChange *c = &p->changes[i];
		uint32_t before, after;

		if (c->nr < 0 || is_misread(a, b, c->arch, (uint32_t)c->nr) ||
		    !oracle_answer(a->oracle, c->arch, (uint32_t)c->nr, c->args, &before) ||
		    !oracle_answer(b->oracle, c->arch, (uint32_t)c->nr, c->args, &after))
			continue;
		if (before != c->before || after != c->after)
			fail_msg("%s: %s %s (%lld) goes from %#x to %#x, not from %#x to %#x", what,
				 arch_name(c->arch), c->name, (long long)c->nr, before, after,
				 c->before, c->after);
	}
}

/* What is so, the proof tells; true when there is something. */
static bool check_found(const char *what, const Side *a, const Side *b, const Proof *p)
{
	const uint32_t *arches;
	bool found = false;

	for (unsigned side = 0; side < 2; side++) {
		size_t n = oracle_arches(side ? b->oracle : a->oracle, &arches);

		for (size_t i = 0; i < n; i++)
			for (uint32_t k = 0; k < NUMBERS; k++) {
				uint32_t nr = arches[i] == ARCH_WORD_X32 ? k | ARCH_X32_BIT : k;

				if (is_misread(a, b, arches[i], nr) ||
				    !differs_somewhere(a, b, arches[i], nr))
					continue;
				found = true;
				if (!tells(p, arches[i], nr))
					fail_msg("%s: number %u on %s differs, and the proof does "
						 "not say so",
						 what, nr, arch_name(arches[i]));
			}
	}
	return found;
}

static void judge(const char *file, size_t kind, const Side *base, Span text, Dialect dialect,
		  const ProfileContext *context)
{
	_cleanup_(side_done) Side mutant = { 0 };
	_cleanup_proof_ Proof proof = { 0 };
	char what[192];

	snprintf(what, sizeof(what), "%s for %s, %s", file, dialect_name(dialect),
		 kinds[kind].name);
	if (!side_init(&mutant, text, dialect, context)) {
		counts[kind].refused++;
		return;
	}
	assert_int_equal(proof_compare(&base->filter, &mutant.filter, &proof), 0);
	check_told(what, base, &mutant, &proof);
	if (check_found(what, base, &mutant, &proof) || proof.n_changes > 0) {
		counts[kind].killed++;
		assert_true(proof.n_changes > 0);
	} else
		counts[kind].equivalent++;
}

/* ---- profiles ---- */

/* The sample with some calls allowed that it does not allow, if there are any. */
static char *patched(Span text, Dialect dialect, const ProfileContext *context)
{
	static const Observed rows[] = {
		{ .arch = ARCH_WORD_X86_64, .nr = 90, .name = "chmod", .action = ACTION_LOG },
		{ .arch = ARCH_WORD_X86_64, .nr = 41, .name = "socket", .action = ACTION_LOG },
		{ .arch = ARCH_WORD_X86_64, .nr = 435, .name = "clone3", .action = ACTION_LOG },
	};
	SuggestInput in = { .observed = rows,
			    .n_observed = ELEMENTSOF(rows),
			    .profile = text,
			    .dialect = dialect,
			    .context = *context };
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	Diag d = { 0 };

	if (suggest(&in, &s, &d) < 0)
		return NULL;
	return s->patched ? strndup(s->patched, s->n_patched) : strndup(text.p, text.n);
}

/* In turns, so that all kinds are seen in little time. */
static unsigned how_many(void)
{
	return each > 0 ? each : turn++ % 11 == 0;
}

static void mutate_all(const char *file, Span text, Dialect dialect)
{
	ProfileContext context = context_default(dialect, ARCH_WORD_X86_64);
	_cleanup_free_ char *base_text = NULL;
	_cleanup_(side_done) Side base = { 0 };
	uint64_t seed = dialect;

	context.runtime = dialect == DIALECT_PODMAN ? RUNTIME_CRUN : RUNTIME_RUNC;
	context.kernel = 0x060100;
	base_text = patched(text, dialect, &context);
	if (!base_text || !side_init(&base, span_of(base_text), dialect, &context))
		return;
	for (size_t kind = 0; kind < ELEMENTSOF(kinds); kind++)
		for (unsigned i = how_many(); i > 0; i--) {
			Json *root = json_tokener_parse(base_text);

			if (kinds[kind].mutate(root, &seed))
				judge(file, kind, &base, span_of(json_object_to_json_string(root)),
				      dialect, &context);
			json_object_put(root);
		}
}

static void mutate_sample(const char *file, Span text)
{
	static unsigned n_files;

	if (n_files++ % UNIT_SHARE != 0)
		return;
	for (unsigned d = DIALECT_DOCKER; d <= DIALECT_OCI; d++)
		mutate_all(file, text, (Dialect)d);
}

/* One with all that there is to break, where no samples are. */
static const char own[] =
	"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\", "
	"\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"], \"syscalls\": ["
	"{\"names\": [\"read\", \"write\", \"execve\", \"exit_group\", \"faccessat2\"], "
	"\"action\": "
	"\"SCMP_ACT_ALLOW\"},"
	"{\"names\": [\"ptrace\", \"kcmp\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": "
	"{\"caps\": [\"CAP_SYS_PTRACE\"]}},"
	"{\"names\": [\"mount\", \"umount2\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38},"
	"{\"names\": [\"personality\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, "
	"\"value\": 8, \"op\": \"SCMP_CMP_EQ\"}]},"
	"{\"names\": [\"clone\", \"unshare\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": "
	"[{\"index\": "
	"0, \"value\": 2114060288, \"valueTwo\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\"}]}]}";

static void test_no_mutant_survives(void **state)
{
	const char *from_environment = getenv("MUTATION_EACH");
	unsigned killed = 0, equivalent = 0, refused = 0;

	(void)state;
	each = 2;
	mutate_sample("our own", span_of(own));
	each = from_environment ? (unsigned)strtoul(from_environment, NULL, 10) : 0;
	if (help_each_sample("", mutate_sample) == 0)
		print_message("# no samples: our own profile alone\n");
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++) {
		print_message("# %s: %u killed, %u equivalent, %u refused\n", kinds[i].name,
			      counts[i].killed, counts[i].equivalent, counts[i].refused);
		killed += counts[i].killed;
		equivalent += counts[i].equivalent;
		refused += counts[i].refused;
	}
	print_message("# %u mutants: %u killed, %u equivalent, %u make no filter\n",
		      killed + equivalent + refused, killed, equivalent, refused);
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (kinds[i].mutate != repeat_rule)
			assert_true(counts[i].killed > 0);
}

UNIT_MAIN(cmocka_unit_test(test_no_mutant_survives))
