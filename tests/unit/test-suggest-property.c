/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a patch promises, for random profiles and random observations: it is minimal and idempotent,
 * it reads strictly, it keeps every byte of the file, and it changes the decisions that it says and
 * no other one. A naive interpreter of the JSON judges, not the filters that made the patch.
 * PROPERTY_ROUNDS and PROPERTY_SEED say how many and which.
 */
#include <errno.h>
#include <json-c/json.h>

#include "audit/syscall.h"
#include "profile/diff.h"
#include "profile/proof.h"
#include "suggest/suggest.h"
#include "tests/unit/profile-help.h"
#include "tests/unit/profile-json.h"
#include "tests/unit/profile-oracle.h"
#include "tests/unit/profile-random.h"

#define ROUNDS 120
#define NUMBERS 470
#define ROWS_MAX 16
#define ALLOW 0x7fff0000U
#define ENOSYS_WORD (0x00050000U | ENOSYS)

typedef struct Round {
	uint64_t seed;
	RandomProfile profile;
	Oracle *before, *after;
	Suggestion *s;
	Observed rows[ROWS_MAX];
	char names[ROWS_MAX][SYSCALL_NAME_MAX];
	size_t n_rows;
} Round;

static void round_done(Round *r)
{
	suggestion_free(r->s);
	oracle_free(r->before);
	oracle_free(r->after);
	random_profile_done(&r->profile);
}

/* cmocka cuts long messages. */
static void show(const Round *r)
{
	printf("# PROPERTY_SEED=%llu, for %s under %s, capabilities %#llx, kernel %#x:\n%.*s\n",
	       (unsigned long long)r->seed, dialect_name(r->profile.dialect),
	       runtime_name(r->profile.context.runtime),
	       (unsigned long long)r->profile.context.capabilities, r->profile.context.kernel,
	       (int)r->profile.text.n, r->profile.text.p);
	for (size_t i = 0; i < r->n_rows; i++)
		printf("# observed: %s on %s\n", r->rows[i].name, arch_name(r->rows[i].arch));
	if (r->s && r->s->patched)
		printf("# patched:\n%.*s\n", (int)r->s->n_patched, r->s->patched);
	fflush(stdout);
}

#define BROKEN(r, ...)                 \
	do {                           \
		show(r);               \
		fail_msg(__VA_ARGS__); \
	} while (0)

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 10) : otherwise;
}

/* ---- the filter that we build, against the interpreter ---- */

static void compare_call(Round *r, const Oracle *o, const Filter *f, uint32_t arch, uint32_t nr)
{
	unsigned n = oracle_filters_arguments(o, arch, nr) ? ORACLE_POINTS : 1;

	if (oracle_is_misread(o, arch, nr))
		return;
	for (unsigned i = 0; i < n; i++) {
		struct seccomp_data data = { .nr = (int)nr, .arch = arch };
		uint64_t args[6];
		uint32_t wanted, answer;

		if (arch == ARCH_WORD_X32)
			data.arch = ARCH_WORD_X86_64;
		oracle_point(o, NULL, arch, nr, i, args);
		memcpy(data.args, args, sizeof(args));
		/* words stand in the byte order of the machine */
		proof_arguments(arch, &data, args);
		memcpy(data.args, args, sizeof(args));
		oracle_point(o, NULL, arch, nr, i, args);
		answer = bpf_run(&f->bpf, &data, NULL);
		if (oracle_answer(o, arch, nr, args, &wanted) && wanted != answer)
			BROKEN(r,
			       "number %u on %s with %#llx %#llx %#llx %#llx %#llx %#llx is "
			       "answered with %#x, not %#x",
			       nr, arch_name(arch), (unsigned long long)args[0],
			       (unsigned long long)args[1], (unsigned long long)args[2],
			       (unsigned long long)args[3], (unsigned long long)args[4],
			       (unsigned long long)args[5], answer, wanted);
	}
}

static void each_number(Round *r, const Oracle *o, const Filter *f,
			void (*check)(Round *r, const Oracle *o, const Filter *f, uint32_t arch,
				      uint32_t nr))
{
	const uint32_t *arches;
	size_t n = oracle_arches(o, &arches);

	for (size_t i = 0; i < n; i++)
		for (uint32_t nr = 0; nr < NUMBERS; nr++)
			check(r, o, f, arches[i],
			      arches[i] == ARCH_WORD_X32 ? nr | ARCH_X32_BIT : nr);
	check(r, o, f, 0xc00000f3U /* RISC-V, which no profile here lists */, 63);
}

/* False when no container would start with it, as is said. */
static bool make_filter(Round *r, Span text, Profile **ret_profile, Filter *ret)
{
	Diag d = { 0 };
	int n = profile_read(text, r->profile.dialect, &r->profile.context, ret_profile, &d);

	if (n < 0)
		BROKEN(r, "line %u: %s", d.line, d.text);
	n = filter_build(*ret_profile, ret, &d);
	if (n < 0 && ((n != -EBADMSG && n != -E2BIG) || !d.text[0]))
		BROKEN(r, "filter_build() gives %d: %s", n, d.text);
	return n == 0;
}

static bool filter_is_as_interpreted(Round *r, Span text, const Oracle *o)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };

	if (!make_filter(r, text, &p, &f))
		return false;
	each_number(r, o, &f, compare_call);
	return true;
}

/* ---- what was asked for ---- */

static void observe(Round *r)
{
	const uint32_t *arches;
	size_t n_arches = oracle_arches(r->before, &arches);
	size_t wanted = 1 + random_draw(&r->seed) % (ROWS_MAX - 1);

	for (size_t i = 0; i < wanted; i++) {
		Observed *o = &r->rows[r->n_rows];
		char buf[SYSCALL_NAME_MAX];
		const char *name = random_name(&r->seed, buf);

		o->arch = arches[random_draw(&r->seed) % n_arches];
		o->nr = oracle_number(o->arch, name);
		if (o->nr < 0)
			continue;
		snprintf(r->names[r->n_rows], SYSCALL_NAME_MAX, "%s", name);
		o->name = r->names[r->n_rows];
		o->action = ACTION_LOG;
		o->origin = ORIGIN_WORKLOAD;
		o->count = o->subjects = 1;
		r->n_rows++;
	}
}

static Suggestion *ask(Round *r, Span text)
{
	SuggestInput in = { .observed = r->rows,
			    .n_observed = r->n_rows,
			    .profile = text,
			    .dialect = r->profile.dialect,
			    .context = r->profile.context };
	Suggestion *s = NULL;
	Diag d = { 0 };

	if (suggest(&in, &s, &d) < 0)
		BROKEN(r, "no suggestion: %s", d.text);
	return s;
}

/* ---- what the offered calls get ---- */

/* The rules that are given in place of a plain allow, as Docker's default has them. */
static bool is_harmless(const char *name, uint32_t arch, const uint64_t *args)
{
	bool s390 = (arch & 0xffff) == 0x16;
	bool wide = arch & 0x80000000U && !(arch & 0x20000000U);
	uint64_t mask = wide ? UINT64_MAX : UINT32_MAX, a = args[0] & mask;

	if (strcmp(name, "clone") == 0)
		return (args[s390 ? 1 : 0] & 0x7e020000) == 0;
	if (strcmp(name, "personality") == 0)
		return a == 0 || a == 8 || a == 0x20000 || a == 0x20008 || a == 0xffffffff;
	return a < 38;
}

static bool is_filtered(const char *name)
{
	return strcmp(name, "clone") == 0 || strcmp(name, "personality") == 0 ||
	       strcmp(name, "socket") == 0;
}

static bool is_allowed(const Oracle *o, const char *name, uint32_t arch, uint32_t nr)
{
	for (unsigned i = 0; i < ORACLE_POINTS; i++) {
		uint64_t args[6];
		uint32_t word;

		oracle_point(o, NULL, arch, nr, i, args);
		/* the values that count for those three */
		if (i >= ORACLE_POINTS - 45)
			args[0] = args[1] = i - (ORACLE_POINTS - 45);
		if (i < 8)
			args[0] = args[1] = (const uint64_t[]){ 0,          8,  0x20000,   0x20008,
								0xffffffff, 41, 0x1200011, 39 }[i];
		if (is_filtered(name) && !is_harmless(name, arch, args))
			continue;
		if (!oracle_answer(o, arch, nr, args, &word) || word != ALLOW)
			return false;
	}
	return true;
}

static bool is_served(const Oracle *o, const SuggestCall *c)
{
	static const uint64_t none[6];
	uint32_t word;

	if (c->advice == ADVICE_ERRNO)
		return oracle_answer(o, c->arch, (uint32_t)c->nr, none, &word) &&
		       word == ENOSYS_WORD;
	return is_allowed(o, c->name, c->arch, (uint32_t)c->nr);
}

/* ---- what may change ---- */

static bool is_newly_allowed(const Suggestion *s, const char *name)
{
	for (size_t i = 0; i < s->n_newly_allowed; i++)
		if (strcmp(s->newly_allowed[i], name) == 0)
			return true;
	return false;
}

static bool is_said(const Suggestion *s, const char *name, uint32_t nr)
{
	for (size_t i = 0; i < s->n_other_changes; i++) {
		const char *from = strstr(s->other_changes[i], "the numbers ");
		unsigned first = 0, last = 0;

		if (*name && strstr(s->other_changes[i], name))
			return true;
		if (from && sscanf(from, "the numbers %u to %u", &first, &last) == 2 &&
		    nr >= first && nr <= last)
			return true;
	}
	return false;
}

/* ENOSYS for it, so that programs fall back? */
static bool is_refused_softly(const Suggestion *s, const char *name)
{
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].offered && s->calls[i].advice == ADVICE_ERRNO &&
		    strcmp(s->calls[i].name, name) == 0)
			return true;
	return false;
}

/* What the number stands for, be it through socketcall or ipc. */
static void inner_name(uint32_t arch, uint32_t nr, const uint64_t *args, char *buf)
{
	static const char *const sockets[] = {
		"",           "socket",      "bind",        "connect",    "listen",
		"accept",     "getsockname", "getpeername", "socketpair", "send",
		"recv",       "sendto",      "recvfrom",    "shutdown",   "setsockopt",
		"getsockopt", "sendmsg",     "recvmsg",     "accept4",    "recvmmsg",
		"sendmmsg"
	};
	static const char *const ipcs[] = { "", "semop",  "semget", "semctl", "semtimedop",
					    "", "",       "",       "",       "",
					    "", "msgsnd", "msgrcv", "msgget", "msgctl",
					    "", "",       "",       "",       "",
					    "", "shmat",  "shmdt",  "shmget", "shmctl" };
	uint32_t inner = (uint32_t)args[0];

	if (syscall_name(arch, nr, buf) < 0)
		buf[0] = '\0';
	if (strcmp(buf, "socketcall") == 0 && inner < ELEMENTSOF(sockets) && *sockets[inner])
		snprintf(buf, SYSCALL_NAME_MAX, "%s", sockets[inner]);
	if (strcmp(buf, "ipc") == 0 && inner < ELEMENTSOF(ipcs) && *ipcs[inner])
		snprintf(buf, SYSCALL_NAME_MAX, "%s", ipcs[inner]);
}

static bool is_meant(const Round *r, uint32_t arch, uint32_t nr, const uint64_t *args,
		     uint32_t before, uint32_t after)
{
	char outer[SYSCALL_NAME_MAX], name[SYSCALL_NAME_MAX];

	inner_name(arch, nr, args, name);
	if (syscall_name(arch, nr, outer) < 0)
		outer[0] = '\0';
	if (after == ALLOW && (is_newly_allowed(r->s, name) || is_newly_allowed(r->s, outer)))
		return !is_filtered(outer) || is_harmless(outer, arch, args);
	if (after == ENOSYS_WORD)
		return is_refused_softly(r->s, name) || is_said(r->s, name, nr);
	return before == ENOSYS_WORD && is_said(r->s, name, nr);
}

static void check_call(Round *r, const Oracle *before, const Filter *f, uint32_t arch, uint32_t nr)
{
	unsigned n = oracle_filters_arguments(before, arch, nr) ||
				     oracle_filters_arguments(r->after, arch, nr)
			     ? ORACLE_POINTS
			     : 1;

	(void)f;
	for (unsigned i = 0; i < n; i++) {
		uint64_t args[6];
		uint32_t was, is;

		oracle_point(before, r->after, arch, nr, i, args);
		if (!oracle_answer(before, arch, nr, args, &was) ||
		    !oracle_answer(r->after, arch, nr, args, &is) || was == is)
			continue;
		if (!is_meant(r, arch, nr, args, was, is))
			BROKEN(r, "number %u on %s went from %#x to %#x", nr, arch_name(arch), was,
			       is);
	}
}

/* ---- the text ---- */

/* Without one name that the patch brought, or its rule with it, somebody goes without. */
static void check_is_needed(Round *r, size_t rule, size_t name)
{
	struct json_object *root = parse(r->s->patched, r->s->n_patched);
	struct json_object *rules = rules_of(root), *names = names_of(rules, rule);
	_cleanup_(oracle_freep) Oracle *less = NULL;
	static const uint64_t none[6];
	bool needed = false;
	char text[SYSCALL_NAME_MAX];
	int nr;

	snprintf(text, sizeof(text), "%s",
		 json_object_get_string(json_object_array_get_idx(names, name)));
	if (json_object_array_length(names) > 1)
		json_object_array_del_idx(names, name, 1);
	else
		json_object_array_del_idx(rules, rule, 1);
	less = oracle_new(span_of(json_object_to_json_string(root)), r->profile.dialect,
			  &r->profile.context);
	for (size_t i = 0; i < r->s->n_calls && !needed; i++)
		needed = r->s->calls[i].offered && !is_served(less, &r->s->calls[i]);
	/* runc's stub would answer the same without it, and crun would not */
	needed |= r->profile.context.runtime == RUNTIME_RUNC && is_refused_softly(r->s, text);
	/* what clone3 falls back to, and what keeps the answer that the stub gave */
	for (size_t k = 0; k < 16 && !needed; k++) {
		const uint32_t *arches;
		size_t n = oracle_arches(less, &arches);
		uint32_t was, is;

		if (k >= n || (nr = oracle_number(arches[k], text)) < 0)
			continue;
		needed = is_newly_allowed(r->s, text) && is_said(r->s, text, (uint32_t)nr) &&
			 !is_allowed(less, text, arches[k], (uint32_t)nr);
		needed |= is_said(r->s, text, (uint32_t)nr) &&
			  oracle_answer(r->before, arches[k], (uint32_t)nr, none, &was) &&
			  oracle_answer(less, arches[k], (uint32_t)nr, none, &is) &&
			  was == ENOSYS_WORD && is != was;
	}
	json_object_put(root);
	if (!needed)
		BROKEN(r, "%s in rule %zu is more than is needed", text, rule);
}

/* Names of an old rule that the new one (NULL: it is gone) has no more: they are allowed now, or
 * answered with ENOSYS. */
static unsigned check_removed(Round *r, struct json_object *had, struct json_object *has)
{
	unsigned n = 0;

	for (size_t i = 0; i < count_of(had); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(had, i));

		if (has_text(has, name))
			continue;
		n++;
		if (!is_newly_allowed(r->s, name) && !is_refused_softly(r->s, name))
			BROKEN(r, "%s is taken out of a rule for nothing", name);
	}
	return n;
}

static unsigned check_removed_rule(Round *r, struct json_object *rules, size_t i)
{
	struct json_object *name;

	if (!json_object_object_get_ex(json_object_array_get_idx(rules, i), "name", &name))
		return check_removed(r, names_of(rules, i), NULL);
	if (!is_newly_allowed(r->s, json_object_get_string(name)) &&
	    !is_refused_softly(r->s, json_object_get_string(name)))
		BROKEN(r, "the rule for %s goes for nothing", json_object_get_string(name));
	return 1;
}

static unsigned check_added(Round *r, struct json_object *had, struct json_object *has, size_t rule)
{
	unsigned n = 0;

	for (size_t k = 0; k < count_of(has); k++) {
		const char *name = json_object_get_string(json_object_array_get_idx(has, k));

		if (has_text(had, name))
			continue;
		if (oracle_has_argument_rule(r->before, name))
			BROKEN(r, "%s was decided by its arguments", name);
		check_is_needed(r, rule, k);
		n++;
	}
	return n;
}

/* Each name that a rule of the patched file has and did not have, and the other way round. */
static unsigned check_is_minimal(Round *r, Span text, unsigned *ret_removed)
{
	struct json_object *was = parse(text.p, text.n), *is, *old = rules_of(was), *new;
	size_t at = 0, n_old = json_object_array_length(old);
	unsigned added = 0;

	is = parse(r->s->patched, r->s->n_patched);
	if (!is)
		BROKEN(r, "json-c does not read it: %zu bytes", r->s->n_patched);
	new = rules_of(is);
	for (size_t i = 0; i < json_object_array_length(new); i++) {
		struct json_object *had = NULL, *has = names_of(new, i);

		/* rules go whole with their last name */
		while (at < n_old && !same_shape(old, at, new, i))
			*ret_removed += check_removed_rule(r, old, at++);
		if (at < n_old)
			had = names_of(old, at++);
		*ret_removed += check_removed(r, had, has);
		added += check_added(r, had, has, i);
	}
	while (at < n_old)
		*ret_removed += check_removed_rule(r, old, at++);
	json_object_put(was);
	json_object_put(is);
	return added;
}

/* What was there is there, in its order: bytes were only put in between, and taken out in
 * @n_removed places. */
static void check_bytes(Round *r, Span text, unsigned n_removed)
{
	size_t at = 0;

	for (size_t i = 0; n_removed == 0 && i < r->s->n_patched && at < text.n; i++)
		at += r->s->patched[i] == text.p[at];
	if (n_removed == 0 && at != text.n)
		BROKEN(r, "byte %zu of the file is gone", at);
	for (size_t i = 0; r->profile.crlf && i < r->s->n_patched; i++)
		if (r->s->patched[i] == '\n' && (i == 0 || r->s->patched[i - 1] != '\r'))
			BROKEN(r, "byte %zu of the patched file ends a line without CR", i);
}

/* A line that goes holds a name that was taken out, or ends before one or before something new. */
static void check_lines(Round *r, Span text, unsigned n_removed)
{
	_cleanup_buffer_ Buffer diff = BUFFER_NULL;
	Span rest, line;
	unsigned gone = 0;

	assert_int_equal(
		diff_unified(text, span_make(r->s->patched, r->s->n_patched), "a", "b", &diff), 0);
	rest = buffer_span(&diff);
	while (span_split(&rest, '\n', &line))
		gone += line.n > 0 && line.p[0] == '-' && !span_starts(line, SPAN_LIT("--- "));
	/* each new rule and list touches the end of what is before it; a rule that goes has many */
	if (gone > 12 * n_removed + 4)
		BROKEN(r, "%u lines go for %u names:\n%.*s", gone, n_removed, (int)diff.n, diff.p);
}

/* ---- rounds ---- */

typedef struct Count {
	unsigned rounds, refused, patched, given_up, added, removed, offered;
} Count;

static void check_patch(Round *r, Span text, Count *count)
{
	Span patched = span_make(r->s->patched, r->s->n_patched);
	_cleanup_(suggestion_freep) Suggestion *again = NULL;
	unsigned removed = 0;

	r->after = oracle_new(patched, r->profile.dialect, &r->profile.context);
	if (!r->after || !filter_is_as_interpreted(r, patched, r->after))
		BROKEN(r, "the patched file makes no filter: %zu bytes", patched.n);
	for (size_t i = 0; i < r->s->n_calls; i++) {
		const SuggestCall *c = &r->s->calls[i];

		count->offered += c->offered;
		if (c->offered && !is_served(r->after, c))
			BROKEN(r, "%s on %s was offered and is not allowed", c->name,
			       arch_name(c->arch));
	}
	each_number(r, r->before, NULL, check_call);
	count->added += check_is_minimal(r, text, &removed);
	count->removed += removed;
	check_bytes(r, text, removed);
	check_lines(r, text, removed);
	again = ask(r, patched);
	if (again->patched || again->n_newly_allowed > 0)
		BROKEN(r, "asked again, it offers %zu more", again->n_newly_allowed);
}

static void play(uint64_t seed, Count *count)
{
	_cleanup_(round_done) Round r = { .seed = seed };
	Span text;

	count->rounds++;
	random_profile(&r.seed, &r.profile);
	text = buffer_span(&r.profile.text);
	r.before = oracle_new(text, r.profile.dialect, &r.profile.context);
	observe(&r);
	r.seed = seed;
	if (!filter_is_as_interpreted(&r, text, r.before)) {
		count->refused++;
		return;
	}
	r.s = ask(&r, text);
	if (r.s->patched) {
		count->patched++;
		check_patch(&r, text, count);
		return;
	}
	for (size_t i = 0; i < r.s->n_calls; i++)
		assert_false(r.s->calls[i].offered);
	count->given_up += r.s->n_other_changes > 0;
}

static void test_patches_keep_their_promises(void **state)
{
	unsigned long rounds = from_environment("PROPERTY_ROUNDS", ROUNDS / UNIT_SHARE);
	unsigned long first = from_environment("PROPERTY_SEED", 1);
	Count count = { 0 };

	(void)state;
	for (unsigned long i = 0; i < rounds; i++)
		play(first + i, &count);
	print_message("# %u profiles: %u make no filter, %u patched, %u given up, %u names added "
		      "and %u taken out for %u calls\n",
		      count.rounds, count.refused, count.patched, count.given_up, count.added,
		      count.removed, count.offered);
	if (rounds < ROUNDS)
		return;
	/* what was said is not said of nothing */
	assert_true(count.patched > rounds / 2);
	assert_true(count.added > rounds);
	assert_true(count.given_up < rounds / 12);
}

UNIT_MAIN(cmocka_unit_test(test_patches_keep_their_promises))
