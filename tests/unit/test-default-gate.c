/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/default-gate.c: what is told of the default profiles is what they do. */
#include "audit/syscall.h"
#include "suggest/default-gate.h"
#include "suggest/recorded.h"
#include "suggest/risk.h"
#include "tests/unit/profile-help.h"

static void test_the_clause_names_the_engine_and_the_container(void **state)
{
	static const struct {
		const char *call;
		Dialect dialect;
		uint64_t capabilities;
		const char *text;
	} cases[] = {
		{ "setns", DIALECT_DOCKER, 0,
		  "Docker's default profile blocks it unless CAP_SYS_ADMIN, which this container "
		  "lacks" },
		{ "setns", DIALECT_OCI, 1ULL << 21,
		  "Docker's default profile blocks it unless CAP_SYS_ADMIN, which this container "
		  "has" },
		{ "setns", DIALECT_PODMAN, 0, "Podman's default profile allows it" },
		{ "bpf", DIALECT_DOCKER, 1ULL << 39,
		  "Docker's default profile blocks it unless CAP_SYS_ADMIN or CAP_BPF, which this "
		  "container has" },
		{ "keyctl", DIALECT_SPO, UINT64_MAX, "Docker's default profile blocks it" },
		{ "socket", DIALECT_DOCKER, 0,
		  "Docker's default profile allows it for some arguments only" },
		{ "read", DIALECT_DOCKER, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		char buf[192];

		default_gate_text(cases[i].call, cases[i].dialect, cases[i].capabilities, buf,
				  sizeof(buf));
		assert_string_equal(buf, cases[i].text);
	}
}

static void test_capabilities_are_listed(void **state)
{
	char buf[64], small[8];

	(void)state;
	capabilities_text(1ULL << 21 | 1ULL << 39, " and ", buf, sizeof(buf));
	assert_string_equal(buf, "CAP_SYS_ADMIN and CAP_BPF");
	capabilities_text(0, " or ", buf, sizeof(buf));
	assert_string_equal(buf, "");
	capabilities_text(UINT64_MAX, " or ", small, sizeof(small));
	assert_int_equal(strlen(small), sizeof(small) - 1);
}

static void compare_all(const Filter *f, uint32_t arch, uint64_t capabilities)
{
	char name[SYSCALL_NAME_MAX];
	SyscallSource source;

	for (int nr = 0; nr < 1024; nr++) {
		int answers = recorded_answers(f, false, arch, nr);

		if (syscall_name_from(arch, nr, name, &source) == 0 &&
		    source == SYSCALL_FROM_LIBSECCOMP &&
		    docker_default_allows(name, capabilities) != ((answers & PASSED_SILENTLY) != 0))
			fail_msg("%s", name);
	}
}

/* All calls, with the capabilities that Docker gives, and with all. */
static void test_what_docker_allows(void **state)
{
	ProfileContext c = context_default(DIALECT_DOCKER, ARCH_WORD_X86_64);
	const uint64_t sets[] = { c.capabilities, UINT64_MAX };
	_cleanup_free_ char *text = NULL;
	size_t n = 0;

	(void)state;
	text = help_sample("moby-default-v0.2.3.json", &n);
	if (!text)
		skip();
	c.kernel = context_version(6, 1, 0);
	for (size_t i = 0; i < ELEMENTSOF(sets); i++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_filter_ Filter f = { 0 };

		c.capabilities = sets[i];
		p = help_read_in(text, DIALECT_DOCKER, &c);
		help_filter(p, &f);
		compare_all(&f, ARCH_WORD_X86_64, sets[i]);
		compare_all(&f, ARCH_WORD_I386, sets[i]);
	}
}

/* Does the filter let the call through? */
static bool lets(const Filter *f, const char *call, bool *ret_exists)
{
	int64_t nr;

	for (size_t i = 0; i < f->n_arches; i++)
		if (syscall_number(f->arches[i], call, &nr) == 0 && nr >= 0) {
			*ret_exists = true;
			return help_ask(f, f->arches[i], (int)nr, 0) == SECCOMP_RET_ALLOW;
		}
	*ret_exists = false;
	return false;
}

/* The engine's own default profile, as a container with this set of capabilities has it. */
static void default_filter(const char *text, Dialect dialect, uint64_t capabilities, Filter *ret)
{
	ProfileContext context = context_default(dialect, ARCH_WORD_X86_64);
	_cleanup_(profile_freep) Profile *p = NULL;

	context.capabilities = capabilities;
	context.kernel = context_version(6, 1, 0);
	context.runtime = RUNTIME_CRUN;
	p = help_read_in(text, dialect, &context);
	help_filter(p, ret);
}

static void check_sample(const char *sample, Dialect dialect)
{
	static const unsigned capabilities[] = { 2,  16, 17, 18, 19, 20, 21,
						 22, 23, 25, 26, 34, 38, 39 };
	static const char *const calls[] = {
		"_sysctl",
		"acct",
		"bpf",
		"chroot",
		"clock_adjtime",
		"clock_settime",
		"clone3",
		"fsopen",
		"init_module",
		"iopl",
		"kcmp",
		"kexec_load",
		"keyctl",
		"mbind",
		"mount",
		"move_pages",
		"open_by_handle_at",
		"pidfd_getfd",
		"pivot_root",
		"process_madvise",
		"ptrace",
		"quotactl",
		"reboot",
		"request_key",
		"set_mempolicy",
		"sethostname",
		"setns",
		"swapon",
		"sysfs",
		"syslog",
		"unshare",
		"ustat",
		"userfaultfd",
		"vhangup",
		"vmsplice",
		"perf_event_open",
		"lookup_dcookie",
		"fanotify_init",
		"query_module",
	};
	_cleanup_free_ char *text = NULL;
	size_t n;

	text = help_sample(sample, &n);
	if (!text)
		skip();
	for (size_t k = 0; k < ELEMENTSOF(capabilities); k++) {
		uint64_t set = 1ULL << capabilities[k];
		_cleanup_filter_ Filter f = { 0 };

		default_filter(text, dialect, set, &f);
		for (size_t i = 0; i < ELEMENTSOF(calls); i++) {
			bool exists, open = lets(&f, calls[i], &exists);
			char buf[192];

			default_gate_text(calls[i], dialect, set, buf, sizeof(buf));
			if (exists &&
			    open != (strstr(buf, "allows it") || strstr(buf, "container has")))
				fail_msg("%s with %s: %d, and \"%s\"", calls[i],
					 capability_name(capabilities[k]), open, buf);
		}
	}
}

static void test_docker_s_own_profile_agrees(void **state)
{
	(void)state;
	check_sample("moby-default-v0.2.3.json", DIALECT_DOCKER);
}

static void test_podman_s_own_profile_agrees(void **state)
{
	(void)state;
	check_sample("containers-common-seccomp.json", DIALECT_PODMAN);
}

UNIT_MAIN(cmocka_unit_test(test_the_clause_names_the_engine_and_the_container),
	  cmocka_unit_test(test_capabilities_are_listed), cmocka_unit_test(test_what_docker_allows),
	  cmocka_unit_test(test_docker_s_own_profile_agrees),
	  cmocka_unit_test(test_podman_s_own_profile_agrees))
