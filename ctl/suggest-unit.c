/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl/ask.h"
#include "ctl/profile-file.h"
#include "ctl/suggest-unit.h"
#include "ctl/systemd-ask.h"
#include "profile/systemd-dropin.h"
#include "seccompd/exit-codes.h"
#include "util/file.h"
#include "util/parse.h"

static int no_memory(void)
{
	return ctl_fail_memory("suggest");
}

/* Names of workloads are escaped (util/text.h), and units like dev-disk-by\x2dlabel.swap have
 * backslashes of their own. */
static char *unit_name(Span escaped)
{
	char *name = malloc(escaped.n + 1), *p = name;

	for (size_t i = 0; name && i < escaped.n; i++) {
		Span rest = span_from(escaped, i);
		int high = -1, low = -1;

		if (rest.n >= 4 && span_starts(rest, SPAN_LIT("\\x"))) {
			high = parse_hex_digit(rest.p[2]);
			low = parse_hex_digit(rest.p[3]);
		}
		*p++ = high > 0 && low >= 0 ? (char)(high << 4 | low) : rest.p[0];
		i += high > 0 && low >= 0 ? 3 : 0;
	}
	if (name)
		*p = '\0';
	return name;
}

/* A user's own unit is "user@1000.service/NAME", and its files are that user's. */
static bool is_users(const char *unit)
{
	return strchr(unit, '/') != NULL;
}

static int name_dropin(UnitFiles *f)
{
	const char *folder = is_users(f->unit) ? "~/.config/systemd/user" : "/etc/systemd/system";
	const char *slash = strrchr(f->unit, '/');
	int r = asprintf(&f->dropin, "%s/%s.d/%s", folder, slash ? slash + 1 : f->unit,
			 SYSTEMD_DROPIN_NAME);

	if (r < 0)
		f->dropin = NULL;
	return r < 0 ? no_memory() : 0;
}

static int ask_systemctl(UnitFiles *f)
{
	char tool[] = "systemctl", verb[] = "cat", pager[] = "--no-pager", end[] = "--";
	char *const argv[] = { tool, verb, pager, end, f->unit, NULL };
	_cleanup_buffer_ Buffer answer = BUFFER_NULL;
	int r = is_users(f->unit) ? -ENOENT : ask_program(argv, SYSTEMD_TEXT_MAX, &answer);

	if (r < 0 || answer.n == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"\"systemctl cat %s\" does not answer: give what it prints, or the "
				"unit's file, with --profile FILE",
				f->unit);
	f->n = answer.n;
	f->text = buffer_steal(&answer);
	return f->text ? 0 : no_memory();
}

int unit_files_read(const char *workload, const char *profile, UnitFiles *ret)
{
	_cleanup_unit_files_ UnitFiles f = { 0 };
	Span unit = span_of(workload);
	ProfileContext context = { 0 };
	int r;

	if (!span_skip(&unit, SPAN_LIT("unit:")))
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, "suggest",
			"%s is no unit of systemd, so it has no drop-in to add to; --for names "
			"who reads its profile",
			workload);
	f.unit = unit_name(unit);
	if (!f.unit)
		return no_memory();
	r = name_dropin(&f);
	if (r == 0)
		r = profile ? profile_file_read("suggest", profile, &f.text, &f.n)
			    : ask_systemctl(&f);
	if (r == 0)
		r = systemd_ask_groups("suggest", DIALECT_SYSTEMD, &f.groups, &context);
	if (r != 0)
		return r;
	f.has_groups = context.groups != NULL;
	*ret = f;
	f = (UnitFiles){ 0 };
	return 0;
}

static int create(const char *path, Span text)
{
	_cleanup_free_ char *folder = span_dup(
		span_first(span_of(path), (size_t)span_rfind(span_of(path), SPAN_LIT("/"))));

	if (!folder)
		return -ENOMEM;
	if (access(path, F_OK) == 0)
		return -EEXIST;
	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return -errno;
	return file_replace(path, text, 0644);
}

int unit_dropin_create(const char *path, Span text)
{
	int r = path[0] == '/' ? create(path, text) : -ENOTSUP;

	if (r == -EEXIST)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "suggest",
				"%s is there already, but not among the unit's files as they were "
				"given: give what \"systemctl cat\" prints",
				path);
	if (r == -ENOTSUP)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "suggest",
				"%s is a user's: write it with -o, as that user", path);
	return r < 0 ? ctl_fail(SECCOMPD_EXIT_INPUT, "suggest", "cannot write %s: %s", path,
				strerror(-r))
		     : 0;
}

void unit_files_done(UnitFiles *f)
{
	systemd_groups_done(&f->groups);
	free(f->unit);
	free(f->text);
	free(f->dropin);
	*f = (UnitFiles){ 0 };
}
