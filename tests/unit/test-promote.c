/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/promote.c: what changes along with the default action, and what speaks against it. */
#include <errno.h>

#include "audit/syscall.h"
#include "suggest/promote.h"
#include "tests/unit/profile-help.h"

#define ARCHES "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]"
#define ALLOWS                                                                        \
	"{\"names\":[\"read\",\"write\",\"execve\",\"clone\",\"openat\"],\"action\":" \
	"\"SCMP_ACT_ALLOW\"}"

static const char log_profile[] =
	"{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES ",\"syscalls\":[" ALLOWS "]}";
static const char errno_profile[] =
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1," ARCHES
	",\"syscalls\":[" ALLOWS "]}";

static const ProfileContext crun = { .host_arch = ARCH_WORD_X86_64, .kernel = 0x060100 };

static ProfileContext runc(unsigned minor)
{
	ProfileContext c = crun;

	c.runtime = RUNTIME_RUNC;
	c.runtime_version = context_version(1, minor, 5);
	return c;
}

static Promotion *go(const char *text, Stage to, const ProfileContext *c, const Observed *observed,
		     size_t n)
{
	PromoteInput in = {
		.profile = text ? span_of(text) : SPAN_NULL,
		.dialect = DIALECT_OCI,
		.context = *c,
		.to = to,
		.errno_ret = PROMOTE_ERRNO_KEEP,
		.observed = observed,
		.n_observed = n,
	};
	Promotion *p = NULL;
	Diag d = { 0 };

	if (promote(&in, &p, &d) < 0)
		print_message("# %s\n", d.text);
	assert_non_null(p);
	return p;
}

static const char *remark(const Promotion *p, PromoteKind kind, const char *check)
{
	for (size_t i = 0; i < p->n_remarks; i++)
		if (p->remarks[i].kind == kind && strcmp(p->remarks[i].check, check) == 0)
			return p->remarks[i].text;
	return NULL;
}

static bool has(const Promotion *p, const char *word)
{
	return strstr(p->text, word) != NULL;
}

static uint32_t answer(const char *text, uint32_t arch, const char *name)
{
	_cleanup_(profile_freep) Profile *profile = help_read_in(text, DIALECT_OCI, &crun);
	_cleanup_filter_ Filter f = { 0 };
	int64_t nr;

	help_filter(profile, &f);
	assert_int_equal(syscall_number(arch, name, &nr), 0);
	return help_ask(&f, arch, (int)nr, 0);
}

#define ERRNO_WORD(e) (SECCOMP_RET_ERRNO | (e))

/* ---- log to errno ---- */

/* Somebody may read these records: they are kept, and nobody is left to wonder why they come. */
static void test_rules_that_record_are_kept_and_named(void **state)
{
	static const char text[] = "{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES
				   ",\"syscalls\":[" ALLOWS ",{\"names\":[\"mincore\",\"sysinfo\"],"
				   "\"action\":\"SCMP_ACT_LOG\"}]}";
	_cleanup_(promotion_freep) Promotion *p = go(text, STAGE_ERRNO, &crun, NULL, 0);
	_cleanup_(promotion_freep) Promotion *none = go(log_profile, STAGE_ERRNO, &crun, NULL, 0);
	const char *said = remark(p, PROMOTE_NOTE, "logged");

	(void)state;
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "mincore"), SECCOMP_RET_LOG);
	assert_non_null(said);
	assert_non_null(strstr(said, "2 calls"));
	assert_non_null(strstr(said, "(mincore, sysinfo): they go on working, and being recorded"));
	assert_null(remark(none, PROMOTE_NOTE, "logged"));
}

static void test_errno_with_flags_and_fallbacks(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = go(log_profile, STAGE_ERRNO, &crun, NULL, 0);

	(void)state;
	assert_int_equal(p->from, STAGE_LOG);
	assert_true(p->changed && p->tightens && !p->blind);
	assert_true(has(p, "\"defaultErrnoRet\":1"));
	assert_true(has(p, "SECCOMP_FILTER_FLAG_LOG"));
	assert_true(has(p, "SECCOMP_FILTER_FLAG_SPEC_ALLOW"));
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "read"), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "mkdir"), ERRNO_WORD(EPERM));
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "clone3"), ERRNO_WORD(ENOSYS));
	assert_int_equal(answer(p->text, ARCH_WORD_I386, "statx"), ERRNO_WORD(ENOSYS));
	assert_int_equal(p->n_obstacles, 0);
	assert_true(p->n_moved > 300);
}

static void test_old_runc_gets_no_flags_and_that_is_said(void **state)
{
	ProfileContext c = runc(1);
	_cleanup_(promotion_freep) Promotion *p = go(log_profile, STAGE_ERRNO, &c, NULL, 0);

	(void)state;
	assert_true(p->blind);
	assert_false(has(p, "flags"));
	assert_non_null(strstr(remark(p, PROMOTE_NOTE, "flags"), "replica"));
	/* the largest name is openat, 257: newer calls get ENOSYS from runc itself */
	assert_non_null(strstr(remark(p, PROMOTE_NOTE, "stub"), "newer than openat,"));
	assert_null(strstr(p->text, "clone3"));
}

static void test_newer_runc_gets_flags(void **state)
{
	ProfileContext c = runc(2);
	_cleanup_(promotion_freep) Promotion *p = go(log_profile, STAGE_ERRNO, &c, NULL, 0);

	(void)state;
	assert_false(p->blind);
	assert_true(has(p, "SECCOMP_FILTER_FLAG_LOG"));
}

static void test_runc_of_unknown_version_gets_no_flags(void **state)
{
	ProfileContext c = runc(2);
	_cleanup_(promotion_freep) Promotion *p = NULL;

	(void)state;
	c.runtime_version = 0;
	p = go(log_profile, STAGE_ERRNO, &c, NULL, 0);
	assert_true(p->blind && !has(p, "flags"));
	assert_non_null(strstr(remark(p, PROMOTE_NOTE, "flags"), "not known"));
}

static void test_flags_that_the_runtime_refuses_go(void **state)
{
	static const char text[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"SECCOMP_"
				   "FILTER_FLAG_LOG\"]," ARCHES ",\"syscalls\":[" ALLOWS "]}";
	ProfileContext c = runc(1);
	_cleanup_(promotion_freep) Promotion *p = go(text, STAGE_LOG, &c, NULL, 0);

	(void)state;
	assert_true(p->changed);
	assert_false(has(p, "flags"));
	assert_non_null(remark(p, PROMOTE_CHANGE, "flags"));
}

static void test_fallback_rules_of_the_owner_stay(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES ",\"syscalls\":[" ALLOWS
		",{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38},"
		"{\"names\":[\"statx\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
		"\"value\":3,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	_cleanup_(promotion_freep) Promotion *p = go(text, STAGE_ERRNO, &crun, NULL, 0);

	(void)state;
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "clone3"), ERRNO_WORD(ENOSYS));
	/* its rule with arguments is not put out of force by one without */
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "statx"), ERRNO_WORD(EPERM));
	assert_non_null(strstr(strstr(p->text, "clone3") + 1, "errnoRet\":38"));
	assert_null(strstr(strstr(p->text, "clone3") + 1, "clone3"));
}

static void test_the_errno_that_is_asked_for(void **state)
{
	PromoteInput in = { .profile = span_of(log_profile),
			    .dialect = DIALECT_OCI,
			    .context = crun,
			    .to = STAGE_ERRNO,
			    .errno_ret = ENOSYS };
	_cleanup_(promotion_freep) Promotion *p = NULL;

	(void)state;
	assert_int_equal(promote(&in, &p, NULL), 0);
	assert_true(has(p, "\"defaultErrnoRet\":38"));
	assert_false(has(p, "clone3")); /* the default says it already */
}

static void test_a_seccomp_profile_of_the_operator_has_no_errno(void **state)
{
	PromoteInput in = { .profile = span_of(log_profile),
			    .dialect = DIALECT_SPO,
			    .context = crun,
			    .to = STAGE_ERRNO,
			    .errno_ret = PROMOTE_ERRNO_KEEP };
	_cleanup_(promotion_freep) Promotion *p = NULL;
	_cleanup_(promotion_freep) Promotion *again = NULL;
	Promotion *none = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(promote(&in, &p, NULL), 0);
	assert_true(has(p, "SCMP_ACT_ERRNO"));
	assert_false(has(p, "defaultErrnoRet"));
	in.profile = span_make(p->text, p->n_text);
	assert_int_equal(promote(&in, &again, NULL), 0);
	assert_false(again->changed);
	in.errno_ret = ENOSYS;
	assert_int_equal(promote(&in, &none, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "EPERM"));
}

/* ---- errno to kill ---- */

static void test_kill_takes_the_process_and_no_errno(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = go(errno_profile, STAGE_KILL, &crun, NULL, 0);

	(void)state;
	assert_true(has(p, "\"SCMP_ACT_KILL_PROCESS\""));
	assert_false(has(p, "defaultErrnoRet"));
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "mkdir"), SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "io_uring_setup"), ERRNO_WORD(ENOSYS));
	assert_true(has(p, "SECCOMP_FILTER_FLAG_LOG")); /* those refusals stay visible */
}

static void test_kill_of_one_thread_becomes_kill_of_the_process(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_KILL\"," ARCHES ",\"syscalls\":[" ALLOWS "]}";
	_cleanup_(promotion_freep) Promotion *p = go(text, STAGE_KILL, &crun, NULL, 0);

	(void)state;
	assert_int_equal(p->from, STAGE_KILL);
	assert_false(p->tightens);
	assert_true(has(p, "\"SCMP_ACT_KILL_PROCESS\""));
}

static void test_a_stage_left_out_is_an_obstacle(void **state)
{
	static const char allow[] = "{\"defaultAction\":\"SCMP_ACT_ALLOW\"," ARCHES
				    ",\"syscalls\":[{\"names\":[\"bpf\"],\"action\":"
				    "\"SCMP_ACT_ERRNO\"}]}";
	_cleanup_(promotion_freep) Promotion *p = go(log_profile, STAGE_KILL, &crun, NULL, 0);
	_cleanup_(promotion_freep) Promotion *q = go(allow, STAGE_ERRNO, &crun, NULL, 0);

	(void)state;
	assert_non_null(remark(p, PROMOTE_OBSTACLE, "order"));
	assert_non_null(remark(q, PROMOTE_OBSTACLE, "order"));
}

/* ---- the way in ---- */

static void test_log_drops_the_errno_and_keeps_critical_denials(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = go(errno_profile, STAGE_LOG, &crun, NULL, 0);

	(void)state;
	assert_false(p->tightens);
	assert_false(has(p, "defaultErrnoRet"));
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "mkdir"), SECCOMP_RET_LOG);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "kexec_load"), ERRNO_WORD(EPERM));
	assert_int_equal(answer(p->text, ARCH_WORD_I386, "reboot"), ERRNO_WORD(EPERM));
	assert_true(has(p, "SECCOMP_FILTER_FLAG_LOG"));
	assert_null(remark(p, PROMOTE_NOTE, "architectures"));
	assert_non_null(remark(p, PROMOTE_NOTE, "opened"));
}

static void test_log_takes_out_what_refuses_but_for_fallbacks_and_critical_calls(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38," ARCHES
		",\"syscalls\":[" ALLOWS ",{\"names\":[\"bpf\",\"reboot\",\"read\"],\"action\":"
		"\"SCMP_ACT_ERRNO\",\"errnoRet\":1}"
		",{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_KILL\"}"
		",{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}"
		",{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,"
		"\"value\":38,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	_cleanup_(promotion_freep) Promotion *p = go(text, STAGE_LOG, &crun, NULL, 0);

	(void)state;
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "bpf"), SECCOMP_RET_LOG);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "mkdir"), SECCOMP_RET_LOG);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "reboot"), ERRNO_WORD(EPERM));
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "kexec_load"), ERRNO_WORD(ENOSYS));
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "clone3"), ERRNO_WORD(ENOSYS));
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "read"), SECCOMP_RET_ALLOW);
	assert_non_null(strstr(p->text, "\"socket\""));
	assert_non_null(strstr(remark(p, PROMOTE_CHANGE, "denials"), "mkdir, bpf"));
}

static void test_an_unlisted_architecture_is_told(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" ALLOWS "]}";
	_cleanup_(promotion_freep) Promotion *p = go(text, STAGE_LOG, &crun, NULL, 0);
	const char *said = remark(p, PROMOTE_NOTE, "architectures");

	(void)state;
	assert_non_null(said);
	assert_non_null(strstr(said, "SCMP_ARCH_X86, SCMP_ARCH_X32"));
	assert_non_null(strstr(said, "even at stage log"));
}

static void test_no_filter_becomes_a_quiet_log_profile(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = go(NULL, STAGE_LOG, &crun, NULL, 0);

	(void)state;
	assert_true(p->changed);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "read"), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "bpf"), SECCOMP_RET_LOG);
	assert_int_equal(answer(p->text, ARCH_WORD_X86_64, "kexec_load"), SECCOMP_RET_LOG);
	assert_int_equal(answer(p->text, ARCH_WORD_I386, "read"), SECCOMP_RET_ALLOW);
	assert_null(remark(p, PROMOTE_NOTE, "architectures"));
}

static void test_no_filter_has_no_other_stage(void **state)
{
	PromoteInput in = { .dialect = DIALECT_OCI, .context = crun, .to = STAGE_ERRNO };
	Promotion *p = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(promote(&in, &p, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "stage log"));
}

/* ---- what was seen ---- */

static Observed seen(const char *name, int64_t nr, Action action)
{
	return (Observed){ .arch = ARCH_WORD_X86_64,
			   .nr = nr,
			   .name = name,
			   .action = action,
			   .under_applied = true,
			   .count = 3 };
}

static void test_a_call_that_loses_its_answer_is_an_obstacle(void **state)
{
	const Observed o[] = { seen("mkdir", 83, ACTION_LOG), seen("read", 0, ACTION_LOG),
			       seen("mkdir", 83, ACTION_LOG), seen(NULL, -1, ACTION_LOG) };
	_cleanup_(promotion_freep) Promotion *p =
		go(log_profile, STAGE_ERRNO, &crun, o, ELEMENTSOF(o));

	(void)state;
	assert_int_equal(p->n_losses, 1);
	assert_string_equal(p->losses[0].name, "mkdir");
	assert_int_equal(p->losses[0].count, 6);
	assert_int_equal(p->losses[0].answer, ERRNO_WORD(EPERM));
	assert_non_null(remark(p, PROMOTE_OBSTACLE, "observed"));
}

static void test_a_refusal_stays_one_at_errno_and_kills_at_kill(void **state)
{
	const Observed o = seen("mkdir", 83, ACTION_ERRNO);
	_cleanup_(promotion_freep) Promotion *same = go(errno_profile, STAGE_ERRNO, &crun, &o, 1);
	_cleanup_(promotion_freep) Promotion *kill = go(errno_profile, STAGE_KILL, &crun, &o, 1);

	(void)state;
	assert_int_equal(same->n_losses, 0);
	assert_int_equal(kill->n_losses, 1);
	assert_non_null(strstr(remark(kill, PROMOTE_OBSTACLE, "observed"), "end the process"));
}

static void test_what_the_file_refuses_already_is_no_loss(void **state)
{
	const Observed o = seen("mkdir", 83, ACTION_LOG);
	_cleanup_(promotion_freep) Promotion *p = go(errno_profile, STAGE_ERRNO, &crun, &o, 1);

	(void)state;
	assert_int_equal(p->n_losses, 0);
	assert_string_equal(remark(p, PROMOTE_NOTE, "observed"),
			    "1 of the calls that were seen is refused by the profile as it is: "
			    "mkdir");
}

static void test_a_program_with_a_filter_of_its_own_does_not_count(void **state)
{
	Observed o = seen("mkdir", 83, ACTION_LOG);
	_cleanup_(promotion_freep) Promotion *p = NULL;

	(void)state;
	o.own_filter = o.count;
	p = go(log_profile, STAGE_ERRNO, &crun, &o, 1);
	assert_int_equal(p->n_losses, 0);
}

static void test_arguments_are_lost_under_the_same_filter_and_doubtful_under_another(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES ",\"syscalls\":[" ALLOWS
		",{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":"
		"0,"
		"\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	Observed o = seen("personality", 135, ACTION_LOG);
	_cleanup_(promotion_freep) Promotion *p = go(text, STAGE_ERRNO, &crun, &o, 1);
	_cleanup_(promotion_freep) Promotion *q = NULL;

	(void)state;
	assert_non_null(remark(p, PROMOTE_OBSTACLE, "observed"));
	assert_false(p->losses[0].doubtful);
	o.under_applied = false;
	q = go(text, STAGE_ERRNO, &crun, &o, 1);
	assert_true(q->losses[0].doubtful);
	assert_non_null(remark(q, PROMOTE_NOTE, "observed"));
	assert_int_equal(q->n_obstacles, 0);
}

/* ---- the proof ---- */

static void test_a_rule_that_would_come_to_life_is_refused(void **state)
{
	/* Under LOG the runtimes leave the first rule out, and read is allowed; later it would be
	 * the first of the two, and win. */
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES ",\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_LOG\"}," ALLOWS "]}";
	PromoteInput in = { .profile = span_of(text),
			    .dialect = DIALECT_OCI,
			    .context = crun,
			    .to = STAGE_ERRNO,
			    .errno_ret = PROMOTE_ERRNO_KEEP };
	Promotion *p = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(promote(&in, &p, &d), -ENOTRECOVERABLE);
	assert_non_null(strstr(d.text, "read (x86_64, number 0)"));
}

UNIT_MAIN(
	cmocka_unit_test(test_errno_with_flags_and_fallbacks),
	cmocka_unit_test(test_rules_that_record_are_kept_and_named),
	cmocka_unit_test(test_old_runc_gets_no_flags_and_that_is_said),
	cmocka_unit_test(test_newer_runc_gets_flags),
	cmocka_unit_test(test_runc_of_unknown_version_gets_no_flags),
	cmocka_unit_test(test_flags_that_the_runtime_refuses_go),
	cmocka_unit_test(test_fallback_rules_of_the_owner_stay),
	cmocka_unit_test(test_the_errno_that_is_asked_for),
	cmocka_unit_test(test_a_seccomp_profile_of_the_operator_has_no_errno),
	cmocka_unit_test(test_kill_takes_the_process_and_no_errno),
	cmocka_unit_test(test_kill_of_one_thread_becomes_kill_of_the_process),
	cmocka_unit_test(test_a_stage_left_out_is_an_obstacle),
	cmocka_unit_test(test_log_drops_the_errno_and_keeps_critical_denials),
	cmocka_unit_test(test_log_takes_out_what_refuses_but_for_fallbacks_and_critical_calls),
	cmocka_unit_test(test_an_unlisted_architecture_is_told),
	cmocka_unit_test(test_no_filter_becomes_a_quiet_log_profile),
	cmocka_unit_test(test_no_filter_has_no_other_stage),
	cmocka_unit_test(test_a_call_that_loses_its_answer_is_an_obstacle),
	cmocka_unit_test(test_a_refusal_stays_one_at_errno_and_kills_at_kill),
	cmocka_unit_test(test_what_the_file_refuses_already_is_no_loss),
	cmocka_unit_test(test_a_program_with_a_filter_of_its_own_does_not_count),
	cmocka_unit_test(test_arguments_are_lost_under_the_same_filter_and_doubtful_under_another),
	cmocka_unit_test(test_a_rule_that_would_come_to_life_is_refused))
