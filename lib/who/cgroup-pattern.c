/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "util/parse.h"
#include "who/cgroup-pattern.h"

#define CONTAINER CGROUP_CONTAINER
#define STRICT PATTERN_STRICT
#define NAMED (PATTERN_IS_NAME | PATTERN_STRICT)

/* Parents that are no literal text. */
static const char below_pod[] = "(pod)";

/* The first row that fits wins, so the special ones stand before the general. */
static const CgroupPattern patterns[] = {
	/* monitors and other helpers: they carry a container's id and are not the container */
	{ NULL, NULL, "libpod-conmon-", ".scope", ID_HEX64, CGROUP_CONMON, "podman", STRICT },
	{ NULL, NULL, "crio-conmon-", ".scope", ID_HEX64, CGROUP_CONMON, "crio", STRICT },
	{ NULL, NULL, "crio-conmon-", "", ID_HEX64, CGROUP_CONMON, "crio", STRICT },
	{ NULL, NULL, "conmon", "", ID_NONE, CGROUP_CONMON, NULL, 0 },
	{ NULL, NULL, "runtime", "", ID_NONE, CGROUP_CONMON, NULL,
	  PATTERN_UNIT_PARENT | PATTERN_KEEP_UNIT },
	{ NULL, NULL, "lxc.monitor.", "", ID_NAME, CGROUP_MONITOR, "lxc", STRICT },
	{ "lxc.monitor", NULL, "", "", ID_NAME, CGROUP_MONITOR, "lxc", STRICT },
	{ NULL, NULL, "systemd-nspawn@", ".service", ID_MACHINE, CGROUP_MONITOR, "nspawn",
	  STRICT | PATTERN_IN_PARENT | PATTERN_KEEP_UNIT, "supervisor" },
	{ NULL, NULL, "machine-", ".scope", ID_MACHINE, CGROUP_MONITOR, "nspawn",
	  STRICT | PATTERN_IN_PARENT, "supervisor" },
	{ NULL, NULL, "supervisor", "", ID_NONE, CGROUP_MONITOR, "nspawn",
	  PATTERN_UNIT_PARENT | PATTERN_KEEP_UNIT },

	/* podman */
	{ NULL, NULL, "libpod-payload-", "", ID_HEX64, CONTAINER, "podman",
	  STRICT | PATTERN_KEEP_UNIT },
	{ NULL, NULL, "libpod-", ".scope", ID_HEX64, CONTAINER, "podman", STRICT },
	{ NULL, NULL, "libpod-", "", ID_HEX64, CONTAINER, "podman", STRICT },
	{ "libpod", NULL, "", "", ID_HEX64, CONTAINER, "podman", STRICT },
	{ "podman-*.scope", NULL, "", "", ID_HEX64, CONTAINER, "podman", 0 },
	{ "libpod_parent", NULL, "", "", ID_HEX64, CGROUP_POD, "podman", 0 },

	/* docker and buildkit */
	{ NULL, NULL, "docker-", ".scope", ID_BASE36, CGROUP_BUILD_STEP, "buildkit", 0 },
	{ NULL, NULL, "docker-", ".scope", ID_HEX64, CONTAINER, "docker", STRICT },
	{ "buildkit", NULL, "", "", ID_BASE36, CGROUP_BUILD_STEP, "buildkit", 0 },
	{ "docker", NULL, "buildkit", "", ID_NONE, CGROUP_NONE, NULL, 0 },
	{ "docker", NULL, "kata_", "", ID_HEX64, CGROUP_VM, "kata", STRICT },
	{ "docker", NULL, "", "", ID_GARDEN, CONTAINER, "garden", 0 },
	{ "docker", NULL, "", "", ID_ECS, CONTAINER, "ecs", 0 },
	{ "docker", NULL, "", "", ID_POD, CGROUP_POD, "docker", 0 },
	{ "docker", NULL, "", "", ID_HEX64, CONTAINER, "docker", STRICT },
	{ "actions_job", NULL, "", "", ID_HEX64, CONTAINER, "docker", STRICT },
	{ "ecs", NULL, "", "", ID_ECS, CONTAINER, "ecs", 0 },
	{ NULL, "ecs", "", "", ID_ECS, CONTAINER, "ecs", 0 },

	/* kubernetes: tagged leaves, then the pod's own directory, then leaves without a tag */
	{ NULL, NULL, "cri-containerd-", ".scope", ID_HEX64, CONTAINER, "containerd", STRICT },
	{ NULL, NULL, "nerdctl-", ".scope", ID_HEX64, CONTAINER, "containerd", STRICT },
	{ NULL, NULL, "crio-", ".scope", ID_HEX64, CONTAINER, "crio", STRICT },
	{ NULL, NULL, "crio-", "", ID_HEX64, CONTAINER, "crio", STRICT },
	{ NULL, NULL, "cri-containerd", "", ID_COLON, CONTAINER, "containerd", 0 },
	{ NULL, NULL, "crio", "", ID_COLON, CONTAINER, "crio", 0 },
	{ NULL, NULL, "docker", "", ID_COLON, CONTAINER, "docker", 0 },
	{ NULL, NULL, "libpod", "", ID_COLON, CONTAINER, "podman", 0 },
	{ NULL, NULL, "nerdctl", "", ID_COLON, CONTAINER, "containerd", 0 },
	{ NULL, NULL, "", "", ID_POD, CGROUP_POD, NULL, 0 },
	{ NULL, "kubepods", "", "", ID_POD_BAD, CGROUP_POD, NULL, 0 },
	{ NULL, NULL, "kubepods", "", ID_NONE, CGROUP_POD_ROOT, NULL, 0 },
	{ "kubepods", NULL, "besteffort", "", ID_NONE, CGROUP_POD_ROOT, NULL, 0 },
	{ "kubepods", NULL, "burstable", "", ID_NONE, CGROUP_POD_ROOT, NULL, 0 },
	{ NULL, NULL, "kubepods.slice", "", ID_NONE, CGROUP_POD_ROOT, NULL, 0 },
	{ NULL, NULL, "kubepods-besteffort.slice", "", ID_NONE, CGROUP_POD_ROOT, NULL, 0 },
	{ NULL, NULL, "kubepods-burstable.slice", "", ID_NONE, CGROUP_POD_ROOT, NULL, 0 },
	/* the kubelet's --cgroup-root before them */
	{ NULL, NULL, "", "-kubepods.slice", ID_NAME, CGROUP_POD_ROOT, NULL, 0 },
	{ NULL, NULL, "", "-kubepods-besteffort.slice", ID_NAME, CGROUP_POD_ROOT, NULL, 0 },
	{ NULL, NULL, "", "-kubepods-burstable.slice", ID_NAME, CGROUP_POD_ROOT, NULL, 0 },
	{ below_pod, NULL, "", "", ID_HEX64, CONTAINER, "cri-unknown", 0 },
	{ NULL, "ecs", "", "", ID_HEX64, CONTAINER, "docker", 0 },

	/* containerd's well-known namespaces; other names need runtime state to be believed */
	{ "default", NULL, "", "", ID_HEX64, CONTAINER, "containerd", 0 },
	{ "k8s.io", NULL, "", "", ID_HEX64, CONTAINER, "containerd", 0 },
	{ "moby", NULL, "", "", ID_HEX64, CONTAINER, "docker", 0 },

	/* runtimes by hand, other engines */
	{ NULL, NULL, "runc-bpm-", ".scope", ID_NAME, CONTAINER, "bpm", NAMED },
	{ NULL, NULL, "runc-", ".scope", ID_NAME, CONTAINER, "runc", NAMED },
	{ NULL, NULL, "crun-", ".scope", ID_NAME, CONTAINER, "crun", NAMED },
	{ "lxc", NULL, "", "", ID_NAME, CONTAINER, "lxc", NAMED },
	{ "lxc.payload", NULL, "", "", ID_NAME, CONTAINER, "lxc", NAMED },
	{ NULL, NULL, "lxc.payload.", "", ID_NAME, CONTAINER, "lxc", NAMED },
	{ NULL, NULL, "systemd-nspawn@", ".service", ID_MACHINE, CONTAINER, "nspawn",
	  NAMED | PATTERN_IN_PARENT | PATTERN_KEEP_UNIT, "payload" },
	{ NULL, NULL, "machine-", ".scope", ID_MACHINE, CONTAINER, "nspawn",
	  NAMED | PATTERN_IN_PARENT, "payload" },
	{ NULL, NULL, "payload", "", ID_NONE, CONTAINER, "nspawn",
	  PATTERN_UNIT_PARENT | PATTERN_KEEP_UNIT },
	{ NULL, NULL, "machine-lxc\\x2d", ".scope", ID_LIBVIRT, CONTAINER, "libvirt-lxc", NAMED },
	{ NULL, NULL, "machine-qemu\\x2d", ".scope", ID_LIBVIRT, CGROUP_VM, "libvirt-qemu",
	  NAMED | PATTERN_NO_ID },
	{ "machine", NULL, "lxc-", ".libvirt-lxc", ID_LIBVIRT, CONTAINER, "libvirt-lxc",
	  PATTERN_IS_NAME },
	{ "machine", NULL, "", ".libvirt-lxc", ID_NAME, CONTAINER, "libvirt-lxc", NAMED },
	{ "machine", NULL, "qemu-", ".libvirt-qemu", ID_LIBVIRT, CGROUP_VM, "libvirt-qemu",
	  PATTERN_IS_NAME | PATTERN_NO_ID },
	{ "machine", NULL, "", ".libvirt-qemu", ID_NAME, CGROUP_VM, "libvirt-qemu",
	  NAMED | PATTERN_NO_ID },
	{ "qemu.slice", NULL, "", ".scope", ID_DIGITS, CGROUP_VM, "proxmox-qemu",
	  PATTERN_IS_NAME | PATTERN_NO_ID },
	{ NULL, NULL, "kata_overhead", "", ID_NONE, CGROUP_NONE, NULL, 0 },
	{ NULL, NULL, "kata_", "", ID_HEX64, CGROUP_VM, "kata", STRICT },
	{ "kata_overhead", NULL, "", "", ID_HEX64, CGROUP_VM, "kata", STRICT },
	{ "garden", NULL, "good", "", ID_NONE, CGROUP_NONE, NULL, 0 },
	{ "garden", NULL, "bad", "", ID_NONE, CGROUP_NONE, NULL, 0 },
	{ "garden", NULL, "", "", ID_GARDEN, CONTAINER, "garden", STRICT },
	{ NULL, "garden", "", "", ID_GARDEN, CONTAINER, "garden", 0 },
	{ "mesos", NULL, "", "", ID_UUID, CONTAINER, "mesos", STRICT },
	{ "share.slice", NULL, "", ".scope", ID_NOMAD, CGROUP_JOB, "nomad", 0 },
	{ "reserve.slice", NULL, "", ".scope", ID_NOMAD, CGROUP_JOB, "nomad", 0 },
	{ "nomad.slice", NULL, "", ".scope", ID_NOMAD, CGROUP_JOB, "nomad", 0 },
	{ NULL, "nomad", "", "", ID_NOMAD, CGROUP_JOB, "nomad", 0 },
	{ "*_slurmstepd.scope", NULL, "job_", "", ID_DIGITS, CGROUP_JOB, NULL,
	  PATTERN_IS_NAME | PATTERN_NO_ID },
	{ "uid_*", NULL, "job_", "", ID_DIGITS, CGROUP_JOB, NULL, PATTERN_IS_NAME | PATTERN_NO_ID },
	{ "slurmstepd.scope", NULL, "job_", "", ID_DIGITS, CGROUP_JOB, NULL,
	  PATTERN_IS_NAME | PATTERN_NO_ID },
	{ "slurmstepd.scope", NULL, "", "", ID_NAME, CGROUP_JOB, NULL,
	  PATTERN_IS_NAME | PATTERN_NO_ID },

	/* an id with nothing that says whose */
	{ NULL, NULL, "", ".scope", ID_HEX64, CONTAINER, "oci-unknown", 0 },
	{ NULL, NULL, "", "", ID_HEX64, CONTAINER, "oci-unknown", 0 },
};

static bool is_lower_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digits(Span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

bool cgroup_id_is_hex64(Span s)
{
	if (s.n != 64)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_lower_hex(s.p[i]))
			return false;
	return true;
}

/* Groups of hex digits of the given sizes with @sep (or '_') between; sizes end with 0. */
static bool is_hex_groups(Span s, const unsigned char *sizes, bool underscore)
{
	size_t at = 0;

	for (unsigned i = 0; sizes[i]; i++) {
		if (i > 0) {
			if (at >= s.n || (s.p[at] != '-' && !(underscore && s.p[at] == '_')))
				return false;
			at++;
		}
		for (unsigned k = 0; k < sizes[i]; k++, at++)
			if (at >= s.n || parse_hex_digit(s.p[at]) < 0)
				return false;
	}
	return at == s.n;
}

static const unsigned char uuid_groups[] = { 8, 4, 4, 4, 12, 0 };
static const unsigned char garden_groups[] = { 8, 4, 4, 4, 4, 0 };
static const unsigned char hex32_groups[] = { 32, 0 };

static bool is_name(Span s)
{
	if (s.n == 0 || s.n >= CGROUP_ID_MAX || !is_alnum(s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '.' && s.p[i] != '-')
			return false;
	return true;
}

static bool is_ecs(Span s)
{
	return s.n > 33 && s.n < CGROUP_ID_MAX && s.p[32] == '-' &&
	       is_hex_groups(span_first(s, 32), hex32_groups, false) && is_digits(span_from(s, 33));
}

static bool is_base36(Span s)
{
	if (s.n != 25)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) || (s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return false;
	return true;
}

/* Undoes \xNN. The result must be a name that could be a file's: what fails never reaches a path.
 */
static bool take_machine(Span s, char *ret)
{
	char name[CGROUP_ID_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < sizeof(name) - 1; n++) {
		int high = i + 3 < s.n ? parse_hex_digit(s.p[i + 2]) : -1;
		int low = i + 3 < s.n ? parse_hex_digit(s.p[i + 3]) : -1;

		if (s.p[i] == '\\' && i + 3 < s.n && s.p[i + 1] == 'x' && high >= 0 && low >= 0) {
			name[n] = (char)(high << 4 | low);
			i += 4;
		} else {
			name[n] = s.p[i++];
		}
	}
	return n < sizeof(name) - 1 && is_name(span_make(name, n)) &&
	       span_copy(span_make(name, n), ret, CGROUP_ID_MAX);
}

/* Escaped within a unit's name, plain where there is no systemd. */
static bool take_libvirt(Span s, char *ret)
{
	Span dash = span_find(s, SPAN_LIT("\\x2d")) >= 0 ? SPAN_LIT("\\x2d") : SPAN_LIT("-");
	ssize_t at = span_find(s, dash);

	return at > 0 && is_digits(span_first(s, (size_t)at)) &&
	       take_machine(span_from(s, (size_t)at + dash.n), ret);
}

#define NOMAD_TASK 37 /* where the name begins, behind a UUID and a dot */

static bool take_copy(bool ok, Span s, char *ret)
{
	return ok && span_copy(s, ret, CGROUP_ID_MAX);
}

static bool take_id(IdForm form, Span s, char *ret)
{
	char uid[40];

	ret[0] = '\0';
	switch (form) {
	case ID_NONE:
		return s.n == 0;
	case ID_HEX64:
		return take_copy(cgroup_id_is_hex64(s), s, ret);
	case ID_NAME:
		return take_copy(is_name(s), s, ret);
	case ID_MACHINE:
		return take_machine(s, ret);
	case ID_LIBVIRT:
		return take_libvirt(s, ret);
	case ID_UUID:
		return take_copy(is_hex_groups(s, uuid_groups, false), s, ret);
	case ID_GARDEN:
		return take_copy(is_hex_groups(s, garden_groups, false), s, ret);
	case ID_ECS:
		return take_copy(is_ecs(s), s, ret);
	case ID_BASE36:
		return take_copy(is_base36(s), s, ret);
	case ID_NOMAD:
		return s.n > NOMAD_TASK && s.p[NOMAD_TASK - 1] == '.' &&
		       is_name(span_from(s, NOMAD_TASK)) &&
		       take_copy(is_hex_groups(span_first(s, 36), uuid_groups, false),
				 span_first(s, 36), ret);
	case ID_DIGITS:
		return take_copy(is_digits(s), s, ret);
	case ID_POD:
		return cgroup_pod_uid(s, uid);
	case ID_POD_BAD:
		return span_starts(s, SPAN_LIT("pod"));
	case ID_COLON:
		break;
	}
	return false;
}

/* SLICE:TAG:ID */
static bool take_colon(Span s, const char *tag, char *ret)
{
	ssize_t id_at = span_rfind(s, SPAN_LIT(":"));
	ssize_t tag_at;

	if (id_at <= 0)
		return false;
	tag_at = span_rfind(span_first(s, (size_t)id_at), SPAN_LIT(":"));
	if (tag_at < 0)
		return false;
	if (!span_is(span_from(span_first(s, (size_t)id_at), (size_t)tag_at + 1), tag))
		return false;
	s = span_from(s, (size_t)id_at + 1);
	return take_copy(cgroup_id_is_hex64(s), s, ret);
}

/* Anything may stand before "pod": the slice's prefix. A colon ends the slice of an ID_COLON name.
 */
bool cgroup_pod_uid(Span element, char ret[static 40])
{
	ssize_t colon = span_find(element, SPAN_LIT(":"));
	ssize_t at;
	char uid[40];
	bool uuid;

	if (colon >= 0)
		element = span_first(element, (size_t)colon);
	if (span_ends(element, SPAN_LIT(".slice")))
		element.n -= strlen(".slice");
	at = span_rfind(element, SPAN_LIT("pod"));
	if (at < 0 || (at > 0 && element.p[at - 1] != '-'))
		return false;
	element = span_from(element, (size_t)at + strlen("pod"));
	uuid = is_hex_groups(element, uuid_groups, true);
	if (!uuid && element.n > 1 && element.p[0] == '_') {
		element = span_from(element, 1);
		uuid = is_hex_groups(element, uuid_groups, true);
	}
	if (!uuid && !is_hex_groups(element, hex32_groups, false))
		return false;
	span_copy(element, uid, sizeof(uid));
	for (char *c = uid; *c; c++)
		if (*c == '_')
			*c = '-';
	memcpy(ret, uid, sizeof(uid));
	return true;
}

static bool has_ancestor(Span before, const char *name)
{
	Span part;

	while (span_split(&before, '/', &part))
		if (span_is(part, name))
			return true;
	return false;
}

/* @pattern has at most one star. */
static bool parent_fits(const char *pattern, Span parent)
{
	Span whole = span_of(pattern), before, after;
	ssize_t star = span_find(whole, SPAN_LIT("*"));

	if (star < 0)
		return span_eq(parent, whole);
	before = span_first(whole, (size_t)star);
	after = span_from(whole, (size_t)star + 1);
	return parent.n > before.n + after.n && span_starts(parent, before) &&
	       span_ends(parent, after);
}

/* Do the row's surroundings fit? */
static bool place_fits(const CgroupPattern *p, const CgroupElement *e)
{
	if (p->parent == below_pod && !e->below_pod)
		return false;
	if (p->parent && p->parent != below_pod && !parent_fits(p->parent, e->parent))
		return false;
	if ((p->flags & PATTERN_UNIT_PARENT) && !e->below_unit)
		return false;
	return !(p->flags & PATTERN_IN_PARENT) || span_is(e->text, p->child);
}

/* Cuts the row's fixed text off; false when it is not there. */
static bool fixed_text_fits(const CgroupPattern *p, Span *s)
{
	Span prefix = span_of(p->prefix), suffix = span_of(p->suffix);

	if (s->n < prefix.n + suffix.n || !span_starts(*s, prefix) || !span_ends(*s, suffix))
		return false;
	*s = span_make(s->p + prefix.n, s->n - prefix.n - suffix.n);
	return true;
}

/* Units of these types may be called anything ("crio-wipe.service"); scopes are made by runtimes.
 */
static bool is_free_unit(Span s)
{
	static const char *const suffixes[] = { ".service", ".slice", ".mount", ".socket",
						".swap" };

	for (size_t i = 0; i < ELEMENTSOF(suffixes); i++)
		if (span_ends(s, span_of(suffixes[i])))
			return true;
	return false;
}

/* A run of 64 hex digits that no row accepts: text built around an id. */
static bool has_hex64_run(Span s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.n; i++) {
		run = parse_hex_digit(s.p[i]) >= 0 ? run + 1 : 0;
		if (run == 64)
			return true;
	}
	return false;
}

bool cgroup_is_engine_folder(Span element)
{
	for (size_t i = 0; i < ELEMENTSOF(patterns); i++)
		if (patterns[i].parent && span_is(element, patterns[i].parent))
			return true;
	return false;
}

static bool row_takes(const CgroupPattern *p, const CgroupElement *e, char *id, bool *ret_near)
{
	Span s = (p->flags & PATTERN_IN_PARENT) ? e->parent : e->text;

	*ret_near = false;
	if (!place_fits(p, e))
		return false;
	if (p->form == ID_COLON)
		return take_colon(s, p->prefix, id);
	if (!fixed_text_fits(p, &s))
		return false;
	/* the ancestor last: looking for it reads the whole path */
	if (take_id(p->form, s, id))
		return !p->ancestor || has_ancestor(e->before, p->ancestor);
	*ret_near = p->flags & PATTERN_STRICT;
	return false;
}

/* "UUID.TASK.scope" */
static Span nomad_task(const CgroupPattern *p, const CgroupElement *e)
{
	Span s = e->text;

	return fixed_text_fits(p, &s) ? span_from(s, NOMAD_TASK) : SPAN_NULL;
}

int cgroup_pattern_match(const CgroupElement *e, CgroupMatch *ret)
{
	char id[CGROUP_ID_MAX];
	bool near;

	for (size_t i = 0; i < ELEMENTSOF(patterns); i++) {
		const CgroupPattern *p = &patterns[i];

		if (row_takes(p, e, id, &near)) {
			ret->pattern = p;
			ret->runtime = p->runtime;
			memcpy(ret->id, id, sizeof(ret->id));
			ret->name = p->form == ID_NOMAD ? nomad_task(p, e) : SPAN_NULL;
			return 1;
		}
		if (near && !is_free_unit(e->text))
			return -EINVAL;
	}
	return has_hex64_run(e->text) && !is_free_unit(e->text) ? -EINVAL : 0;
}
