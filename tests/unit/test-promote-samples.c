/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/promote.c over the sample profiles, each stage, dialect and runtime: a second time
 * changes nothing, and a call that some rule answers keeps its answer. The samples take turns
 * between Docker with runc and Podman with crun; with SAMPLES_BOTH set each is tried with both. */
#include <errno.h>

#include "suggest/promote.h"
#include "tests/unit/profile-help.h"

/* The last is for one replica: what is allowed is recorded. */
static const struct {
	Stage stage;
	bool audit_all;
} targets[] = {
	{ STAGE_LOG, false }, { STAGE_ERRNO, false }, { STAGE_KILL, false }, { STAGE_LOG, true }
};

typedef struct Tried {
	unsigned promoted, refused;
} Tried;

static Tried tried;
static unsigned turn;
static bool both;
static const char *sample;

static ProfileContext context_for(Dialect d, Runtime runtime)
{
	ProfileContext c = context_default(d, ARCH_WORD_X86_64);

	c.kernel = context_version(6, 1, 0);
	c.runtime = runtime;
	c.runtime_version = context_version(1, 1, 5);
	return c;
}

static void build(Span text, Dialect d, const ProfileContext *c, Profile **ret, Filter *f)
{
	Diag diag = { 0 };

	if (profile_read(text, d, c, ret, &diag) < 0 || filter_build(*ret, f, &diag) < 0)
		fail_msg("%s: %s", sample, diag.text);
}

static uint32_t word_of(const Profile *p)
{
	return profile_return_word(p->default_action, p->default_data);
}

/* By a loop of its own, that knows nothing of what promote() meant to do. */
static void check_answers(Span before, Span after, Dialect d, const ProfileContext *c,
			  bool audit_all)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_(profile_freep) Profile *q = NULL;
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };

	build(before, d, c, &p, &f);
	build(after, d, c, &q, &g);
	for (size_t a = 0; a < f.n_arches; a++)
		for (int nr = 0; nr < 1024; nr++) {
			bool x32 = f.arches[a] == ARCH_WORD_X32;
			uint32_t arch = x32 ? ARCH_WORD_X86_64 : f.arches[a];
			uint32_t was = help_ask(&f, arch, x32 ? nr | ARCH_X32_BIT : nr, 7);
			uint32_t is = help_ask(&g, arch, x32 ? nr | ARCH_X32_BIT : nr, 7);

			bool by_rule = was != word_of(p) && was != (SECCOMP_RET_ERRNO | ENOSYS);

			if (by_rule && (audit_all || was != SECCOMP_RET_ALLOW) &&
			    q->default_action == ACTION_LOG)
				assert_true(is == was || is == SECCOMP_RET_LOG);
			else if (by_rule)
				assert_int_equal(was, is);
			if (q->default_action != ACTION_LOG && was != SECCOMP_RET_ALLOW)
				assert_int_not_equal(is, SECCOMP_RET_ALLOW);
		}
}

static void promote_twice(Span text, Dialect d, const ProfileContext *c, Stage to, bool audit_all)
{
	PromoteInput in = { .profile = text,
			    .dialect = d,
			    .context = *c,
			    .to = to,
			    .audit_all = audit_all,
			    .errno_ret = PROMOTE_ERRNO_KEEP };
	_cleanup_(promotion_freep) Promotion *once = NULL;
	_cleanup_(promotion_freep) Promotion *twice = NULL;
	Diag diag = { 0 };
	int r = promote(&in, &once, &diag);

	if (r < 0) {
		if (r != -EBADMSG)
			fail_msg("%s: %s", sample, diag.text);
		assert_true(diag.text[0]);
		tried.refused++;
		return;
	}
	tried.promoted++;
	check_answers(text, span_make(once->text, once->n_text), d, c, audit_all);
	in.profile = span_make(once->text, once->n_text);
	assert_int_equal(promote(&in, &twice, &diag), 0);
	assert_false(twice->changed);
	assert_int_equal(twice->from, to);
	assert_int_equal(twice->n_moved, 0);
}

static void try_with(Span text, Dialect d, Runtime runtime)
{
	ProfileContext c = context_for(d, runtime);

	for (size_t i = 0; i < ELEMENTSOF(targets); i++)
		if (!targets[i].audit_all || runtime == RUNTIME_CRUN)
			promote_twice(text, d, &c, targets[i].stage, targets[i].audit_all);
}

static void try_sample(const char *name, Span text)
{
	unsigned mine = turn++;

	if (mine % UNIT_SHARE != 0)
		return;
	sample = name;
	if (both || mine % 2 == 0)
		try_with(text, DIALECT_DOCKER, RUNTIME_RUNC);
	if (both || mine % 2 == 1)
		try_with(text, DIALECT_PODMAN, RUNTIME_CRUN);
}

static void try_malformed(const char *name, Span text)
{
	ProfileContext c = context_for(DIALECT_OCI, RUNTIME_CRUN);

	sample = name;
	promote_twice(text, DIALECT_OCI, &c, STAGE_ERRNO, false);
}

static void test_samples(void **state)
{
	(void)state;
	both = getenv("SAMPLES_BOTH") != NULL;
	if (help_each_sample("", try_sample) == 0)
		skip();
	print_message("# %u promoted, %u refused\n", tried.promoted, tried.refused);
	assert_true(tried.promoted > 2 * tried.refused);
}

static void test_malformed_samples(void **state)
{
	(void)state;
	tried = (Tried){ 0 };
	if (help_each_sample("malformed", try_malformed) == 0)
		skip();
	assert_true(tried.promoted > 0 && tried.refused > 0);
}

UNIT_MAIN(cmocka_unit_test(test_samples), cmocka_unit_test(test_malformed_samples))
