/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The name of a workload from what strangers called a container. The input is cut at newlines into
 * the fields; its first line is a glob.
 */
#include <assert.h>

#include "util/text.h"
#include "who/workload-rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const prefixes[] = { "compose:", "swarm:", "k8s:", "docker:", "unconfirmed:" };

static void check_name(const WorkloadName *name)
{
	Span text = span_of(name->text);
	char shown[4 * WORKLOAD_NAME_MAX];
	bool known = false;

	assert(text.n > 0 && text_is_utf8(text));
	/* escaping changes backslashes at most: nothing else in a name can harm */
	text_escape_to(text, shown, sizeof(shown));
	for (const char *c = name->text; *c; c++)
		assert((unsigned char)*c >= 0x20 && *c != 0x7f);
	for (size_t i = 0; i < ELEMENTSOF(prefixes); i++)
		known |= span_starts(text, span_of(prefixes[i]));
	assert(known);
}

static void check_rules(Span glob, const WorkloadFacts *f)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	_cleanup_free_ char *value = span_dup(span_first(glob, 64));
	WorkloadRule *rule;
	WorkloadName name;

	assert(value && workload_rules_open(&rules, SPAN_LIT("ruled"), "f", 1, &rule, NULL) == 0);
	if (workload_rule_set(rule, "MatchName", value, NULL) < 0 || !value[0])
		return;
	assert(workload_rules_finish(&rules, NULL, NULL) == 0);
	workload_rules_name(&rules, f, &name);
	assert(!f->names || !workload_rules_find(&rules, f) ||
	       span_is(span_of(name.text), "ruled"));
	if (!f->names)
		assert(!span_is(span_of(name.text), "ruled"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_labels_ Labels labels = { 0 };
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	ContainerNames n = { 0 };
	struct {
		char *to;
		size_t size;
	} fields[] = {
		{ n.name, sizeof(n.name) },
		{ n.image, sizeof(n.image) },
		{ n.compose_project, sizeof(n.compose_project) },
		{ n.compose_service, sizeof(n.compose_service) },
		{ n.swarm_service, sizeof(n.swarm_service) },
		{ n.k8s_namespace, sizeof(n.k8s_namespace) },
		{ n.k8s_pod, sizeof(n.k8s_pod) },
		{ n.k8s_container, sizeof(n.k8s_container) },
		{ key.name, sizeof(key.name) },
	};
	Span rest = { (const char *)data, size }, glob = SPAN_LIT(""), part, value;
	WorkloadFacts f = { .key = &key, .labels = &labels, .node = "node1.example" };
	WorkloadName name;

	span_split(&rest, '\n', &glob);
	for (size_t i = 0; i < ELEMENTSOF(fields) && span_split(&rest, '\n', &part); i++)
		text_fit(part, fields[i].to, fields[i].size);
	while (span_split(&rest, '\n', &value))
		if (span_split(&value, '=', &part))
			(void)labels_add(&labels, part, value);
	workload_name(&f, &name);
	check_name(&name);
	check_rules(glob, &f);
	f.names = &n;
	workload_name(&f, &name);
	check_name(&name);
	check_rules(glob, &f);
	return 0;
}
