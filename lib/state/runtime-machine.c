/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd-machined's containers (nspawn, libvirt's): /run/systemd/machines/NAME, shell-like lines.
 * The filter is compiled into nspawn: nothing on disk says it. */
#include <errno.h>

#include "state/runtime.h"
#include "util/parse.h"

static Span unquoted(Span s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return span_make(s.p + 1, s.n - 2);
	return s;
}

typedef struct Machine {
	Span name, unit, class;
} Machine;

static void take_line(Span key, Span value, Machine *m, Container *c)
{
	int32_t pid;

	if (span_is(key, "NAME"))
		m->name = value;
	else if (span_is(key, "SCOPE") || span_is(key, "UNIT"))
		m->unit = value;
	else if (span_is(key, "CLASS"))
		m->class = value;
	else if (span_is(key, "LEADER") && parse_i32(value, &pid) == 0 && pid > 0)
		c->init_pid = pid;
}

int machine_parse(Span text, Container *c, Diag *d)
{
	Machine m = { 0 };
	Span line, key;

	if (text.n > 0 && memchr(text.p, '\0', text.n))
		return diag_set(d, -EBADMSG, "is no text");
	while (span_split(&text, '\n', &line)) {
		Span rest = line;

		if (span_split(&rest, '=', &key) && rest.p)
			take_line(key, unquoted(rest), &m, c);
	}
	if (!span_is(m.class, "container"))
		return -ENOENT;
	if (!span_is(m.name, c->id))
		return diag_set(d, -EBADMSG, "is about another machine");
	span_copy(m.name, c->names.name, sizeof(c->names.name));
	if (m.unit.n > 0 && m.unit.n < 512)
		snprintf(c->cgroups_path, sizeof(c->cgroups_path), "/machine.slice/%.*s",
			 (int)m.unit.n, m.unit.p);
	return 0;
}

static int open_machines(const StateRoots *roots, StateFolder *ret)
{
	return state_open_folder(roots, roots->machines_root ?: "run/systemd/machines", ret);
}

static int machine_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	_cleanup_free_ char *text = NULL;
	size_t n;
	int r = open_machines(l->roots, &folder);

	if (r < 0)
		return r;
	r = state_read(&folder, c->id, &text, &n, d);
	return r < 0 ? r : machine_parse(span_make(text, n), c, d);
}

static int machine_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	int r = open_machines(roots, &folder);

	return r < 0 ? r : runtime_each_entry(&runtime_machine, &folder, ".", f, userdata, d);
}

const Runtime runtime_machine = {
	.name = "nspawn",
	.root_offset = offsetof(StateRoots, machines_root),
	.root_default = "run/systemd/machines",
	.file = "ID",
	.find = machine_find,
	.each = machine_each,
};
