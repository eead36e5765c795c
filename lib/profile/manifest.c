/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "profile/manifest.h"
#include "util/text.h"

#define ARGS_MAX 6

/* Each in double quotes, where YAML has no surprises (no, 1e3, null, a colon). */
static void put_string(Buffer *out, Span s)
{
	uint32_t c = 0;

	buffer_add_char(out, '"');
	while (s.n > 0) {
		size_t n = text_utf8_decode(s, &c);

		if (n == 0)
			c = (unsigned char)s.p[0];
		if (c == '"' || c == '\\')
			buffer_printf(out, "\\%c", (char)c);
		else if (c >= 0x20 && c < 0x7f)
			buffer_add_char(out, (char)c);
		else
			buffer_printf(out, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
		s = span_from(s, MAX(n, (size_t)1));
	}
	buffer_add_char(out, '"');
}

/* "KEY: "VALUE"" on a line of its own; @lead is what stands before it. */
static void put_member(Buffer *out, const char *lead, const char *key, const char *value)
{
	buffer_printf(out, "%s%s: ", lead, key);
	put_string(out, span_of(value));
	buffer_add_char(out, '\n');
}

static void put_item(Buffer *out, const char *lead, const char *value)
{
	buffer_printf(out, "%s- ", lead);
	put_string(out, span_of(value));
	buffer_add_char(out, '\n');
}

static bool operator_knows(const char *arch)
{
	/* api/seccompprofile of the operator; SCMP_ARCH_NATIVE besides */
	static const char *const names[] = {
		"X86",       "X86_64", "X32",      "ARM",         "AARCH64", "MIPS",  "MIPS64",
		"MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32", "PPC",     "PPC64", "PPC64LE",
		"S390",      "S390X",  "PARISC",   "PARISC64",    "RISCV64",
	};

	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		if (arch && strcmp(arch + strlen("SCMP_ARCH_"), names[i]) == 0)
			return true;
	return false;
}

/* A rule that libseccomp is given, for names. */
static bool is_effective(const ProfileRule *r)
{
	return !r->gate.closed && r->n_names > 0;
}

static bool is_denial(Action a)
{
	return a == ACTION_ERRNO || a == ACTION_TRACE;
}

static int refuse(const ProfileRule *r, const char *what, Diag *d)
{
	return diag_set_at(d, -ENOTSUP, r->line, 0, "a SeccompProfile cannot say this rule: %s",
			   what);
}

static int check_rule(const ProfileRule *r, Diag *d)
{
	if (r->action == ACTION_USER_NOTIF)
		return refuse(r, "SCMP_ACT_NOTIFY needs a listener, which is the operator's", d);
	if (is_denial(r->action) && r->data == 0)
		return refuse(r, "an errnoRet of 0 counts as none there", d);
	if (r->n_args > ARGS_MAX)
		return refuse(r, "it has more than six conditions on arguments", d);
	for (size_t i = 0; i < r->n_args; i++)
		if (r->args[i].value > INT64_MAX || r->args[i].value_two > INT64_MAX)
			return refuse(r, "a value of an argument is beyond 63 bits", d);
	return 0;
}

static int check(const Profile *p, Diag *d)
{
	int r = 0;

	if (p->has_listener)
		return diag_set(d, -ENOTSUP,
				"a SeccompProfile cannot say listenerPath: only sockets of the "
				"operator's own are taken");
	for (size_t i = 0; i < p->n_arches; i++)
		if (!operator_knows(arch_scmp_name(p->arches[i])))
			return diag_set(d, -ENOTSUP,
					"a SeccompProfile cannot say the architecture %s: the "
					"operator does not know it",
					arch_scmp_name(p->arches[i]) ?: arch_name(p->arches[i]));
	for (size_t i = 0; r == 0 && i < p->n_rules; i++)
		if (is_effective(&p->rules[i]))
			r = check_rule(&p->rules[i], d);
	return r;
}

/* What the manifest leaves unsaid. */
static void put_comments(const Profile *p, const char *workload, Buffer *out)
{
	size_t closed = 0, nameless = 0;

	for (size_t i = 0; i < p->n_rules; i++) {
		closed += p->rules[i].gate.closed;
		nameless += !p->rules[i].gate.closed && p->rules[i].n_names == 0;
	}
	buffer_add_str(out, "# The rules in effect for ");
	text_escape(out, span_of(workload));
	buffer_printf(out, ", read for %s.\n", dialect_name(p->dialect));
	if (is_denial(p->default_action) && p->default_data != EPERM)
		buffer_printf(
			out,
			"# Not the same: a call that no rule names gets errno %u by the file, "
			"and %d (EPERM) here;\n"
			"# programs that fall back on ENOSYS alone do not fall back. A "
			"SeccompProfile has no defaultErrnoRet.\n",
			p->default_data, EPERM);
	if (closed > 0)
		buffer_printf(
			out,
			"# Left out, as their conditions (capabilities, architecture, kernel) "
			"do not hold for it: %zu of %zu rules.\n",
			closed, p->n_rules);
	if (nameless > 0)
		buffer_printf(out, "# Left out, as they name no call: %zu of %zu rules.\n",
			      nameless, p->n_rules);
	if (p->has_flags && !p->flag_log && !p->flag_spec_allow && !p->flag_tsync)
		buffer_add_str(out,
			       "# Not the same: the empty list of flags is none at all here.\n");
}

typedef struct Name {
	const char *text;
	size_t at;
} Name;

static int compare_names(const void *a, const void *b)
{
	const Name *x = a, *y = b;
	int r = strcmp(x->text, y->text);

	return r ?: (x->at > y->at) - (x->at < y->at);
}

/* The operator refuses a list that has a name twice. */
static int put_names(const ProfileRule *r, Buffer *out)
{
	_cleanup_free_ Name *names = calloc(r->n_names + 1, sizeof(*names));
	_cleanup_free_ bool *again = calloc(r->n_names + 1, sizeof(*again));

	if (!names || !again)
		return -ENOMEM;
	for (size_t i = 0; i < r->n_names; i++)
		names[i] = (Name){ r->names[i].text, i };
	qsort(names, r->n_names, sizeof(*names), compare_names);
	for (size_t i = 1; i < r->n_names; i++)
		again[names[i].at] = strcmp(names[i - 1].text, names[i].text) == 0;
	buffer_add_str(out, "      names:\n");
	for (size_t i = 0; i < r->n_names; i++)
		if (!again[i])
			put_item(out, "        ", r->names[i].text);
	return 0;
}

static void put_args(const ProfileRule *r, Buffer *out)
{
	if (r->n_args > 0)
		buffer_add_str(out, "      args:\n");
	for (size_t i = 0; i < r->n_args; i++) {
		const ProfileArg *a = &r->args[i];

		buffer_printf(out, "        - index: %u\n", a->index);
		put_member(out, "          ", "op", profile_op_name(a->op));
		buffer_printf(out, "          value: %" PRIu64 "\n", a->value);
		if (a->value_two != 0)
			buffer_printf(out, "          valueTwo: %" PRIu64 "\n", a->value_two);
	}
}

static int put_rule(const ProfileRule *r, Buffer *out)
{
	int n;

	put_member(out, "    - ", "action", action_name(r->action));
	if (is_denial(r->action))
		buffer_printf(out, "      errnoRet: %u\n", r->data);
	n = put_names(r, out);
	put_args(r, out);
	return n;
}

static void put_head(const Profile *p, Buffer *out)
{
	const struct {
		const char *name;
		bool set;
	} flags[] = {
		{ "SECCOMP_FILTER_FLAG_LOG", p->flag_log },
		{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", p->flag_spec_allow },
		{ "SECCOMP_FILTER_FLAG_TSYNC", p->flag_tsync },
	};
	const char *title = "  flags:\n";

	put_member(out, "  ", "defaultAction", action_name(p->default_action));
	if (p->n_arches > 0)
		buffer_add_str(out, "  architectures:\n");
	for (size_t i = 0; i < p->n_arches; i++)
		put_item(out, "    ", arch_scmp_name(p->arches[i]));
	for (size_t i = 0; i < ELEMENTSOF(flags); i++)
		if (flags[i].set) {
			buffer_add_str(out, title);
			put_item(out, "    ", flags[i].name);
			title = "";
		}
}

static int put_rules(const Profile *p, Buffer *out)
{
	const char *title = "  syscalls:\n";
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n_rules; i++) {
		if (!is_effective(&p->rules[i]))
			continue;
		buffer_add_str(out, title);
		title = "";
		r = put_rule(&p->rules[i], out);
	}
	return r;
}

int manifest_write(const Profile *p, const char *workload, const char *name, Buffer *out, Diag *d)
{
	char label[MANIFEST_NAME_SIZE];
	int r;

	r = check(p, d);
	if (r == 0)
		r = manifest_name(workload, label);
	if (r < 0)
		return r;
	put_comments(p, workload, out);
	buffer_add_str(out, "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n"
			    "kind: SeccompProfile\n"
			    "metadata:\n");
	put_member(out, "  ", "name", name ?: label);
	buffer_add_str(out, "spec:\n");
	put_head(p, out);
	r = put_rules(p, out);
	return r < 0 ? r : buffer_error(out);
}
