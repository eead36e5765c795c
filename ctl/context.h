/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The options of all verbs that read profiles: who reads it, and in which context. */
#include <getopt.h>

#include "ctl/instances.h"
#include "profile/context.h"
#include "suggest/workload-lookup.h"

typedef struct ContextOptions {
	bool has_dialect, has_runtime;
	Dialect dialect;
	Runtime runtime;
	uint64_t cap_add, cap_drop;
	uint32_t kernel; /* 0: the running one */
} ContextOptions;

#define CONTEXT_OPTION_LIST                                                                   \
	{ "for", required_argument, NULL, 'F' }, { "cap-add", required_argument, NULL, 'A' }, \
		{ "cap-drop", required_argument, NULL, 'D' },                                 \
		{ "kernel", required_argument, NULL, 'K' },                                   \
	{                                                                                     \
		"runtime", required_argument, NULL, 'R'                                       \
	}

#define CONTEXT_OPTION_HELP                                                             \
	"  --cap-add NAME  The container has this capability too (repeat it; or ALL)\n" \
	"  --cap-drop NAME The container lacks this capability\n"                       \
	"  --kernel VER    The host's kernel, such as 6.1 (default: the running one)\n" \
	"  --runtime NAME  runc or crun (default: the one that the dialect's engine uses)\n"

/* Takes one of these options, as ctl_getopt() found it. 0, or an exit code after a complaint; -1
 * when @c is none of them. */
int context_option(const char *verb, int c, const char *arg, ContextOptions *o);

/* What the host's own runtime says of itself ("runc --version"). */
typedef struct RuntimeFacts {
	uint32_t version;       /* 0: not known */
	char libseccomp[16];    /* "": not known */
	char capabilities[160]; /* whose they are, for people: "of the container web" */
} RuntimeFacts;

/* The context for @dialect: the options first, then what this host has. */
ProfileContext context_of(const ContextOptions *o, Dialect dialect, RuntimeFacts *ret_facts);

/* The same for what runs: its own capabilities and runtime, where its state tells them; the options
 * still come first. @i may be NULL. */
ProfileContext context_of_instance(const ContextOptions *o, Dialect dialect, const Instance *i,
				   RuntimeFacts *ret_facts);

/* The same without running anything to ask for versions. */
ProfileContext context_of_host(const ContextOptions *o, Dialect dialect, const Instance *i);

/* What was asked for, else what reads the profiles of @engine ("docker", "containerd"...), else
 * what every runtime understands. */
Dialect context_dialect(const ContextOptions *o, const char *engine);

/* The same of a workload: that of its profile, else of its runtime. */
Dialect context_dialect_of(const ContextOptions *o, const Workload *w);
