/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "audit/exclude-rule.h"
#include "audit/kernel-switches.h"
#include "profile/context.h"
#include "suggest/doctor-private.h"
#include "util/text.h"

/* What SO_RCVBUF gives is doubled by the kernel: 8 MiB hold 20000 records, a tenth of a second. */
#define BUFFER_LEAST ((uint64_t)16 << 20)

/* Of seccompd's entries in 30 s. */
#define JOURNAL_BURST 200
#define JOURNAL_INTERVAL (30 * USEC_PER_SEC)

#define DRAFT(r, c, s)                                      \
	{                                                   \
		.report = (r), .code = (c), .severity = (s) \
	}

/* ---- what could not be found out ---- */

/* "cannot be read: Permission denied", and what to do about it. */
/* @message says all; @error decides what is to be done about it. */
static int say_fault(const DoctorHost *h, DoctorReport *r, DoctorCode code, const char *message,
		     int error, const char *edit)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, code, DOCTOR_UNKNOWN);
	bool refused = error == -EACCES || error == -EPERM;

	buffer_add_str(&d.message, message);
	if (refused)
		buffer_printf(&d.command, "sudo %s doctor", h->seccompctl);
	else if (edit)
		buffer_add_str(&d.edit, edit);
	return doctor_say(&d);
}

static int say_untold(const DoctorHost *h, DoctorReport *r, DoctorCode code, const char *what,
		      int error, const char *edit)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	buffer_printf(&b, "%s: %s", what, strerrordesc_np(-error) ?: "no reason is known");
	return buffer_error(&b) < 0 ? buffer_error(&b) : say_fault(h, r, code, b.p, error, edit);
}

/* ---- the kernel ---- */

static int check_actions(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_ACTIONS, DOCTOR_ERROR);
	Span actions = h->actions_logged.text;
	const char *name;
	size_t missing = 0;

	if (h->actions_logged.error < 0)
		return say_untold(h, r, DOCTOR_ACTIONS,
				  "/proc/sys/kernel/seccomp/actions_logged cannot be read",
				  h->actions_logged.error, NULL);
	buffer_add_str(&d.message, "/proc/sys/kernel/seccomp/actions_logged lacks");
	for (size_t i = 0; (name = kernel_wanted_action(i)); i++)
		if (!kernel_logs_action(actions, name))
			buffer_printf(&d.message, "%s %s", missing++ > 0 ? "," : "", name);
	if (missing == 0)
		return 0;
	buffer_add_str(&d.command, "sysctl -w kernel.seccomp.actions_logged='");
	kernel_complete_actions(actions, &d.command);
	buffer_add_char(&d.command, '\'');
	buffer_add_str(&d.edit,
		       "look into /etc/sysctl.conf and /etc/sysctl.d for who sets it, or it is so "
		       "again after the next boot");
	return doctor_say(&d);
}

static int check_audit(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_AUDIT_OFF, DOCTOR_ERROR);

	if (h->cmdline.error < 0)
		return say_untold(h, r, DOCTOR_AUDIT_OFF,
				  "the kernel's command line, /proc/cmdline, cannot be read",
				  h->cmdline.error, NULL);
	if (!kernel_audit_is_off(h->cmdline.text))
		return 0;
	buffer_add_str(&d.message, "the kernel was started with audit=0");
	buffer_add_str(&d.edit,
		       "take audit=0 out of the kernel's command line (GRUB: GRUB_CMDLINE_LINUX in "
		       "/etc/default/grub, then update-grub) and reboot");
	return doctor_say(&d);
}

static int say_rule(Span rule, ExcludeReach reach, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d =
		DRAFT(r, DOCTOR_EXCLUDED, reach == EXCLUDE_ALL ? DOCTOR_ERROR : DOCTOR_WARNING);
	int q;

	buffer_printf(&d.message, "an audit rule excludes seccomp records (type 1326) of %s",
		      reach == EXCLUDE_ALL ? "all processes" : "some processes");
	q = exclude_rule_deletion(rule, &d.command);
	if (q == -ENOMEM)
		return q;
	if (q < 0) {
		buffer_done(&d.command);
		buffer_add_str(&d.edit, "\"auditctl -l\" lists it; \"auditctl -d\" deletes it");
	} else
		buffer_add_str(&d.edit,
			       "look into /etc/audit/rules.d for where it comes from, or it is "
			       "back after the next boot");
	return doctor_say(&d);
}

static int check_rules(const DoctorHost *h, DoctorReport *r)
{
	int q = 0;

	if (h->rules_error < 0)
		return say_untold(
			h, r, DOCTOR_EXCLUDED,
			"whether audit rules exclude seccomp records cannot be told, which takes "
			"CAP_AUDIT_CONTROL in the first pid and user namespaces",
			h->rules_error, NULL);
	for (size_t i = 0; q == 0 && i < h->n_rules; i++) {
		ExcludeReach reach;

		if (exclude_rule_judge(h->rules[i], &reach) == 0 && reach != EXCLUDE_NONE)
			q = say_rule(h->rules[i], reach, r);
	}
	return q;
}

/* ---- who asks, and seccompd ---- */

static int check_place(const DoctorHost *h, DoctorReport *r)
{
	static const char *const names[_NAMESPACE_KIND_MAX] = {
		[NAMESPACE_PID] = "pid",
		[NAMESPACE_USER] = "user",
		[NAMESPACE_NET] = "network",
	};
	int q = 0;

	for (unsigned i = 0; q == 0 && i < _NAMESPACE_KIND_MAX; i++) {
		_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_OUTSIDE, DOCTOR_UNKNOWN);

		if (h->foreign[i] == 0)
			continue;
		buffer_printf(&d.message,
			      h->foreign[i] > 0
				      ? "seccompctl runs in another %s namespace than the host"
				      : "whether seccompctl runs in the host's %s namespace cannot "
					"be told",
			      names[i]);
		buffer_add_str(&d.edit,
			       "run it on the host itself; in a pod with hostPID: true and "
			       "hostNetwork: true, as root and in no user namespace");
		q = doctor_say(&d);
	}
	return q;
}

static bool is_outside(const DoctorHost *h)
{
	for (unsigned i = 0; i < _NAMESPACE_KIND_MAX; i++)
		if (h->foreign[i] > 0)
			return true;
	return false;
}

static int say_not_running(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_NOT_RUNNING, DOCTOR_ERROR);

	buffer_add_str(&d.message, "seccompd does not run");
	if (h->has_systemd)
		buffer_add_str(&d.command, "systemctl start seccompd.socket seccompd.service");
	else
		buffer_add_str(&d.command, h->seccompd);
	return doctor_say(&d);
}

static int check_stream(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_OFF_STREAM, DOCTOR_ERROR);
	const DoctorDaemon *s = &h->daemon;

	if (s->on_stream > 0 && s->foreign_pids <= 0)
		return 0;
	/* The sockets of another network namespace do not show here: that has been said. */
	if (s->on_stream == 0 && s->foreign_pids <= 0 && h->foreign[NAMESPACE_NET] > 0)
		return 0;
	if (s->process < 0 || (s->on_stream < 0 && s->foreign_pids <= 0))
		return say_untold(
			h, r, DOCTOR_OFF_STREAM,
			"whether seccompd listens to the host's audit stream cannot be told",
			s->process < 0 ? s->process : s->on_stream, NULL);
	if (s->on_stream == 0)
		buffer_add_str(&d.message,
			       "seccompd runs, and has no socket on the host's audit stream");
	else
		buffer_add_str(&d.message, "seccompd runs in another pid namespace than the host");
	if (h->has_systemd)
		buffer_add_str(&d.command, "systemctl restart seccompd.socket seccompd.service");
	else
		buffer_add_str(&d.edit, "start it on the host itself; in a pod with hostPID: true "
					"and hostNetwork: true");
	return doctor_say(&d);
}

static int check_buffer(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_BUFFER, DOCTOR_WARNING);
	uint64_t size = h->daemon.receive_buffer;

	if (size == 0 || size >= BUFFER_LEAST)
		return 0;
	buffer_printf(&d.message,
		      "seccompd's receive buffer has %lu KiB, room for about %lu records",
		      (unsigned long)(size >> 10), (unsigned long)(size / 832));
	if (h->daemon.passed)
		buffer_add_str(
			&d.command,
			"mkdir -p /etc/systemd/system/seccompd.socket.d && printf "
			"'[Socket]\\nReceiveBuffer=64M\\n' "
			">/etc/systemd/system/seccompd.socket.d/zz-buffer.conf && systemctl "
			"daemon-reload && systemctl restart seccompd.socket seccompd.service");
	else {
		buffer_add_str(&d.edit, "set ReceiveBuffer=64M in the section [seccompd] of ");
		text_escape(&d.edit, span_of(h->config));
		buffer_add_str(&d.edit, " and start seccompd anew; above net.core.rmem_max it "
					"takes CAP_NET_ADMIN");
	}
	return doctor_say(&d);
}

static int check_source(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_FROM_LOG, DOCTOR_WARNING);

	buffer_add_str(&d.message, "seccompd reads from ");
	text_escape(&d.message, span_of(h->daemon.source));
	buffer_add_str(&d.message, ", not from the audit stream");
	buffer_add_str(&d.edit, "set Source=netlink in the section [seccompd] of ");
	text_escape(&d.edit, span_of(h->config));
	buffer_add_str(&d.edit, " and start seccompd anew without --source");
	return doctor_say(&d);
}

static int check_history(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_NO_HISTORY, DOCTOR_WARNING);

	if (!h->daemon.lineage)
		return 0;
	buffer_add_str(&d.message, "seccompd keeps no history of processes: ");
	text_escape(&d.message, span_of(h->daemon.lineage));
	buffer_add_str(&d.edit, "set Lineage=yes in the section [seccompd] of ");
	text_escape(&d.edit, span_of(h->config));
	buffer_add_str(&d.edit, ", give seccompd CAP_NET_ADMIN, and start it anew");
	return doctor_say(&d);
}

static int check_daemon(const DoctorHost *h, DoctorReport *r)
{
	static int (*const live[])(const DoctorHost *h, DoctorReport *r) = {
		check_stream,
		check_buffer,
		check_history,
	};
	int q = 0;

	if (h->daemon.running < 0)
		return h->daemon.fault ? say_fault(h, r, DOCTOR_NOT_RUNNING, h->daemon.fault,
						   h->daemon.running, NULL)
				       : say_untold(h, r, DOCTOR_NOT_RUNNING,
						    "whether seccompd runs cannot be told",
						    h->daemon.running, NULL);
	/* Elsewhere one would not know: that has been said. */
	if (h->daemon.running == 0)
		return is_outside(h) ? 0 : say_not_running(h, r);
	if (!span_is(span_of(h->daemon.source), "netlink"))
		return check_source(h, r);
	for (size_t i = 0; q == 0 && i < ELEMENTSOF(live); i++)
		q = live[i](h, r);
	return q;
}

static int say_journal_untold(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_JOURNAL, DOCTOR_NOTE);

	if (h->journal.error == 0)
		return 0;
	buffer_printf(&d.message, "journald's configuration cannot be read whole: %s",
		      strerrordesc_np(-h->journal.error) ?: "no reason is known");
	return doctor_say(&d);
}

static int check_journal(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_JOURNAL, DOCTOR_WARNING);
	const DoctorJournal *j = &h->journal;
	char span[64];

	if (!j->known || j->burst == 0 || j->interval == 0 ||
	    (double)j->burst * (double)JOURNAL_INTERVAL >=
		    (double)JOURNAL_BURST * (double)j->interval)
		return say_journal_untold(h, r);
	buffer_printf(&d.message, "journald takes %lu entries of a service in %s, then drops them",
		      (unsigned long)j->burst, clock_format_span(j->interval, span, sizeof(span)));
	buffer_add_str(&d.command,
		       "mkdir -p /etc/systemd/journald.conf.d && printf "
		       "'[Journal]\\nRateLimitIntervalSec=30s\\nRateLimitBurst=10000\\n' "
		       ">/etc/systemd/journald.conf.d/zz-seccompd.conf && systemctl "
		       "restart systemd-journald");
	return doctor_say(&d);
}

/* ---- runtimes and units ---- */

static int check_state(const DoctorHost *h, DoctorReport *r)
{
	int q = 0;

	if (h->state_error < 0 && h->state_fault)
		q = say_fault(h, r, DOCTOR_STATE, h->state_fault, h->state_error,
			      "start that container anew, which writes its files anew");
	else if (h->state_error < 0)
		q = say_untold(h, r, DOCTOR_STATE, "the state of container runtimes cannot be read",
			       h->state_error,
			       "the section [state] of seccompd.conf(5) says where it is");
	if (q == 0 && h->units_error < 0)
		q = say_untold(h, r, DOCTOR_STATE,
			       "systemd cannot be asked for the filters of units", h->units_error,
			       NULL);
	return q;
}

static int check_flags(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_NO_FLAGS, DOCTOR_WARNING);
	uint32_t v = h->runtimes.runc_version;

	if (h->runtimes.runc == 0 || v == 0 || v >= context_version(1, 2, 0))
		return 0;
	buffer_printf(&d.message, "%zu %s under runc %u.%u.%u, which refuses flags",
		      h->runtimes.runc, h->runtimes.runc == 1 ? "container runs" : "containers run",
		      v >> 16, v >> 8 & 0xff, v & 0xff);
	buffer_printf(&d.edit,
		      "bring runc up to 1.2, or run containers with crun (--runtime crun); until "
		      "then keep one instance of a workload at LOG: %s promote WORKLOAD --to log",
		      h->seccompctl);
	return doctor_say(&d);
}

static int check_runtime(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_RUNTIME, DOCTOR_NOTE);
	const DoctorRuntimes *t = &h->runtimes;
	bool no_version = t->runc > 0 && t->runc_version == 0;

	if (!no_version && t->unnamed == 0)
		return 0;
	if (no_version)
		buffer_printf(
			&d.message,
			"%zu %s under runc, and \"runc --version\" does not say which version",
			t->runc, t->runc == 1 ? "container runs" : "containers run");
	if (t->unnamed > 0)
		buffer_printf(&d.message, "%s%zu %s", no_version ? "; " : "", t->unnamed,
			      t->unnamed == 1 ? "container's state does not say which runtime "
						"started it"
					      : "containers' states do not say which runtime "
						"started them");
	buffer_printf(&d.edit,
		      "name them where it matters: %s promote WORKLOAD --runtime NAME "
		      "--runtime-version VERSION",
		      h->seccompctl);
	return doctor_say(&d);
}

static int check_units(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_UNITS, DOCTOR_NOTE);

	if (h->blind_units == 0)
		return 0;
	buffer_printf(&d.message, "%zu %s of systemd refuse%s calls without a record",
		      h->blind_units, h->blind_units == 1 ? "unit" : "units",
		      h->blind_units == 1 ? "s" : "");
	buffer_printf(&d.edit,
		      "\"%s list\" names them; SystemCallLog= in the place of SystemCallFilter= "
		      "records the same calls",
		      h->seccompctl);
	return doctor_say(&d);
}

static int check_ledger(const DoctorHost *h, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(r, DOCTOR_LEDGER, DOCTOR_UNKNOWN);

	if (!h->ledger_fault)
		return 0;
	buffer_add_str(&d.message, h->ledger_fault);
	/* What is no ledger is none for root, either. */
	if (h->ledger_denied)
		buffer_printf(&d.command, "sudo %s doctor", h->seccompctl);
	return doctor_say(&d);
}

int doctor_host(const DoctorHost *h, DoctorReport *r)
{
	static int (*const checks[])(const DoctorHost *h, DoctorReport *r) = {
		check_actions, check_audit, check_rules,   check_place, check_daemon, check_journal,
		check_state,   check_flags, check_runtime, check_units, check_ledger,
	};
	int q = 0;

	for (size_t i = 0; q == 0 && i < ELEMENTSOF(checks); i++)
		q = checks[i](h, r);
	return q;
}
