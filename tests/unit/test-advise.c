/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/advise.c: one rule of advice after the other. */
#include "audit/syscall.h"
#include "suggest/advise.h"
#include "tests/unit/profile-help.h"

#define RULES                                                                                    \
	"\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],\"syscalls\":[\n"            \
	"{\"names\":[\"read\",\"socket\",\"futex\",\"statx\"],\"action\":\"SCMP_ACT_ALLOW\"},\n" \
	"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"           \
	"\"op\":\"SCMP_CMP_EQ\",\"value\":17}]},\n"                                              \
	"{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_TRAP\"},\n"                                \
	"{\"names\":[\"rmdir\"],\"action\":\"SCMP_ACT_TRACE\"}]}"

/* Rules that equal the default: the filter has no trace of them, the owner's text has. */
#define PART_PROFILE(rule)                                                             \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86\"]," \
	"\"syscalls\":[{\"names\":[\"statx\"],\"action\":\"SCMP_ACT_ALLOW\"},\n" rule "]}"
#define DENIED_PART "{\"names\":[\"bind\"],\"action\":\"SCMP_ACT_ERRNO\"}"
#define ARGUMENT_PART                                                       \
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{" \
	"\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":38}]}"

#define LOG_PROFILE "{\"defaultAction\":\"SCMP_ACT_LOG\"," RULES
#define ERRNO_PROFILE "{\"defaultAction\":\"SCMP_ACT_ERRNO\"," RULES

static SuggestCall ask_for(Dialect dialect, const char *profile, uint32_t arch, const char *name,
			   Action action)
{
	const ProfileContext context = context_default(dialect, ARCH_WORD_X86_64);
	_cleanup_(profile_freep) Profile *p = help_read_in(profile, dialect, &context);
	_cleanup_filter_ Filter f = { 0 };
	Advisor a;
	SuggestCall call = { .arch = arch, .name = name, .actions = 1U << action };

	help_filter(p, &f);
	a = (Advisor){ .profile = p, .filter = &f };
	call.origins = 1U << ORIGIN_WORKLOAD;
	if (syscall_number(arch, name, &call.nr) < 0)
		call.nr = 999;
	advise(&a, &call);
	return call;
}

static SuggestCall ask(const char *profile, uint32_t arch, const char *name, Action action)
{
	return ask_for(DIALECT_OCI, profile, arch, name, action);
}

static void test_each_rule_of_advice(void **state)
{
	static const struct {
		const char *profile;
		uint32_t arch;
		const char *name;
		Action action;
		Advice advice;
		bool offered;
		Risk risk;
		const char *part; /* of the reason */
	} cases[] = {
		{ LOG_PROFILE, ARCH_WORD_X86_64, "getpid", ACTION_LOG, ADVICE_ALLOW, true, RISK_LOW,
		  "low risk" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "read", ACTION_LOG, ADVICE_ALLOW, false, RISK_LOW,
		  "already" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "clone", ACTION_LOG, ADVICE_ARGUMENTS_NEEDED,
		  false, RISK_HIGH, "line 3" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "mkdir", ACTION_TRAP, ADVICE_ALLOW, true, RISK_LOW,
		  "takes it out of the rule at line 4" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "mkdir", ACTION_KILL_PROCESS, ADVICE_REVIEW, false,
		  RISK_LOW, "another filter" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "rmdir", ACTION_TRACE, ADVICE_REVIEW, false,
		  RISK_LOW, "line 5" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "init_module", ACTION_LOG, ADVICE_KEEP_DENIED,
		  false, RISK_CRITICAL, "critical" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "ptrace", ACTION_LOG, ADVICE_REVIEW, false,
		  RISK_HIGH, "high risk" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "kcmp", ACTION_LOG, ADVICE_ALLOW, true,
		  RISK_MEDIUM, "unless CAP_SYS_" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "mbind", ACTION_LOG, ADVICE_ALLOW, true,
		  RISK_MEDIUM, "unless CAP_SYS_" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "ioctl", ACTION_LOG, ADVICE_ALLOW, true,
		  RISK_MEDIUM, "medium risk" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "personality", ACTION_LOG, ADVICE_ALLOW, true,
		  RISK_MEDIUM, "five harmless values" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "clone3", ACTION_LOG, ADVICE_ERRNO, true,
		  RISK_HIGH, "falls back to clone" },
		{ ERRNO_PROFILE, ARCH_WORD_X86_64, "clone3", ACTION_LOG, ADVICE_KEEP_DENIED, false,
		  RISK_HIGH, "answered with ENOSYS" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "afs_syscall", ACTION_LOG, ADVICE_REVIEW, false,
		  RISK_HIGH, "no table" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "no_such_call", ACTION_LOG, ADVICE_REVIEW, false,
		  RISK_HIGH, "does not know this name" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "getpid", ACTION_KILL_THREAD, ADVICE_REVIEW, false,
		  RISK_LOW, "another filter" },
		{ LOG_PROFILE, ARCH_WORD_AARCH64, "getpid", ACTION_KILL_THREAD, ADVICE_REVIEW,
		  false, RISK_LOW, "SCMP_ARCH_AARCH64" },
		{ LOG_PROFILE, ARCH_WORD_X32, "getpid", ACTION_KILL_THREAD, ADVICE_REVIEW, false,
		  RISK_LOW, "SCMP_ARCH_X32" },
		{ LOG_PROFILE, ARCH_WORD_I386, "socketcall", ACTION_LOG, ADVICE_ARGUMENTS_NEEDED,
		  false, RISK_MEDIUM, "several calls" },
		{ PART_PROFILE(DENIED_PART), ARCH_WORD_I386, "socketcall", ACTION_ERRNO,
		  ADVICE_ARGUMENTS_NEEDED, false, RISK_MEDIUM, "line 2" },
		{ PART_PROFILE(ARGUMENT_PART), ARCH_WORD_I386, "socketcall", ACTION_ERRNO,
		  ADVICE_ARGUMENTS_NEEDED, false, RISK_MEDIUM, "line 2" },
		{ PART_PROFILE(DENIED_PART), ARCH_WORD_I386, "ipc", ACTION_ERRNO, ADVICE_ALLOW,
		  true, RISK_LOW, "" },
		{ LOG_PROFILE, ARCH_WORD_I386, "ipc", ACTION_LOG, ADVICE_ALLOW, true, RISK_LOW,
		  "" },
		{ LOG_PROFILE, ARCH_WORD_X86_64, "openat2", ACTION_LOG, ADVICE_ALLOW, true,
		  RISK_LOW, "" },
		{ ERRNO_PROFILE, ARCH_WORD_X86_64, "openat2", ACTION_ERRNO, ADVICE_ALLOW, true,
		  RISK_LOW, "" },
		{ ERRNO_PROFILE, ARCH_WORD_X86_64, "getpid", ACTION_ERRNO, ADVICE_ALLOW, true,
		  RISK_LOW, "" },
		{ ERRNO_PROFILE, ARCH_WORD_X86_64, "getpid", ACTION_LOG, ADVICE_ALLOW, true,
		  RISK_LOW, "" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		SuggestCall c =
			ask(cases[i].profile, cases[i].arch, cases[i].name, cases[i].action);

		if (c.advice != cases[i].advice || c.offered != cases[i].offered ||
		    c.risk != cases[i].risk || !strstr(c.reason, cases[i].part))
			fail_msg("%s: %s %d %s: %s", cases[i].name, advice_name(c.advice),
				 c.offered, risk_name(c.risk), c.reason);
	}
}

/* Docker's own way to say "only with this capability". */
static void test_a_gate_names_the_capability(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"read\",\"statx\"],\"action\":\"SCMP_ACT_ALLOW\"},\n"
		"{\"names\":[\"chroot\"],\"action\":\"SCMP_ACT_ALLOW\","
		"\"excludes\":{\"caps\":[\"CAP_SYS_CHROOT\"]}},\n"
		"{\"names\":[\"chroot\",\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\","
		"\"includes\":{\"caps\":[\"CAP_BPF\",\"CAP_PERFMON\",\"CAP_CHOWN\"]}},\n"
		"{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\","
		"\"includes\":{\"minKernel\":\"4.8\"}},\n"
		"{\"names\":[\"getpid\"],\"action\":\"SCMP_ACT_ERRNO\","
		"\"includes\":{\"arches\":[\"arm\"]}}]}";
	static const struct {
		const char *name;
		Advice advice;
		const char *part;
	} cases[] = {
		{ "bpf", ADVICE_CAPABILITY, "CAP_PERFMON and CAP_BPF (line 3)" },
		{ "chroot", ADVICE_CAPABILITY, "line 3" },
		{ "ptrace", ADVICE_REVIEW, "line 4" },
		{ "getpid", ADVICE_ALLOW, "low risk" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		SuggestCall c = ask_for(DIALECT_DOCKER, text, ARCH_WORD_X86_64, cases[i].name,
					ACTION_ERRNO);

		if (c.advice != cases[i].advice || !strstr(c.reason, cases[i].part))
			fail_msg("%s: %s: %s", cases[i].name, advice_name(c.advice), c.reason);
		assert_int_equal(c.offered, c.advice == ADVICE_ALLOW);
	}
}

/* Whichever of a denial and a permission with conditions comes first counts for those who have the
 * capability. */
static void test_a_gate_behind_a_denial_opens_nothing(void **state)
{
#define DENIED "{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}"
#define GATED                                                   \
	"{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ALLOW\"," \
	"\"includes\":{\"caps\":[\"CAP_BPF\"]}}"
#define HEAD "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
	SuggestCall before = ask_for(DIALECT_DOCKER, HEAD DENIED "," GATED "]}", ARCH_WORD_X86_64,
				     "mkdir", ACTION_ERRNO);
	SuggestCall behind = ask_for(DIALECT_DOCKER, HEAD GATED "," DENIED "]}", ARCH_WORD_X86_64,
				     "mkdir", ACTION_ERRNO);

	(void)state;
	assert_int_equal(before.advice, ADVICE_ALLOW);
	assert_true(before.take_out);
	assert_int_equal(behind.advice, ADVICE_CAPABILITY);
	assert_false(behind.offered);
}

/* Whom a rule with conditions is for, a patch cannot tell. */
static void test_a_denial_with_conditions_stays(void **state)
{
	SuggestCall c = ask_for(DIALECT_DOCKER,
				HEAD "\n{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\","
				     "\"excludes\":{\"caps\":[\"CAP_BPF\"]}}]}",
				ARCH_WORD_X86_64, "mkdir", ACTION_ERRNO);

	(void)state;
	assert_int_equal(c.advice, ADVICE_KEEP_DENIED);
	assert_false(c.offered);
	assert_int_equal(c.line, 2);
}

static SuggestCall ask_with(const RiskSettings *risks, const char *name)
{
	_cleanup_(profile_freep) Profile *p = help_read(LOG_PROFILE, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	SuggestCall call = { .arch = ARCH_WORD_X86_64,
			     .name = name,
			     .actions = 1U << ACTION_LOG,
			     .origins = 1U << ORIGIN_WORKLOAD };

	help_filter(p, &f);
	assert_int_equal(syscall_number(call.arch, name, &call.nr), 0);
	advise(&(Advisor){ .profile = p, .filter = &f, .risks = risks }, &call);
	return call;
}

static void test_the_administrator_s_risks_decide(void **state)
{
	static const struct {
		const char *name, *risk;
		Advice advice;
		bool offered;
		const char *part;
	} cases[] = {
		{ "getpid", "critical", ADVICE_KEEP_DENIED, false, "critical by your setting" },
		{ "getpid", "high", ADVICE_REVIEW, false, "high risk by your setting" },
		{ "getpid", "medium", ADVICE_ALLOW, true, "medium risk by your setting" },
		{ "keyctl", "low", ADVICE_ALLOW, true, "low risk by your setting" },
		{ "init_module", "medium", ADVICE_ALLOW, true, "medium risk by your setting" },
		{ "afs_syscall", "low", ADVICE_ALLOW, true, "low risk by your setting" },
		{ "personality", "high", ADVICE_REVIEW, false, "high risk by your setting" },
		{ "personality", "low", ADVICE_ALLOW, true, "five harmless values" },
		/* with another way, ENOSYS is the answer to what is called risky here */
		{ "openat2", "high", ADVICE_ERRNO, true, "fall back to openat then" },
		{ "clone3", "low", ADVICE_ALLOW, true, "low risk by your setting" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		RiskSettings risks = { 0 };
		SuggestCall c;

		assert_int_equal(risk_settings_add(&risks, cases[i].name, cases[i].risk, NULL), 0);
		c = ask_with(&risks, cases[i].name);
		if (c.advice != cases[i].advice || c.offered != cases[i].offered ||
		    !strstr(c.reason, cases[i].part))
			fail_msg("%s=%s: %s: %s", cases[i].name, cases[i].risk,
				 advice_name(c.advice), c.reason);
		risk_settings_done(&risks);
	}
}

/* What the owner knows of the container is part of the reason. */
static void test_reasons_compare_with_the_default_profile(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(LOG_PROFILE, DIALECT_DOCKER);
	_cleanup_filter_ Filter f = { 0 };
	Advisor a = { .profile = p, .filter = &f };
	SuggestCall c = { .arch = ARCH_WORD_X86_64, .name = "setns", .actions = 1U << ACTION_LOG };

	(void)state;
	help_filter(p, &f);
	assert_int_equal(syscall_number(c.arch, c.name, &c.nr), 0);
	advise(&a, &c);
	assert_non_null(strstr(c.reason, "Docker's default profile blocks it unless CAP_SYS_ADMIN, "
					 "which this container lacks"));
	a.capabilities = UINT64_MAX;
	advise(&a, &c);
	assert_non_null(strstr(c.reason, "which this container has"));
	c.origins = 1U << ORIGIN_RUNTIME_INIT;
	advise(&a, &c);
	assert_non_null(strstr(c.reason, "only the container runtime made it"));
}

/* A name from our own tables, or of another architecture, is told and never offered. */
static void test_names_that_libseccomp_lacks_are_never_offered(void **state)
{
	static const char profile[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\","
		"\"SCMP_ARCH_X32\"],\"syscalls\":[\n"
		"{\"names\":[\"read\",\"mseal\"],\"action\":\"SCMP_ACT_ALLOW\"},\n"
		"{\"names\":[\"statmount\"],\"action\":\"SCMP_ACT_ERRNO\"}]}";
	static const struct {
		uint32_t arch;
		int64_t nr;
		const char *part; /* of the reason */
	} cases[] = {
		{ ARCH_WORD_X86_64, 472, "does not know this name on x86_64" },
		{ ARCH_WORD_X86_64, 335, "traces the program with uprobes" },
		{ ARCH_WORD_X86_64, 457, "does not know this name on x86_64" },
		{ ARCH_WORD_X86_64, 462, "the profile allows it at line 2, but libseccomp" },
		/* which has map_shadow_stack, but not there */
		{ ARCH_WORD_X32, ARCH_X32_BIT | 453, "does not know this name on x32" },
	};
	_cleanup_(profile_freep) Profile *p = help_read(profile, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	Advisor a;

	(void)state;
	help_filter(p, &f);
	a = (Advisor){ .profile = p, .filter = &f };
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		char name[SYSCALL_NAME_MAX];
		SuggestCall c = { .arch = cases[i].arch,
				  .nr = cases[i].nr,
				  .name = name,
				  .actions = 1U << ACTION_LOG };
		SyscallSource source;

		assert_int_equal(syscall_name_from(c.arch, c.nr, name, &source), 0);
		if (source == SYSCALL_FROM_LIBSECCOMP)
			continue; /* a newer one */
		advise(&a, &c);
		if (c.advice != ADVICE_REVIEW || c.offered || !strstr(c.reason, cases[i].part))
			fail_msg("%s: %s: %s", name, advice_name(c.advice), c.reason);
	}
}

static void test_numbers_without_a_name_are_never_guessed(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(LOG_PROFILE, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	Advisor a;
	SuggestCall minus = { .arch = ARCH_WORD_X86_64, .nr = -1, .name = "read" };
	SuggestCall none = { .arch = ARCH_WORD_X86_64, .nr = 9999 };

	(void)state;
	help_filter(p, &f);
	a = (Advisor){ .profile = p, .filter = &f };
	advise(&a, &minus);
	advise(&a, &none);
	assert_int_equal(minus.advice, ADVICE_UNKNOWN_NUMBER);
	assert_int_equal(none.advice, ADVICE_UNKNOWN_NUMBER);
	assert_false(minus.offered || none.offered);
	assert_non_null(strstr(none.reason, "x86_64"));
}

static void test_the_runtimes_own_calls_are_told_as_such(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(LOG_PROFILE, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	Advisor a;
	SuggestCall c = { .arch = ARCH_WORD_X86_64,
			  .name = "setresgid",
			  .actions = 1U << ACTION_LOG };

	(void)state;
	help_filter(p, &f);
	a = (Advisor){ .profile = p, .filter = &f };
	assert_int_equal(syscall_number(c.arch, c.name, &c.nr), 0);
	c.origins = 1U << ORIGIN_RUNTIME_INIT;
	advise(&a, &c);
	assert_true(c.offered && strstr(c.reason, "runtime itself"));
	c.origins |= 1U << ORIGIN_WORKLOAD;
	advise(&a, &c);
	assert_null(strstr(c.reason, "runtime itself"));
}

UNIT_MAIN(cmocka_unit_test(test_a_gate_behind_a_denial_opens_nothing),
	  cmocka_unit_test(test_a_denial_with_conditions_stays),
	  cmocka_unit_test(test_the_administrator_s_risks_decide),
	  cmocka_unit_test(test_reasons_compare_with_the_default_profile),
	  cmocka_unit_test(test_each_rule_of_advice),
	  cmocka_unit_test(test_a_gate_names_the_capability),
	  cmocka_unit_test(test_names_that_libseccomp_lacks_are_never_offered),
	  cmocka_unit_test(test_numbers_without_a_name_are_never_guessed),
	  cmocka_unit_test(test_the_runtimes_own_calls_are_told_as_such))
