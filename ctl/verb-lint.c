/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/systemd-ask.h"
#include "ctl/table.h"
#include "profile/json-line.h"
#include "profile/lint.h"
#include "seccompd/exit-codes.h"
#include "suggest/lint-risk.h"
#include "suggest/suggest.h"
#include "util/file.h"
#include "util/text.h"

/* More than a profile may have: lint() itself says that one is too large. */
#define LINT_FILE_MAX ((size_t)16 << 20)

static const char help[] =
	"seccompctl lint FILE... --for DIALECT [--at POINTER] [--severity LEVEL] [--json]\n\n"
	"What is wrong, surprising or risky in seccomp profiles, as FILE:LINE:COLUMN, for people "
	"and "
	"for\n"
	"CI. The codes are described in seccompctl-lint(7). FILE \"-\" is standard input.\n\n"
	"  --for DIALECT     Who reads it: docker, podman, oci (runc, crun, containerd, CRI-O;\n"
	"                    also called kubernetes), spo (the Security Profiles Operator: a\n"
	"                    SeccompProfile as JSON, or its spec) or\n"
	"                    systemd (then FILE is a unit file, or what \"systemctl cat\" prints)\n"
	"  --at POINTER      The profile is this part of the file, such as /linux/seccomp of an "
	"OCI\n"
	"                    config.json or /spec of a SeccompProfile\n"
	"  --severity LEVEL  Leave out what is below error, warning or note\n"
	"  --json            One JSON object per finding\n\n"
	"Exit status: 0 no error and no warning (notes may be), 1 findings, 3 a file cannot be "
	"read.\n";

typedef struct Options {
	Dialect dialect;
	const SystemdGroups *groups; /* of systemd */
	const char *at;
	LintSeverity least;
	bool json, many;
} Options;

static int read_file(const char *name, char **ret, size_t *ret_n)
{
	_cleanup_close_ int fd = -1;
	int r;

	if (strcmp(name, "-") != 0) {
		fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return ctl_fail(SECCOMPD_EXIT_INPUT, "lint", "%s cannot be opened: %s",
					name, strerror(errno));
	}
	r = file_read_fd(fd < 0 ? STDIN_FILENO : fd, LINT_FILE_MAX, ret, ret_n);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "lint", "%s cannot be read: %s",
				strcmp(name, "-") == 0 ? "standard input" : name,
				r == -EFBIG ? "it is larger than 16 MiB, which no profile is"
					    : strerror(-r));
	return 0;
}

static int print_json(const Options *o, const char *file, const LintFinding *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	if (o->many)
		json_line_str(j, "file", file);
	json_line_str(j, "severity", lint_severity_name(f->severity));
	json_line_str(j, "code", f->code);
	json_line_str(j, "where", f->where);
	json_line_uint(j, "line", f->line);
	json_line_str(j, "message", f->message);
	return json_line_write(j, stdout);
}

static int print_text(const Ctl *ctl, const char *file, const LintFinding *f)
{
	static const TableTone tones[_LINT_SEVERITY_MAX] = {
		[LINT_NOTE] = TONE_PLAIN,
		[LINT_WARNING] = TONE_WARN,
		[LINT_ERROR] = TONE_BAD,
	};
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	text_escape(&b, span_of(file));
	buffer_printf(&b, ":%u:%u: %s%s%s: ", f->line, f->column,
		      table_tone_begin(tones[f->severity], ctl->color),
		      lint_severity_name(f->severity),
		      table_tone_end(tones[f->severity], ctl->color));
	text_escape(&b, span_of(f->message));
	buffer_printf(&b, " [%s]\n", f->code);
	if (buffer_error(&b) < 0)
		return buffer_error(&b);
	return fwrite(b.p, 1, b.n, stdout) == b.n ? 0 : -EIO;
}

static int print_report(const Ctl *ctl, const Options *o, const char *file,
			const LintReport *report)
{
	int code = SECCOMPD_EXIT_OK, r = 0;

	for (size_t i = 0; r == 0 && i < report->n; i++) {
		const LintFinding *f = &report->findings[i];

		if (f->severity < o->least)
			continue;
		if (f->severity > LINT_NOTE)
			code = SECCOMPD_EXIT_FINDINGS;
		r = o->json ? print_json(o, file, f) : print_text(ctl, file, f);
	}
	/* What cannot be written is said by main(). */
	return r == -ENOMEM ? ctl_fail_memory("lint") : code;
}

static int lint_file(const Ctl *ctl, const Options *o, const char *file)
{
	_cleanup_lint_ LintReport report = { 0 };
	_cleanup_free_ char *text = NULL;
	size_t n = 0;
	int r;

	r = read_file(file, &text, &n);
	if (r != 0)
		return r;
	r = lint(&(LintInput){ .text = span_make(text, n),
			       .dialect = o->dialect,
			       .host_arch = suggest_host_arch(),
			       .at = o->at,
			       .groups = o->groups,
			       .risk = lint_risk_of },
		 &report);
	if (r < 0)
		return ctl_fail_memory("lint");
	return print_report(ctl, o, file, &report);
}

static int check_usage(int argc, const char *dialect, const char *severity, Options *o)
{
	if (optind >= argc)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "lint",
				"name a profile, or - for standard input");
	if (!dialect)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "lint",
				"--for DIALECT is missing: docker, podman, oci, kubernetes, spo or "
				"systemd, whoever "
				"reads the profile");
	if (dialect_from_name(span_of(dialect), &o->dialect) < 0)
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, "lint",
			"--for takes docker, podman, oci, kubernetes, spo or systemd, not \"%s\"",
			dialect);
	if (severity && lint_severity_from_name(span_of(severity), &o->least) < 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "lint",
				"--severity takes error, warning or note, not \"%s\"", severity);
	if (o->at && *o->at && *o->at != '/')
		return ctl_fail(SECCOMPD_EXIT_USAGE, "lint",
				"--at takes a JSON pointer such as /linux/seccomp, not \"%s\"",
				o->at);
	if (o->at && o->dialect == DIALECT_SYSTEMD)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "lint",
				"--at is for JSON, and systemd reads unit files");
	o->many = argc - optind > 1;
	return 0;
}

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "for", required_argument, NULL, 'f' },
		{ "at", required_argument, NULL, 'a' },
		{ "severity", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dialect = NULL, *severity = NULL;
	int c;

	while ((c = ctl_getopt("lint", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'f':
			dialect = optarg;
			break;
		case 'a':
			o->at = optarg;
			break;
		case 's':
			severity = optarg;
			break;
		case 'j':
			o->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	return check_usage(argc, dialect, severity, o);
}

int verb_lint(Ctl *ctl, int argc, char **argv)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	ProfileContext context = { 0 };
	Options o = { .least = LINT_NOTE };
	int r, code = SECCOMPD_EXIT_OK;

	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	r = systemd_ask_groups("lint", o.dialect, &groups, &context);
	if (r != 0)
		return r;
	o.groups = context.groups;
	/* Every file, also behind one that cannot be read; the worst counts. */
	for (int i = optind; i < argc; i++) {
		r = lint_file(ctl, &o, argv[i]);
		code = MAX(code, r);
	}
	return code;
}
