/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runtime-spec's config.json:
 * https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md */
#include <errno.h>

#include "state/runtime.h"
#include "state/state-labels.h"

static int take_seccomp(json_object *linux_object, Container *c, Diag *d)
{
	json_object *seccomp = NULL;
	const char *text;

	if (!json_object_object_get_ex(linux_object, "seccomp", &seccomp) || !seccomp)
		return 0;
	if (!json_object_is_type(seccomp, json_type_object))
		return diag_set(d, -EBADMSG, "linux.seccomp is no object");
	text = json_object_to_json_string_ext(seccomp, JSON_C_TO_STRING_PLAIN |
							       JSON_C_TO_STRING_NOSLASHESCAPE);
	free(c->seccomp);
	c->seccomp = text ? strdup(text) : NULL;
	return c->seccomp ? 0 : -ENOMEM;
}

static int take_annotations(json_object *annotations, Container *c, OciConfig *ret)
{
	const char *source = state_json_string(annotations, "io.podman.annotations.seccomp");

	state_json_copy(annotations, "io.container.manager", ret->manager, sizeof(ret->manager));
	/* where a runtime has labels, they are what people know */
	if (c->labels.n == 0 && state_labels_add(annotations, NULL, &c->labels) < 0)
		return -ENOMEM;
	if (!source)
		return 0;
	free(c->profile_source);
	c->profile_source = strdup(source);
	return c->profile_source ? 0 : -ENOMEM;
}

static int take_config(json_object *root, Container *c, OciConfig *ret, Diag *d)
{
	json_object *linux_object = NULL;
	int r;

	if (!json_object_is_type(root, json_type_object))
		return diag_set(d, -EBADMSG, "is no object");
	/* Without "linux" there is no filter; with something else there, we do not know. */
	if (json_object_object_get_ex(root, "linux", &linux_object) && linux_object &&
	    !json_object_is_type(linux_object, json_type_object))
		return diag_set(d, -EBADMSG, "\"linux\" is no object");
	if (linux_object) {
		r = take_seccomp(linux_object, c, d);
		if (r < 0)
			return r;
		state_json_copy(linux_object, "cgroupsPath", c->cgroups_path,
				sizeof(c->cgroups_path));
	}
	return take_annotations(state_json_object(root, "annotations"), c, ret);
}

int oci_config_parse(Span text, Container *c, OciConfig *ret, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r;

	*ret = (OciConfig){ 0 };
	r = state_json_parse(text, &root, d);
	return r < 0 ? r : take_config(root, c, ret, d);
}

int oci_config_read(int folder_fd, const char *path, Container *c, OciConfig *ret, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	Diag inner = { 0 };
	int r;

	*ret = (OciConfig){ 0 };
	r = state_json_read(folder_fd, path, &root, d);
	if (r < 0)
		return r;
	r = take_config(root, c, ret, &inner);
	if (r < 0)
		return diag_set(d, r, "%s: %s", path, inner.text);
	c->spec_found = true;
	return 0;
}

/* Is @part a run of whole elements of @path, wherever it begins? */
static bool has_elements(Span path, Span part)
{
	while (path.n >= part.n && part.n > 0) {
		ssize_t at = span_find(path, part);
		size_t end = (size_t)at + part.n;

		if (at < 0)
			return false;
		if ((at == 0 || path.p[at - 1] == '/' || part.p[0] == '/') &&
		    (end == path.n || path.p[end] == '/'))
			return true;
		path = span_from(path, (size_t)at + 1);
	}
	return false;
}

/* "system.slice:docker:ID" is the scope docker-ID.scope in system.slice. */
static bool systemd_path_fits(Span slice, Span prefix, Span name, Span seen)
{
	char expected[CGROUP_PATH_MAX];
	int n;

	n = snprintf(expected, sizeof(expected), "%.*s%s%.*s%s%.*s%s", (int)slice.n, slice.p,
		     slice.n ? "/" : "", (int)prefix.n, prefix.p, prefix.n ? "-" : "", (int)name.n,
		     name.p, span_ends(name, SPAN_LIT(".slice")) ? "" : ".scope");
	return n > 0 && (size_t)n < sizeof(expected) &&
	       has_elements(seen, span_make(expected, (size_t)n));
}

bool cgroups_path_fits(const char *cgroups_path, Span seen)
{
	static const Span deleted = SPAN_LIT(" (deleted)");
	Span path = span_of(cgroups_path), rest, slice, prefix;

	if (span_ends(seen, deleted))
		seen.n -= deleted.n;
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	if (has_elements(seen, path))
		return true;
	rest = path;
	if (memchr(path.p, '/', path.n) || !span_split(&rest, ':', &slice) ||
	    !span_split(&rest, ':', &prefix) || !rest.p)
		return false;
	return systemd_path_fits(slice, prefix, rest, seen);
}
