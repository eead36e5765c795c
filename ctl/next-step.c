/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/next-step.h"
#include "util/text.h"

/* In the texts %f is the file, %b its last part, and %s the last part of the workload's name. */
static const struct {
	const char *prefix; /* of the workload's name */
	const char *runtime;
	const char *text;
} steps[] = {
	{ "compose:", NULL,
	  "write \"security_opt: [seccomp:%f]\" under the service %s, then docker compose up -d "
	  "--force-recreate %s" },
	{ "swarm:", NULL,
	  "a service takes no profile of its own: write \"seccomp-profile\": \"%f\" in "
	  "/etc/docker/daemon.json of the nodes, restart Docker there, then docker service update "
	  "--force %s" },
	{ "k8s:", NULL,
	  "copy %f to /var/lib/kubelet/seccomp/%b on the nodes, and write \"seccompProfile: {type: "
	  "Localhost, localhostProfile: %b}\" under securityContext of %s" },
	{ "unit:", NULL, "systemctl daemon-reload, and systemctl restart %s" },
	{ NULL, "docker", "docker run --security-opt seccomp=%f ..." },
	{ NULL, "podman", "podman run --security-opt seccomp=%f ..." },
	{ NULL, "containerd",
	  "ctr run --seccomp --seccomp-profile %f ..., or nerdctl run --security-opt seccomp=%f "
	  "..." },
	{ NULL, "crio",
	  "copy %f to /var/lib/kubelet/seccomp/%b on the nodes, and write \"seccompProfile: {type: "
	  "Localhost, localhostProfile: %b}\" under securityContext of the container" },
	{ NULL, "runc", "make it .linux.seccomp of the bundle's config.json, then runc run ..." },
	{ NULL, "crun", "make it .linux.seccomp of the bundle's config.json, then crun run ..." },
};

static const char *text_for(const Workload *w)
{
	for (size_t i = 0; i < ELEMENTSOF(steps); i++) {
		if (steps[i].prefix && span_starts(span_of(w->name), span_of(steps[i].prefix)))
			return steps[i].text;
		if (steps[i].runtime && strcmp(w->runtime, steps[i].runtime) == 0)
			return steps[i].text;
	}
	return "start it anew under %f";
}

static const char *last_part(const char *text)
{
	const char *slash = strrchr(text, '/');

	return slash ? slash + 1 : text;
}

/* A unit's name has no slash, and what stands before it is its kind. */
static const char *member(const char *workload)
{
	const char *colon = strchr(workload, ':');

	return last_part(colon ? colon + 1 : workload);
}

void next_step(const Workload *w, const char *path, Buffer *out)
{
	const char *file = path ?: "FILE";

	for (const char *p = text_for(w); *p; p++) {
		if (*p != '%') {
			buffer_add_char(out, *p);
			continue;
		}
		p++;
		text_shell_word(out, span_of(*p == 'f'   ? file
					     : *p == 'b' ? last_part(file)
							 : member(w->name)));
	}
}
