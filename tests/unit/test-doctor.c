/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/doctor*.c: each check with facts that trigger it and with facts that do not. */
#include <errno.h>
#include <linux/audit.h>
#include <string.h>

#include "audit/arch.h"
#include "profile/context.h"
#include "suggest/doctor.h"
#include "tests/unit/unit.h"

#define ALL_ACTIONS "kill_process kill_thread trap errno user_notif trace log\n"

/* ---- the host ---- */

static DoctorHost good_host(void)
{
	return (DoctorHost){
		.seccompctl = "seccompctl",
		.seccompd = "seccompd",
		.config = "/etc/seccompd/seccompd.conf",
		.actions_logged = { .text = SPAN_LIT(ALL_ACTIONS) },
		.cmdline = { .text = SPAN_LIT("quiet\n") },
		.daemon = { .running = 1,
			    .source = "netlink",
			    .on_stream = 1,
			    .receive_buffer = 128 << 20 },
	};
}

/* "D01 error" of each finding, joined by commas. */
static char *codes(DoctorReport *r, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	doctor_report_sort(r);
	for (size_t i = 0; i < r->n; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s %s", i > 0 ? ", " : "",
				      r->findings[i].code,
				      doctor_severity_name(r->findings[i].severity));
	return buf;
}

static void host_has(const DoctorHost *h, const char *wanted)
{
	_cleanup_doctor_report_ DoctorReport r = { 0 };
	char buf[256];

	assert_int_equal(doctor_host(h, &r), 0);
	assert_string_equal(codes(&r, buf, sizeof(buf)), wanted);
	for (size_t i = 0; i < r.n; i++) {
		assert_true(r.findings[i].message[0] && r.findings[i].meaning[0]);
		/* Nobody is left alone with what is known to be wrong. */
		if (r.findings[i].severity == DOCTOR_ERROR ||
		    r.findings[i].severity == DOCTOR_WARNING)
			assert_true(r.findings[i].command || r.findings[i].edit);
	}
}

static char *host_command(const DoctorHost *h, char *buf, size_t size)
{
	_cleanup_doctor_report_ DoctorReport r = { 0 };

	assert_int_equal(doctor_host(h, &r), 0);
	assert_int_equal(r.n, 1);
	snprintf(buf, size, "%s", r.findings[0].command ?: "");
	return buf;
}

static void test_a_good_host_has_nothing(void **state)
{
	const DoctorHost h = good_host();

	(void)state;
	host_has(&h, "");
}

static void test_actions(void **state)
{
	static const char *const bad[] = { "kill_process kill_thread trap errno\n",
					   "kill_process kill_thread log\n",
					   "kill_thread errno log\n", "kill_process errno log",
					   "" };
	DoctorHost h = good_host();
	char buf[256];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(bad); i++) {
		h.actions_logged.text = span_of(bad[i]);
		host_has(&h, "D01 error");
	}
	h.actions_logged.text = SPAN_LIT("kill_process kill_thread trap log\n");
	assert_string_equal(host_command(&h, buf, sizeof(buf)),
			    "sysctl -w kernel.seccomp.actions_logged='kill_process kill_thread "
			    "trap log errno'");
	/* Without these no evidence is missing. */
	h.actions_logged.text = SPAN_LIT("log errno kill_thread kill_process\n");
	host_has(&h, "");
	h.actions_logged.error = -EACCES;
	host_has(&h, "D01 unknown");
}

static void test_audit_off(void **state)
{
	DoctorHost h = good_host();

	(void)state;
	h.cmdline.text = SPAN_LIT("quiet audit=0\n");
	host_has(&h, "D02 error");
	h.cmdline.text = SPAN_LIT("quiet audit=1\n");
	host_has(&h, "");
	h.cmdline.error = -EACCES;
	host_has(&h, "D02 unknown");
}

static void test_exclude_rules(void **state)
{
	struct audit_rule_data rule = {
		.flags = AUDIT_FILTER_EXCLUDE,
		.action = AUDIT_ALWAYS,
		.field_count = 1,
		.fields = { AUDIT_MSGTYPE, AUDIT_PID },
		.values = { 1326, 42 },
		.fieldflags = { AUDIT_EQUAL, AUDIT_EQUAL },
	};
	const Span bytes = span_make((const char *)&rule, sizeof(rule));
	DoctorHost h = good_host();
	char buf[256];

	(void)state;
	h.rules = &bytes;
	h.n_rules = 1;
	host_has(&h, "D03 error");
	rule.field_count = 2;
	host_has(&h, "D03 warning");
	assert_string_equal(host_command(&h, buf, sizeof(buf)),
			    "auditctl -d always,exclude -F msgtype=1326 -F pid=42");
	rule.values[0] = 1300;
	host_has(&h, "");
	h.n_rules = 0;
	h.rules_error = -EPERM;
	host_has(&h, "D03 unknown");
	assert_string_equal(host_command(&h, buf, sizeof(buf)), "sudo seccompctl doctor");
}

static void test_who_asks(void **state)
{
	DoctorHost h = good_host();

	(void)state;
	h.foreign[NAMESPACE_NET] = 1;
	host_has(&h, "D04 unknown");
	h.foreign[NAMESPACE_PID] = -ENODATA;
	host_has(&h, "D04 unknown, D04 unknown");
	/* Whether seccompd runs on the host is not known there. */
	h.daemon = (DoctorDaemon){ .running = 0 };
	host_has(&h, "D04 unknown, D04 unknown");
}

static void test_nobody_listens(void **state)
{
	DoctorHost h = good_host();
	char buf[256];

	(void)state;
	h.daemon = (DoctorDaemon){ .running = 0 };
	host_has(&h, "D05 error");
	assert_string_equal(host_command(&h, buf, sizeof(buf)), "seccompd");
	h.has_systemd = true;
	assert_string_equal(host_command(&h, buf, sizeof(buf)),
			    "systemctl start seccompd.socket seccompd.service");
	h.daemon = (DoctorDaemon){ .running = -EACCES, .fault = "cannot read the counters" };
	host_has(&h, "D05 unknown");
}

static void test_where_the_daemon_is(void **state)
{
	DoctorHost h = good_host();

	(void)state;
	h.daemon.on_stream = 0;
	host_has(&h, "D06 error");
	h.foreign[NAMESPACE_NET] = 1; /* its sockets do not show there */
	host_has(&h, "D04 unknown");
	h.foreign[NAMESPACE_NET] = 0;
	h.daemon.on_stream = -EPERM;
	host_has(&h, "D06 unknown");
	h.daemon.on_stream = 1;
	h.daemon.foreign_pids = 1;
	host_has(&h, "D06 error");
	h.daemon.foreign_pids = -ENODATA; /* and yet it is on the stream */
	host_has(&h, "");
	h.daemon.process = -EACCES;
	h.daemon.on_stream = -ENODATA;
	host_has(&h, "D06 unknown");
}

static void test_what_the_daemon_reads(void **state)
{
	DoctorHost h = good_host();
	char buf[512];

	(void)state;
	h.daemon.receive_buffer = 1 << 20;
	host_has(&h, "D08 warning");
	h.daemon.passed = true;
	assert_non_null(strstr(host_command(&h, buf, sizeof(buf)), "ReceiveBuffer=64M"));
	h.daemon.receive_buffer = 16 << 20;
	host_has(&h, "");
	h.daemon.receive_buffer = 0; /* the kernel does not tell */
	host_has(&h, "");
	h.daemon.lineage = "CAP_NET_ADMIN is missing";
	host_has(&h, "D10 warning");
	/* What reads a file has no socket to judge. */
	h.daemon.source = "file:/var/log/kern.log";
	h.daemon.on_stream = 0;
	host_has(&h, "D07 warning");
}

static void test_journal(void **state)
{
	static const struct {
		DoctorJournal journal;
		const char *wanted;
	} rows[] = {
		{ { .known = true, .burst = 10000, .interval = 30 * USEC_PER_SEC }, "" },
		{ { .known = true, .burst = 200, .interval = 30 * USEC_PER_SEC }, "" },
		{ { .known = true, .burst = 199, .interval = 30 * USEC_PER_SEC }, "D09 warning" },
		{ { .known = true, .burst = 1000, .interval = 3600 * USEC_PER_SEC },
		  "D09 warning" },
		{ { .known = true, .burst = 0, .interval = 30 * USEC_PER_SEC }, "" },
		{ { .known = true, .burst = 1, .interval = 0 }, "" },
		{ { .known = false, .burst = 1, .interval = USEC_PER_SEC }, "" },
		{ { .known = true, .error = -EINVAL, .burst = 10000, .interval = USEC_PER_SEC },
		  "D09 note" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		DoctorHost h = good_host();

		h.journal = rows[i].journal;
		host_has(&h, rows[i].wanted);
	}
}

static void test_runtimes(void **state)
{
	static const struct {
		DoctorRuntimes runtimes;
		const char *wanted;
	} rows[] = {
		{ { .runc = 3, .runc_version = 1 << 16 | 1 << 8 | 5 }, "D12 warning" },
		{ { .runc = 3, .runc_version = 1 << 16 | 2 << 8 }, "" },
		{ { .crun = 3, .runc_version = 1 << 16 | 1 << 8 }, "" },
		{ { .runc = 3 }, "D13 note" },
		{ { .unnamed = 1 }, "D13 note" },
		{ { .unnamed = 1, .runc = 2 }, "D13 note" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		DoctorHost h = good_host();

		h.runtimes = rows[i].runtimes;
		host_has(&h, rows[i].wanted);
	}
}

static void test_what_cannot_be_read(void **state)
{
	DoctorHost h = good_host();

	(void)state;
	h.state_error = -EBADMSG;
	h.state_fault = "containers/x/config.v2.json is no JSON";
	host_has(&h, "D11 unknown");
	h.units_error = -ETIMEDOUT;
	host_has(&h, "D11 unknown, D11 unknown");
	h = good_host();
	h.ledger_fault = "cannot open it";
	h.ledger_denied = true;
	host_has(&h, "D15 unknown");
	h = good_host();
	h.blind_units = 2;
	host_has(&h, "D14 note");
}

/* ---- a container ---- */

static const DoctorFilter holds = { .known = true, .confines = true };

static DoctorContainer good_container(void)
{
	return (DoctorContainer){
		.workload = "docker:web",
		.name = "web",
		.engine = "docker",
		.seccompctl = "seccompctl",
		.state_known = true,
		.given = true,
		.stage = STAGE_LOG,
		.visibility = VISIBILITY_FULL,
		.filter = &holds,
		.held = { .mode = PROC_SECCOMP_FILTER, .has_filters = true, .filters = 1 },
		.files_known = true,
		.n_files = 1,
	};
}

static void container_has(const DoctorContainer *c, const char *wanted)
{
	_cleanup_doctor_report_ DoctorReport r = { 0 };
	char buf[256];

	assert_int_equal(doctor_container(c, &r), 0);
	assert_string_equal(codes(&r, buf, sizeof(buf)), wanted);
}

static void test_a_good_container_has_nothing(void **state)
{
	const DoctorContainer c = good_container();

	(void)state;
	container_has(&c, "");
	assert_int_equal(doctor_is_unconfined(&c), 0);
}

static void test_blind(void **state)
{
	_cleanup_doctor_report_ DoctorReport r = { 0 };
	DoctorContainer c = good_container();

	(void)state;
	c.stage = STAGE_ERRNO;
	c.visibility = VISIBILITY_BLIND;
	container_has(&c, "D20 error");
	c.workload = "compose:my shop/web";
	assert_int_equal(doctor_container(&c, &r), 0);
	assert_string_equal(r.findings[0].command,
			    "seccompctl promote 'compose:my shop/web' --to log -o "
			    "compose-my-shop-web.json");
	assert_string_equal(r.findings[0].edit, "start one instance anew with --security-opt "
						"seccomp=compose-my-shop-web.json");
	c.visibility = VISIBILITY_PARTIAL;
	container_has(&c, "D21 note");
}

static void test_unconfined(void **state)
{
	DoctorContainer c = good_container();

	(void)state;
	c.given = false;
	c.unconfined = true;
	c.filter = NULL;
	c.visibility = VISIBILITY_BLIND;
	c.held.mode = PROC_SECCOMP_NONE;
	container_has(&c, "D22 error");
	assert_int_equal(doctor_is_unconfined(&c), 1);
	c.privileged = true;
	container_has(&c, "D22 error, D24 warning");
	/* It has loaded a filter of its own: the kernel's word counts. */
	c.privileged = false;
	c.held.mode = PROC_SECCOMP_FILTER;
	container_has(&c, "");
	assert_int_equal(doctor_is_unconfined(&c), 0);
	c.process = -EACCES;
	container_has(&c, "D22 error, D30 unknown");
}

static void test_state_and_kernel_disagree(void **state)
{
	DoctorContainer c = good_container();

	(void)state;
	c.held.mode = PROC_SECCOMP_NONE;
	container_has(&c, "D23 error");
	assert_int_equal(doctor_is_unconfined(&c), 1);
	/* What it would be under its filter does not matter then. */
	c.visibility = VISIBILITY_BLIND;
	container_has(&c, "D23 error");
}

static void test_privileged_with_a_filter(void **state)
{
	DoctorContainer c = good_container();

	(void)state;
	c.privileged = true;
	container_has(&c, "D24 warning");
}

static void test_a_profile_that_holds_nothing(void **state)
{
	static const DoctorFilter nothing = { .known = true };
	static const DoctorFilter unread = { .known = false };
	DoctorContainer c = good_container();

	(void)state;
	c.filter = &nothing;
	c.visibility = VISIBILITY_BLIND;
	container_has(&c, "D25 error");
	c.filter = &unread;
	c.visibility = VISIBILITY_FULL;
	container_has(&c, "");
	/* An empty object, which runc takes for no profile. */
	c.filter = NULL;
	c.unconfined = true;
	c.held.mode = PROC_SECCOMP_NONE;
	container_has(&c, "D25 error");
}

static void test_arguments_that_are_not_filtered(void **state)
{
	const DoctorFilter unbound = { true, true, 2, "this filter does not bind" };
	_cleanup_doctor_report_ DoctorReport r = { 0 };
	DoctorContainer c = good_container();

	(void)state;
	c.filter = &unbound;
	container_has(&c, "D26 warning");
	assert_int_equal(doctor_container(&c, &r), 0);
	assert_string_equal(r.findings[0].message, "this filter does not bind (and 1 more)");
}

static void test_files(void **state)
{
	DoctorContainer c = good_container();

	(void)state;
	c.n_files = 0;
	c.no_file = "none of the 3 files has its filter";
	container_has(&c, "D27 note");
	c.n_files = 2;
	c.files = "/a.json, /b.json";
	container_has(&c, "D28 note");
	c.files_known = false;
	container_has(&c, "");
}

static void test_one_that_ends(void **state)
{
	DoctorContainer c = good_container();

	(void)state;
	c.visibility = VISIBILITY_BLIND;
	c.process = -ESRCH;
	container_has(&c, "D29 note");
}

static void test_one_that_cannot_be_told(void **state)
{
	DoctorContainer c = good_container();

	(void)state;
	c.process = -EACCES;
	container_has(&c, "D30 unknown");
	c = good_container();
	c.state_known = c.given = false;
	container_has(&c, "D30 unknown");
	assert_int_equal(doctor_is_unconfined(&c), 0);
	c.held.mode = PROC_SECCOMP_NONE; /* the kernel tells what the state does not */
	container_has(&c, "D22 error");
	c.process = -EACCES;
	assert_int_equal(doctor_is_unconfined(&c), -ENODATA);
}

static void test_instances_are_said_once(void **state)
{
	_cleanup_doctor_report_ DoctorReport r = { 0 };
	DoctorContainer c = good_container();

	(void)state;
	c.visibility = VISIBILITY_BLIND;
	c.stage = STAGE_ERRNO;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(doctor_container(&c, &r), 0);
	c.privileged = true;
	assert_int_equal(doctor_container(&c, &r), 0);
	c.workload = "docker:db";
	assert_int_equal(doctor_container(&c, &r), 0);
	doctor_report_sort(&r);
	assert_int_equal(r.n, 4);
	assert_int_equal(r.counts[DOCTOR_ERROR], 2);
	assert_int_equal(r.counts[DOCTOR_WARNING], 2);
	assert_string_equal(r.findings[0].workload, "docker:db");
	assert_int_equal(r.findings[0].containers, 1);
	assert_string_equal(r.findings[1].workload, "docker:web");
	assert_int_equal(r.findings[1].containers, 6);
}

static void test_hostile_names(void **state)
{
	_cleanup_doctor_report_ DoctorReport r = { 0 };
	DoctorContainer c = good_container();

	(void)state;
	c.workload = "docker:\x1b[2J'; rm -rf ~ #";
	c.name = "-f\n";
	c.held.mode = PROC_SECCOMP_NONE;
	assert_int_equal(doctor_container(&c, &r), 0);
	assert_int_equal(r.n, 1);
	assert_null(strpbrk(r.findings[0].command, "\x1b\n"));
	doctor_report_done(&r);
	c.held.mode = PROC_SECCOMP_FILTER;
	c.visibility = VISIBILITY_BLIND;
	assert_int_equal(doctor_container(&c, &r), 0);
	assert_null(strpbrk(r.findings[0].command, "\x1b\n"));
	assert_non_null(strstr(r.findings[0].edit, "seccomp=docker---2J---rm--rf----.json"));
}

/* ---- filters ---- */

static DoctorFilter filter_of(const char *json)
{
	DoctorFilter f;

	assert_int_equal(doctor_filter_read(span_of(json), ARCH_WORD_X86_64, &f), 0);
	return f;
}

static void test_what_a_filter_holds(void **state)
{
	static const struct {
		const char *json;
		bool known, confines;
	} rows[] = {
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}", true, true },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\"}", true, true },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", true, false },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\"],"
		  "\"action\":\"SCMP_ACT_ERRNO\"}]}",
		  true, true },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\"],"
		  "\"action\":\"SCMP_ACT_ALLOW\"}]}",
		  true, false },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bqf\"],"
		  "\"action\":\"SCMP_ACT_ERRNO\"}]}",
		  true, false },
		{ "rubbish", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		DoctorFilter f = filter_of(rows[i].json);

		if (f.known != rows[i].known || f.confines != rows[i].confines)
			fail_msg("wrong: %s", rows[i].json);
	}
}

#define SOCKET_RULE                                                                       \
	"\"syscalls\":[{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{" \
	"\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_NE\"}]}]}"

static void test_filters_on_arguments(void **state)
{
	DoctorFilter f = filter_of("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":["
				   "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"]," SOCKET_RULE);

	(void)state;
	assert_int_equal(f.unbound, 1);
	assert_non_null(strstr(f.unbound_text, "SCMP_ARCH_X86"));
	f = filter_of("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":["
		      "\"SCMP_ARCH_X86_64\"]," SOCKET_RULE);
	assert_int_equal(f.unbound, 0);
}

UNIT_MAIN(cmocka_unit_test(test_a_good_host_has_nothing), cmocka_unit_test(test_actions),
	  cmocka_unit_test(test_audit_off), cmocka_unit_test(test_exclude_rules),
	  cmocka_unit_test(test_who_asks), cmocka_unit_test(test_nobody_listens),
	  cmocka_unit_test(test_where_the_daemon_is), cmocka_unit_test(test_what_the_daemon_reads),
	  cmocka_unit_test(test_journal), cmocka_unit_test(test_runtimes),
	  cmocka_unit_test(test_what_cannot_be_read),
	  cmocka_unit_test(test_a_good_container_has_nothing), cmocka_unit_test(test_blind),
	  cmocka_unit_test(test_unconfined), cmocka_unit_test(test_state_and_kernel_disagree),
	  cmocka_unit_test(test_privileged_with_a_filter),
	  cmocka_unit_test(test_a_profile_that_holds_nothing),
	  cmocka_unit_test(test_arguments_that_are_not_filtered), cmocka_unit_test(test_files),
	  cmocka_unit_test(test_one_that_ends), cmocka_unit_test(test_one_that_cannot_be_told),
	  cmocka_unit_test(test_instances_are_said_once), cmocka_unit_test(test_hostile_names),
	  cmocka_unit_test(test_what_a_filter_holds), cmocka_unit_test(test_filters_on_arguments))
