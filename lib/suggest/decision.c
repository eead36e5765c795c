/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall-closest.h"
#include "profile/profile.h"
#include "profile/word.h"
#include "suggest/arch-gap.h"
#include "suggest/decision.h"
#include "suggest/risk-settings.h"
#include "util/text.h"

const Decision *decision_find(const Decisions *d, uint32_t arch, const char *name)
{
	const Decision *found = NULL;

	for (size_t i = 0; d && name && i < d->n; i++) {
		const Decision *one = &d->items[i];

		if (one->expired || strcmp(one->syscall, name) != 0)
			continue;
		if (one->arch == arch)
			return one;
		if (one->arch == 0)
			found = one;
	}
	return found;
}

/* ---- which call ---- */

/* Where a call is made directly and through socketcall or ipc, libseccomp gives no number. */
static bool is_there(uint32_t arch, const char *name)
{
	int64_t nr;

	return syscall_number_seen(arch, name, &nr) == 0 ||
	       (arch_has_multiplexer(arch) && arch_multiplexes(name));
}

int decision_parse_call(Span word, char name[static SYSCALL_NAME_MAX], uint32_t *ret_arch, Diag *d)
{
	Span rest = word, call;
	char hint[SYSCALL_HINT_MAX];
	uint32_t arch = 0;

	span_split(&rest, ':', &call);
	if (call.n == 0 || !span_copy(call, name, SYSCALL_NAME_MAX))
		return diag_set(d, -EINVAL, "there is no system call \"%.*s\"",
				(int)MIN(call.n, (size_t)64), call.p ?: "");
	if (!risk_knows_call(name))
		return diag_set(d, -EINVAL, "there is no system call \"%s\"%s", name,
				syscall_hint(name, hint));
	if (rest.p && arch_from_name(rest, &arch) < 0)
		return diag_set(d, -EINVAL,
				"%.*s is no architecture; x86_64, i386, x32 and aarch64 are some",
				(int)MIN(rest.n, (size_t)64), rest.p);
	if (rest.p && !is_there(arch, name))
		return diag_set(d, -EINVAL, "there is no system call %s on %s", name,
				arch_name(arch));
	*ret_arch = arch;
	return 0;
}

char *decision_format_call(const char *name, uint32_t arch, char buf[static DECISION_CALL_MAX])
{
	snprintf(buf, DECISION_CALL_MAX, "%s%s%s", name, arch ? ":" : "",
		 arch ? arch_name(arch) : "");
	return buf;
}

/* ---- how ---- */

static const char *const answer_names[_DECISION_ANSWER_MAX] = {
	[DECISION_ALLOW] = "allow",
	[DECISION_DENY] = "deny",
	[DECISION_ERRNO] = "errno",
	[DECISION_IGNORE] = "ignore",
};

const char *decision_answer_name(DecisionAnswer answer)
{
	return (unsigned)answer < _DECISION_ANSWER_MAX ? answer_names[answer] : "?";
}

static int parse_errno(Span word, uint32_t *ret, Diag *d)
{
	uint32_t value;

	if (word_errno(word, &value) < 0 || value == 0 || value > PROFILE_ERRNO_MAX)
		return diag_set(d, -EINVAL,
				"errno=%.*s is no error: a name such as EPERM or ENOSYS is needed",
				(int)MIN(word.n, (size_t)64), word.p);
	*ret = value;
	return 0;
}

int decision_parse_answer(Span word, DecisionAnswer *ret, uint32_t *ret_errno, Diag *d)
{
	Span value = word;
	int r;

	*ret_errno = 0;
	if (span_skip(&value, SPAN_LIT("errno="))) {
		r = parse_errno(value, ret_errno, d);
		if (r == 0)
			*ret = DECISION_ERRNO;
		return r;
	}
	for (unsigned i = 0; i < _DECISION_ANSWER_MAX; i++)
		if (i != DECISION_ERRNO && span_is(word, answer_names[i])) {
			*ret = (DecisionAnswer)i;
			return 0;
		}
	return diag_set(d, -EINVAL,
			"%.*s is no decision: allow, deny, errno=NAME or ignore is needed",
			(int)MIN(word.n, (size_t)64), word.p ?: "");
}

char *decision_format_answer(DecisionAnswer answer, uint32_t errno_ret,
			     char buf[static DECISION_ANSWER_TEXT_MAX])
{
	const char *name = strerrorname_np((int)errno_ret);

	if (answer != DECISION_ERRNO)
		snprintf(buf, DECISION_ANSWER_TEXT_MAX, "%s", decision_answer_name(answer));
	else if (name)
		snprintf(buf, DECISION_ANSWER_TEXT_MAX, "errno=%s", name);
	else
		snprintf(buf, DECISION_ANSWER_TEXT_MAX, "errno=%u", errno_ret);
	return buf;
}

char *decision_tell(const Decision *d, char *buf, size_t size)
{
	char user[128], why[4 * DECISION_WHY_MAX + 1];

	snprintf(buf, size, "decided%s%s: %s", d->user[0] ? " by " : "",
		 text_escape_to(span_of(d->user), user, sizeof(user)),
		 text_escape_to(span_of(d->why), why, sizeof(why)));
	return buf;
}
