/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <sys/utsname.h>

#include "ctl/context.h"
#include "ctl/runtime-version.h"
#include "profile/filter.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

/* As Docker takes them: with or without CAP_, or ALL. */
static int parse_capability(const char *verb, const char *arg, uint64_t *set)
{
	char name[64];
	unsigned capability;

	if (strcmp(arg, "ALL") == 0 || strcmp(arg, "all") == 0) {
		*set = UINT64_MAX;
		return 0;
	}
	snprintf(name, sizeof(name), "%s%s", strncmp(arg, "CAP_", 4) == 0 ? "" : "CAP_", arg);
	if (capability_from_name(span_of(name), &capability) < 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, verb,
				"\"%s\" is no capability; capabilities(7) lists them", arg);
	*set |= 1ULL << capability;
	return 0;
}

int context_option(const char *verb, int c, const char *arg, ContextOptions *o)
{
	switch (c) {
	case 'F':
		o->has_dialect = true;
		if (dialect_from_name(span_of(arg), &o->dialect) == 0)
			return 0;
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, verb,
			"--for takes docker, podman, oci, kubernetes, spo or systemd, not \"%s\"",
			arg);
	case 'A':
		return parse_capability(verb, arg, &o->cap_add);
	case 'D':
		return parse_capability(verb, arg, &o->cap_drop);
	case 'K':
		if (context_parse_version(span_of(arg), &o->kernel) == 0)
			return 0;
		return ctl_fail(SECCOMPD_EXIT_USAGE, verb,
				"--kernel takes a version such as 6.1, not \"%s\"", arg);
	case 'R':
		o->has_runtime = true;
		if (runtime_from_name(span_of(arg), &o->runtime) == 0)
			return 0;
		return ctl_fail(SECCOMPD_EXIT_USAGE, verb,
				"--runtime takes runc or crun, not \"%s\"", arg);
	default:
		return -1;
	}
}

static uint32_t running_kernel(void)
{
	struct utsname u;
	uint32_t version = 0;

	if (uname(&u) == 0)
		(void)context_parse_version(span_of(u.release), &version);
	return version;
}

/* As the distributions ship them: Podman with crun, the others with runc. */
static Runtime usual_runtime(Dialect d)
{
	if (d == DIALECT_SYSTEMD)
		return RUNTIME_SYSTEMD;
	return d == DIALECT_PODMAN ? RUNTIME_CRUN : RUNTIME_RUNC;
}

static void describe_capabilities(const ContextOptions *o, Dialect d, const Instance *i, char *buf,
				  size_t size)
{
	const char *changed =
		o->cap_add | o->cap_drop ? ", changed by --cap-add and --cap-drop" : "";
	char name[96];

	if (d == DIALECT_SYSTEMD)
		snprintf(buf, size, "without effect");
	else if (i && i->has_capabilities)
		snprintf(buf, size, "of the container %s%s%s",
			 text_escape_to(span_of(i->name), name, sizeof(name)),
			 i->ended ? ", which has ended" : "", changed);
	else
		snprintf(buf, size, "assumed: %s%s%s", d == DIALECT_OCI ? "" : dialect_name(d),
			 d == DIALECT_OCI ? "the engines' default" : "'s default", changed);
}

ProfileContext context_of_host(const ContextOptions *o, Dialect dialect, const Instance *i)
{
	ProfileContext c = context_default(dialect, filter_native_arch());

	if (i && i->has_capabilities)
		c.capabilities = i->capabilities;
	c.capabilities = (c.capabilities | o->cap_add) & ~o->cap_drop;
	c.kernel = o->kernel ? o->kernel : running_kernel();
	c.runtime = usual_runtime(dialect);
	if (i && i->oci_runtime)
		(void)runtime_from_name(span_of(i->oci_runtime), &c.runtime);
	if (o->has_runtime)
		c.runtime = o->runtime;
	return c;
}

ProfileContext context_of_instance(const ContextOptions *o, Dialect dialect, const Instance *i,
				   RuntimeFacts *ret_facts)
{
	ProfileContext c = context_of_host(o, dialect, i);

	*ret_facts = (RuntimeFacts){ 0 };
	describe_capabilities(o, dialect, i, ret_facts->capabilities,
			      sizeof(ret_facts->capabilities));
	runtime_ask(c.runtime, ret_facts);
	c.runtime_version = ret_facts->version;
	return c;
}

ProfileContext context_of(const ContextOptions *o, Dialect dialect, RuntimeFacts *ret_facts)
{
	return context_of_instance(o, dialect, NULL, ret_facts);
}

Dialect context_dialect(const ContextOptions *o, const char *engine)
{
	Dialect d;

	if (o->has_dialect)
		return o->dialect;
	return engine && dialect_from_name(span_of(engine), &d) == 0 ? d : DIALECT_OCI;
}

Dialect context_dialect_of(const ContextOptions *o, const Workload *w)
{
	return context_dialect(o, w->dialect && w->dialect[0] ? w->dialect : w->runtime);
}
