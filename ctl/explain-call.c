/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "audit/syscall-closest.h"
#include "ctl/explain-call.h"
#include "profile/json-line.h"
#include "seccompd/exit-codes.h"
#include "suggest/blocked-call.h"
#include "suggest/suggest.h"
#include "util/text.h"

/* Where a call is looked for: the first of these that has it gives its number. */
static const uint32_t arches[] = { ARCH_WORD_X86_64, ARCH_WORD_AARCH64, ARCH_WORD_I386 };

typedef struct Answer {
	const char *name;
	RiskFact risk;
	bool has_story;
	BlockedCall story;
	bool has_gates;
	DefaultGate docker, podman;
} Answer;

/* ---- is there such a call ---- */

bool explain_call_exists(const char *name)
{
	int64_t nr;

	if (risk_of(name).known)
		return true;
	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (syscall_number_seen(arches[i], name, &nr) == 0)
			return true;
	return false;
}

int explain_call_unknown(const char *verb, const char *name)
{
	char hint[SYSCALL_HINT_MAX];

	return ctl_fail(SECCOMPD_EXIT_USAGE, verb, "there is no system call \"%s\"%s", name,
			syscall_hint(name, hint));
}

static Answer ask(const Ctl *ctl, const char *name)
{
	Answer a = { .name = name, .risk = risk_settings_ask(ctl->risks, name) };

	a.has_story = blocked_call_of(name, &a.story) == 0;
	a.has_gates = default_gate_of(name, DIALECT_DOCKER, &a.docker) == 0 &&
		      default_gate_of(name, DIALECT_PODMAN, &a.podman) == 0;
	/* What both allow to everybody stands in no table of gates. */
	if (!a.has_gates && a.risk.by_default) {
		a.has_gates = true;
		a.docker.everybody = a.podman.everybody = true;
	}
	return a;
}

static const char *why_of(const Answer *a)
{
	return a->has_story ? a->story.why : a->risk.reason;
}

/* ---- for programs ---- */

static const char *gate_word(const DefaultGate *g)
{
	if (g->everybody)
		return "everybody";
	if (g->some_arguments)
		return "some-arguments";
	return g->capabilities != 0 ? "capability" : "nobody";
}

static void add_capabilities(JsonLine *j, const char *key, uint64_t set)
{
	JsonLine *list = json_line_array(j, key);

	for (unsigned i = 0; i < 64; i++)
		if (set >> i & 1)
			json_line_str(list, NULL, capability_name(i));
}

static void add_numbers(JsonLine *j, const char *name)
{
	JsonLine *o = json_line_object(j, "numbers");
	int64_t nr;

	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (syscall_number_seen(arches[i], name, &nr) == 0 && nr >= 0)
			json_line_int(o, arch_name(arches[i]), nr);
}

static int print_json(const Answer *a)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "syscall", a->name);
	add_numbers(j, a->name);
	json_line_str(j, "risk", risk_name(a->risk.risk));
	json_line_str(j, "why", why_of(a));
	json_line_str(j, "kernel", a->has_story ? a->story.kernel : NULL);
	add_capabilities(j, "kernel_capabilities", a->has_story ? a->story.capabilities : 0);
	json_line_str(j, "docker", a->has_gates ? gate_word(&a->docker) : NULL);
	add_capabilities(j, "docker_capabilities", a->docker.capabilities);
	json_line_str(j, "podman", a->has_gates ? gate_word(&a->podman) : NULL);
	add_capabilities(j, "podman_capabilities", a->podman.capabilities);
	json_line_str(j, "instead", a->has_story ? a->story.instead : NULL);
	json_line_bool(j, "gone", a->has_story && a->story.gone);
	return json_line_write(j, stdout);
}

/* ---- for people ---- */

static void print_gate(const char *engine, const DefaultGate *g)
{
	char names[96];

	capabilities_text(g->capabilities, " or ", names, sizeof(names));
	if (g->everybody)
		printf("%-8s its default profile allows it to every container\n", engine);
	else if (g->capabilities != 0)
		printf("%-8s its default profile allows it %sto containers with %s\n", engine,
		       g->some_arguments ? "for some arguments, and for all " : "", names);
	else
		printf("%-8s its default profile %s\n", engine,
		       g->some_arguments ? "allows it for some arguments only"
					 : "allows it to no container for a single capability");
}

static void print_text(const Answer *a)
{
	const char *why = why_of(a);

	printf("%s: %s risk%s\n", a->name, risk_name(a->risk.risk),
	       a->has_story && a->story.gone ? "; Linux has it no more" : "");
	if (why)
		printf("%-8s %s\n", "Why", why);
	if (a->has_story && a->story.kernel)
		printf("%-8s asks for %s\n", "Kernel", a->story.kernel);
	if (a->has_gates) {
		print_gate("Docker", &a->docker);
		print_gate("Podman", &a->podman);
	}
	if (a->has_story)
		printf("%-8s %s\n", "Instead", a->story.instead);
	else if (!why)
		printf("%-8s nothing speaks against allowing it\n", "Instead");
}

int explain_call(const Ctl *ctl, const char *verb, const char *name, bool json)
{
	Answer a;

	if (!explain_call_exists(name))
		return explain_call_unknown(verb, name);
	a = ask(ctl, name);
	if (!json) {
		print_text(&a);
		return SECCOMPD_EXIT_OK;
	}
	return print_json(&a) == -ENOMEM ? ctl_fail_memory(verb) : SECCOMPD_EXIT_OK;
}
