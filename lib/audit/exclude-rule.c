/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/audit.h>

#include "audit/exclude-rule.h"
#include "util/text.h"

#define TYPE_SECCOMP 1326

typedef struct Rule {
	struct audit_rule_data head;
	Span strings; /* of the fields that have one, one behind the other */
} Rule;

static int read_rule(Span bytes, Rule *ret)
{
	Rule r;

	if (bytes.n < sizeof(r.head))
		return -EBADMSG;
	memcpy(&r.head, bytes.p, sizeof(r.head));
	r.strings = span_from(bytes, sizeof(r.head));
	if (r.head.field_count > AUDIT_MAX_FIELDS || r.head.buflen > r.strings.n)
		return -EBADMSG;
	r.strings = span_first(r.strings, r.head.buflen);
	*ret = r;
	return 0;
}

static uint32_t list_of(const Rule *r)
{
	return r->head.flags & ~(uint32_t)AUDIT_FILTER_PREPEND;
}

/* audit_comparator() of the kernel, for the type of a record. */
static bool type_fits(uint32_t op, uint32_t value)
{
	const uint32_t type = TYPE_SECCOMP;

	switch (op & AUDIT_OPERATORS) {
	case AUDIT_EQUAL:
		return type == value;
	case AUDIT_NOT_EQUAL:
		return type != value;
	case AUDIT_LESS_THAN:
		return type < value;
	case AUDIT_LESS_THAN_OR_EQUAL:
		return type <= value;
	case AUDIT_GREATER_THAN:
		return type > value;
	case AUDIT_GREATER_THAN_OR_EQUAL:
		return type >= value;
	case AUDIT_BIT_MASK:
		return type & value;
	case AUDIT_BIT_TEST:
		return (type & value) == value;
	default:
		return false;
	}
}

int exclude_rule_judge(Span bytes, ExcludeReach *ret)
{
	ExcludeReach reach = EXCLUDE_ALL;
	Rule r;

	if (read_rule(bytes, &r) < 0)
		return -EBADMSG;
	if (list_of(&r) != AUDIT_FILTER_EXCLUDE || r.head.field_count == 0)
		reach = EXCLUDE_NONE;
	for (uint32_t i = 0; reach != EXCLUDE_NONE && i < r.head.field_count; i++) {
		if (r.head.fields[i] == AUDIT_FILTERKEY)
			continue;
		if (r.head.fields[i] != AUDIT_MSGTYPE)
			reach = EXCLUDE_SOME;
		else if (!type_fits(r.head.fieldflags[i], r.head.values[i]))
			reach = EXCLUDE_NONE;
	}
	*ret = reach;
	return 0;
}

/* What the kernel looks at in this list. */
static const struct {
	uint32_t field;
	const char *name;
	bool is_text;
} fields[] = {
	{ AUDIT_PID, "pid", false },
	{ AUDIT_UID, "uid", false },
	{ AUDIT_GID, "gid", false },
	{ AUDIT_LOGINUID, "auid", false },
	{ AUDIT_MSGTYPE, "msgtype", false },
	{ AUDIT_SUBJ_USER, "subj_user", true },
	{ AUDIT_SUBJ_ROLE, "subj_role", true },
	{ AUDIT_SUBJ_TYPE, "subj_type", true },
	{ AUDIT_SUBJ_SEN, "subj_sen", true },
	{ AUDIT_SUBJ_CLR, "subj_clr", true },
	{ AUDIT_EXE, "exe", true },
	{ AUDIT_FILTERKEY, "key", true },
};

static const struct {
	uint32_t op;
	const char *sign;
} operators[] = {
	{ AUDIT_EQUAL, "=" },        { AUDIT_NOT_EQUAL, "!=" },
	{ AUDIT_LESS_THAN, "<" },    { AUDIT_LESS_THAN_OR_EQUAL, "<=" },
	{ AUDIT_GREATER_THAN, ">" }, { AUDIT_GREATER_THAN_OR_EQUAL, ">=" },
	{ AUDIT_BIT_MASK, "&" },     { AUDIT_BIT_TEST, "&=" },
};

static const char *sign_of(uint32_t flags)
{
	for (size_t i = 0; i < ELEMENTSOF(operators); i++)
		if (operators[i].op == (flags & AUDIT_OPERATORS))
			return operators[i].sign;
	return NULL;
}

static int write_value(Rule *r, uint32_t i, bool is_text, Buffer *word)
{
	uint32_t value = r->head.values[i];

	if (!is_text) {
		buffer_printf(word, "%u", value);
		return 0;
	}
	if (value > r->strings.n)
		return -EBADMSG;
	buffer_add(word, span_first(r->strings, value));
	r->strings = span_from(r->strings, value);
	return 0;
}

static int write_field(Rule *r, uint32_t i, Buffer *out)
{
	_cleanup_buffer_ Buffer word = BUFFER_NULL;
	const char *sign = sign_of(r->head.fieldflags[i]);
	int q = -EOPNOTSUPP;

	for (size_t k = 0; sign && k < ELEMENTSOF(fields); k++)
		if (fields[k].field == r->head.fields[i]) {
			buffer_printf(&word, "%s%s", fields[k].name, sign);
			q = write_value(r, i, fields[k].is_text, &word);
		}
	if (q == 0)
		q = buffer_error(&word);
	if (q < 0)
		return q;
	buffer_add_str(out, " -F ");
	text_shell_word(out, buffer_span(&word));
	return 0;
}

int exclude_rule_deletion(Span bytes, Buffer *out)
{
	Rule r;
	int q;

	if (read_rule(bytes, &r) < 0)
		return -EBADMSG;
	buffer_printf(out, "auditctl -d %s,exclude",
		      r.head.action == AUDIT_NEVER ? "never" : "always");
	for (uint32_t i = 0; i < r.head.field_count; i++) {
		q = write_field(&r, i, out);
		if (q < 0)
			return q;
	}
	return buffer_error(out);
}
