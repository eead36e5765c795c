/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/lint*.c: each check says what it should, where it should, and nothing of a sound
 * profile. */
#include "tests/unit/lint-help.h"

static void check_cases(const Case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned d = 0; d < 3; d++) {
			_cleanup_lint_ LintReport r = { 0 };

			run(span_of(cases[i].text), (Dialect)d, NULL, &r);
			if (letter(&r, &cases[i]) == cases[i].severities[d])
				continue;
			print(&r);
			fail_msg("%s: %s for %s is not %c", cases[i].text, cases[i].code,
				 dialect_name((Dialect)d), cases[i].severities[d]);
		}
}

static void test_documents_keys_and_values(void **state)
{
	static const Case cases[] = {
		{ "{}", "L01", "", "eee" },
		{ "[]", "L01", "", "eee" },
		{ " \n", "L01", "", "eee" },
		{ "{\"architectures\":[]}", "L01", "", "eee" },
		{ "{\"defaultAction\":null,\"syscalls\":[]}", "L01", "", "eee" },
		{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}}", "L01", "",
		  "eee" },
		{ "{\"defaultAction\":1,\"defaultAction\":2}", "L02", "/defaultAction", "eee" },
		{ "{\"DefaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{}]}", "L02", "/DefaultAction",
		  "eee" },
		{ LOG("{\"Names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}"), "L02",
		  "/syscalls/0/Names", "eee" },
		{ LOG(ALLOW("\"read\"", ",\"name\":\"read\"")), "L03", "/syscalls/0/name", "eew" },
		{ LOG(ALLOW("\"read\"", ",\"name\":\"\"")), "L03", "/syscalls/0/name", "---" },
		{ LOG("{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}"), "L05",
		  "/syscalls/0/name", "--e" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
		  "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86\"}]}",
		  "L03", "/archMap", "eew" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\","
		  "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86\"}]}",
		  "L04", "/archMap", "--e" },
		{ LOG(ALLOW("\"read\"", ",\"includes\":{\"caps\":[\"CAP_BPF\"]}")), "L04",
		  "/syscalls/0/includes", "--e" },
		{ LOG(ALLOW("\"read\"", ",\"includes\":{}")), "L04", "/syscalls/0/includes",
		  "---" },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errno\":\"ENOSYS\"")), "L04",
		  "/syscalls/0/errno", "w-w" },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errno\":\"ENOSYS\",\"errnoRet\":38")), "L04",
		  "/syscalls/0/errno", "n-n" },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errno\":\"EFOO\"")), "L24", "/syscalls/0/errno",
		  "wew" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"defaultErrnoRet\":1}", "L06",
		  "/defaultErrnoRet", "wee" },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errnoRet\":0")), "L06", "/syscalls/0/errnoRet",
		  "www" },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errnoRet\":4095")), "L24",
		  "/syscalls/0/errnoRet", "eee" },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errnoRet\":1e0")), "L24",
		  "/syscalls/0/errnoRet", "eee" },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errnoRet\":-0")), "L24", "/syscalls/0/errnoRet",
		  "eee" },
		{ LOG("7"), "L24", "/syscalls/0", "eee" },
		{ LOG(RULE("\"read\"", "DENY", "")), "L24", "/syscalls/0/action", "eee" },
		{ LOG("{\"names\":[\"read\"]}"), "L24", "/syscalls/0", "eee" },
		{ LOG("{\"action\":\"SCMP_ACT_ALLOW\"}"), "L24", "/syscalls/0", "wee" },
		/* what a dialect's readers ignore does not keep a container from starting */
		{ LOG(ALLOW("\"read\"", ",\"comment\":5")), "L24", "/syscalls/0/comment", "eew" },
		{ LOG(ALLOW("\"read\"", ",\"name\":5")), "L24", "/syscalls/0/name", "eew" },
		{ LOG(ALLOW("\"read\"", ",\"errno\":5")), "L24", "/syscalls/0/errno", "wew" },
		{ LOG(ALLOW("\"read\"", ",\"includes\":{\"minKernel\":4.8}")), "L24",
		  "/syscalls/0/includes/minKernel", "ew-" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"archMap\":{}}", "L24", "/archMap", "eew" },
		/* Go folds the long s and the Kelvin sign */
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"\xc5\xbfyscalls\":[]}", "L02",
		  "/\xc5\xbfyscalls", "eee" },
		{ LOG("{\"names\":[],\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}"), "L03",
		  "/syscalls/0/name", "---" },
		{ LOG(ALLOW("null", "")), "L24", "/syscalls/0/names/0", "eee" },
		{ LOG(ALLOW("\"\"", "")), "L24", "/syscalls/0/names/0", "eee" },
		{ LOG(ALLOW("\"a\\u0000b\"", "")), "L24", "/syscalls/0/names/0", "eee" },
		{ LOG("{\"names\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}"), "L24",
		  "/syscalls/0/names", "eee" },
		{ LOG(ALLOW("\"read\"", ",\"args\":{}")), "L24", "/syscalls/0/args", "eee" },
		{ LOG(ALLOW("\"read\"", ",\"args\":null")), "L24", "/syscalls/0/args", "---" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(6, "EQ", 1, "") "]")), "L24",
		  "/syscalls/0/args/0/index", "eee" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "XX", 1, "") "]")), "L24",
		  "/syscalls/0/args/0/op", "eee" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", -1, "") "]")), "L24",
		  "/syscalls/0/args/0/value", "eee" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[{\"op\":\"SCMP_CMP_EQ\",\"value\":1}]")), "L24",
		  "/syscalls/0/args/0", "www" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_NATIVE\"]}",
		  "L24", "/architectures/0", "eee" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_S390X\","
		  "\"SCMP_ARCH_X86_64\"]}",
		  "L24", "/architectures/0", "eee" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"LOG\"]}", "L24", "/flags/0",
		  "eee" },
		{ LOG(ALLOW("\"read\"", ",\"arg\":[]")), "L29", "/syscalls/0/arg", "www" },
		{ LOG(ALLOW("\"read\"", ",\"comment\":\"x\",\"_a\":1,\"$b\":2")), "L29",
		  "/syscalls/0/_a", "---" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"a/b~c\":1}", "L29", "/a~1b~0c", "www" },
	};

	(void)state;
	check_cases(cases, ELEMENTSOF(cases));
}

static void test_rules_against_each_other(void **state)
{
	static const Case cases[] = {
		{ LOG(ALLOW("\"read\"", "") "," RULE("\"read\"", "ERRNO", "")), "L09",
		  "/syscalls/1/names/0", "www" },
		{ LOG(ALLOW("\"read\"", "") "," ALLOW("\"read\"", "")), "L28",
		  "/syscalls/1/names/0", "nnn" },
		{ LOG(ALLOW("\"read\",\"write\",\"read\"", "")), "L28", "/syscalls/0/names/2",
		  "nnn" },
		/* A rule that equals the default is left out before it can be in the way. */
		{ LOG(RULE("\"read\"", "LOG", "") "," ALLOW("\"read\"", "")), "L09",
		  "/syscalls/1/names/0", "---" },
		{ LOG(RULE("\"read\"", "LOG", "")), "L27", "/syscalls/0", "nnn" },
		{ PROFILE("ERRNO", RULE("\"read\"", "ERRNO", ",\"errnoRet\":38")), "L27",
		  "/syscalls/0", "---" },
		{ PROFILE("ERRNO",
			  RULE("\"read\"", "ERRNO", ",\"errnoRet\":38") "," ALLOW("\"read\"", "")),
		  "L09", "/syscalls/1/names/0", "www" },
		/* The same condition, two actions. */
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 1, "") "]") "," RULE(
			  "\"read\"", "ERRNO",
			  ",\"args\":[" ARG(0, "EQ", 1, ",\"valueTwo\":0") "]")),
		  "L09", "/syscalls/1/names/0", "eee" },
		{ LOG(ALLOW("\"read\"",
			    ",\"args\":[" ARG(0, "EQ", 1, "") "," ARG(
				    1, "EQ", 2,
				    "") "]") "," RULE("\"read\"", "ERRNO",
						      ",\"args\":[" ARG(1, "EQ", 2, "") "," ARG(
							      0, "EQ", 1, "") "]")),
		  "L09", "/syscalls/1/names/0", "eee" },
		/* 7 & 2 is 3 & 2 */
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 7, "") "]") "," RULE(
			  "\"read\"", "ERRNO",
			  ",\"args\":[" ARG(0, "MASKED_EQ", 2, ",\"valueTwo\":3") "]")),
		  "L09", "/syscalls/1/names/0", "www" },
		/* libseccomp refuses it before it comes to the rule that would replace both. */
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 1, "") "]") "," RULE(
			  "\"read\"", "ERRNO",
			  ",\"args\":[" ARG(0, "EQ", 1, "") "]") "," ALLOW("\"read\"", "")),
		  "L09", "/syscalls/1/names/0", "eee" },
		{ LOG(ALLOW("\"read\"", "") "," ALLOW(
			  "\"read\"",
			  ",\"args\":[" ARG(0, "EQ", 1,
					    "") "]") "," RULE("\"read\"", "ERRNO",
							      ",\"args\":[" ARG(0, "EQ", 1,
										"") "]")),
		  "L09", "/syscalls/2/names/0", "---" },
		/* Conditions that overlap, and conditions that do not. */
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "GE", 4, "") "]") "," RULE(
			  "\"read\"", "ERRNO", ",\"args\":[" ARG(0, "EQ", 8, "") "]")),
		  "L09", "/syscalls/1/names/0", "www" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "GE", 9, "") "]") "," RULE(
			  "\"read\"", "ERRNO", ",\"args\":[" ARG(0, "EQ", 8, "") "]")),
		  "L09", "/syscalls/1/names/0", "---" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "NE", 8, "") "]") "," RULE(
			  "\"read\"", "ERRNO", ",\"args\":[" ARG(0, "EQ", 8, "") "]")),
		  "L09", "/syscalls/1/names/0", "---" },
		{ LOG(ALLOW(
			  "\"read\"",
			  ",\"args\":[" ARG(
				  0, "MASKED_EQ",
				  6,
				  ",\"valueTwo\":2") "]") "," RULE("\"read\"", "ERRNO",
								   ",\"args\":[" ARG(
									   0, "MASKED_EQ", 3,
									   ",\"valueTwo\":1") "]")),
		  "L09", "/syscalls/1/names/0", "---" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 8, "") "]") "," RULE(
			  "\"read\"", "ERRNO", ",\"args\":[" ARG(1, "EQ", 7, "") "]")),
		  "L09", "/syscalls/1/names/0", "www" },
		/* Without arguments beats with them, before and after. */
		{ LOG(ALLOW("\"read\"", "") "," ALLOW("\"read\"",
						      ",\"args\":[" ARG(0, "EQ", 1, "") "]")),
		  "L10", "/syscalls/1/names/0", "www" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 1, "") "]") "," ALLOW("\"read\"",
											 "")),
		  "L10", "/syscalls/0/names/0", "www" },
		/* Under a condition that the dialect evaluates it is an alternative. */
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 1, "") "]") "," ALLOW(
			  "\"read\"", ",\"includes\":{\"caps\":[\"CAP_BPF\"]}")),
		  "L10", "/syscalls/0/names/0", "--w" },
		{ LOG(ALLOW("\"read\"", ",\"includes\":{\"caps\":[\"CAP_BPF\"]}") "," RULE(
			  "\"read\"", "ERRNO", ",\"includes\":{\"caps\":[\"CAP_BPF\"]}")),
		  "L09", "/syscalls/1/names/0", "www" },
	};

	(void)state;
	check_cases(cases, ELEMENTSOF(cases));
}

/* What is said of a comparison is what the filter makes of it. */
static void test_what_a_comparison_does_is_said(void **state)
{
	static const struct {
		const char *op;
		uint64_t value, two;
		const char *said;
		bool holds_for_0, holds_for_all_ones;
	} cases[] = {
		{ "MASKED_EQ", 0, 0, "always met", true, true },
		{ "MASKED_EQ", 0, 1ULL << 32, "always met", true, true },
		{ "MASKED_EQ", 8, 12, "ignores", false, true },
		{ "MASKED_EQ", 8, 4, "ignores", true, false },
		{ "LT", 0, 0, "never met", false, false },
		{ "GE", 0, 0, "always met", true, true },
		{ "GT", UINT64_MAX, 0, "never met", false, false },
		{ "LE", UINT64_MAX, 0, "always met", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_lint_ LintReport r = { 0 };
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_filter_ Filter f = { 0 };

		buffer_printf(&b,
			      PROFILE("LOG", "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\","
					     "\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_%s\","
					     "\"value\":%" PRIu64 ",\"valueTwo\":%" PRIu64 "}]}"),
			      cases[i].op, cases[i].value, cases[i].two);
		run(buffer_span(&b), DIALECT_OCI, NULL, &r);
		assert_non_null(find(&r, "L11", 0, cases[i].said));
		p = help_read(b.p, DIALECT_OCI);
		help_filter(p, &f);
		assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, 0, 0) == SECCOMP_RET_ALLOW,
				 cases[i].holds_for_0);
		assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, 0, UINT64_MAX) == SECCOMP_RET_ALLOW,
				 cases[i].holds_for_all_ones);
	}
}

static void test_arguments(void **state)
{
	static const Case cases[] = {
		{ LOG(ALLOW("\"read\"",
			    ",\"args\":[" ARG(0, "MASKED_EQ", 0, ",\"valueTwo\":1") "]")),
		  "L11", "/syscalls/0/args/0", "www" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "MASKED_EQ", 0, "") "]")), "L11",
		  "/syscalls/0/args/0", "www" },
		{ LOG(ALLOW("\"read\"",
			    ",\"args\":[" ARG(0, "MASKED_EQ", 6, ",\"valueTwo\":2") "]")),
		  "L11", "/syscalls/0/args/0", "---" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "LT", 0, "") "]")), "L11",
		  "/syscalls/0/args/0", "www" },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 0, ",\"valueTwo\":2") "]")),
		  "L11", "/syscalls/0/args/0", "nnn" },
		{ LOG(ALLOW("\"read\"",
			    ",\"args\":[" ARG(0, "GE", 1, "") "," ARG(0, "LE", 4, "") "]")),
		  "L12", "/syscalls/0/args/1", "www" },
		{ LOG(ALLOW("\"read\"",
			    ",\"args\":[" ARG(0, "GE", 1, "") "," ARG(1, "LE", 4, "") "]")),
		  "L12", "/syscalls/0/args/1", "---" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\","
		  "\"SCMP_ARCH_X86\"],\"syscalls\":[" ALLOW(
			  "\"socket\"", ",\"args\":[" ARG(0, "NE", 38, "") "]") "]}",
		  "L20", "/syscalls/0/names/0", "www" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
		  "\"syscalls\":[" ALLOW("\"socket\"", ",\"args\":[" ARG(0, "NE", 38, "") "]") "]}",
		  "L20", "/syscalls/0/names/0", "---" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"archMap\":[{\"architecture\":"
		  "\"SCMP_ARCH_S390X\"}],\"syscalls\":[" ALLOW(
			  "\"clone\"", ",\"args\":[" ARG(0, "MASKED_EQ", 2114060288, "") "]") "]}",
		  "L21", "/syscalls/0/names/0", "ww-" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"archMap\":[{\"architecture\":"
		  "\"SCMP_ARCH_S390X\"}],\"syscalls\":[" ALLOW(
			  "\"clone\"",
			  ",\"excludes\":{\"arches\":[\"s390\",\"s390x\"]},\"args\":[" ARG(
				  0, "MASKED_EQ", 2114060288, "") "]") "]}",
		  "L21", "/syscalls/0/names/0", "---" },
	};

	(void)state;
	check_cases(cases, ELEMENTSOF(cases));
}

static void test_the_head_and_the_calls(void **state)
{
	static const Case cases[] = {
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]}",
		  "L07", "/flags", "wnw" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[]}", "L07", "/flags", "nnn" },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "L08", "/defaultAction", "www" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}", "L08", "/defaultAction", "eee" },
		{ PROFILE("ERRNO", ALLOW("", "")), "L08", "/syscalls/0/names", "www" },
		{ PROFILE("ERRNO", ALLOW("\"read\"", "")), "L08", "/defaultAction", "eee" },
		{ PROFILE("ERRNO", ALLOW("\"execve\"", "")), "L08", "/defaultAction", "www" },
		{ PROFILE("ERRNO", ALLOW("\"execve\",\"exit_group\",\"rt_sigreturn\"", "")), "L08",
		  "/defaultAction", "---" },
		{ LOG(RULE("\"execve\"", "ERRNO", "")), "L08", "/defaultAction", "eee" },
		{ LOG(ALLOW("\"reed\"", "")), "L13", "/syscalls/0/names/0", "www" },
		{ LOG(ALLOW("\"pread\"", "")), "L13", "/syscalls/0/names/0", "www" },
		{ LOG(ALLOW("\"file_setattr\"", "")), "L13", "/syscalls/0/names/0", "nnn" },
		{ LOG(ALLOW("\"umount\"", "")), "L13", "/syscalls/0/names/0", "---" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\"}", "L14", "", "nnn" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"]}",
		  "L14", "/architectures", "nnn" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\","
		  "\"SCMP_ARCH_X86\"]}",
		  "L14", "/architectures", "---" },
		{ PROFILE("ERRNO", ALLOW("\"read\"", "")), "L15", "/defaultAction", "nnn" },
		{ LOG(ALLOW("\"read\"", "")), "L15", "/defaultAction", "---" },
		/* runc's stub answers for a profile that names nothing as new. */
		{ PROFILE("ERRNO", ALLOW("\"read\"", "")), "L16", "/defaultAction", "-ww" },
		{ PROFILE("ERRNO", ALLOW("\"faccessat2\",\"clone3\"", "")), "L16", "/defaultAction",
		  "nnn" },
		{ LOG(RULE("\"clone3\"", "ERRNO", "")), "L16", "/syscalls/0/names/0", "www" },
		{ LOG(RULE("\"clone3\"", "ERRNO", ",\"errnoRet\":38")), "L16",
		  "/syscalls/0/names/0", "---" },
		{ LOG(RULE("\"clone3\"", "ERRNO", ",\"errno\":\"ENOSYS\"")), "L16",
		  "/syscalls/0/names/0", "w-w" },
		{ "{\"defaultAction\":\"SCMP_ACT_KILL\"}", "L17", "/defaultAction", "www" },
		{ LOG(RULE("\"read\"", "KILL_THREAD", "")), "L17", "/syscalls/0/action", "nnn" },
		{ LOG(RULE("\"read\"", "KILL_PROCESS", "")), "L17", "/syscalls/0/action", "---" },
		{ PROFILE("ERRNO", ALLOW("\"read\"", "")), "L18", "/defaultAction", "wnn" },
		{ LOG(ALLOW("\"ptrace\"", ",\"includes\":{\"minKernel\":\"4.8\"}")), "L22",
		  "/syscalls/0/includes/minKernel", "-w-" },
		{ LOG(ALLOW("\"ptrace\"", ",\"includes\":{\"minKernel\":\"4\"}")), "L24",
		  "/syscalls/0/includes/minKernel", "e--" },
		{ LOG(ALLOW("\"ptrace\"", ",\"includes\":{\"minKernel\":\"0.0\"}")), "L24",
		  "/syscalls/0/includes/minKernel", "e--" },
		{ LOG(ALLOW("\"ptrace\"", ",\"includes\":{\"caps\":[\"SYS_PTRACE\"]}")), "L31",
		  "/syscalls/0/includes/caps/0", "ww-" },
		{ LOG(ALLOW("\"ptrace\"", ",\"includes\":{\"arches\":[\"x86_64\"]}")), "L31",
		  "/syscalls/0/includes/arches/0", "ww-" },
		{ PROFILE("ERRNO", ALLOW("\"read\"", "")), "L25", "/defaultAction", "nnn" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]}",
		  "L25", "/defaultAction", "---" },
		{ LOG(ALLOW("\"io_uring_setup\"", "")), "L26", "/syscalls/0/names/0", "nnn" },
		{ LOG(ALLOW("\"kexec_load\"", "")), "L26", "/syscalls/0/names/0", "www" },
		{ LOG(ALLOW("\"kexec_load\"", ",\"includes\":{\"caps\":[\"CAP_SYS_BOOT\"]}")),
		  "L26", "/syscalls/0/names/0", "--w" },
		{ LOG(ALLOW("\"clone\"", ",\"args\":[" ARG(0, "EQ", 17, "") "]")), "L26",
		  "/syscalls/0/names/0", "---" },
		{ LOG(RULE("\"read\"", "NOTIFY", "")), "L30", "/syscalls/0/action", "ewe" },
		{ "{\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"listenerPath\":\"/x\"}", "L30",
		  "/defaultAction", "eee" },
	};

	(void)state;
	check_cases(cases, ELEMENTSOF(cases));
}

static void test_a_sound_profile_has_no_finding(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"architectures\":[\"SCMP_ARCH_X86_"
		"64\","
		"\"SCMP_ARCH_X86\"],\"syscalls\":[" RULE(
			"\"clone3\",\"close_range\",\"faccessat2\",\"fchmodat2\",\"openat2\","
			"\"statx\","
			"\"epoll_pwait2\"",
			"ERRNO",
			",\"errnoRet\":38") "," ALLOW("\"capget\",\"capset\",\"chdir\","
						      "\"close\",\"epoll_ctl\",\"execve\",\"exit_"
						      "group\","
						      "\"fcntl\",\"fstat\",\"fstatfs\",\"getcwd\","
						      "\"getdents64\","
						      "\"getpid\",\"getppid\",\"newfstatat\","
						      "\"openat\",\"prctl\","
						      "\"read\",\"rt_sigaction\",\"rt_"
						      "sigprocmask\","
						      "\"rt_sigreturn\",\"setgid\",\"setgroups\","
						      "\"setresgid\","
						      "\"setresuid\",\"setuid\",\"write\"",
						      "") "]}";

	(void)state;
	for (unsigned d = 0; d < 3; d++) {
		_cleanup_lint_ LintReport r = { 0 };

		run(span_of(text), (Dialect)d, NULL, &r);
		/* but for what runc does with newer calls */
		if (r.n != 1 || strcmp(r.findings[0].code, "L15") != 0) {
			print(&r);
			fail_msg("%zu findings", r.n);
		}
	}
}

UNIT_MAIN(cmocka_unit_test(test_documents_keys_and_values),
	  cmocka_unit_test(test_rules_against_each_other),
	  cmocka_unit_test(test_what_a_comparison_does_is_said), cmocka_unit_test(test_arguments),
	  cmocka_unit_test(test_the_head_and_the_calls),
	  cmocka_unit_test(test_a_sound_profile_has_no_finding))
