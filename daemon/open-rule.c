/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "daemon/open-rule.h"
#include "util/macro.h"

#define TASKS "io.containerd.runtime.v2.task"
#define DIGEST_LENGTH 64

typedef enum OwnFolder { OWN_NONE, OWN_HOME, OWN_RUNTIME } OwnFolder;

static const struct {
	const char *name;   /* NULL: it cannot be moved */
	const char *system; /* NULL: nowhere */
	OwnFolder own;      /* has a user one too, and below which of the user's folders? */
	const char *users;
	OpenPlace like; /* has the rules of this one; 0: has its own */
} places[_OPEN_PLACE_MAX] = {
	[PLACE_DOCKER] = { "docker-root", "var/lib/docker", OWN_HOME, ".local/share/docker" },
	[PLACE_DOCKER_EXEC] = { "docker-exec-root", "run/docker", OWN_RUNTIME, "docker" },
	[PLACE_CONTAINERD] = { "containerd-state", "run/containerd", OWN_RUNTIME, "containerd" },
	[PLACE_K3S] = { NULL, "run/k3s/containerd", .like = PLACE_CONTAINERD },
	[PLACE_STORE] = { "podman-root", "var/lib/containers/storage", OWN_HOME,
			  ".local/share/containers/storage" },
	[PLACE_STORE_RUN] = { "podman-run-root", "run/containers/storage", OWN_RUNTIME,
			      "containers" },
	[PLACE_RUNC] = { "runc-root", "run/runc", OWN_RUNTIME, "runc" },
	[PLACE_CRUN] = { "crun-root", "run/crun", OWN_RUNTIME, "crun" },
	[PLACE_LXC] = { "lxc-root", "var/lib/lxc" },
	[PLACE_INCUS] = { NULL, "var/lib/incus/security/seccomp" },
	[PLACE_LXD] = { NULL, "var/lib/lxd/security/seccomp", .like = PLACE_INCUS },
	[PLACE_LXD_SNAP] = { NULL, "var/snap/lxd/common/lxd/security/seccomp",
			     .like = PLACE_INCUS },
	[PLACE_BUNDLES] = { "bundles" },
};

/* Below a place. '*' stands for any text within one element, '#' for 64 hex digits. */
static const struct {
	OpenPlace place;
	OpenKind kind;
	const char *pattern;
} rules[] = {
	{ PLACE_DOCKER, OPEN_FOLDER, "containers" },
	{ PLACE_DOCKER, OPEN_FILE, "containers/#/config.v2.json" },
	{ PLACE_DOCKER, OPEN_FILE, "image/*/imagedb/content/sha256/#" },
	{ PLACE_DOCKER_EXEC, OPEN_FILE, "containerd/daemon/" TASKS "/moby/#/config.json" },
	{ PLACE_DOCKER_EXEC, OPEN_FILE, "runtime-runc/moby/#/state.json" },
	{ PLACE_CONTAINERD, OPEN_FOLDER, TASKS },
	{ PLACE_CONTAINERD, OPEN_FOLDER, TASKS "/*/*" },
	{ PLACE_CONTAINERD, OPEN_FILE, TASKS "/*/*/config.json" },
	{ PLACE_CONTAINERD, OPEN_FILE, TASKS "/*/*/init.pid" },
	{ PLACE_CONTAINERD, OPEN_FILE, "runc/*/*/state.json" },
	{ PLACE_STORE, OPEN_FILE, "*-containers/containers.json" },
	{ PLACE_STORE, OPEN_FILE, "*-containers/volatile-containers.json" },
	{ PLACE_STORE, OPEN_FILE, "*-containers/#/userdata/config.json" },
	{ PLACE_STORE, OPEN_FILE, "*-containers/#/userdata/state.json" },
	{ PLACE_STORE_RUN, OPEN_FILE, "*-containers/volatile-containers.json" },
	{ PLACE_STORE_RUN, OPEN_FILE, "*-containers/#/userdata/config.json" },
	{ PLACE_STORE_RUN, OPEN_FILE, "*-containers/#/userdata/state.json" },
	{ PLACE_STORE_RUN, OPEN_FILE, "*-containers/#/userdata/pidfile" },
	{ PLACE_RUNC, OPEN_FILE, "*/state.json" },
	{ PLACE_CRUN, OPEN_FILE, "*/config.json" },
	{ PLACE_CRUN, OPEN_FILE, "*/status" },
	{ PLACE_LXC, OPEN_FILE, "*/config" },
	{ PLACE_INCUS, OPEN_FILE, "*" },
	{ PLACE_BUNDLES, OPEN_FOLDER, "*" },
	{ PLACE_BUNDLES, OPEN_FILE, "*/config.json" },
};

/* Elements that are names: none is empty, "." or "..", and a terminal may show them. */
static bool is_plain(const char *path)
{
	for (const char *c = path;; c++) {
		size_t n = strcspn(c, "/");

		if (n == 0 || (c[0] == '.' && (n == 1 || (n == 2 && c[1] == '.'))))
			return false;
		for (; n > 0; n--, c++)
			if ((unsigned char)*c < ' ' || *c == 0x7f)
				return false;
		if (*c == '\0')
			return true;
	}
}

bool open_places_set(OpenPlaces *p, char *arg)
{
	char *path = strchr(arg, '=');

	if (!path || path[1] != '/')
		return false;
	*path++ = '\0';
	path += strspn(path, "/");
	for (size_t n = strlen(path); n > 0 && path[n - 1] == '/'; n--)
		path[n - 1] = '\0';
	for (size_t i = 0; i < _OPEN_PLACE_MAX; i++)
		if (places[i].name && strcmp(places[i].name, arg) == 0 && is_plain(path)) {
			p->path[i] = path;
			return true;
		}
	return false;
}

static bool element_fits(const char *s, size_t n, const char *pattern, size_t m)
{
	if (m == 1 && pattern[0] == '#')
		return n == DIGEST_LENGTH && strspn(s, "0123456789abcdef") >= n;
	if (m > 0 && pattern[0] == '*')
		return s[0] != '.' && n >= m && memcmp(s + n - m + 1, pattern + 1, m - 1) == 0;
	return n == m && memcmp(s, pattern, n) == 0;
}

static bool fits(const char *s, const char *pattern)
{
	for (;;) {
		size_t n = strcspn(s, "/"), m = strcspn(pattern, "/");

		if (!element_fits(s, n, pattern, m) || !s[n] != !pattern[m])
			return false;
		if (!s[n])
			return true;
		s += n + 1;
		pattern += m + 1;
	}
}

/* @path is @place (all but the bundles' may be listed), or a rule of @kind fits what is below. */
static bool allowed(const char *path, const char *place, OpenPlace which, uint32_t kind)
{
	OpenPlace rules_of = places[which].like ? places[which].like : which;
	size_t n = strlen(place);

	if (strncmp(path, place, n) != 0 || (path[n] != '\0' && path[n] != '/'))
		return false;
	if (path[n] == '\0')
		return kind == OPEN_FOLDER && which != PLACE_BUNDLES;
	for (size_t i = 0; i < ELEMENTSOF(rules); i++)
		if (rules[i].place == rules_of && rules[i].kind == kind &&
		    fits(path + n + 1, rules[i].pattern))
			return true;
	return false;
}

static bool find_system(const OpenPlaces *p, const OpenRequest *r, size_t *ret_base)
{
	for (size_t i = 0; i < _OPEN_PLACE_MAX; i++) {
		const char *place = p->path[i] ? p->path[i] : places[i].system;

		if (place && allowed(r->path, place, (OpenPlace)i, r->kind)) {
			*ret_base = strlen(place);
			return true;
		}
	}
	return false;
}

/* Wherever a home is: whoever opens it finds out whether it is this user's. */
static bool find_users(const OpenRequest *r, size_t *ret_base)
{
	char runtime[32];
	size_t n = (size_t)snprintf(runtime, sizeof(runtime), "run/user/%u/", r->uid);
	bool in_runtime = strncmp(r->path, runtime, n) == 0;

	for (const char *c = r->path; (c = strchr(c, '/')); c++)
		for (size_t i = 0; i < _OPEN_PLACE_MAX; i++)
			if (places[i].own == (in_runtime ? OWN_RUNTIME : OWN_HOME) &&
			    (!in_runtime || c == r->path + n - 1) &&
			    allowed(c + 1, places[i].users, (OpenPlace)i, r->kind)) {
				*ret_base = (size_t)(c - r->path);
				return true;
			}
	return false;
}

int open_rule_check(const OpenPlaces *p, const OpenRequest *r, size_t *ret_base)
{
	size_t n = strnlen(r->path, sizeof(r->path));

	if (r->version != OPEN_VERSION || r->reserved != 0 || r->kind >= _OPEN_KIND_MAX)
		return -EINVAL;
	for (size_t i = n; i < sizeof(r->path); i++)
		if (r->path[i] != '\0')
			return -EINVAL;
	if (r->kind == OPEN_CONNECTOR || r->kind == OPEN_HELLO)
		return n == 0 && r->uid == OPEN_SYSTEM ? 0 : -EINVAL;
	if (n == sizeof(r->path) || !is_plain(r->path))
		return -EINVAL;
	if (r->uid == OPEN_SYSTEM)
		return find_system(p, r, ret_base) ? 0 : -EACCES;
	return r->uid != 0 && find_users(r, ret_base) ? 0 : -EACCES;
}
