/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LXC: /var/lib/lxc/NAME/config. Incus and LXD make that file elsewhere, and keep the filter's text
 * below security/seccomp. Neither is in the OCI's form: only its place is told. */
#include <errno.h>

#include "state/runtime.h"

static Span trim(Span s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = span_from(s, 1);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static int set_source(Container *c, Span value)
{
	free(c->profile_source);
	c->profile_source = memchr(value.p, '\0', value.n) ? NULL : span_dup(value);
	return c->profile_source || value.n == 0 ? 0 : -ENOMEM;
}

/* "lxc.cgroup.dir.container" alone gives the whole path, below the top. */
static int take_line(Span key, Span value, Container *c)
{
	if (value.n == 0 || memchr(value.p, '\0', value.n))
		return 0;
	if (span_is(key, "lxc.seccomp.profile") || span_is(key, "lxc.seccomp"))
		return set_source(c, value);
	if ((span_is(key, "lxc.cgroup.dir.container") || span_is(key, "lxc.cgroup.dir")) &&
	    value.n + 2 < sizeof(c->cgroups_path))
		snprintf(c->cgroups_path, sizeof(c->cgroups_path), "/%.*s", (int)value.n, value.p);
	return 0;
}

int lxc_config_parse(Span text, Container *c, Diag *d)
{
	Span line;

	if (text.n > 0 && memchr(text.p, '\0', text.n))
		return diag_set(d, -EBADMSG, "is no text");
	while (span_split(&text, '\n', &line)) {
		Span rest = trim(line), key;
		int r;

		if (rest.n == 0 || rest.p[0] == '#' || !span_split(&rest, '=', &key) || !rest.p)
			continue;
		r = take_line(trim(key), trim(rest), c);
		if (r < 0)
			return r;
	}
	return 0;
}

/* LXC's own names for the cgroup, which only it makes at the top. */
static void take_default_cgroup(Span seen, Container *c)
{
	static const char *const before[] = { "/lxc.payload.", "/lxc.payload/", "/lxc/" };
	char path[CGROUP_ID_MAX + 32];

	for (size_t i = 0; i < ELEMENTSOF(before); i++) {
		snprintf(path, sizeof(path), "%s%s", before[i], c->id);
		if (i == 0 || cgroups_path_fit(path, seen) == FIT_WHOLE)
			span_copy(span_of(path), c->cgroups_path, sizeof(c->cgroups_path));
	}
}

static int read_config(const StateRoots *roots, const char *name, Container *c, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	_cleanup_free_ char *text = NULL;
	char path[CGROUP_ID_MAX + 32];
	size_t n;
	int r = state_open_folder(roots, roots->lxc_root ?: "var/lib/lxc", &folder);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%s/config", name);
	r = state_read(&folder, path, &text, &n, d);
	return r < 0 ? r : lxc_config_parse(span_make(text, n), c, d);
}

static const char *const incus_folders[] = {
	"var/lib/incus/security/seccomp",
	"var/lib/lxd/security/seccomp",
	"var/snap/lxd/common/lxd/security/seccomp",
};

static int find_incus(const StateRoots *roots, Container *c)
{
	for (size_t i = 0; i < ELEMENTSOF(incus_folders) && !roots->guarded; i++) {
		_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
		_cleanup_free_ char *text = NULL;
		size_t n;

		if (state_open_folder(roots, incus_folders[i], &folder) < 0 ||
		    state_read(&folder, c->id, &text, &n, NULL) < 0)
			continue;
		return asprintf(&c->profile_source, "/%s/%s", incus_folders[i], c->id) < 0 ? -ENOMEM
											   : 0;
	}
	return -ENOENT;
}

/* A second start while the first one's cgroup is still there gets "-1" behind its name. */
static int find_without_counter(const StateRoots *roots, Container *c, Diag *d)
{
	ssize_t dash = span_rfind(span_of(c->id), SPAN_LIT("-"));
	char name[CGROUP_ID_MAX];
	int r;

	if (dash <= 0 || c->id[dash + 1] == '\0' ||
	    strspn(c->id + dash + 1, "0123456789") != strlen(c->id + dash + 1))
		return -ENOENT;
	span_copy(span_first(span_of(c->id), (size_t)dash), name, sizeof(name));
	r = read_config(roots, name, c, d);
	if (r == 0)
		span_copy(span_of(name), c->names.name, sizeof(c->names.name));
	return r;
}

static int lxc_find(const Lookup *l, Container *c, Diag *d)
{
	int r;

	span_copy(span_of(c->id), c->names.name, sizeof(c->names.name));
	r = read_config(l->roots, c->id, c, d);
	if (r == -ENOENT)
		r = find_incus(l->roots, c);
	if (r == -ENOENT)
		r = find_without_counter(l->roots, c, d);
	if (r == 0 && c->cgroups_path[0] == '\0')
		take_default_cgroup(l->cgroup, c);
	return r;
}

static int lxc_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	int first_error = 0;

	for (size_t i = 0; i < ELEMENTSOF(incus_folders) + 1; i++) {
		const char *path = i == 0 ? roots->lxc_root ?: "var/lib/lxc" : incus_folders[i - 1];
		_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
		int r = state_open_folder(roots, path, &folder);

		if (r == 0)
			r = runtime_each_entry(&runtime_lxc, &folder, ".", f, userdata,
					       first_error ? NULL : d);
		if (r > 0)
			return r;
		if (r < 0 && r != -ENOENT && first_error == 0)
			first_error = r;
	}
	return first_error;
}

const Runtime runtime_lxc = {
	.name = "lxc",
	.root_offset = offsetof(StateRoots, lxc_root),
	.root_default = "var/lib/lxc",
	.file = "ID/config",
	.find = lxc_find,
	.each = lxc_each,
};
