/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "daemon/precondition.h"
#include "util/file.h"
#include "util/parse.h"

/* Inode numbers that the kernel gives to the first namespaces (include/uapi/linux/nsfs.h). That of
 * the network namespace is fixed only since 6.18; before, it can only be compared with pid 1's. */
#define INIT_PID_NS 4026531836UL
#define INIT_USER_NS 4026531837UL
#define INIT_NET_NS 4026531833UL

static ino_t namespace_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : st.st_ino;
}

/* Is the running kernel at least @major.@minor? */
static bool kernel_is_at_least(uint32_t major, uint32_t minor)
{
	uint32_t have_major, have_minor;
	struct utsname name;
	Span rest, part;

	if (uname(&name) < 0)
		return false;
	rest = span_of(name.release);
	if (!span_split(&rest, '.', &part) || parse_u32(part, &have_major) < 0 ||
	    !span_split(&rest, '.', &part) || parse_u32(part, &have_minor) < 0)
		return false;
	return have_major > major || (have_major == major && have_minor >= minor);
}

static bool in_foreign_netns(void)
{
	ino_t ours = namespace_of("/proc/self/ns/net"), first = namespace_of("/proc/1/ns/net");

	if (ours == INIT_NET_NS || ours == 0)
		return false;
	if (first != 0)
		return ours != first;
	/* Pid 1 cannot be read: only a kernel with fixed numbers lets us be sure. */
	return kernel_is_at_least(6, 18);
}

static bool cmdline_has(const char *word)
{
	_cleanup_free_ char *text = NULL;
	Span rest, part;
	size_t n;

	if (file_read_at(AT_FDCWD, "/proc/cmdline", 65536, false, &text, &n) < 0)
		return false;
	rest = span_make(text, n > 0 && text[n - 1] == '\n' ? n - 1 : n);
	while (span_split(&rest, ' ', &part))
		if (span_is(part, word))
			return true;
	return false;
}

static bool has_capability(unsigned capability)
{
	_cleanup_free_ char *text = NULL;
	uint64_t effective;
	Span rest;
	ssize_t at;
	size_t n;

	if (file_read_at(AT_FDCWD, "/proc/self/status", 65536, false, &text, &n) < 0)
		return true;
	at = span_find(span_make(text, n), SPAN_LIT("\nCapEff:\t"));
	if (at < 0)
		return true;
	rest = span_first(span_from(span_make(text, n), (size_t)at + 9), 16);
	return parse_hex_u64(rest, &effective) < 0 || (effective >> capability & 1);
}

int precondition_check(bool passed, Diag *d)
{
	ino_t pid_ns = namespace_of("/proc/self/ns/pid");

	if (cmdline_has("audit=0") || cmdline_has("audit=off"))
		return diag_set(d, -EOPNOTSUPP,
				"audit is switched off on the kernel command line (audit=0), so no "
				"record is "
				"ever made: remove audit=0 and reboot");
	if (!passed && in_foreign_netns())
		return diag_set(
			d, -ENONET,
			"not in the host's network namespace, where alone audit records are sent: "
			"run on the host, or with host networking (hostNetwork: true)");
	if (pid_ns != 0 && pid_ns != INIT_PID_NS)
		return diag_set(d, -ESRCH,
				"not in the host's pid namespace, so the pids in records mean "
				"nothing here: "
				"run on the host, or with the host's pids (hostPID: true)");
	return 0;
}

int precondition_explain_bind(int error, Diag *d)
{
	ino_t user_ns = namespace_of("/proc/self/ns/user");

	if (error != -EPERM)
		return diag_set(d, error, "cannot join the audit stream: %s", strerror(-error));
	if (user_ns != 0 && user_ns != INIT_USER_NS)
		return diag_set(
			d, error,
			"in a user namespace, where the audit stream is closed: run outside of it "
			"with CAP_AUDIT_READ");
	if (!has_capability(CAP_AUDIT_READ))
		return diag_set(d, error,
				"CAP_AUDIT_READ is missing: start through seccompd.socket, run as "
				"root, or add "
				"the capability");
	return diag_set(
		d, error,
		"the kernel refused the audit stream although CAP_AUDIT_READ is there: a security "
		"module may forbid it, look into its log");
}

static int warn_missing_action(Span actions, const char *name, Diag *d)
{
	Span part;

	while (span_split(&actions, ' ', &part))
		if (span_is(part, name))
			return 0;
	diag_set(d, 0,
		 "/proc/sys/kernel/seccomp/actions_logged lacks \"%s\", so such calls are never "
		 "recorded: add it with sysctl kernel.seccomp.actions_logged",
		 name);
	return 1;
}

int precondition_warn(Diag *d)
{
	static const char *const wanted[] = { "log", "kill_process", "kill_thread", "errno" };
	_cleanup_free_ char *text = NULL;
	Span actions;
	size_t n;

	if (file_read_at(AT_FDCWD, "/proc/sys/kernel/seccomp/actions_logged", 4096, false, &text,
			 &n) < 0)
		return 0;
	actions = span_make(text, n > 0 && text[n - 1] == '\n' ? n - 1 : n);
	for (size_t i = 0; i < ELEMENTSOF(wanted); i++)
		if (warn_missing_action(actions, wanted[i], d))
			return 1;
	return 0;
}
