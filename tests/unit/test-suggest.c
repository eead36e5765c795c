/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/suggest.c: the patch is what was meant, proved, or there is none. */
#include <errno.h>
#include <time.h>

#include "suggest/safe-rule.h"
#include "tests/unit/suggest-help.h"
#include "util/buffer.h"
#include "util/hash.h"

static const char profile[] = "{\n\t\"defaultAction\": \"SCMP_ACT_LOG\",\n"
			      "\t\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"],\n"
			      "\t\"syscalls\": [\n\t\t{\n\t\t\t\"names\": "
			      "[\n\t\t\t\t\"bind\",\n\t\t\t\t\"read\"\n\t\t\t],\n"
			      "\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t}\n\t]\n}\n";

static void test_the_patch_adds_what_it_says(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "connect"),
				  help_row(ARCH_WORD_I386, "connect"),
				  help_row(ARCH_WORD_X86_64, "ptrace"),
				  help_row(ARCH_WORD_I386, "chmod") };
	_cleanup_(suggestion_freep) Suggestion *s = help_suggest(profile, rows, ELEMENTSOF(rows));
	_cleanup_(suggestion_freep) Suggestion *again = NULL;

	(void)state;
	assert_int_equal(s->n_newly_allowed, 2);
	assert_string_equal(s->newly_allowed[0], "chmod");
	assert_string_equal(s->newly_allowed[1], "connect");
	assert_non_null(strstr(s->patched, "\t\t\t\t\"bind\",\n\t\t\t\t\"chmod\",\n"
					   "\t\t\t\t\"connect\",\n\t\t\t\t\"read\"\n"));
	assert_int_equal(strlen(s->patched), strlen(profile) + strlen("\t\t\t\t\"chmod\",\n"
								      "\t\t\t\t\"connect\",\n"));
	assert_int_equal(s->n_patched, strlen(s->patched));
	assert_int_equal(s->n_still_denied, 1);
	/* chmod and connect on both, and connect within socketcall */
	assert_int_equal(s->proof.n_changes, 5);
	again = help_suggest(s->patched, rows, ELEMENTSOF(rows));
	assert_null(again->patched);
	assert_int_equal(again->n_newly_allowed, 0);
}

/* Our own tables name it; no profile here can. */
static void test_what_libseccomp_lacks_stays_out_of_the_patch(void **state)
{
	Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "fchroot") };
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	char name[SYSCALL_NAME_MAX];
	SyscallSource source;

	(void)state;
	rows[1].nr = 472;
	assert_int_equal(syscall_name_from(ARCH_WORD_X86_64, 472, name, &source), 0);
	assert_string_equal(name, "fchroot");
	if (source == SYSCALL_FROM_LIBSECCOMP)
		skip();
	s = help_suggest(profile, rows, ELEMENTSOF(rows));
	assert_int_equal(s->n_newly_allowed, 1);
	assert_string_equal(s->newly_allowed[0], "chmod");
	assert_null(memmem(s->patched, s->n_patched, "fchroot", strlen("fchroot")));
	assert_int_equal(s->n_still_denied, 1);
	assert_string_equal(s->calls[1].name, "fchroot");
	assert_int_equal(s->calls[1].advice, ADVICE_REVIEW);
	assert_non_null(strstr(s->calls[1].reason, "does not know this name"));
}

static void test_rows_of_one_call_are_joined(void **state)
{
	static const SuggestExample example = { .pid = 7 };
	Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "chmod") };
	_cleanup_(suggestion_freep) Suggestion *s = NULL;

	(void)state;
	rows[1].origin = ORIGIN_RUNTIME_INIT;
	rows[1].first = 5;
	rows[1].last = 7;
	rows[1].subjects = 4;
	rows[0].examples = rows[1].examples = &example;
	rows[0].n_examples = rows[1].n_examples = 1;
	s = help_suggest(profile, rows, 2);
	assert_int_equal(s->n_calls, 1);
	assert_int_equal(s->calls[0].count, 6);
	assert_int_equal(s->calls[0].first, 5);
	assert_int_equal(s->calls[0].last, 20);
	assert_int_equal(s->calls[0].subjects, 4);
	assert_int_equal(s->calls[0].n_examples, 2);
	assert_int_equal(s->calls[0].origins, 1 << ORIGIN_RUNTIME_INIT | 1 << ORIGIN_WORKLOAD);
}

static void test_nothing_to_add_makes_no_patch(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "ptrace"),
				  help_row(ARCH_WORD_X86_64, "read") };
	_cleanup_(suggestion_freep) Suggestion *s = help_suggest(profile, rows, 2);
	_cleanup_(suggestion_freep) Suggestion *none = help_suggest(profile, NULL, 0);

	(void)state;
	assert_null(s->patched);
	assert_int_equal(s->n_calls, 2);
	assert_int_equal(s->n_still_denied, 1);
	assert_null(none->patched);
}

static int refusal(const char *text, Diag *d)
{
	SuggestInput in = { .profile = span_of(text), .dialect = DIALECT_OCI };
	Suggestion *s = NULL;
	int r = suggest(&in, &s, d);

	assert_null(s);
	return r;
}

static void test_what_cannot_be_read_is_told(void **state)
{
	Diag d = { 0 };

	(void)state;
	assert_int_equal(refusal("{", &d), -EBADMSG);
	assert_int_equal(refusal("{}", &d), -EBADMSG);
	assert_true(d.text[0]);
}

/* Where there is no group to add to, one is made. */
static void test_a_group_is_made(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod"),
				  help_row(ARCH_WORD_X86_64, "statx") };
	_cleanup_(suggestion_freep) Suggestion *s = help_suggest(
		"{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\"\n}\n", rows, ELEMENTSOF(rows));

	(void)state;
	assert_string_equal(
		s->patched,
		"{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"syscalls\": [\n    {\n"
		"      \"names\": [\n        \"chmod\",\n        \"statx\"\n      ],\n"
		"      \"action\": \"SCMP_ACT_ALLOW\"\n    }\n  ]\n}\n");
	assert_int_equal(s->n_other_changes, 0);
}

/* What every program needs to start others, and Docker's default has as well. */
static void test_forking_is_made_possible(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "clone3") };
	_cleanup_(suggestion_freep) Suggestion *s = help_suggest(profile, rows, 1);
	_cleanup_(suggestion_freep) Suggestion *again = NULL;
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	int64_t clone3, clone;

	(void)state;
	assert_int_equal(s->n_newly_allowed, 1);
	assert_string_equal(s->newly_allowed[0], "clone");
	assert_int_equal(s->n_other_changes, 2);
	assert_non_null(strstr(s->other_changes[0], "clone3 is answered with ENOSYS"));
	p = help_read(s->patched, DIALECT_OCI);
	help_filter(p, &f);
	assert_int_equal(syscall_number(ARCH_WORD_X86_64, "clone3", &clone3), 0);
	assert_int_equal(syscall_number(ARCH_WORD_X86_64, "clone", &clone), 0);
	assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, (int)clone3, 0), 0x00050026);
	assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, (int)clone, 0x1200011), SECCOMP_RET_ALLOW);
	assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, (int)clone, 0x10000000), SECCOMP_RET_LOG);
	again = help_suggest(s->patched, rows, 1);
	assert_null(again->patched);
}

/* runc's stub moves with the newest name: programs that fell back from older calls still do. */
static void test_the_stub_does_not_move_unseen(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "futex_waitv") };
	const ProfileContext context = context_default(DIALECT_OCI, ARCH_WORD_X86_64);
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
		"\"syscalls\":[{\"names\":[\"read\",\"faccessat2\"],\"action\":\"SCMP_ACT_ALLOW\"}]"
		"}";
	SuggestInput in = { .observed = rows,
			    .n_observed = 1,
			    .profile = span_of(text),
			    .dialect = DIALECT_OCI,
			    .context = context };
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(suggest(&in, &s, &d), 0);
	assert_non_null(s->patched);
	assert_int_equal(s->n_newly_allowed, 1);
	assert_true(s->n_other_changes >= 1);
	assert_non_null(strstr(s->other_changes[0], "epoll_pwait2"));
	p = help_read_in(s->patched, DIALECT_OCI, &context);
	help_filter(p, &f);
	for (int nr = 440; nr < 449; nr++) {
		char name[SYSCALL_NAME_MAX];

		if (syscall_name(ARCH_WORD_X86_64, nr, name) == 0 && filter_knows_name(name))
			assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, nr, 0), 0x00050026);
	}
	assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, 449, 0), SECCOMP_RET_ALLOW);
}

static void test_an_empty_group_is_filled(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod") };
	_cleanup_(suggestion_freep) Suggestion *s =
		help_suggest("{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
			     "{\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}]}",
			     rows, 1);

	(void)state;
	assert_non_null(strstr(s->patched, "{\"names\": [\"chmod\"],"));
}

/* Once, and not again on its own result. */
static void check_patch(const char *text, const char *name, Action action, const char *expected)
{
	Observed rows[] = { help_row(ARCH_WORD_X86_64, name) };
	_cleanup_(suggestion_freep) Suggestion *s = NULL, *again = NULL;

	rows[0].action = action;
	s = help_suggest(text, rows, 1);
	if (!s->patched)
		fail_msg("%s: %s", text, s->calls[0].reason);
	assert_string_equal(s->patched, expected);
	assert_true(s->calls[0].offered && s->calls[0].take_out);
	assert_int_equal(s->calls[0].advice, ADVICE_ALLOW);
	assert_int_equal(s->n_newly_allowed, 1);
	assert_string_equal(s->newly_allowed[0], name);
	assert_int_equal(s->n_other_changes, 1);
	assert_int_equal(s->n_still_denied, 0);
	again = help_suggest(s->patched, rows, 1);
	assert_null(again->patched);
}

#define TEXT(action, rules) "{\"defaultAction\":\"SCMP_ACT_" action "\",\"syscalls\":[" rules "]}"
#define RULE(action, names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"}"

/* The first rule wins, so a name that is denied anywhere before its permission must go there; and a
 * later or ineffective denial would deny it again when the others change. */
static void test_a_denied_name_is_taken_out_of_its_rules(void **state)
{
	(void)state;
	check_patch(TEXT("LOG", RULE("ERRNO", "\"chmod\"") "," RULE("ALLOW", "\"read\"")), "chmod",
		    ACTION_ERRNO, TEXT("LOG", RULE("ALLOW", "\"chmod\", \"read\"")));
	check_patch(TEXT("LOG",
			 RULE("KILL_PROCESS", "\"bind\",\"chmod\"") "," RULE("ALLOW", "\"read\"")),
		    "chmod", ACTION_KILL_PROCESS,
		    TEXT("LOG", RULE("KILL_PROCESS", "\"bind\"") "," RULE("ALLOW",
									  "\"chmod\", \"read\"")));
	check_patch(
		TEXT("ERRNO", RULE("ALLOW", "\"read\"") "," RULE("LOG", "\"chmod\",\"bind\"")),
		"chmod", ACTION_LOG,
		TEXT("ERRNO", RULE("ALLOW", "\"chmod\", \"read\"") "," RULE("LOG", "\"bind\"")));
	/* twice denied, and allowed where it was dead */
	check_patch(TEXT("LOG",
			 RULE("ERRNO", "\"chmod\",\"bind\"") "," RULE("ALLOW", "\"read\"") "," RULE(
				 "KILL", "\"chmod\"") "," RULE("ALLOW", "\"chmod\"")),
		    "chmod", ACTION_ERRNO,
		    TEXT("LOG", RULE("ERRNO", "\"bind\"") "," RULE("ALLOW", "\"read\"") "," RULE(
					"ALLOW", "\"chmod\"")));
	/* the default again, which the runtimes leave out of the filter */
	check_patch(TEXT("ERRNO", RULE("ALLOW", "\"read\"") "," RULE("ERRNO", "\"chmod\"")),
		    "chmod", ACTION_ERRNO, TEXT("ERRNO", RULE("ALLOW", "\"chmod\", \"read\"")));
	/* a list of what is denied */
	check_patch(TEXT("ALLOW", RULE("ERRNO", "\"bind\",\"chmod\"")), "chmod", ACTION_ERRNO,
		    TEXT("ALLOW", RULE("ERRNO", "\"bind\"")));
}

static void test_a_denial_that_was_meant_is_kept(void **state)
{
	static const struct {
		const char *text, *name;
		Action action;
		Advice advice;
		const char *part;
	} cases[] = {
		{ TEXT("LOG", RULE("ERRNO", "\"ptrace\"")), "ptrace", ACTION_ERRNO,
		  ADVICE_KEEP_DENIED, "only a person" },
		{ TEXT("LOG", RULE("ERRNO", "\"reboot\"")), "reboot", ACTION_ERRNO,
		  ADVICE_KEEP_DENIED, "only a person" },
		{ TEXT("LOG", RULE("LOG", "\"ptrace\"")), "ptrace", ACTION_LOG, ADVICE_REVIEW,
		  "high risk" },
		{ TEXT("LOG", RULE("ERRNO", "\"sysfs\"")), "sysfs", ACTION_ERRNO,
		  ADVICE_KEEP_DENIED, "lives with the error" },
		{ TEXT("LOG", RULE("TRACE", "\"chmod\"")), "chmod", ACTION_TRACE, ADVICE_REVIEW,
		  "another program" },
		{ TEXT("LOG", RULE("KILL", "\"io_uring_setup\"")), "io_uring_setup",
		  ACTION_KILL_THREAD, ADVICE_KEEP_DENIED, "only a person" },
		{ TEXT("LOG", RULE("ERRNO", "\"socket\"")), "socket", ACTION_ERRNO,
		  ADVICE_KEEP_DENIED, "then only for the address families" },
		{ TEXT("LOG", RULE("LOG", "\"clone\"")), "clone", ACTION_LOG, ADVICE_REVIEW,
		  "then only without flags" },
		/* made under another filter than this one */
		{ TEXT("ERRNO", RULE("KILL", "\"chmod\"")), "chmod", ACTION_ERRNO, ADVICE_REVIEW,
		  "SCMP_ACT_KILL" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Observed rows[] = { help_row(ARCH_WORD_X86_64, cases[i].name) };
		_cleanup_(suggestion_freep) Suggestion *s = NULL;

		rows[0].action = cases[i].action;
		s = help_suggest(cases[i].text, rows, 1);
		if (s->calls[0].advice != cases[i].advice ||
		    !strstr(s->calls[0].reason, cases[i].part))
			fail_msg("%s: %s: %s", cases[i].name, advice_name(s->calls[0].advice),
				 s->calls[0].reason);
		assert_null(s->patched);
		assert_false(s->calls[0].offered);
	}
}

static uint64_t draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*seed);
}

/* A call by a random number; mostly of those that advice has something to say about. */
static const char *draw_name(uint64_t *seed, uint32_t arch, char buf[static SYSCALL_NAME_MAX])
{
	static const char *const special[] = { "clone",   "clone3", "personality",    "socket",
					       "statx",   "mmap",   "io_uring_setup", "ptrace",
					       "openat2", "bind",   "rt_sigreturn",   "socketcall",
					       "getsid",  "reboot", "chroot",         "ipc" };
	uint64_t r = draw(seed);
	int64_t nr;

	snprintf(buf, SYSCALL_NAME_MAX, "%s", special[r % ELEMENTSOF(special)]);
	if (r >> 32 & 1 && syscall_number(arch, buf, &nr) == 0 && nr >= 0)
		return buf;
	while (syscall_name(arch, (int64_t)(draw(seed) % 450), buf) < 0)
		;
	return buf;
}

static void add_random_rule(Buffer *b, uint64_t *seed, Dialect dialect)
{
	static const char *const actions[] = { "ALLOW", "ERRNO", "KILL_PROCESS", "LOG", "TRAP" };
	static const char *const conditions[] = { ",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}",
						  ",\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}" };
	uint64_t r = draw(seed);
	const char *action = actions[r % ELEMENTSOF(actions)];
	char name[SYSCALL_NAME_MAX];

	buffer_add_str(b, ",{\"names\":[");
	for (unsigned i = 0; i <= (r >> 8) % 4; i++)
		buffer_printf(b, "%s\"%s\"", i > 0 ? "," : "",
			      draw_name(seed, ARCH_WORD_X86_64, name));
	buffer_printf(b, "],\"action\":\"SCMP_ACT_%s\"", action);
	if (strcmp(action, "ERRNO") == 0 && r >> 16 & 1)
		buffer_add_str(b, ",\"errnoRet\":38");
	if ((r >> 20) % 5 == 0)
		buffer_add_str(b, ",\"args\":[{\"index\":1,\"op\":\"SCMP_CMP_GT\",\"value\":9}]");
	if (dialect == DIALECT_DOCKER && (r >> 24) % 4 == 0)
		buffer_add_str(b, conditions[r >> 28 & 1]);
	buffer_add_char(b, '}');
}

/* Any profile, any observations: what is offered is allowed afterwards, and only that; a patch is
 * never given up for what it would change besides; and on its own result it finds nothing more. */
static void check_random(uint64_t *seed, Dialect dialect)
{
	static const char *const defaults[] = { "LOG", "ERRNO", "KILL_PROCESS", "ALLOW" };
	_cleanup_(suggestion_freep) Suggestion *s = NULL, *again = NULL;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char names[24][SYSCALL_NAME_MAX], named[SYSCALL_NAME_MAX];
	Observed rows[24];
	SuggestInput in = { .observed = rows, .n_observed = ELEMENTSOF(rows), .dialect = dialect };
	Diag d = { 0 };

	buffer_printf(&b,
		      "{\"defaultAction\":\"SCMP_ACT_%s\",%s\"syscalls\":["
		      "{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}",
		      defaults[draw(seed) % ELEMENTSOF(defaults)],
		      draw(seed) & 1 ? "\"architectures\":[\"SCMP_ARCH_X86\"]," : "");
	for (uint64_t i = draw(seed) % 9; i > 0; i--)
		add_random_rule(&b, seed, dialect);
	buffer_add_str(&b, "]}");
	for (unsigned i = 0; i < ELEMENTSOF(rows); i++) {
		uint32_t arch = draw(seed) % 4 ? ARCH_WORD_X86_64 : ARCH_WORD_I386;

		do
			rows[i] = help_row(arch, draw_name(seed, arch, names[i]));
		while (syscall_name(arch, rows[i].nr, named) < 0 || strcmp(named, names[i]) != 0);
	}
	in.profile = span_of(b.p);
	in.context = context_default(dialect, ARCH_WORD_X86_64);
	in.context.runtime = draw(seed) & 1 ? RUNTIME_RUNC : RUNTIME_CRUN;
	if (suggest(&in, &s, &d) < 0) {
		/* two actions for the same arguments: no container would start */
		assert_non_null(strstr(d.text, "no container would start"));
		return;
	}
	for (size_t i = 0; i < s->n_other_changes; i++)
		/* a call that two rules name is refused within socketcall, where it has arguments
		 */
		if (strstr(s->other_changes[i], "no container would start"))
			return;
		else if (strncmp(s->other_changes[i], "no ", 3) == 0)
			fail_msg("%s\n%s", b.p, s->other_changes[i]);
	for (size_t i = 0; i < s->n_calls; i++) {
		const SuggestCall *c = &s->calls[i];
		SafeRule rule;

		/* on an architecture that is new to it, the profile's own rules decide */
		if (c->offered && c->risk > RISK_MEDIUM && !c->fallback && !c->arch_added &&
		    safe_rule_for(c->name, NULL, 0, &rule) < 0)
			fail_msg("%s\n%s: %s", b.p, c->name, c->reason);
		assert_true(!c->offered || c->advice == ADVICE_ALLOW || c->advice == ADVICE_ERRNO);
		assert_true(c->reason[0] && strlen(c->reason) < SUGGEST_REASON_MAX - 1);
	}
	if (!s->patched)
		return;
	in.profile = span_make(s->patched, s->n_patched);
	if (suggest(&in, &again, &d) < 0)
		fail_msg("%s\n%s\n%s", b.p, s->patched, d.text);
	for (size_t i = 0; i < again->n_calls; i++)
		if (again->calls[i].offered)
			fail_msg("%s\n%s: %s", b.p, again->calls[i].name, again->calls[i].reason);
	assert_null(again->patched);
}

static void test_random_profiles_and_observations(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		check_random(&seed, DIALECT_OCI);
		check_random(&seed, DIALECT_DOCKER);
	}
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* As large as Docker's default: 361 names, three architectures. The time is told, not judged. */
static void test_a_large_profile(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "writev"),
				  help_row(ARCH_WORD_X86_64, "kcmp") };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char name[SYSCALL_NAME_MAX];
	unsigned names = 0;
	double start;

	(void)state;
	buffer_add_str(
		&b, "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\","
		    "\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],\"syscalls\":[{\"names\":[\"openat2\"");
	for (int64_t nr = 0; nr < 430 && names < 360; nr++)
		if (nr != rows[0].nr && nr != rows[1].nr &&
		    syscall_name(ARCH_WORD_X86_64, nr, name) == 0) {
			buffer_printf(&b, ",\n\"%s\"", name);
			names++;
		}
	buffer_add_str(&b, "],\"action\":\"SCMP_ACT_ALLOW\"}]}");
	start = now_ms();
	suggestion_free(help_suggest(b.p, rows, 2));
	print_message("# suggest with proof: %u names, 3 architectures, %.1f ms\n", names + 1,
		      now_ms() - start);
}

/* A record that the container's filter cannot have made is shown, and asks for nothing. */
static void test_answers_of_a_program_s_own_filter_are_kept_apart(void **state)
{
	Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "connect"),
			    help_row(ARCH_WORD_X86_64, "read") };
	SuggestInput in = { .observed = rows,
			    .n_observed = ELEMENTSOF(rows),
			    .profile = span_of(profile),
			    .dialect = DIALECT_OCI,
			    .context = help_x86_64,
			    .applied = span_of(profile) };
	_cleanup_(suggestion_freep) Suggestion *s = NULL, *older = NULL, *none = NULL;
	Diag d = { 0 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		rows[i].under_applied = true;
	rows[1].action = rows[2].action = ACTION_KILL_PROCESS;
	assert_int_equal(suggest(&in, &s, &d), 0);
	/* read, connect, chmod: in the order of their numbers */
	assert_int_equal(s->n_calls, 3);
	for (size_t i = 0; i < 2; i++) {
		assert_true(suggest_call_is_foreign(&s->calls[i]));
		assert_int_equal(s->calls[i].advice, ADVICE_REVIEW);
		assert_false(s->calls[i].offered);
		assert_non_null(strstr(s->calls[i].reason, "one of its own"));
	}
	assert_false(suggest_call_is_foreign(&s->calls[2]));
	assert_int_equal(s->n_newly_allowed, 1);
	assert_string_equal(s->newly_allowed[0], "chmod");

	/* under another filter than the one that is known, nothing can be said of that */
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		rows[i].under_applied = false;
	assert_int_equal(suggest(&in, &older, &d), 0);
	for (size_t i = 0; i < older->n_calls; i++)
		assert_false(suggest_call_is_foreign(&older->calls[i]));

	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		rows[i].under_applied = true;
	in.applied = SPAN_NULL;
	in.unconfined = true;
	assert_int_equal(suggest(&in, &none, &d), 0);
	for (size_t i = 0; i < none->n_calls; i++)
		assert_true(suggest_call_is_foreign(&none->calls[i]));
}

/* A call that only programs with a filter of their own made is for a person; one other record of it
 * is enough to offer it. */
static void test_a_call_under_own_filters_alone_is_not_offered(void **state)
{
	Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "connect") };
	_cleanup_(suggestion_freep) Suggestion *s = NULL, *other = NULL;

	(void)state;
	rows[0].own_filter = rows[1].own_filter = 3;
	rows[1].origin = ORIGIN_EXEC;
	s = help_suggest(profile, rows, ELEMENTSOF(rows));
	assert_int_equal(s->n_newly_allowed, 1);
	assert_string_equal(s->newly_allowed[0], "connect");
	for (size_t i = 0; i < s->n_calls; i++) {
		bool is_chmod = strcmp(s->calls[i].name, "chmod") == 0;

		assert_int_equal(suggest_call_is_doubtful(&s->calls[i]), is_chmod);
		assert_int_equal(s->calls[i].advice, is_chmod ? ADVICE_REVIEW : ADVICE_ALLOW);
		assert_int_equal(strstr(s->calls[i].reason, "filter of their own") != NULL,
				 is_chmod);
	}
	rows[1].own_filter = 2;
	other = help_suggest(profile, rows, ELEMENTSOF(rows));
	assert_int_equal(other->n_newly_allowed, 2);
}

UNIT_MAIN(cmocka_unit_test(test_a_call_under_own_filters_alone_is_not_offered),
	  cmocka_unit_test(test_answers_of_a_program_s_own_filter_are_kept_apart),
	  cmocka_unit_test(test_the_patch_adds_what_it_says),
	  cmocka_unit_test(test_what_libseccomp_lacks_stays_out_of_the_patch),
	  cmocka_unit_test(test_rows_of_one_call_are_joined),
	  cmocka_unit_test(test_nothing_to_add_makes_no_patch),
	  cmocka_unit_test(test_what_cannot_be_read_is_told),
	  cmocka_unit_test(test_a_group_is_made), cmocka_unit_test(test_forking_is_made_possible),
	  cmocka_unit_test(test_the_stub_does_not_move_unseen),
	  cmocka_unit_test(test_an_empty_group_is_filled),
	  cmocka_unit_test(test_a_denied_name_is_taken_out_of_its_rules),
	  cmocka_unit_test(test_a_denial_that_was_meant_is_kept),
	  cmocka_unit_test(test_random_profiles_and_observations),
	  cmocka_unit_test(test_a_large_profile))
