/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/text.h"
#include "who/cgroup-pattern.h"
#include "who/k8s-name.h"
#include "who/workload.h"

/* Image references name a version and a digest; a profile outlives both. The registry's port is
 * no tag: a tag stands after the last slash. */
static Span image_without_version(Span image)
{
	ssize_t at = span_find(image, SPAN_LIT("@"));
	ssize_t slash, colon;

	if (at > 0)
		image = span_first(image, (size_t)at);
	slash = span_rfind(image, SPAN_LIT("/"));
	colon = span_rfind(image, SPAN_LIT(":"));
	return colon > 0 && colon > slash ? span_first(image, (size_t)colon) : image;
}

/* An image given by its id says nothing that lasts. */
static bool is_image_name(Span image)
{
	return image.n > 0 && !span_is(image, "sha256") && !cgroup_id_is_hex64(image);
}

/* "getty@tty1.service" -> "getty@.service"; a user's units stay apart from the host's. */
static void add_unit(Buffer *b, Span unit)
{
	ssize_t slash = span_rfind(unit, SPAN_LIT("/"));
	Span name = span_from(unit, (size_t)(slash + 1));
	ssize_t at = span_find(name, SPAN_LIT("@"));
	ssize_t dot = span_rfind(name, SPAN_LIT("."));

	text_escape(b, span_first(unit, (size_t)(slash + 1)));
	if (at <= 0 || dot < at) {
		text_escape(b, name);
		return;
	}
	text_escape(b, span_first(name, (size_t)at + 1));
	text_escape(b, span_from(name, (size_t)dot));
}

/* "a" and "b/c" must not look like "a/b" and "c". */
static void add_part(Buffer *b, Span part)
{
	Span piece;

	for (bool first = true; span_split(&part, '/', &piece); first = false) {
		if (!first)
			buffer_add_str(b, "\\x2F");
		text_escape(b, piece);
	}
}

static void add_parts(Buffer *b, const char *prefix, const Span *parts, size_t n)
{
	buffer_add_str(b, prefix);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buffer_add_char(b, '/');
		add_part(b, parts[i]);
	}
}

/* What an orchestrator set on the container; false when it is nobody's. */
static bool add_orchestrated(Buffer *b, const WorkloadFacts *f, bool *ret_heuristic)
{
	const ContainerNames *n = f->names;
	Span parts[3];

	if (n->compose_project[0] && n->compose_service[0]) {
		parts[0] = span_of(n->compose_project);
		parts[1] = span_of(n->compose_service);
		add_parts(b, "compose:", parts, 2);
		return true;
	}
	if (n->swarm_service[0]) {
		parts[0] = span_of(n->swarm_service);
		add_parts(b, "swarm:", parts, 1);
		return true;
	}
	if (n->k8s_namespace[0] && n->k8s_pod[0]) {
		K8sPod pod = { span_of(n->k8s_pod), f->labels, f->node };

		parts[0] = span_of(n->k8s_namespace);
		parts[1] = k8s_workload(&pod, ret_heuristic);
		parts[2] = span_of(n->k8s_container);
		add_parts(b, "k8s:", parts, 3);
		return true;
	}
	return false;
}

static void add_container(Buffer *b, const WorkloadFacts *f, bool *ret_heuristic)
{
	const ContainerNames *n = f->names;
	Span image;

	if (!n) {
		bool known = f->key->runtime[0] != '\0';
		const Span parts[] = { span_of(f->key->runtime), span_of(f->key->name) };

		add_parts(b, "unconfirmed:", known ? parts : parts + 1, known ? 2 : 1);
		return;
	}
	if (add_orchestrated(b, f, ret_heuristic))
		return;
	image = image_without_version(span_of(n->image));
	buffer_add_str(b, n->runtime[0] ? n->runtime : f->key->runtime);
	buffer_add_char(b, ':');
	if (n->name[0] && (!workload_name_is_generated(n->name) || !is_image_name(image)))
		text_escape(b, span_of(n->name));
	else
		text_escape(b, image.n > 0 ? image : span_of(f->key->name));
}

/* No runtime lets a name hold an '@'. */
static void add_user(Buffer *b, const ContainerNames *n)
{
	if (!n || !n->user[0])
		return;
	buffer_add_char(b, '@');
	text_escape(b, span_of(n->user));
}

static void add_subject(Buffer *b, const WorkloadFacts *f, bool *ret_heuristic)
{
	const SubjectKey *key = f->key;

	switch (key->kind) {
	case SUBJECT_CONTAINER:
		add_container(b, f, ret_heuristic);
		add_user(b, f->names);
		break;
	case SUBJECT_UNIT:
		buffer_add_str(b, "unit:");
		add_unit(b, span_of(key->name));
		break;
	case SUBJECT_HOST:
		buffer_add_str(b, "host:");
		text_escape(b, key->name[0] ? span_of(key->name) : SPAN_LIT("unknown"));
		break;
	default:
		buffer_add_str(b, "unattributed");
	}
}

void workload_name(const WorkloadFacts *f, WorkloadName *ret)
{
	_cleanup_buffer_ Buffer b = { 0 };
	Span all;

	ret->heuristic = false;
	ret->rule = NULL;
	add_subject(&b, f, &ret->heuristic);
	all = buffer_error(&b) < 0 ? SPAN_LIT("unattributed") : buffer_span(&b);
	text_fit(all, ret->text, sizeof(ret->text));
}
