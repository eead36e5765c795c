/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Windows and losses in words. */
#include "evidence/window.h"
#include "util/text.h"

static const struct {
	const char *kind, *text;
} kinds[] = {
	{ "enobufs", "the kernel's queue for seccompd ran over" },
	{ "serial-gap", "audit serials never arrived" },
	{ "rejected", "damaged records came" },
	{ "tally-full", "the table of counters was full" },
	{ "workload-limit", "the ledger held no more workloads" },
	{ "sighting-limit", "too many different calls were made" },
	{ "not-running", "seccompd was not running" },
	{ "not-written", "what seccompd saw was not in its ledger" },
	{ "rebooted", "seccompd was not running around a reboot" },
	{ "set-aside", "a damaged ledger was set aside" },
	{ "unattributed", "records came of processes that could not be named" },
	{ "lineage", "the history of processes had a hole" },
	{ "state-unreadable", "containers ran whose state could not be read" },
	{ "kernel-lost", "the kernel dropped audit records" },
	{ "undated", "logs had records without a time" },
	{ "journal-gap", "entries of the journal are gone" },
	{ "not-logged", "kernel.seccomp.actions_logged left actions out" },
	{ "host-silent", "the host told nothing more" },
	{ "host-doubled", "two machines write under one ledger's id" },
	{ "unobservable", "what the kernel drops could not be seen" },
};

const char *loss_kind_text(const char *kind)
{
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].text;
	return "something was lost";
}

char *loss_explain(const LedgerLoss *loss, usec_t until, char *buf, size_t size)
{
	bool silent = strcmp(loss->kind, LOSS_HOST_SILENT) == 0;
	char time[CLOCK_RFC3339_SIZE], on[256];

	clock_format_rfc3339(silent ? loss->from : until, time);
	if (loss->on)
		snprintf(buf, size, "on %.100s: %s %s %s",
			 text_escape_to(span_of(loss->on), on, sizeof(on)),
			 loss_kind_text(loss->kind), silent ? "from" : "until", time);
	else
		snprintf(buf, size, "%s until %s", loss_kind_text(loss->kind), time);
	return buf;
}

char *window_explain(const Window *w, char *buf, size_t size)
{
	static const char *const texts[_WINDOW_CAUSE_MAX] = {
		[WINDOW_NOT_WATCHED] = "no instance was watched",
		[WINDOW_FIRST] = "the first instance was watched",
		[WINDOW_PROFILE] = "the profile changed",
		[WINDOW_IMAGE] = "the image changed",
		[WINDOW_CAPABILITIES] = "the capabilities changed",
		[WINDOW_RUNTIME] = "the runtime's version changed",
		[WINDOW_LIBSECCOMP] = "libseccomp changed",
		[WINDOW_KERNEL] = "the kernel's version changed",
		[WINDOW_MACHINE] = "the architecture changed",
	};
	static const char *const of_units[_WINDOW_CAUSE_MAX] = {
		[WINDOW_IMAGE] = "the C library changed",
		[WINDOW_RUNTIME] = "systemd changed",
	};
	const char *text = w->kind == SUBJECT_UNIT ? of_units[w->cause] : NULL;
	char time[CLOCK_RFC3339_SIZE];

	clock_format_rfc3339(w->from, time);
	if (!text)
		text = texts[w->cause];
	if (w->cause == WINDOW_LOSS)
		(void)loss_explain(w->loss, w->from, buf, size);
	else if (w->cause == WINDOW_NOT_WATCHED)
		snprintf(buf, size, "%s", text);
	else
		snprintf(buf, size, "%s at %s", text, time);
	return buf;
}
