/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>

#include "ctl/explanation.h"
#include "util/text.h"

#define SHOWN_MAX 512 /* of a stranger's text within a step */

void explanation_done(Explanation *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->steps[i]);
	*e = (Explanation){ 0 };
}

static void add(Explanation *e, const char *format, ...) _printf_(2, 3);

static void add(Explanation *e, const char *format, ...)
{
	va_list args;
	int r;

	if (e->n >= EXPLANATION_MAX) {
		e->dropped++;
		return;
	}
	va_start(args, format);
	r = vasprintf(&e->steps[e->n], format, args);
	va_end(args);
	e->n += r >= 0;
}

static void add_cgroup_step(const CgroupStep *s, void *userdata)
{
	Explanation *e = userdata;
	char text[SHOWN_MAX];

	text_escape_to(s->result == CGROUP_STEP_LINE ? s->path : s->element, text, sizeof(text));
	switch (s->result) {
	case CGROUP_STEP_LINE:
		add(e, "cgroup line \"%s\": %s%s%s", text, cgroup_kind_name(s->kind),
		    s->runtime ? ", " : "", s->runtime ?: "");
		break;
	case CGROUP_STEP_FITS:
		add(e, "element \"%s\": fits %s: %s%s%s", text, s->form, cgroup_kind_name(s->kind),
		    s->runtime ? ", " : "", s->runtime ?: "");
		break;
	case CGROUP_STEP_NEAR_MISS:
		add(e, "element \"%s\": almost a container's, as no runtime writes it", text);
		break;
	case CGROUP_STEP_NOTHING:
		add(e, "element \"%s\": no container's", text);
		break;
	}
}

void explanation_cgroup(Explanation *e, const char *text, const char *path)
{
	const CgroupObserver observer = { add_cgroup_step, e };

	if (text)
		cgroup_explain_file(span_of(text), &observer);
	else
		cgroup_explain_path(span_of(path), &observer);
}

static void add_place(const char *runtime, const char *place, const char *answer, void *userdata)
{
	char text[SHOWN_MAX], said[SHOWN_MAX];

	add(userdata, "state of %s, %s: %s", runtime,
	    text_escape_to(span_of(place), text, sizeof(text)),
	    text_escape_to(span_of(answer), said, sizeof(said)));
}

StateTrace explanation_state(Explanation *e)
{
	return (StateTrace){ add_place, e };
}

static const char *basis_text(const Container *c)
{
	static const char *const texts[] = {
		[CONTAINER_UNCONFIRMED] = "state has another cgroup for it",
		[CONTAINER_BY_ID] = "by its entry in the state, which says nothing else",
		[CONTAINER_BY_CGROUP] = "by the cgroup that the runtime recorded",
		[CONTAINER_BY_INIT] = "by its init process, which is there with its start time",
	};

	return texts[c->basis];
}

void explanation_answer(Explanation *e, const CgroupIdentity *id, const Container *c,
			bool confirmed)
{
	char outer[CGROUP_ID_MAX * 4];

	if (id->outer_runtime)
		add(e, "nested: the owner is the outermost, %s %s; what is inside is its claim",
		    id->outer_runtime, text_escape_to(span_of(id->outer_id), outer, sizeof(outer)));
	if (!id->container)
		add(e, "no container: %s", cgroup_kind_name(id->kind));
	else if (confirmed || (id->outer_runtime && c->confirmed))
		add(e, "confirmed: %s", basis_text(c));
	else
		add(e, "not confirmed: %s",
		    !c->runtime ? "no runtime's state has this id"
		    : c->basis != CONTAINER_UNCONFIRMED
			    ? "its entry alone is not enough for a process"
			    : basis_text(c));
}

void explanation_rules(Explanation *e, const WorkloadRules *rules, const WorkloadFacts *f)
{
	const WorkloadRule *found = workload_rules_find(rules, f);

	for (size_t i = 0; i < rules->n; i++) {
		const char *misses = workload_rule_misses(&rules->rows[i], f);

		if (misses)
			add(e, "section [workload %s]: %s= does not hold", rules->rows[i].name,
			    misses);
		if (&rules->rows[i] == found)
			return;
	}
}

static const char *name_rule(const WorkloadFacts *f, bool heuristic)
{
	const ContainerNames *n = f->names;

	switch (f->key->kind) {
	case SUBJECT_CONTAINER:
		break;
	case SUBJECT_UNIT:
		return "the unit, its instances as one";
	case SUBJECT_HOST:
		return "the executable of a host process";
	default:
		return "nobody";
	}
	if (!n)
		return "the id, as nothing confirms it";
	if (n->compose_project[0] && n->compose_service[0])
		return "compose project and service, from its labels";
	if (n->swarm_service[0])
		return "swarm service, from its labels";
	if (n->k8s_namespace[0] && n->k8s_pod[0])
		return heuristic ? "Kubernetes; what made the pod is a guess from its name"
				 : "Kubernetes namespace, what made the pod, and container";
	return workload_name_is_generated(n->name) ? "the image, as the name looks generated"
						   : "the container's name";
}

void explanation_name(Explanation *e, const WorkloadFacts *f, const WorkloadName *name)
{
	if (name->rule)
		add(e, "workload %s: section [workload %s], %s:%u", name->text, name->rule->name,
		    name->rule->file, name->rule->line);
	else
		add(e, "workload %s: %s", name->text, name_rule(f, name->heuristic));
}

void explanation_print(const Explanation *e)
{
	for (size_t i = 0; i < e->n; i++)
		printf("%3zu. %s\n", i + 1, e->steps[i]);
	if (e->dropped > 0)
		printf("     and %zu more %s\n", e->dropped,
		       text_plural(e->dropped, "step", "steps"));
}

void explanation_json(const Explanation *e, JsonLine *j)
{
	JsonLine *steps = json_line_array(j, "explain");

	for (size_t i = 0; i < e->n; i++)
		json_line_str(steps, NULL, e->steps[i]);
}
