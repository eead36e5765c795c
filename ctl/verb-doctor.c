/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>

#include "ctl/doctor-output.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

#define FILES_SHOWN 8

static const char help[] =
	"seccompctl doctor [--audit] [--state-root DIR] [--json]\n\n"
	"What keeps calls from being seen on this host, and containers from being held by a "
	"filter;\n"
	"each with what it means and with its remedy: a command, or what to change by hand. What "
	"cannot\n"
	"be found out is said, too. The codes are described in seccompctl-doctor(7).\n\n"
	"  --audit           Each container that runs, with its filter, its stage, and what else "
	"it may do\n"
	"  --state-root DIR  Read runtime state and /proc below DIR instead of /, without asking "
	"the\n"
	"                    running kernel\n"
	"  --json            One JSON object per finding, or per container\n\n"
	"Exit status: 0 nothing that hides a workload (there may be warnings and notes), 1 "
	"something does,\n5 that could not be found out.\n";

typedef struct Examination {
	const Ctl *ctl;
	const DoctorFacts *facts;
	ProfilesInUse *profiles;
	int proc_fd;
	DoctorReport report;
} Examination;

/* What the files say of a workload is the same for all of its instances. */
typedef struct FileWords {
	FilesInUse files;
	Buffer names, none;
} FileWords;

static void file_words_done(FileWords *w)
{
	files_in_use_done(&w->files);
	buffer_done(&w->names);
	buffer_done(&w->none);
}

static int write_names(const FilesInUse *f, Buffer *out)
{
	for (size_t i = 0; i < MIN(f->n, (size_t)FILES_SHOWN); i++) {
		if (i > 0)
			buffer_add_str(out, ", ");
		text_escape(out, span_of(f->paths[i]));
	}
	if (f->n > FILES_SHOWN)
		buffer_printf(out, " and %zu more", f->n - FILES_SHOWN);
	return buffer_error(out);
}

static int find_files(const Examination *e, const Workload *w, FileWords *ret)
{
	_cleanup_buffer_ Buffer raw = BUFFER_NULL;
	int r = profiles_in_use_of(e->profiles, &e->facts->now.instances, e->facts->ledger, w,
				   &ret->files);

	if (r == 0 && ret->files.n > 1)
		r = write_names(&ret->files, &ret->names);
	if (r == 0 && ret->files.n == 0)
		r = profiles_in_use_explain_none(e->profiles, &raw);
	if (r == 0)
		text_escape(&ret->none, buffer_span(&raw));
	return r < 0 ? r : buffer_error(&ret->none);
}

static int examine_workload(Examination *e, const Workload *w)
{
	_cleanup_(file_words_done) FileWords words = { 0 };
	size_t n;
	const Instance *rows = instances_of(&e->facts->now.instances, w->name, &n);
	int r = 0;

	if (n == 0 || !doctor_is_container(rows))
		return 0;
	r = find_files(e, w, &words);
	for (size_t i = 0; r == 0 && i < n; i++) {
		DoctorContainer c;

		doctor_facts_of(e->ctl, e->facts, e->proc_fd, &rows[i], &c);
		c.files_known = words.files.known && !words.files.differ;
		/* The engine's own word decides between several. */
		c.n_files = words.files.one ? 1 : words.files.n;
		c.files = words.names.p;
		c.no_file = words.none.p;
		r = doctor_container(&c, &e->report);
	}
	return r;
}

static int examine(Examination *e)
{
	const Workloads *all = &e->facts->now.workloads;
	int r = doctor_host(&e->facts->host, &e->report);

	for (size_t i = 0; r == 0 && i < all->n; i++)
		r = examine_workload(e, &all->rows[i]);
	doctor_report_sort(&e->report);
	return r;
}

static int exit_code(const DoctorReport *r)
{
	if (r->counts[DOCTOR_ERROR] > 0)
		return SECCOMPD_EXIT_FINDINGS;
	return r->counts[DOCTOR_UNKNOWN] > 0 ? SECCOMPD_EXIT_UNKNOWN : SECCOMPD_EXIT_OK;
}

static int diagnose(const Ctl *ctl, const DoctorFacts *f, bool json)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *profiles = NULL;
	_cleanup_close_ int proc_fd = doctor_open_proc(ctl);
	Examination e = { .ctl = ctl, .facts = f, .proc_fd = proc_fd };
	int r = profiles_in_use_open(ctl->profile_path, &profiles);

	e.profiles = profiles;
	if (r == 0)
		r = examine(&e);
	if (r == 0)
		r = json ? doctor_print_json(&e.report, stdout)
			 : doctor_print_text(&e.report, ctl->color, stdout);
	if (r == 0)
		r = exit_code(&e.report);
	doctor_report_done(&e.report);
	return r;
}

static bool is_folder(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0;
}

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(Ctl *ctl, int argc, char **argv, bool *audit, bool *json)
{
	static const struct option options[] = {
		{ "audit", no_argument, NULL, 'a' },
		{ "state-root", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = ctl_getopt("doctor", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'a':
			*audit = true;
			break;
		case 'r':
			ctl->state_root = optarg;
			break;
		case 'j':
			*json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (optind < argc)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "doctor", "it takes no argument: \"%s\"",
				argv[optind]);
	if (ctl->state_root && !is_folder(ctl->state_root))
		return ctl_fail(SECCOMPD_EXIT_INPUT, "doctor", "cannot open %s: %m",
				ctl->state_root);
	return 0;
}

int verb_doctor(Ctl *ctl, int argc, char **argv)
{
	_cleanup_(doctor_facts_freep) DoctorFacts *facts = NULL;
	bool audit = false, json = false;
	int r;

	r = parse_options(ctl, argc, argv, &audit, &json);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	r = doctor_facts_new(ctl, &facts);
	if (r == 0)
		r = audit ? doctor_audit(ctl, facts, json) : diagnose(ctl, facts, json);
	/* What cannot be written is said by main(). */
	return r == -ENOMEM ? ctl_fail_memory("doctor") : MAX(r, 0);
}
