/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Anything as a unit's files: places stand in the text, words end, and what is read becomes a
 * profile. */
#include "audit/arch.h"
#include "profile/lint.h"
#include "profile/profile.h"
#include "profile/systemd-settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char groups_text[] =
	"@default\n    execve\n    exit_group\n@basic-io\n    read\n    write\n"
	"@service\n    @basic-io\n    openat\n";

typedef struct Bounds {
	const char *begin, *end;
} Bounds;

static void check_note(SystemdNote note, SystemdKey key, const char *at, const char *word,
		       void *userdata)
{
	const Bounds *b = userdata;

	if (note >= _SYSTEMD_NOTE_MAX || key >= _SYSTEMD_KEY_MAX || at < b->begin || at > b->end ||
	    strlen(word) >= SYSTEMD_WORD_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bounds bounds = { (const char *)data, (const char *)data + size };
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_unit_filter_ UnitFilter f = { 0 };
	ProfileContext context = { .host_arch = ARCH_WORD_X86_64, .groups = &groups };
	Span text = span_make((const char *)data, size);
	_cleanup_lint_ LintReport report = { 0 };
	LintInput in = { .text = text, .dialect = DIALECT_SYSTEMD, .groups = &groups };
	Diag d = { 0 };
	int r;

	if (systemd_groups_parse(span_of(groups_text), &groups, NULL) < 0)
		abort();
	r = systemd_settings_read(&(SystemdReading){ text, &groups, check_note, &bounds }, &f, &d);
	if (r < 0 && !d.text[0])
		abort();
	if (r == 0 && profile_read(text, DIALECT_SYSTEMD, &context, &p, &d) < 0)
		abort();
	if (lint(&in, &report) < 0 || (r < 0 && report.counts[LINT_ERROR] == 0))
		abort();
	return 0;
}
