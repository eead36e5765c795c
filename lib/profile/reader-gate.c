/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of rules, and the keys that some readers evaluate and others do not see. */
#include <errno.h>

#include "profile/reader.h"
#include "util/parse.h"

enum {
	ON_DOCKER = 1 << DIALECT_DOCKER,
	ON_PODMAN = 1 << DIALECT_PODMAN,
	ON_OCI = 1 << DIALECT_OCI,
};

static bool is_empty(const ScanNode *node)
{
	return node->kind == SCAN_NULL || node->kind == SCAN_FALSE ||
	       ((node->kind == SCAN_OBJECT || node->kind == SCAN_ARRAY) && node->n_items == 0) ||
	       (node->kind == SCAN_STRING && node->end - node->begin == 2);
}

static int note_ignored(ProfileReader *r, const ScanNode *node, const char *key)
{
	Profile *p = r->profile;
	ProfileIgnored *more;

	/* Room for a power of two: it grows when that is full. */
	if ((p->n_ignored & (p->n_ignored - 1)) == 0) {
		more = reallocarray(p->ignored, MAX(2 * p->n_ignored, (size_t)4), sizeof(*more));
		if (!more)
			return -ENOMEM;
		p->ignored = more;
	}
	p->ignored[p->n_ignored++] = (ProfileIgnored){ key, reader_line(r, node, NULL) };
	return 0;
}

int reader_note_ignored(ProfileReader *r, const ScanNode *object)
{
	static const struct {
		const char *key;
		unsigned readers; /* who evaluates it */
	} keys[] = {
		{ "includes", ON_DOCKER | ON_PODMAN },
		{ "excludes", ON_DOCKER | ON_PODMAN },
		{ "archMap", ON_DOCKER | ON_PODMAN },
		{ "errno", ON_PODMAN },
		{ "defaultErrno", ON_PODMAN },
		{ "defaultErrnoRet", ON_DOCKER | ON_PODMAN | ON_OCI },
	};
	int n;

	for (size_t i = 0; i < ELEMENTSOF(keys); i++) {
		const ScanNode *node = scan_member(r->scan, object, keys[i].key);

		if (!node || is_empty(node) || keys[i].readers & 1U << r->profile->dialect)
			continue;
		n = note_ignored(r, node, keys[i].key);
		if (n < 0)
			return n;
	}
	return 0;
}

typedef struct Gate {
	ProfileReader *reader;
	ProfileGate *gate;
	bool includes; /* or excludes */
} Gate;

static void close_for_capability(const Gate *g, Span name)
{
	ProfileGate *gate = g->gate;
	uint64_t have = g->reader->context->capabilities;
	unsigned capability;

	if (capability_from_name(name, &capability) < 0) {
		/* No container has it: as good as a condition that never holds. */
		gate->closed_otherwise |= g->includes;
		return;
	}
	if (g->includes)
		gate->lacks |= (1ULL << capability) & ~have;
	else
		gate->has |= (1ULL << capability) & have;
}

static int read_capabilities(const Gate *g, const ScanNode *list)
{
	int n;

	SCAN_EACH(g->reader->scan, list, child)
	{
		_cleanup_free_ char *name = NULL;

		n = reader_string(g->reader, child, "a capability", &name);
		if (n < 0)
			return n;
		close_for_capability(g, span_of(name));
	}
	return 0;
}

static int read_arches(const Gate *g, const ScanNode *list)
{
	const Profile *p = g->reader->profile;
	const char *own = context_arch_label(p->dialect, p->host_arch);
	bool found = false;
	int n;

	SCAN_EACH(g->reader->scan, list, child)
	{
		_cleanup_free_ char *name = NULL;

		n = reader_string(g->reader, child, "an architecture", &name);
		if (n < 0)
			return n;
		found |= strcmp(name, own ?: "") == 0;
	}
	if (list->n_items > 0)
		g->gate->closed_otherwise |= found != g->includes;
	return 0;
}

/* "4.8": exactly two numbers of at most 255, as Docker demands. */
static int parse_min_kernel(const char *text, uint32_t *ret)
{
	uint32_t major, minor;
	Span rest = span_of(text), part;

	if (!span_split(&rest, '.', &part) || parse_u32(part, &major) < 0 || !rest.p ||
	    parse_u32(rest, &minor) < 0 || major > 255 || minor > 255 || (major | minor) == 0)
		return -EINVAL;
	*ret = context_version(major, minor, 0);
	return 0;
}

static int read_min_kernel(const Gate *g, const ScanNode *node)
{
	_cleanup_free_ char *text = NULL;
	uint32_t kernel;
	int n;

	if (g->reader->profile->dialect != DIALECT_DOCKER)
		return is_empty(node) ? 0 : note_ignored(g->reader, node, "minKernel");
	n = reader_string(g->reader, node, "\"minKernel\"", &text);
	if (n < 0)
		return n;
	if (parse_min_kernel(text, &kernel) < 0)
		return reader_fail(g->reader, node,
				   "\"minKernel\" must be two numbers such as \"4.8\", not \"%s\"",
				   text);
	g->gate->closed_otherwise |= (g->reader->context->kernel >= kernel) != g->includes;
	return 0;
}

static int read_condition(const Gate *g, const ScanNode *object)
{
	static const char *const known[] = { "caps", "arches", "minKernel", NULL };
	const ScanNode *caps, *arches, *kernel;
	int n;

	n = reader_check_keys(g->reader, object, known);
	if (n < 0)
		return n;
	n = reader_member(g->reader, object, "caps", SCAN_ARRAY, &caps);
	if (n < 0)
		return n;
	n = reader_member(g->reader, object, "arches", SCAN_ARRAY, &arches);
	if (n < 0)
		return n;
	if (caps)
		n = read_capabilities(g, caps);
	if (n == 0 && arches)
		n = read_arches(g, arches);
	kernel = scan_member(g->reader->scan, object, "minKernel");
	return n == 0 && kernel && kernel->kind != SCAN_NULL ? read_min_kernel(g, kernel) : n;
}

int reader_gate(ProfileReader *r, const ScanNode *object, ProfileGate *ret)
{
	static const char *const keys[] = { "excludes", "includes" };
	ProfileGate gate = { 0 };
	int n;

	if (r->profile->dialect != DIALECT_DOCKER && r->profile->dialect != DIALECT_PODMAN)
		return 0;
	for (unsigned i = 0; i < ELEMENTSOF(keys); i++) {
		Gate g = { .reader = r, .gate = &gate, .includes = i == 1 };
		const ScanNode *node;

		n = reader_member(r, object, keys[i], SCAN_OBJECT, &node);
		if (n < 0)
			return n;
		if (!node)
			continue;
		gate.conditional |= node->n_items > 0;
		n = read_condition(&g, node);
		if (n < 0)
			return n;
	}
	gate.closed = gate.lacks || gate.has || gate.closed_otherwise;
	*ret = gate;
	return 0;
}
