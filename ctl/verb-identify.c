/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "ctl/ctl.h"
#include "ctl/explanation.h"
#include "profile/json-line.h"
#include "profile/stage.h"
#include "seccompd/exit-codes.h"
#include "state/container.h"
#include "state/proc.h"
#include "util/file.h"
#include "util/parse.h"
#include "util/text.h"

#define CGROUP_FILE_MAX ((size_t)1 << 20)

static const char help[] =
	"seccompctl identify PID | --cgroup PATH | --cgroup-file FILE\n"
	"                    [--state-root DIR] [--explain] [--json]\n\n"
	"Whom a process, a cgroup path or the text of a /proc/PID/cgroup belongs to: container,\n"
	"systemd unit, session, or nobody. A container is \"confirmed\" when its runtime's state "
	"on\n"
	"disk knows its id and does not contradict the path.\n\n"
	"  --cgroup PATH       Judge this path\n"
	"  --cgroup-file FILE  Judge this file; - is standard input\n"
	"  --state-root DIR    Read runtime state below DIR instead of /, in its default places;\n"
	"                      otherwise the section [state] of seccompd.conf says where it is\n"
	"  --explain           Tell each step: the lines and elements of the cgroup, each place\n"
	"                      where a runtime keeps its state, what confirms the answer, and the\n"
	"                      rule that gives the workload its name\n"
	"  --json              One JSON object\n";

typedef struct Question {
	const char *pid, *path, *file;
	const char *state_root;
	bool json, explain;
} Question;

typedef struct Answer {
	char *text; /* what .identity.path points into */
	bool is_pid;
	char exe[PATH_MAX];
	CgroupIdentity identity;
	Container container;
	bool found, confirmed;
	SubjectKey subject;
	WorkloadFacts facts;
	WorkloadName workload;
	AppliedProfile profile;
	bool has_profile;
	Explanation explanation;
} Answer;

static void answer_done(Answer *a)
{
	explanation_done(&a->explanation);
	free(a->text);
	container_done(&a->container);
}

/* ---- reading ---- */

static int read_process(int pid_fd, Answer *a)
{
	ProcInfo info;
	ssize_t n;
	int r;

	r = proc_read(pid_fd, &info);
	if (r < 0)
		return r;
	/* A kernel thread has none, and another user's may not be asked for. */
	n = readlinkat(pid_fd, "exe", a->exe, sizeof(a->exe) - 1);
	a->exe[MAX(n, 0)] = '\0';
	a->is_pid = true;
	a->text = span_dup(span_make(info.cgroup, info.cgroup_n));
	if (!a->text)
		return -ENOMEM;
	cgroup_identify_file(span_make(a->text, info.cgroup_n), &a->identity);
	return 0;
}

static int read_pid(const char *word, Answer *a)
{
	_cleanup_close_ int proc_fd = -1, pid_fd = -1;
	int32_t pid;
	int r;

	if (parse_i32(span_of(word), &pid) < 0 || pid <= 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "identify", "\"%s\" is no process id", word);
	proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc_fd < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "identify", "cannot open /proc: %m");
	pid_fd = proc_open(proc_fd, pid);
	r = pid_fd < 0 ? pid_fd : read_process(pid_fd, a);
	if (r == -ENOENT || r == -ESRCH)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "identify", "there is no process %d", pid);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "identify", "cannot read /proc/%d: %s", pid,
				strerror(-r));
	return 0;
}

static int read_file(const char *name, Answer *a)
{
	_cleanup_close_ int fd = -1;
	size_t n;
	int r;

	if (strcmp(name, "-") != 0) {
		fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return ctl_fail(SECCOMPD_EXIT_INPUT, "identify", "cannot open %s: %m",
					name);
	}
	r = file_read_fd(fd < 0 ? STDIN_FILENO : fd, CGROUP_FILE_MAX, &a->text, &n);
	if (r == -EFBIG)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "identify",
				"%s is too large to be a /proc/PID/cgroup", name);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "identify", "cannot read %s: %s", name,
				strerror(-r));
	cgroup_identify_file(span_make(a->text, n), &a->identity);
	return 0;
}

static int read_subject(const Question *q, Answer *a)
{
	if (q->pid)
		return read_pid(q->pid, a);
	if (q->file)
		return read_file(q->file, a);
	cgroup_identify_path(span_of(q->path), &a->identity);
	return 0;
}

/* ---- runtime state ---- */

/* A cgroup with a free name: the runtime that recorded it tells that it is a container's. */
static int find_open(const StateRoots *roots, Answer *a, Diag *d)
{
	CgroupIdentity *id = &a->identity;
	Container *c = &a->container;
	int r;

	r = container_find_open(roots, id, true, c, d);
	if (r < 0)
		return r;
	id->kind = CGROUP_CONTAINER;
	id->container = true;
	id->runtime = c->runtime;
	span_copy(span_of(c->id), id->id, sizeof(id->id));
	subject_of_identity(id, span_of(a->exe), &a->subject);
	return 0;
}

/*
 * Of nested containers only the outermost is the host's, so that is the one to be named; the id
 * inside is a claim that nothing here can confirm. A path is enough to believe an id that state
 * knows; a process must also be where its container was put.
 */
static int find_container(const StateRoots *roots, Answer *a)
{
	Diag d = { 0 };
	int r;

	r = a->subject.kind == SUBJECT_CONTAINER
		    ? container_find(roots, a->subject.runtime, a->subject.name, a->identity.path,
				     &a->container, &d)
		    : find_open(roots, a, &d);
	if (r < 0 && r != -ENOENT)
		ctl_fail_diag(0, "identify", NULL,
			      d.text[0] ? &d : &(Diag){ .text = "runtime state cannot be read" });
	a->found = r == 0 && a->container.confirmed;
	a->confirmed = a->found && !a->identity.outer_runtime;
	return 0;
}

/* A copy of a host's state lies where that host's defaults are. */
static int read_state(const Ctl *ctl, const Question *q, Answer *a)
{
	const char *root = q->state_root ?: "/";
	_cleanup_close_ int root_fd = -1, proc_fd = -1;
	StateRoots roots = { .proc_fd = -1 };
	StateTrace trace = explanation_state(&a->explanation);

	if (!a->identity.container && !cgroup_is_open(&a->identity))
		return 0;
	root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "identify", "cannot open %s: %m", root);
	if (a->is_pid)
		proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	roots.root_fd = root_fd;
	roots.proc_fd = proc_fd;
	roots.trace = q->explain ? &trace : NULL;
	if (!q->state_root)
		state_section_apply(ctl->state, &roots);
	return find_container(&roots, a);
}

static void name_workload(const Ctl *ctl, Answer *a, const char *node)
{
	const Container *c = &a->container;

	a->facts = (WorkloadFacts){ &a->subject, a->found ? &c->names : NULL, &c->labels, node };
	workload_rules_name(ctl->workloads, &a->facts, &a->workload);
	if (a->found && c->spec_found)
		a->has_profile = applied_profile_read(span_of(c->seccomp), &a->profile, NULL) == 0;
}

static void explain_answer(const Ctl *ctl, Answer *a)
{
	explanation_answer(&a->explanation, &a->identity, &a->container, a->confirmed);
	explanation_rules(&a->explanation, ctl->workloads, &a->facts);
	explanation_name(&a->explanation, &a->facts, &a->workload);
}

/* ---- printing ---- */

static const char *known(const char *s)
{
	return s && s[0] ? s : NULL;
}

typedef struct Field {
	const char *key, *value;
	bool checked; /* by the cgroup grammar: a unit's name is shown as systemd writes it */
} Field;

#define FIELDS_MAX 16

/* In the order of the JSON object; the two booleans stand between. */
static size_t fields_before(const Answer *a, Field *f)
{
	const CgroupIdentity *id = &a->identity;
	bool named = a->found && !id->outer_runtime;
	size_t n = 0;

	f[n++] = (Field){ "kind", cgroup_kind_name(id->kind), false };
	f[n++] = (Field){ "runtime", named ? a->container.runtime : id->runtime, false };
	f[n++] = (Field){ "id", known(id->id), false };
	f[n++] = (Field){ "name", known(named ? a->container.names.name : id->name), false };
	f[n++] = (Field){ "pod_uid", known(id->pod_uid), false };
	f[n++] = (Field){ "unit", known(id->unit), true };
	return n;
}

static size_t fields_after(const Answer *a, Field *f)
{
	const CgroupIdentity *id = &a->identity;
	bool nested = id->outer_runtime != NULL;
	size_t n = 0;

	f[n++] = (Field){ "outer_id", nested ? known(id->outer_id) : NULL, false };
	f[n++] = (Field){ "inner_id", nested ? known(id->id) : NULL, false };
	if (!a->is_pid)
		return n;
	f[n++] = (Field){ "workload", a->workload.text, false };
	f[n++] = (Field){ "profile", a->has_profile ? a->profile.hash : NULL, false };
	f[n++] = (Field){ "stage", a->has_profile ? stage_name(a->profile.stage) : NULL, false };
	return n;
}

static void json_fields(JsonLine *j, const Field *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(f[i].checked ? json_line_name : json_line_str)(j, f[i].key, f[i].value);
}

static int print_json(const Question *q, const Answer *a)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	Field f[FIELDS_MAX];
	size_t n;

	n = fields_before(a, f);
	json_fields(j, f, n);
	json_line_bool(j, "container", a->identity.container);
	json_line_bool(j, "confirmed", a->confirmed);
	n = fields_after(a, f);
	json_fields(j, f, n);
	if (q->explain)
		explanation_json(&a->explanation, j);
	return json_line_write(j, stdout);
}

static void print_fields(const Field *f, size_t n)
{
	char text[4 * WORKLOAD_NAME_MAX];

	for (size_t i = 0; i < n; i++)
		/* cppcheck-suppress uninitvar ; the first n are set */
		if (f[i].value)
			printf("%-10s %s\n", f[i].key,
			       f[i].checked
				       ? f[i].value
				       : text_escape_to(span_of(f[i].value), text, sizeof(text)));
}

static void print_text(const Answer *a)
{
	Field f[FIELDS_MAX];

	explanation_print(&a->explanation);
	print_fields(f, fields_before(a, f));
	if (a->identity.container)
		printf("%-10s %s\n", "confirmed",
		       a->confirmed ? "yes, by the runtime's state" : "no");
	print_fields(f, fields_after(a, f));
}

/* ---- the verb ---- */

/* -1 to go on, otherwise an exit code. */
static int parse_options(int argc, char **argv, Question *q)
{
	static const struct option options[] = {
		{ "cgroup", required_argument, NULL, 'c' },
		{ "cgroup-file", required_argument, NULL, 'f' },
		{ "state-root", required_argument, NULL, 'r' },
		{ "explain", no_argument, NULL, 'x' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = ctl_getopt("identify", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'c':
			q->path = optarg;
			break;
		case 'f':
			q->file = optarg;
			break;
		case 'r':
			q->state_root = optarg;
			break;
		case 'x':
			q->explain = true;
			break;
		case 'j':
			q->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	q->pid = optind < argc ? argv[optind] : NULL;
	if (argc - optind > 1 || !q->pid + !q->path + !q->file != 2)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "identify",
				"give one of PID, --cgroup PATH and --cgroup-file FILE");
	return -1;
}

int verb_identify(Ctl *ctl, int argc, char **argv)
{
	_cleanup_(answer_done) Answer a = { 0 };
	char node[HOST_NAME_MAX + 1] = "";
	Question q = { 0 };
	int r;

	r = parse_options(argc, argv, &q);
	if (r >= 0)
		return r;
	r = read_subject(&q, &a);
	if (r != 0)
		return r;
	subject_of_identity(&a.identity, span_of(a.exe), &a.subject);
	if (q.explain)
		explanation_cgroup(&a.explanation, a.text, q.path);
	r = read_state(ctl, &q, &a);
	if (r != 0)
		return r;
	(void)gethostname(node, sizeof(node) - 1);
	name_workload(ctl, &a, node);
	if (q.explain)
		explain_answer(ctl, &a);
	if (!q.json)
		print_text(&a);
	else if (print_json(&q, &a) < 0)
		return ctl_fail_memory("identify");
	return SECCOMPD_EXIT_OK;
}
