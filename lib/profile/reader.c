/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>

#include "profile/reader.h"
#include "profile/word.h"

int reader_fail(const ProfileReader *r, const ScanNode *node, const char *fmt, ...)
{
	char sentence[DIAG_TEXT_MAX];
	unsigned line, column;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	scan_place(r->scan->text, node->key_end ? node->key_begin : node->begin, &line, &column);
	return diag_set_at(r->diag, -EBADMSG, line, column, "%s", sentence);
}

unsigned reader_line(ProfileReader *r, const ScanNode *node, unsigned *ret_column)
{
	const char *p = r->scan->text.p;

	if (node->begin < r->place_at || r->place_line == 0) {
		r->place_at = r->place_begin = 0;
		r->place_line = 1;
	}
	for (; r->place_at < node->begin; r->place_at++)
		if (p[r->place_at] == '\n') {
			r->place_line++;
			r->place_begin = r->place_at + 1;
		}
	if (ret_column)
		*ret_column = (unsigned)(node->begin - r->place_begin) + 1;
	return r->place_line;
}

int reader_check_keys(const ProfileReader *r, const ScanNode *object, const char *const *known)
{
	SCAN_EACH(r->scan, object, child)
	{
		Span key = scan_key(r->scan, child);

		for (size_t i = 0; known[i]; i++)
			if (scan_key_resembles(key, known[i]))
				return reader_fail(
					r, child,
					"the key \"%.*s\" must be written \"%s\": Docker "
					"and runc would take it, crun would not",
					(int)key.n, key.p, known[i]);
	}
	return 0;
}

int reader_member(const ProfileReader *r, const ScanNode *object, const char *key, ScanKind kind,
		  const ScanNode **ret)
{
	const ScanNode *node = scan_member(r->scan, object, key);

	if (node && node->kind == SCAN_NULL)
		node = NULL;
	if (node && node->kind != kind)
		return reader_fail(r, node, "\"%s\" must be %s, not %s", key, scan_kind_name(kind),
				   scan_kind_name(node->kind));
	*ret = node;
	return 0;
}

int reader_string(const ProfileReader *r, const ScanNode *node, const char *what, char **ret)
{
	int n = scan_string(r->scan, node, ret);

	if (n == -EINVAL)
		return reader_fail(r, node, "%s must be a string, not %s", what,
				   node->kind == SCAN_STRING ? "one with a NUL in it"
							     : scan_kind_name(node->kind));
	return n;
}

static int action_of_name(const char *name, Action *ret)
{
	/* As OCI spells them; SCMP_ACT_KILL is the old name of KILL_THREAD. */
	static const struct {
		const char *name;
		Action action;
	} names[] = {
		{ "SCMP_ACT_ALLOW", ACTION_ALLOW },
		{ "SCMP_ACT_LOG", ACTION_LOG },
		{ "SCMP_ACT_ERRNO", ACTION_ERRNO },
		{ "SCMP_ACT_KILL", ACTION_KILL_THREAD },
		{ "SCMP_ACT_KILL_THREAD", ACTION_KILL_THREAD },
		{ "SCMP_ACT_KILL_PROCESS", ACTION_KILL_PROCESS },
		{ "SCMP_ACT_TRAP", ACTION_TRAP },
		{ "SCMP_ACT_TRACE", ACTION_TRACE },
		{ "SCMP_ACT_NOTIFY", ACTION_USER_NOTIF },
	};

	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		if (strcmp(names[i].name, name) == 0) {
			*ret = names[i].action;
			return 0;
		}
	return -EINVAL;
}

/* containers/common: errno, a name or a decimal string, beats errnoRet. 0 when it set *ret. */
static int data_of_errno(const ProfileReader *r, const ScanNode *object, const char *key,
			 uint32_t *ret)
{
	_cleanup_free_ char *name = NULL;
	const ScanNode *node;
	int n;

	if (r->profile->dialect != DIALECT_PODMAN)
		return -ENOENT;
	n = reader_member(r, object, key, SCAN_STRING, &node);
	if (n < 0)
		return n;
	if (!node)
		return -ENOENT;
	n = reader_string(r, node, key, &name);
	if (n < 0)
		return n;
	if (!*name)
		return -ENOENT;
	if (word_errno(span_of(name), ret) < 0 || *ret > PROFILE_ERRNO_MAX)
		return reader_fail(r, node, "\"%s\" is no errno name or number: \"%s\"", key, name);
	return 0;
}

static int data_of_number(const ProfileReader *r, const ScanNode *object, const char *key,
			  uint32_t *ret)
{
	const ScanNode *node;
	uint64_t value;
	int n;

	n = reader_member(r, object, key, SCAN_NUMBER, &node);
	if (n < 0 || !node)
		return n;
	if (scan_u64(r->scan, node, &value) < 0 || value > PROFILE_ERRNO_MAX)
		return reader_fail(r, node, "\"%s\" must be a whole number from 0 to %d", key,
				   PROFILE_ERRNO_MAX);
	*ret = (uint32_t)value;
	return 0;
}

int reader_action(const ProfileReader *r, const ScanNode *object, const char *action_key,
		  const char *ret_key, const char *errno_key, Action *ret, uint32_t *ret_data)
{
	_cleanup_free_ char *name = NULL;
	const ScanNode *node;
	uint32_t data = EPERM; /* what runc and crun answer without errnoRet */
	int n;

	n = reader_member(r, object, action_key, SCAN_STRING, &node);
	if (n < 0)
		return n;
	if (!node)
		return reader_fail(r, object, "there is no \"%s\" here", action_key);
	n = reader_string(r, node, action_key, &name);
	if (n < 0)
		return n;
	if (action_of_name(name, ret) < 0)
		return reader_fail(r, node, "\"%s\" is no seccomp action that runtimes know", name);
	n = ret_key ? data_of_number(r, object, ret_key, &data) : 0;
	if (n < 0)
		return n;
	if (r->profile->dialect == DIALECT_SPO && data == 0)
		data = EPERM; /* the operator leaves a 0 out when it writes the file */
	n = data_of_errno(r, object, errno_key, &data);
	if (n < 0 && n != -ENOENT)
		return n;
	/* runc takes and ignores errno values beside other actions, crun refuses them. */
	*ret_data = *ret == ACTION_ERRNO || *ret == ACTION_TRACE ? data : 0;
	return 0;
}
