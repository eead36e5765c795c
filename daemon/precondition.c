/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>

#include "audit/kernel-switches.h"
#include "daemon/precondition.h"
#include "state/namespaces.h"
#include "util/file.h"
#include "util/parse.h"

static bool namespace_is_ours(NamespaceKind kind)
{
	_cleanup_close_ int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return proc_fd < 0 || namespace_is_foreign(proc_fd, "self", kind) <= 0;
}

static bool audit_is_off(void)
{
	_cleanup_free_ char *text = NULL;
	size_t n;

	return file_read_at(AT_FDCWD, "/proc/cmdline", 65536, false, &text, &n) == 0 &&
	       kernel_audit_is_off(span_make(text, n));
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
	if (audit_is_off())
		return diag_set(d, -EOPNOTSUPP,
				"audit is switched off on the kernel command line (audit=0), so no "
				"record is "
				"ever made: remove audit=0 and reboot");
	if (!passed && !namespace_is_ours(NAMESPACE_NET))
		return diag_set(
			d, -ENONET,
			"not in the host's network namespace, where alone audit records are sent: "
			"run on the host, or with host networking (hostNetwork: true)");
	if (!namespace_is_ours(NAMESPACE_PID))
		return diag_set(d, -ESRCH,
				"not in the host's pid namespace, so the pids in records mean "
				"nothing here: "
				"run on the host, or with the host's pids (hostPID: true)");
	return 0;
}

int precondition_explain_bind(int error, Diag *d)
{
	if (error != -EPERM)
		return diag_set(d, error, "cannot join the audit stream: %s", strerror(-error));
	if (!namespace_is_ours(NAMESPACE_USER))
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

int precondition_warn(Diag *d)
{
	_cleanup_free_ char *text = NULL;
	const char *name;
	size_t n;

	if (file_read_at(AT_FDCWD, "/proc/sys/kernel/seccomp/actions_logged", 4096, false, &text,
			 &n) < 0)
		return 0;
	for (size_t i = 0; (name = kernel_wanted_action(i)); i++) {
		if (kernel_logs_action(span_make(text, n), name))
			continue;
		diag_set(d, 0,
			 "/proc/sys/kernel/seccomp/actions_logged lacks \"%s\", so such calls are "
			 "never recorded: add it with sysctl kernel.seccomp.actions_logged",
			 name);
		return 1;
	}
	return 0;
}
