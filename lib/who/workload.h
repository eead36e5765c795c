/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The stable name for all instances of a subject, to which a profile belongs. */
#include "who/labels.h"
#include "who/subject.h"

#define WORKLOAD_NAME_MAX 256

/* What runtime state says about a container; every field may be "". All hostile text. */
typedef struct ContainerNames {
	char runtime[16]; /* that knows it; a path may leave it open ("oci-unknown") */
	char name[256];
	char image[512];
	char image_digest[128]; /* "sha256:..." */
	char user[12]; /* uid of the user who runs it, for whom all of this is a claim; "" = root */
	char compose_project[128], compose_service[128];
	char swarm_service[256];
	char k8s_namespace[128], k8s_pod[256], k8s_container[256];
} ContainerNames;

/* All that is known of a subject when it is named. Borrowed. */
typedef struct WorkloadFacts {
	const SubjectKey *key;
	const ContainerNames *names; /* NULL: the id is in no runtime state */
	const Labels *labels;        /* NULL: not known */
	const char *node;            /* this host's name, for static pods; NULL: not known */
} WorkloadFacts;

typedef struct WorkloadName {
	char text[WORKLOAD_NAME_MAX];
	bool heuristic; /* instances were joined by the form of their names, nothing confirms it */
	const struct WorkloadRule *rule; /* workload-rule.h: that gave the name, or NULL */
} WorkloadName;

/*
 * "compose:PROJECT/SERVICE", "swarm:SERVICE", "k8s:NAMESPACE/WORKLOAD/CONTAINER" (k8s-name.h),
 * "docker:NAME" or "podman:NAME" (the image instead when the name looks generated: as typed,
 * registry and path kept, tag and digest dropped, so that an update stays the same workload),
 * "unit:NAME.service" (instances collapsed to NAME@.service; a user's own unit is
 * "unit:user@UID.service/NAME.service"), "host:EXE", "unattributed". A container without names is
 * "unconfirmed:RUNTIME/ID", or "unconfirmed:CGROUP" where only its cgroup is known. What a user
 * runs without root gets "@UID" behind its name. Unsafe bytes are escaped, and a slash within one
 * of several parts, so that two different subjects never get one name; the result is never longer
 * than WORKLOAD_NAME_MAX - 1.
 */
void workload_name(const WorkloadFacts *f, WorkloadName *ret);

/* Does this look like a name that Docker ("clever_euler") or Podman made up, or the id itself? */
bool workload_name_is_generated(const char *name);
