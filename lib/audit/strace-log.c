/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/strace-line.h"
#include "audit/strace-log.h"
#include "audit/strace-name.h"
#include "audit/strace-table.h"
#include "util/array.h"
#include "util/hash.h"

/* Of a process that is within a call, or in another mode than the usual one. */
typedef struct Process {
	uint32_t pid, arch; /* arch 0: the usual one */
	bool within;
} Process;

/* A table's counts are those of the lines before it (-C), so the greater of the two counts. */
typedef struct Counted {
	StraceCall call;
	uint64_t in_tables;
} Counted;

/* Most lines name one of a few calls. */
#define NAMES 512U

typedef struct Name {
	uint32_t mode, arch;
	int64_t nr;
	char text[32];
} Name;

struct StraceLog {
	uint32_t arch, table_arch; /* ARCH_UNKNOWN: in a mode that we do not know */
	StraceTable table;
	Process *processes;
	size_t n_processes, processes_room;
	bool unended;     /* the last line */
	bool interrupted; /* the last call was, of this process */
	uint32_t interrupted_pid;
	bool lost_mode, lost_within; /* there was no room for one */
	Counted *counted;
	size_t n_counted, counted_room;
	size_t last; /* the one that was met last */
	Name names[NAMES];
	StraceCall *calls;
	StraceCounts counts;
};

static const struct {
	const char *name, *text;
} rejects[_STRACE_REJECT_MAX] = {
	[STRACE_REJECT_FOREIGN] = { "not-strace", "not written by strace" },
	[STRACE_REJECT_NO_RESULT] = { "no-result", "beginning as a call, without a result" },
	[STRACE_REJECT_NAME] = { "unknown-name", "naming a call that nothing here knows" },
	[STRACE_REJECT_MODE] = { "unknown-mode", "of a process in a mode that is not known" },
	[STRACE_REJECT_ROW] = { "no-row", "in a table, and no row of it" },
	[STRACE_REJECT_MANY] = { "too-many", "behind too many different calls" },
};

const char *strace_reject_name(StraceReject r)
{
	return (unsigned)r < _STRACE_REJECT_MAX ? rejects[r].name : "?";
}

const char *strace_reject_text(StraceReject r)
{
	return (unsigned)r < _STRACE_REJECT_MAX ? rejects[r].text : "?";
}

int strace_log_new(uint32_t arch, StraceLog **ret)
{
	StraceLog *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->arch = l->table_arch = arch;
	*ret = l;
	return 0;
}

StraceLog *strace_log_free(StraceLog *l)
{
	if (!l)
		return NULL;
	free(l->processes);
	free(l->counted);
	free(l->calls);
	free(l);
	return NULL;
}

static int reject(StraceLog *l, StraceReject why)
{
	l->counts.rejected++;
	l->counts.by_reason[why]++;
	return 0;
}

/* ---- processes ---- */

static Process *find_process(StraceLog *l, uint32_t pid)
{
	for (size_t i = l->n_processes; i > 0; i--)
		if (l->processes[i - 1].pid == pid)
			return &l->processes[i - 1];
	return NULL;
}

static void settle_process(StraceLog *l, Process *p)
{
	if (p && p->arch == 0 && !p->within)
		*p = l->processes[--l->n_processes];
}

/* NULL with 0 when there is no room. */
static int put_process(StraceLog *l, uint32_t pid, Process **ret)
{
	Process *rows;

	*ret = find_process(l, pid);
	if (*ret || l->n_processes == STRACE_PROCESSES_MAX)
		return 0;
	rows = array_room(l->processes, l->n_processes, &l->processes_room, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	l->processes = rows;
	*ret = &rows[l->n_processes++];
	**ret = (Process){ .pid = pid };
	return 0;
}

static int set_mode(StraceLog *l, const StraceLine *line)
{
	uint32_t arch = strace_mode_arch(l->arch, line->mode);
	Process *p;
	int r;

	if (arch == l->arch && !find_process(l, line->pid))
		return 0;
	r = put_process(l, line->pid, &p);
	if (r < 0)
		return r;
	l->lost_mode |= p == NULL;
	if (!p)
		return 0;
	p->arch = arch == l->arch ? 0 : arch;
	settle_process(l, p);
	return 0;
}

static void end_process(StraceLog *l, uint32_t pid)
{
	Process *p = find_process(l, pid);

	if (p) {
		p->arch = 0;
		p->within = false;
		settle_process(l, p);
	}
}

/* A line names no process while there is only one, and those that ended are forgotten: so if one is
 * known to be in another mode, it is that one. */
static uint32_t arch_of(StraceLog *l, uint32_t pid)
{
	Process *p = find_process(l, pid);

	if (l->lost_mode)
		return ARCH_UNKNOWN;
	for (size_t i = 0; pid == 0 && i < l->n_processes; i++)
		if (l->processes[i].arch != 0)
			return l->processes[i].arch;
	return p && p->arch != 0 ? p->arch : l->arch;
}

/* ---- calls ---- */

static int find_counted(StraceLog *l, const StraceCall *call, Counted **ret)
{
	Counted *rows = l->counted;

	for (size_t n = 0; n < l->n_counted; n++) {
		size_t i = (l->last + n) % l->n_counted;

		if (rows[i].call.nr == call->nr && rows[i].call.arch == call->arch) {
			l->last = i;
			*ret = &rows[i];
			return 0;
		}
	}
	*ret = NULL;
	if (l->n_counted == STRACE_CALLS_MAX)
		return 0;
	rows = array_room(rows, l->n_counted, &l->counted_room, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	l->counted = rows;
	l->last = l->n_counted++;
	rows[l->last] = (Counted){ .call = { .arch = call->arch, .nr = call->nr } };
	*ret = &rows[l->last];
	return 0;
}

static void note_time(StraceCall *c, usec_t time)
{
	if (time == 0)
		return;
	if (c->first == 0 || time < c->first)
		c->first = time;
	c->last = MAX(c->last, time);
}

static int resolve(StraceLog *l, uint32_t mode, Span name, StraceCall *ret)
{
	Name *n = &l->names[hash_bytes(name, mode) % NAMES];
	int r;

	if (n->mode != mode || !span_is(name, n->text)) {
		r = strace_name_resolve(mode, name, &ret->arch, &ret->nr);
		if (r < 0 || !span_copy(name, n->text, sizeof(n->text))) {
			n->mode = 0;
			return r;
		}
		n->mode = mode;
		n->arch = ret->arch;
		n->nr = ret->nr;
	}
	*ret = (StraceCall){ .arch = n->arch, .nr = n->nr };
	return 0;
}

/* @in_table: what a table says, NULL for a line of its own. */
static int count_call(StraceLog *l, uint32_t arch, Span name, const uint64_t *in_table, usec_t time)
{
	StraceCall call;
	Counted *c;
	int r;

	if (arch == ARCH_UNKNOWN)
		return reject(l, STRACE_REJECT_MODE);
	if (resolve(l, arch, name, &call) < 0) {
		if (!l->counts.unknown[0])
			span_copy(name, l->counts.unknown, sizeof(l->counts.unknown));
		return reject(l, STRACE_REJECT_NAME);
	}
	r = find_counted(l, &call, &c);
	if (r < 0)
		return r;
	if (!c)
		return reject(l, STRACE_REJECT_MANY);
	l->counts.records++;
	if (in_table)
		c->in_tables += MIN(*in_table, UINT64_MAX - c->in_tables);
	else
		c->call.count++;
	note_time(&c->call, time);
	return 0;
}

static int begin_call(StraceLog *l, uint32_t pid)
{
	Process *p;
	int r = put_process(l, pid, &p);

	if (r == 0 && p)
		p->within = true;
	l->lost_within |= r == 0 && !p;
	return r;
}

static int take_call(StraceLog *l, const StraceLine *line)
{
	int r = line->unfinished ? begin_call(l, line->pid) : 0;

	if (line->interrupted) {
		l->interrupted = true;
		l->interrupted_pid = line->pid;
	}
	return r < 0 ? r : count_call(l, arch_of(l, line->pid), line->name, NULL, line->time);
}

/* The rest of a call that a message interrupted: 1 when the line is that. */
static int take_rest(StraceLog *l, const StraceLine *line)
{
	bool interrupted = l->interrupted;
	int r = 0;

	l->interrupted = false;
	if (!interrupted || (line->kind != STRACE_UNFINISHED && line->kind != STRACE_NOT_OURS))
		return 0;
	l->counts.skipped++;
	if (line->kind == STRACE_UNFINISHED)
		r = begin_call(l, l->interrupted_pid);
	return r < 0 ? r : 1;
}

/* Who began the call that ends here; a line names its process only while there are others. */
static Process *find_beginner(StraceLog *l, uint32_t pid)
{
	Process *p = find_process(l, pid);

	for (size_t i = 0; !(p && p->within) && i < l->n_processes; i++)
		if (l->processes[i].within && (pid == 0 || l->processes[i].pid == 0))
			p = &l->processes[i];
	return p && p->within ? p : NULL;
}

static int take_resumed(StraceLog *l, const StraceLine *line)
{
	Process *p = find_beginner(l, line->pid);

	if (!p && !l->lost_within)
		return count_call(l, arch_of(l, line->pid), line->name, NULL, line->time);
	l->counts.skipped++;
	if (p) {
		p->within = false;
		settle_process(l, p);
	}
	return 0;
}

/* ---- tables ---- */

static int take_row(StraceLog *l, Span text)
{
	uint64_t count;
	Span name;

	switch (strace_table_row(&l->table, text, &name, &count)) {
	case STRACE_TABLE_CALL:
		return count_call(l, l->table_arch, name, &count, 0);
	case STRACE_TABLE_RULE:
		l->counts.skipped++;
		return 0;
	case STRACE_TABLE_END:
		l->table = (StraceTable){ 0 };
		l->table_arch = l->arch;
		l->counts.skipped++;
		return 0;
	default:
		return reject(l, STRACE_REJECT_ROW);
	}
}

/* ---- lines ---- */

static int take_other(StraceLog *l, const StraceLine *line)
{
	int r = 0;

	if (line->kind == STRACE_NOT_OURS || line->kind == STRACE_NO_RESULT)
		return reject(l, line->kind == STRACE_NOT_OURS ? STRACE_REJECT_FOREIGN
							       : STRACE_REJECT_NO_RESULT);
	l->counts.skipped++;
	if (line->kind == STRACE_MODE)
		r = set_mode(l, line);
	else if (line->kind == STRACE_TABLE)
		l->table_arch = strace_mode_arch(l->arch, line->mode);
	else if (line->kind == STRACE_EXIT)
		end_process(l, line->pid);
	return r;
}

int strace_log_take(StraceLog *l, Span text, bool cut)
{
	StraceLine line;
	int r;

	l->counts.lines++;
	l->unended = cut;
	if (strace_table_head(text, &l->table)) {
		l->counts.skipped++;
		return 0;
	}
	strace_line_parse(text, cut, &line);
	if (l->table.columns > 0 && line.kind == STRACE_NOT_OURS)
		return take_row(l, text);
	r = take_rest(l, &line);
	if (r != 0)
		return MIN(r, 0);
	switch (line.kind) {
	case STRACE_CALL:
		return take_call(l, &line);
	case STRACE_RESUMED:
		return take_resumed(l, &line);
	default:
		return take_other(l, &line);
	}
}

/* ---- the end ---- */

static int compare(const void *a, const void *b)
{
	const StraceCall *x = a, *y = b;

	if (x->arch != y->arch)
		return x->arch < y->arch ? -1 : 1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

const StraceCall *strace_log_calls(StraceLog *l, size_t *ret_n)
{
	free(l->calls);
	l->counts.cut = l->unended || l->table.columns > 0;
	l->calls = calloc(l->n_counted + 1, sizeof(*l->calls));
	if (!l->calls)
		return NULL;
	*ret_n = l->n_counted;
	for (size_t i = 0; i < l->n_counted; i++) {
		l->calls[i] = l->counted[i].call;
		l->calls[i].count = MAX(l->calls[i].count, l->counted[i].in_tables);
	}
	qsort(l->calls, l->n_counted, sizeof(*l->calls), compare);
	return l->calls;
}

const StraceCounts *strace_log_counts(const StraceLog *l)
{
	return &l->counts;
}
