/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/patch-rule.c and patch-head.c: each change reads back as what was asked for, a second
 * time it changes nothing, and the text around it stays. */
#include <errno.h>

#include "profile/patch.h"
#include "tests/unit/profile-help.h"

#define MOBY                                                                                   \
	"{\n\t\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 1,\n"             \
	"\t\"archMap\": [\n\t\t{\n\t\t\t\"architecture\": \"SCMP_ARCH_X86_64\",\n"             \
	"\t\t\t\"subArchitectures\": [\n\t\t\t\t\"SCMP_ARCH_X86\"\n\t\t\t]\n\t\t}\n\t],\n"     \
	"\t\"syscalls\": [\n\t\t{\n\t\t\t\"names\": [\n\t\t\t\t\"read\",\n\t\t\t\t\"write\"\n" \
	"\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t},\n\t\t{\n\t\t\t\"names\": [\n"  \
	"\t\t\t\t\"chmod\"\n\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ERRNO\"\n\t\t}\n\t]\n}\n"
#define INLINE                                                                                   \
	"{\"defaultAction\": \"SCMP_ACT_LOG\", \"flags\": [], \"architectures\": "               \
	"[\"SCMP_ARCH_X86_64\"], \"syscalls\": [{\"names\": [\"read\", \"write\"], \"action\": " \
	"\"SCMP_ACT_ALLOW\"}, {\"names\": [\"chmod\"], \"action\": \"SCMP_ACT_ERRNO\"}]}"
#define CRLF                                                                               \
	"{\r\n  \"defaultAction\" : \"SCMP_ACT_KILL\",\r\n  \"syscalls\" : [\r\n    {\r\n" \
	"      \"names\" : [ \"read\", \"write\" ],\r\n      \"action\" : "                \
	"\"SCMP_ACT_ALLOW\"\r\n    },\r\n    { \"names\" : [\"chmod\"], \"action\" : "     \
	"\"SCMP_ACT_TRAP\" }\r\n  ]\r\n}"
#define BARE "{\n    \"defaultAction\": \"SCMP_ACT_LOG\"\n}\n"
#define EMPTY "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[]}"
#define MANIFEST                                                                            \
	"{\"apiVersion\":\"v1\",\"kind\":\"SeccompProfile\",\n \"spec\":{"                  \
	"\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\",\"write\"]," \
	"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"chmod\"],\"action\":\"SCMP_ACT_ERRNO\"}]}}"

#define OTHER_HOST                                                            \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"archMap\":[{\"architecture\":" \
	"\"SCMP_ARCH_AARCH64\",\"subArchitectures\":[]}],\"syscalls\":null}"

static const struct {
	const char *text;
	Dialect dialect;
} profiles[] = {
	{ MOBY, DIALECT_DOCKER },       { INLINE, DIALECT_OCI },   { CRLF, DIALECT_OCI },
	{ BARE, DIALECT_OCI },          { EMPTY, DIALECT_PODMAN }, { MANIFEST, DIALECT_SPO },
	{ OTHER_HOST, DIALECT_DOCKER },
};

static const char *const clone_names[] = { "clone" };
static const char *const more_names[] = { "clone3", "openat2" };
static const ProfileArg clone_args[] = {
	{ .index = 0, .op = PROFILE_OP_MASKED_EQ, .value = 2114060288 },
	{ .index = 5, .op = PROFILE_OP_NE, .value = UINT64_MAX },
};
static const PatchRule clone_rule = { clone_names, 1, ACTION_ALLOW, -1, clone_args, 2 };
static const PatchRule errno_rule = { more_names, 2, ACTION_ERRNO, 38, NULL, 0 };

typedef int (*Op)(Span text, const Profile *p, Buffer *out);

static int op_clone(Span text, const Profile *p, Buffer *out)
{
	return patch_add_rule(text, p, &clone_rule, out);
}

static int op_errno(Span text, const Profile *p, Buffer *out)
{
	return patch_add_rule(text, p, &errno_rule, out);
}

/* The first and only name of a rule, and one of several. */
static int op_remove(Span text, const Profile *p, Buffer *out)
{
	static const char *const names[] = { "chmod", "none" };

	if (p->n_rules == 0 || p->rules[p->n_rules - 1].names[0].text[0] != 'c') {
		buffer_add(out, text);
		return 0;
	}
	return patch_remove_names(text, p, p->n_rules - 1, names, 2, out);
}

static int op_remove_read(Span text, const Profile *p, Buffer *out)
{
	static const char *const names[] = { "read" };

	if (p->n_rules == 0) {
		buffer_add(out, text);
		return 0;
	}
	return patch_remove_names(text, p, 0, names, 1, out);
}

static int op_default(Span text, const Profile *p, Buffer *out)
{
	return patch_set_default(text, p, ACTION_ERRNO, 38, out);
}

static int op_default_log(Span text, const Profile *p, Buffer *out)
{
	return patch_set_default(text, p, ACTION_LOG, -1, out);
}

static int op_flags(Span text, const Profile *p, Buffer *out)
{
	static const char *const flags[] = { "SECCOMP_FILTER_FLAG_LOG",
					     "SECCOMP_FILTER_FLAG_SPEC_ALLOW" };

	return patch_set_flags(text, p, flags, 2, out);
}

static int op_no_flags(Span text, const Profile *p, Buffer *out)
{
	return patch_set_flags(text, p, NULL, 0, out);
}

static int op_arch(Span text, const Profile *p, Buffer *out)
{
	return patch_add_arch(text, p, ARCH_WORD_X32, out);
}

static bool last_names(const Profile *p, const char *name)
{
	const ProfileRule *r = p->n_rules ? &p->rules[p->n_rules - 1] : NULL;

	return r && r->n_names > 0 && strcmp(r->names[0].text, name) == 0;
}

static bool is_clone(const Profile *p)
{
	const ProfileRule *r = &p->rules[p->n_rules - 1];

	return last_names(p, "clone") && r->action == ACTION_ALLOW && r->n_args == 2 &&
	       r->args[0].value == 2114060288 && r->args[0].value_two == 0 &&
	       r->args[0].op == PROFILE_OP_MASKED_EQ && r->args[1].index == 5 &&
	       r->args[1].value == UINT64_MAX;
}

static bool is_errno(const Profile *p)
{
	return last_names(p, "clone3") && p->rules[p->n_rules - 1].data == 38 &&
	       p->rules[p->n_rules - 1].n_names == 2;
}

static bool lacks_chmod(const Profile *p)
{
	return p->n_rules <= 1;
}

static bool lacks_read(const Profile *p)
{
	return p->n_rules == 0 ||
	       (p->rules[0].n_names == 1 && strcmp(p->rules[0].names[0].text, "write") == 0);
}

static bool is_default(const Profile *p)
{
	return p->default_action == ACTION_ERRNO &&
	       (p->dialect == DIALECT_SPO || p->default_data == 38);
}

static bool is_default_log(const Profile *p)
{
	return p->default_action == ACTION_LOG && p->default_data == 0;
}

static bool has_both_flags(const Profile *p)
{
	return p->flag_log && p->flag_spec_allow && !p->flag_tsync;
}

static bool has_none(const Profile *p)
{
	return !p->has_flags;
}

static bool has_x32(const Profile *p)
{
	return profile_has_arch(p, ARCH_WORD_X32) && profile_has_arch(p, ARCH_WORD_X86_64);
}

static const struct {
	const char *name;
	Op op;
	bool (*holds)(const Profile *p);
} ops[] = {
	{ "clone", op_clone, is_clone },
	{ "errno", op_errno, is_errno },
	{ "remove a rule", op_remove, lacks_chmod },
	{ "remove a name", op_remove_read, lacks_read },
	{ "default", op_default, is_default },
	{ "default log", op_default_log, is_default_log },
	{ "flags", op_flags, has_both_flags },
	{ "no flags", op_no_flags, has_none },
	{ "architecture", op_arch, has_x32 },
};

static char *apply(const char *text, Dialect dialect, Op op, Profile **ret)
{
	_cleanup_(profile_freep) Profile *p = help_read(text, dialect);
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	assert_int_equal(op(span_of(text), p, &out), 0);
	*ret = help_read(out.p, dialect);
	return buffer_steal(&out);
}

static void test_each_change_reads_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(profiles); i++)
		for (size_t k = 0; k < ELEMENTSOF(ops); k++) {
			_cleanup_(profile_freep) Profile *once = NULL;
			_cleanup_(profile_freep) Profile *twice = NULL;
			_cleanup_free_ char *text =
				apply(profiles[i].text, profiles[i].dialect, ops[k].op, &once);
			_cleanup_free_ char *again =
				apply(text, profiles[i].dialect, ops[k].op, &twice);

			if (!ops[k].holds(once))
				fail_msg("%s of profile %zu:\n%s", ops[k].name, i, text);
			if (strcmp(text, again) != 0)
				fail_msg("%s of profile %zu, twice:\n%s", ops[k].name, i, again);
		}
}

/* All pairs of changes, and the whole sequence, stay readable. */
static void test_changes_follow_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(profiles); i++)
		for (size_t k = 0; k < ELEMENTSOF(ops) * ELEMENTSOF(ops); k++) {
			const size_t pair[] = { k / ELEMENTSOF(ops), k % ELEMENTSOF(ops) };
			_cleanup_(profile_freep) Profile *p = NULL;
			_cleanup_(profile_freep) Profile *q = NULL;
			_cleanup_free_ char *first =
				apply(profiles[i].text, profiles[i].dialect, ops[pair[0]].op, &p);
			_cleanup_free_ char *second =
				apply(first, profiles[i].dialect, ops[pair[1]].op, &q);

			if (!ops[pair[1]].holds(q) && pair[0] < 2 && pair[1] >= 2 && pair[1] <= 3)
				continue; /* a new rule came last: another one is asked for */
			if (!ops[pair[1]].holds(q))
				fail_msg("%s after %s:\n%s", ops[pair[1]].name, ops[pair[0]].name,
					 second);
		}
}

static void test_a_new_rule_has_the_style_of_the_file(void **state)
{
	static const struct {
		const char *text;
		Dialect dialect;
		const char *part;
	} cases[] = {
		{ MOBY, DIALECT_DOCKER,
		  "\n\t\t},\n\t\t{\n\t\t\t\"names\": [\n\t\t\t\t\"clone3\",\n\t\t\t\t\"openat2\"\n"
		  "\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ERRNO\",\n\t\t\t\"errnoRet\": 38\n"
		  "\t\t}\n\t]\n}\n" },
		{ INLINE, DIALECT_OCI,
		  "}, {\"names\": [\"clone3\", \"openat2\"], \"action\": \"SCMP_ACT_ERRNO\", "
		  "\"errnoRet\": 38}]}" },
		{ CRLF, DIALECT_OCI,
		  "},\r\n    {\"names\" : [\"clone3\", \"openat2\"], \"action\" : "
		  "\"SCMP_ACT_ERRNO\", \"errnoRet\" : 38}\r\n  ]\r\n}" },
		{ BARE, DIALECT_OCI,
		  "\"SCMP_ACT_LOG\",\n    \"syscalls\": [\n        {\n            \"names\": [\n"
		  "                \"clone3\",\n" },
		{ EMPTY, DIALECT_PODMAN, "\"syscalls\":[{\"names\":[\"clone3\", \"openat2\"]," },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_free_ char *text = apply(cases[i].text, cases[i].dialect, op_errno, &p);

		if (!strstr(text, cases[i].part))
			fail_msg("%zu:\n%s", i, text);
	}
}

static void test_what_is_no_name_or_not_its_text_is_refused(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(INLINE, DIALECT_OCI);
	static const char *const bad[] = { "re\"ad" };
	const PatchRule rule = { bad, 1, ACTION_ALLOW, -1, NULL, 0 };
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	(void)state;
	assert_int_equal(patch_add_rule(span_of(INLINE), p, &rule, &out), -EINVAL);
	assert_int_equal(patch_add_rule(span_of(MOBY), p, &clone_rule, &out), -EINVAL);
	assert_int_equal(patch_set_default(span_of(MOBY), p, ACTION_LOG, -1, &out), -EINVAL);
	assert_int_equal(patch_add_arch(span_of(INLINE), p, 0xc0009026U, &out), -EINVAL);
	assert_int_equal(out.n, 0);
}

/* Of each sample, all that was there before is there after: one stretch is new, at most. */
static void check_sample(const char *name, Span text)
{
	for (unsigned k = 0; k < _DIALECT_JSON_MAX; k++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_(profile_freep) Profile *q = NULL;
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		size_t head = 0, tail = 0;

		if (profile_read(text, (Dialect)k, &help_x86_64, &p, NULL) < 0)
			continue;
		assert_int_equal(patch_add_rule(text, p, &clone_rule, &out), 0);
		while (head < text.n && text.p[head] == out.p[head])
			head++;
		while (tail < text.n - head && text.p[text.n - tail - 1] == out.p[out.n - tail - 1])
			tail++;
		if (head + tail != text.n)
			fail_msg("%s for %s", name, dialect_name((Dialect)k));
		assert_int_equal(
			profile_read(buffer_span(&out), (Dialect)k, &help_x86_64, &q, NULL), 0);
		assert_true(is_clone(q));
		assert_int_equal(q->n_rules, p->n_rules + 1);
	}
}

static void test_samples_keep_their_bytes(void **state)
{
	(void)state;
	if (help_each_sample("", check_sample) == 0) {
		print_message("# skipped: no sample profiles beside the source\n");
		skip();
	}
}

UNIT_MAIN(cmocka_unit_test(test_each_change_reads_back),
	  cmocka_unit_test(test_changes_follow_each_other),
	  cmocka_unit_test(test_a_new_rule_has_the_style_of_the_file),
	  cmocka_unit_test(test_what_is_no_name_or_not_its_text_is_refused),
	  cmocka_unit_test(test_samples_keep_their_bytes))
