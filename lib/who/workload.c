/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/hash.h"
#include "util/text.h"
#include "who/cgroup-pattern.h"
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

/* "getty@tty1.service" -> "getty@.service" */
static void add_unit(Buffer *b, Span unit)
{
	ssize_t at = span_find(unit, SPAN_LIT("@"));
	ssize_t dot = span_rfind(unit, SPAN_LIT("."));

	if (at <= 0 || dot < at) {
		text_escape(b, unit);
		return;
	}
	text_escape(b, span_first(unit, (size_t)at + 1));
	text_escape(b, span_from(unit, (size_t)dot));
}

static void add_path(Buffer *b, const char *prefix, const char *const *parts, size_t n)
{
	buffer_add_str(b, prefix);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buffer_add_char(b, '/');
		text_escape(b, span_of(parts[i]));
	}
}

static void add_container(Buffer *b, const SubjectKey *key, const ContainerNames *n)
{
	Span image;

	if (!n) {
		add_path(b, "unconfirmed:", (const char *[]){ key->runtime, key->name }, 2);
		return;
	}
	if (n->compose_project[0] && n->compose_service[0]) {
		add_path(b, "compose:", (const char *[]){ n->compose_project, n->compose_service },
			 2);
		return;
	}
	if (n->swarm_service[0]) {
		add_path(b, "swarm:", (const char *[]){ n->swarm_service }, 1);
		return;
	}
	if (n->k8s_namespace[0] && n->k8s_pod[0]) {
		add_path(b,
			 "k8s:", (const char *[]){ n->k8s_namespace, n->k8s_pod, n->k8s_container },
			 3);
		return;
	}
	image = image_without_version(span_of(n->image));
	buffer_add_str(b, n->runtime[0] ? n->runtime : key->runtime);
	buffer_add_char(b, ':');
	if (n->name[0] && (!workload_name_is_generated(n->name) || !is_image_name(image)))
		text_escape(b, span_of(n->name));
	else
		text_escape(b, image.n > 0 ? image : span_of(key->name));
}

/* No runtime lets a name hold an '@'. */
static void add_user(Buffer *b, const ContainerNames *n)
{
	if (!n || !n->user[0])
		return;
	buffer_add_char(b, '@');
	text_escape(b, span_of(n->user));
}

static void add_subject(Buffer *b, const SubjectKey *key, const ContainerNames *names)
{
	switch (key->kind) {
	case SUBJECT_CONTAINER:
		add_container(b, key, names);
		add_user(b, names);
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

void workload_name(const SubjectKey *key, const ContainerNames *names,
		   char ret[static WORKLOAD_NAME_MAX])
{
	_cleanup_buffer_ Buffer b = { 0 };
	char hash[24];
	Span all;
	size_t keep;

	add_subject(&b, key, names);
	all = buffer_error(&b) < 0 ? SPAN_LIT("unattributed") : buffer_span(&b);
	if (all.n < WORKLOAD_NAME_MAX) {
		memcpy(ret, all.p, all.n);
		ret[all.n] = '\0';
		return;
	}
	/* Too long: the start, up to a whole character, and a hash that tells it from its like. */
	snprintf(hash, sizeof(hash), "~%016llx", (unsigned long long)hash_bytes(all, 0));
	keep = WORKLOAD_NAME_MAX - 1 - strlen(hash);
	while (keep > 0 && !text_is_utf8(span_first(all, keep)))
		keep--;
	memcpy(ret, all.p, keep);
	memcpy(ret + keep, hash, strlen(hash) + 1);
}
