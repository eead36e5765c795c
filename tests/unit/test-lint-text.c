/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/lint: where findings are, in which part of a file, and how many there may be. */
#include "tests/unit/lint-help.h"

static void test_places_are_those_of_the_text(void **state)
{
	static const char text[] =
		"{\r\n\t\"defaultAction\": \"SCMP_ACT_LOG\",\r\n"
		"\t\"syscalls\": [\r\n\t\t{\"names\": [\"read\",\r\n  \"reed\"],\r\n"
		"\"action\": \"SCMP_ACT_DENY\"}]}";
	_cleanup_lint_ LintReport r = { 0 };
	const LintFinding *f;
	size_t sum = 0;

	(void)state;
	run(span_of(text), DIALECT_OCI, NULL, &r);
	f = find(&r, "L13", 5, "\"reed\"");
	assert_non_null(f);
	assert_int_equal(f->column, 3);
	assert_string_equal(f->where, "/syscalls/0/names/1");
	f = find(&r, "L24", 6, "SCMP_ACT_DENY");
	assert_non_null(f);
	assert_int_equal(f->column, 1);
	for (size_t i = 1; i < r.n; i++)
		assert_true(r.findings[i - 1].line <= r.findings[i].line);
	for (unsigned s = 0; s < _LINT_SEVERITY_MAX; s++)
		sum += r.counts[s];
	assert_int_equal(sum, r.n);
}

/* The operator's own limits, and what stands in its manifest. */
static void test_a_manifest_of_the_operator(void **state)
{
	static const struct {
		const char *text, *code, *where;
		char severity;
	} cases[] = {
#define MANIFEST(spec) "{\"apiVersion\":\"x/v1\",\"kind\":\"SeccompProfile\",\"spec\":" spec "}"
		{ MANIFEST(LOG(ALLOW("\"reed\"", ""))), "L13", "/spec/syscalls/0/names/0", 'w' },
		{ LOG(ALLOW("\"reed\"", "")), "L13", "/syscalls/0/names/0", 'w' },
		{ MANIFEST("{}"), "L01", "/spec", 'e' },
		{ MANIFEST(LOG(ALLOW("\"read\"", ",\"includes\":{\"caps\":[\"CAP_BPF\"]}"))), "L04",
		  "/spec/syscalls/0/includes", 'e' },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38}", "L04",
		  "/defaultErrnoRet", 'w' },
		{ LOG(ALLOW("", "")), "L08", "/syscalls/0/names", 'e' },
		{ LOG(RULE("\"read\"", "ERRNO", ",\"errnoRet\":0")), "L06", "/syscalls/0/errnoRet",
		  'w' },
		{ LOG(ALLOW("\"read\"", ",\"args\":[" ARG(0, "EQ", 9223372036854775808, "") "]")),
		  "L24", "/syscalls/0/args/0/value", 'e' },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"baseProfileName\":\"runc\"}", "L32",
		  "/baseProfileName", 'n' },
		{ PROFILE("ERRNO", RULE("\"read\"", "LOG", "")), "L33", "/syscalls/0", 'n' },
		{ PROFILE("KILL_PROCESS", RULE("\"read\"", "LOG", "")), "L33", "/syscalls/0", 'n' },
		{ PROFILE("ERRNO", ALLOW("\"read\"", "")), "L33", "/syscalls/0", '-' },
		{ LOG(RULE("\"read\"", "LOG", "")), "L33", "/syscalls/0", '-' },
		{ PROFILE("ALLOW", RULE("\"read\"", "LOG", "")), "L33", "/syscalls/0", '-' },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"baseProfileName\":\"runc\"}", "L08",
		  "/defaultAction", '-' },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_lint_ LintReport r = { 0 };
		Case c = { cases[i].text, cases[i].code, cases[i].where, NULL };

		run(span_of(cases[i].text), DIALECT_SPO, NULL, &r);
		if (letter(&r, &c) == cases[i].severity)
			continue;
		print(&r);
		fail_msg("%s: %s is not %c", cases[i].text, cases[i].code, cases[i].severity);
	}
}

static void test_a_part_of_the_file_is_read(void **state)
{
	static const char text[] = "{\"ociVersion\":\"1\",\"linux\":{\n\"seccomp\":{\n"
				   "\"defaultAction\":\"SCMP_ACT_DENY\"}}}";
	_cleanup_lint_ LintReport whole = { 0 }, part = { 0 }, none = { 0 };
	const LintFinding *f;

	(void)state;
	run(span_of(text), DIALECT_OCI, NULL, &whole);
	f = find(&whole, "L01", 1, "--at /linux/seccomp");
	assert_non_null(f);
	assert_int_equal(whole.n, 1);
	run(span_of(text), DIALECT_OCI, "/linux/seccomp", &part);
	f = find(&part, "L24", 3, "SCMP_ACT_DENY");
	assert_non_null(f);
	assert_string_equal(f->where, "/linux/seccomp/defaultAction");
	assert_null(find(&part, "L01", 0, NULL));
	run(span_of(text), DIALECT_OCI, "/linux/1", &none);
	assert_non_null(find(&none, "L01", 1, "nothing at /linux/1"));
}

static void test_what_is_no_json_is_one_finding(void **state)
{
	static const struct {
		Span text;
		const char *code, *part;
		unsigned line;
	} cases[] = {
#define TEXT(text, code, part, line) { { (text), sizeof(text) - 1 }, code, part, line }
		TEXT("", "L01", "empty", 1),
		TEXT("\xef\xbb\xbf{}", "L23", "byte order mark", 1),
		TEXT("\xff\xfe{\0}\0", "L01", "UTF-16", 1),
		TEXT("{\0\"\0", "L01", "UTF-16", 1),
		TEXT("\x1f\x8b\x08", "L01", "gzip", 1),
		TEXT("\x28\xb5\x2f\xfd", "L01", "zstd", 1),
		TEXT("\0\0\0\0", "L01", "crash", 1),
		TEXT("---\napiVersion: v1\n", "L01", "YAML", 2),
		TEXT("defaultAction: SCMP_ACT_LOG\n", "L01", "YAML", 1),
		TEXT("#include <tunables/global>\n", "L01", "AppArmor", 1),
		TEXT("\npolicy_module(x, 1)\n", "L01", "SELinux", 2),
		TEXT("[Service]\nSystemCallFilter=read\n", "L01", "systemd", 1),
		TEXT("<!DOCTYPE html>", "L01", "HTML", 1),
		TEXT("{\"a\":1}\n{\"b\":2}\n", "L23", "behind the end", 2),
		TEXT("{\"a\":[1,\n]}", "L23", "comma", 2),
		TEXT("{'a':1}", "L23", "double quotes", 1),
		TEXT("{\"a\":NaN}", "L23", "NaN", 1),
		TEXT("{\"a\":-Infinity}", "L23", "Infinity", 1),
		TEXT("{\"a\":0x10}", "L23", "expected", 1),
		TEXT("{\"a\":010}", "L23", "begin with 0", 1),
		TEXT("{\"a\":+1}", "L23", "expected", 1),
		TEXT("{\"a\":18446744073709551616}", "L23", "64 bits", 1),
		TEXT("{\"a\":\"\\q\"}", "L23", "escape", 1),
		TEXT("{\"a\":\"\\ud800\"}", "L23", "surrogate", 1),
		TEXT("{\"a\":\"\xff\"}", "L23", "UTF-8", 1),
		TEXT("{\"a\":\"\t\"}", "L23", "control", 1),
		TEXT("{\"a\":1", "L23", "cut off", 1),
		TEXT("{\"a\":1 /* x */}", "L23", "comments", 1),
		TEXT("{\"a\":1}\0", "L23", "behind the end", 1),
		TEXT("nil", "L23", "expected", 1),
#undef TEXT
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_lint_ LintReport r = { 0 };

		run(cases[i].text, DIALECT_DOCKER, NULL, &r);
		if (r.n != 1 || !find(&r, cases[i].code, cases[i].line, cases[i].part)) {
			print(&r);
			fail_msg("%zu: %zu findings, wanted %s", i, r.n, cases[i].code);
		}
		assert_int_equal(r.findings[0].severity, LINT_ERROR);
	}
}

static void repeat(Buffer *b, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		buffer_add_str(b, text);
}

static void test_large_profiles_are_bounded(void **state)
{
	static const char open[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[";
	_cleanup_lint_ LintReport rules = { 0 }, names = { 0 }, deep = { 0 }, large = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	buffer_add_str(&b, open);
	for (unsigned i = 0; i < 10000; i++)
		buffer_printf(&b, "%s{\"names\":[\"read\",\"x%u\"],\"action\":\"SCMP_ACT_ALLOW\"}",
			      i ? "," : "", i);
	buffer_add_str(&b, "]}");
	run(buffer_span(&b), DIALECT_DOCKER, NULL, &rules);
	assert_non_null(find(&rules, "L19", 1, "10000 rules"));
	assert_non_null(find(&rules, "L13", 1, "9950 more findings"));
	assert_non_null(find(&rules, "L28", 1, "9949 more findings"));
	assert_true(rules.n < 2 * LINT_EACH_MAX + 10);

	buffer_done(&b);
	b = BUFFER_NULL;
	buffer_add_str(&b, open);
	buffer_add_str(&b, "{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"read\"");
	repeat(&b, 140000, ",\"read\"");
	buffer_add_str(&b, "]}]}");
	run(buffer_span(&b), DIALECT_DOCKER, NULL, &names);
	assert_non_null(find(&names, "L28", 1, "139950 more findings"));

	buffer_done(&b);
	b = BUFFER_NULL;
	repeat(&b, 1000, "{\"a\":");
	run(buffer_span(&b), DIALECT_DOCKER, NULL, &deep);
	assert_non_null(find(&deep, "L23", 1, "32 levels"));

	buffer_done(&b);
	b = BUFFER_NULL;
	repeat(&b, (1U << 20) + 1, " ");
	run(buffer_span(&b), DIALECT_DOCKER, NULL, &large);
	assert_non_null(find(&large, "L19", 1, "1 MiB"));
}

UNIT_MAIN(cmocka_unit_test(test_places_are_those_of_the_text),
	  cmocka_unit_test(test_a_manifest_of_the_operator),
	  cmocka_unit_test(test_a_part_of_the_file_is_read),
	  cmocka_unit_test(test_what_is_no_json_is_one_finding),
	  cmocka_unit_test(test_large_profiles_are_bounded))
