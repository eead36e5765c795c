/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runtime-spec's config.json:
 * https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md */
#include <errno.h>

#include "state/runtime.h"
#include "state/state-labels.h"
#include "util/buffer.h"

static int take_seccomp(json_object *linux_object, Container *c, Diag *d)
{
	json_object *seccomp = NULL;
	const char *text;
	size_t n = 0, again = 0;

	if (!json_object_object_get_ex(linux_object, "seccomp", &seccomp) || !seccomp)
		return 0;
	if (!json_object_is_type(seccomp, json_type_object))
		return diag_set(d, -EBADMSG, "linux.seccomp is no object");
	/* json-c leaves out what finds no room, and says nothing: then the second is longer. */
	text = json_object_to_json_string_length(
		seccomp, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
	if (text)
		text = json_object_to_json_string_length(
			seccomp, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &again);
	free(c->seccomp);
	c->seccomp = text && n == again ? strdup(text) : NULL;
	return c->seccomp ? 0 : -ENOMEM;
}

/* Space for every capability there is, and as many again. */
#define CAPABILITIES_MAX 128

static bool is_capability(Span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    s.p[i] != '_')
			return false;
	return s.n > 4 && s.n < 48 && span_starts(s, SPAN_LIT("CAP_"));
}

/* "CAP_CHOWN CAP_KILL"; what is no name of a capability is left out. */
static int take_capabilities(json_object *process, Container *c)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	json_object *caps = state_json_object(process, "capabilities"), *bounding = NULL;
	size_t n = 0;

	if (caps && json_object_object_get_ex(caps, "bounding", &bounding) &&
	    json_object_is_type(bounding, json_type_array))
		n = MIN(json_object_array_length(bounding), CAPABILITIES_MAX);
	for (size_t i = 0; i < n; i++) {
		Span name = span_of(json_object_get_string(json_object_array_get_idx(bounding, i)));

		if (!is_capability(name))
			continue;
		if (b.n > 0)
			buffer_add_char(&b, ' ');
		buffer_add(&b, name);
	}
	free(c->capabilities);
	c->capabilities = span_dup(buffer_error(&b) < 0 ? SPAN_NULL : buffer_span(&b));
	return c->capabilities ? 0 : -ENOMEM;
}

static int take_process(json_object *process, Container *c)
{
	json_object *nnp = NULL;

	if (!process)
		return 0;
	c->no_new_privs = json_object_object_get_ex(process, "noNewPrivileges", &nnp) &&
			  json_object_get_boolean(nnp);
	return take_capabilities(process, c);
}

/* Which annotation fills which name; of several the last that is there wins. */
static const struct {
	const char *key;
	size_t offset, size;
} name_keys[] = {
#define NAME(key, field)                                                                      \
	{                                                                                     \
		key, offsetof(ContainerNames, field), sizeof(((ContainerNames *)NULL)->field) \
	}
	NAME("com.docker.compose.project", compose_project),
	NAME("com.docker.compose.service", compose_service),
	NAME("com.docker.swarm.service.name", swarm_service),
	NAME("io.kubernetes.pod.namespace", k8s_namespace),
	NAME("io.kubernetes.pod.name", k8s_pod),
	NAME("io.kubernetes.container.name", k8s_container),
	NAME("io.kubernetes.cri.sandbox-namespace", k8s_namespace),
	NAME("io.kubernetes.cri.sandbox-name", k8s_pod),
	NAME("io.kubernetes.cri.container-name", k8s_container),
	NAME("io.kubernetes.cri.container-name", name),
	NAME("io.kubernetes.cri.image-name", image),
	NAME("io.kubernetes.cri-o.Namespace", k8s_namespace),
	NAME("io.kubernetes.cri-o.KubeName", k8s_pod),
	NAME("io.kubernetes.cri-o.Name", name),
	NAME("io.kubernetes.cri-o.ImageName", image),
	NAME("io.kubernetes.cri-o.ImageRef", image_digest),
	NAME("nerdctl/name", name),
#undef NAME
};

void container_take_names(json_object *labels, json_object *image, ContainerNames *n)
{
	for (size_t i = 0; i < ELEMENTSOF(name_keys); i++)
		if (state_json_string(labels, name_keys[i].key) &&
		    !state_labels_same(labels, image, name_keys[i].key))
			state_json_copy(labels, name_keys[i].key, (char *)n + name_keys[i].offset,
					name_keys[i].size);
}

/* Where the profile's own name or path is kept, which only these two do. */
static int take_source(json_object *annotations, Container *c)
{
	static const char *const keys[] = { "io.podman.annotations.seccomp",
					    "io.kubernetes.cri-o.SeccompProfilePath" };

	for (size_t i = 0; i < ELEMENTSOF(keys); i++) {
		const char *source = state_json_string(annotations, keys[i]);

		if (!source || !source[0])
			continue;
		free(c->profile_source);
		c->profile_source = strdup(source);
		if (!c->profile_source)
			return -ENOMEM;
	}
	return 0;
}

/* CRI-O keeps the labels as JSON text inside of the JSON. */
static int take_label_text(json_object *annotations, Container *c)
{
	const char *text = state_json_string(annotations, "io.kubernetes.cri-o.Labels");
	_cleanup_json_ json_object *labels = NULL;

	if (!text || state_json_parse(span_of(text), &labels, NULL) < 0)
		return 0;
	container_take_names(labels, NULL, &c->names);
	return state_labels_add(labels, NULL, &c->labels);
}

/* Where a runtime has labels of its own, they are what people know. */
static int take_labels(json_object *annotations, Container *c)
{
	int r;

	if (c->labels.n > 0)
		return 0;
	r = take_label_text(annotations, c);
	return r < 0 ? r : state_labels_add(annotations, NULL, &c->labels);
}

/* "sandbox" or "container" under the Kubernetes runtimes, "" elsewhere. */
static Span kubernetes_type(json_object *annotations)
{
	const char *type = state_json_string(annotations, "io.kubernetes.cri.container-type");

	return span_of(type ?: state_json_string(annotations, "io.kubernetes.cri-o.ContainerType"));
}

static void take_kubernetes(Span type, Container *c)
{
	/* A pod's author may write any annotation: what would come before the pod's own name does
	 * not count. */
	c->names.compose_project[0] = c->names.compose_service[0] = '\0';
	c->names.swarm_service[0] = '\0';
	c->sandbox = span_is(type, "sandbox");
	if (c->sandbox) /* as the kubelet has always called it */
		snprintf(c->names.k8s_container, sizeof(c->names.k8s_container), "POD");
}

static int take_annotations(json_object *annotations, Container *c, OciConfig *ret)
{
	int r;

	state_json_copy(annotations, "io.container.manager", ret->manager, sizeof(ret->manager));
	container_take_names(annotations, NULL, &c->names);
	r = take_labels(annotations, c);
	if (r < 0)
		return r;
	if (kubernetes_type(annotations).n > 0)
		take_kubernetes(kubernetes_type(annotations), c);
	return take_source(annotations, c);
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
	r = take_process(state_json_object(root, "process"), c);
	oci_take_privilege(root, c);
	return r < 0 ? r : take_annotations(state_json_object(root, "annotations"), c, ret);
}

int oci_config_parse(Span text, Container *c, OciConfig *ret, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r;

	*ret = (OciConfig){ 0 };
	r = state_json_parse(text, &root, d);
	return r < 0 ? r : take_config(root, c, ret, d);
}

int oci_config_read(const StateFolder *folder, const char *path, Container *c, OciConfig *ret,
		    Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	Diag inner = { 0 };
	int r;

	*ret = (OciConfig){ 0 };
	r = state_json_read(folder, path, &root, d);
	if (r < 0)
		return r;
	r = take_config(root, c, ret, &inner);
	if (r < 0)
		return diag_set(d, r, "%s: %s", path, inner.text);
	c->spec_found = true;
	return 0;
}
