/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an OCI config.json gives a container beyond its filter: --privileged, which no key names and
 * every engine writes as the same few settings, and the socket of an engine, through which a
 * container can start others as it likes.
 */
#include "state/runtime.h"
#include "util/buffer.h"
#include "util/text.h"

#define MOUNTS_MAX 1024
#define OPTIONS_MAX 64

static json_object *array_at(json_object *o, const char *key, size_t max, size_t *ret_n)
{
	json_object *a = NULL;

	if (!o || !json_object_object_get_ex(o, key, &a) ||
	    !json_object_is_type(a, json_type_array))
		return NULL;
	*ret_n = MIN(json_object_array_length(a), max);
	return a;
}

/* ---- privileged ---- */

static bool is_every_device(json_object *rule)
{
	const char *type = state_json_string(rule, "type");
	json_object *allow = NULL, *number = NULL;

	return json_object_is_type(rule, json_type_object) &&
	       json_object_object_get_ex(rule, "allow", &allow) && json_object_get_boolean(allow) &&
	       (!type || type[0] == '\0' || strcmp(type, "a") == 0) &&
	       !json_object_object_get_ex(rule, "major", &number) &&
	       !json_object_object_get_ex(rule, "minor", &number);
}

static bool has_every_device(json_object *linux_object)
{
	size_t n = 0;
	json_object *rules =
		array_at(state_json_object(linux_object, "resources"), "devices", MOUNTS_MAX, &n);

	for (size_t i = 0; i < n; i++)
		if (is_every_device(json_object_array_get_idx(rules, i)))
			return true;
	return false;
}

/* Engines hide parts of /proc and /sys from whoever is not privileged. */
static bool hides_nothing(json_object *linux_object)
{
	size_t n = 0;

	return !array_at(linux_object, "maskedPaths", MOUNTS_MAX, &n) || n == 0;
}

static bool may_administer(const Container *c)
{
	Span rest = span_of(c->capabilities), name;

	while (span_split(&rest, ' ', &name))
		if (span_is(name, "CAP_SYS_ADMIN"))
			return true;
	return false;
}

/* ---- sockets ---- */

/* "/var//run/../run/docker.sock" to "/var/run/docker.sock": as text, for nothing is looked at. */
static void normalise(Span path, Buffer *out)
{
	Span part;

	while (span_split(&path, '/', &part)) {
		if (part.n == 0 || span_is(part, "."))
			continue;
		if (span_is(part, "..")) {
			ssize_t at = span_rfind(buffer_span(out), SPAN_LIT("/"));

			out->n = at < 0 ? 0 : (size_t)at;
			continue;
		}
		buffer_add_char(out, '/');
		buffer_add(out, part);
	}
	if (out->n == 0)
		buffer_add_char(out, '/');
}

static bool is_socket_name(Span path)
{
	static const char *const names[] = {
		"docker.sock",    "podman.sock", "containerd.sock",    "containerd.sock.ttrpc",
		"crio.sock",      "frakti.sock", "cri-dockerd.sock",   "dockershim.sock",
		"buildkitd.sock", "lxd.socket",  "unix.socket",        "io.podman",
		"nerdctl.sock",   "balena.sock", "balena-engine.sock",
	};
	ssize_t at = span_rfind(path, SPAN_LIT("/"));

	path = span_from(path, (size_t)(at + 1));
	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		if (span_is(path, names[i]))
			return true;
	return false;
}

/* Whoever is given one of these is given the sockets in it. */
static bool is_folder_of_sockets(Span path)
{
	static const char *const folders[] = {
		"/",
		"/run",
		"/var/run",
		"/run/podman",
		"/var/run/podman",
		"/run/containerd",
		"/var/run/containerd",
		"/run/crio",
		"/var/run/crio",
		"/run/k3s",
		"/run/k3s/containerd",
		"/run/user",
		"/run/buildkit",
		"/var/lib/lxd",
		"/var/lib/incus",
	};

	for (size_t i = 0; i < ELEMENTSOF(folders); i++)
		if (span_is(path, folders[i]))
			return true;
	return false;
}

static bool is_bind(json_object *mount)
{
	const char *type = state_json_string(mount, "type");
	size_t n = 0;
	json_object *options = array_at(mount, "options", OPTIONS_MAX, &n);

	if (type && strcmp(type, "bind") == 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		const char *o = json_object_get_string(json_object_array_get_idx(options, i));

		if (o && (strcmp(o, "bind") == 0 || strcmp(o, "rbind") == 0))
			return true;
	}
	return false;
}

/* The source is the host's word, the destination what the container's programs look for. */
static bool gives_socket(json_object *mount)
{
	const char *keys[] = { "source", "destination" };

	for (size_t i = 0; i < ELEMENTSOF(keys); i++) {
		_cleanup_buffer_ Buffer path = BUFFER_NULL;
		const char *text = state_json_string(mount, keys[i]);

		if (!text || text[0] != '/')
			continue;
		normalise(span_of(text), &path);
		if (buffer_error(&path) == 0 &&
		    (is_socket_name(buffer_span(&path)) ||
		     (i == 0 && is_folder_of_sockets(buffer_span(&path)))))
			return true;
	}
	return false;
}

static void take_sockets(json_object *root, Container *c)
{
	size_t n = 0;
	json_object *mounts = array_at(root, "mounts", MOUNTS_MAX, &n);

	c->engine_socket[0] = '\0';
	for (size_t i = 0; i < n && !c->engine_socket[0]; i++) {
		json_object *mount = json_object_array_get_idx(mounts, i);
		const char *source;

		if (!json_object_is_type(mount, json_type_object) || !is_bind(mount) ||
		    !gives_socket(mount))
			continue;
		source = state_json_string(mount, "source");
		text_fit(span_of(source && source[0] ? source : "?"), c->engine_socket,
			 sizeof(c->engine_socket));
	}
}

void oci_take_privilege(json_object *root, Container *c)
{
	json_object *linux_object = state_json_object(root, "linux");

	c->privileged =
		has_every_device(linux_object) && hides_nothing(linux_object) && may_administer(c);
	take_sockets(root, c);
}
