/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any bytes as a profile, and every kind of patch of it: the result reads again, says what was
 * asked for, and the same patch once more changes nothing.
 */
#include <errno.h>

#include "audit/arch.h"
#include "profile/patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProfileContext context = { .host_arch = ARCH_WORD_X86_64 };

typedef int (*Op)(Span text, const Profile *p, Buffer *out);

static int add_rule(Span text, const Profile *p, Buffer *out)
{
	static const char *const names[] = { "zz_fuzz", "aa_fuzz" };
	static const ProfileArg args[] = { { .index = 2, .op = PROFILE_OP_MASKED_EQ, .value = 7 } };
	const PatchRule rule = { names, 2, ACTION_ERRNO, 38, args, 1 };

	return patch_add_rule(text, p, &rule, out);
}

static int remove_names(Span text, const Profile *p, Buffer *out)
{
	const char *names[2];
	size_t last = p->n_rules - 1, n;

	if (p->n_rules == 0 || p->rules[last].n_names == 0) {
		buffer_add(out, text);
		return buffer_error(out);
	}
	n = p->rules[last].n_names;
	names[0] = p->rules[last].names[0].text;
	names[1] = p->rules[last].names[n - 1].text;
	return patch_remove_names(text, p, last, names, 2, out);
}

static int set_default(Span text, const Profile *p, Buffer *out)
{
	return patch_set_default(text, p, ACTION_ERRNO, 38, out);
}

static int set_flags(Span text, const Profile *p, Buffer *out)
{
	static const char *const flags[] = { "SECCOMP_FILTER_FLAG_LOG" };

	return patch_set_flags(text, p, flags, 1, out);
}

static int add_arch(Span text, const Profile *p, Buffer *out)
{
	return patch_add_arch(text, p, ARCH_WORD_X32, out);
}

static Profile *patched(Op op, Span text, const Profile *p, Buffer *out)
{
	Profile *q = NULL;

	if (op(text, p, out) < 0)
		abort();
	if (out->n <= SCAN_SIZE_MAX &&
	    profile_read(buffer_span(out), p->dialect, &context, &q, NULL) < 0)
		abort();
	return q;
}

static void check(Op op, Span text, const Profile *p)
{
	_cleanup_(profile_freep) Profile *once = NULL;
	_cleanup_(profile_freep) Profile *twice = NULL;
	_cleanup_buffer_ Buffer first = BUFFER_NULL;
	_cleanup_buffer_ Buffer second = BUFFER_NULL;

	once = patched(op, text, p, &first);
	if (!once)
		return;
	if ((op == add_rule && once->n_rules < p->n_rules) ||
	    (op == set_default && once->default_action != ACTION_ERRNO) ||
	    (op == set_flags && !once->flag_log) ||
	    (op == add_arch && !profile_has_arch(once, ARCH_WORD_X32)))
		abort();
	if (op == remove_names)
		return; /* a further one would go */
	twice = patched(op, buffer_span(&first), once, &second);
	if (twice && !span_eq(buffer_span(&first), buffer_span(&second)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const Op ops[] = { add_rule, remove_names, set_default, set_flags, add_arch };
	Span text = span_make((const char *)data, size);

	for (unsigned i = 0; i < _DIALECT_JSON_MAX; i++) {
		_cleanup_(profile_freep) Profile *p = NULL;

		if (profile_read(text, (Dialect)i, &context, &p, NULL) < 0)
			continue;
		for (size_t k = 0; k < ELEMENTSOF(ops); k++)
			check(ops[k], text, p);
	}
	return 0;
}
