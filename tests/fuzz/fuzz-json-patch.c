/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any bytes as a profile and changes of it, or (behind a NUL) as two documents: the JSON Patch
 * makes the one of the other, and applies to nothing else.
 */
#include <errno.h>

#include "audit/arch.h"
#include "profile/json-patch.h"
#include "profile/patch.h"
#include "tests/unit/json-patch-eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProfileContext context = { .host_arch = ARCH_WORD_X86_64 };

/* json-c ends a key at a NUL. */
static bool has_nul(Span text)
{
	return span_find(text, SPAN_LIT("\\u0000")) >= 0;
}

static void check(Span before, Span after)
{
	_cleanup_buffer_ Buffer patch = BUFFER_NULL;
	struct json_object *doc, *wanted;
	int r;

	r = json_patch_make(before, after, "", &patch, NULL);
	if (r == -EBADMSG || r == -ENOMEM || r == -E2BIG || r == -EFBIG)
		return;
	if (r != 0)
		abort();
	if (has_nul(before) || has_nul(after))
		return;
	doc = eval_parse(before);
	wanted = eval_parse(after);
	/* A patch of a document's root replaces it whole, which the evaluator does not. */
	if (json_object_get_type(doc) != json_object_get_type(wanted) ||
	    (!json_object_is_type(doc, json_type_object) &&
	     !json_object_is_type(doc, json_type_array)))
		goto finish;
	if (!eval_patch(doc, buffer_span(&patch)) || !json_object_equal(doc, wanted))
		abort();
	/* Now it is another document, and the patch is none of it. */
	if (!span_is(buffer_span(&patch), "[]\n") && eval_patch(doc, buffer_span(&patch)))
		abort();
finish:
	json_object_put(doc);
	json_object_put(wanted);
}

static void check_changes(Span text, const Profile *p)
{
	static const char *const names[] = { "zz_fuzz", "aa_fuzz", "mm_fuzz" };
	static const ProfileArg args[] = { { .index = 2, .op = PROFILE_OP_MASKED_EQ, .value = 7 } };
	static const PatchRule rule = { names, 2, ACTION_ERRNO, 38, args, 1 };
	const char *first;

	for (unsigned i = 0; i < 5; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		int r = -ENOENT;

		if (i == 0 && patch_target(p))
			r = patch_add_names(text, p, names, ELEMENTSOF(names), &b);
		else if (i == 1)
			r = patch_add_rule(text, p, &rule, &b);
		else if (i == 2 && p->n_rules > 0 && p->rules[0].n_names > 0) {
			first = p->rules[0].names[0].text;
			r = patch_remove_names(text, p, 0, &first, 1, &b);
		} else if (i == 3)
			r = patch_set_default(text, p, ACTION_ERRNO, 38, &b);
		else if (i == 4)
			r = patch_add_arch(text, p, ARCH_WORD_X32, &b);
		if (r == 0)
			check(text, buffer_span(&b));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = span_make((const char *)data, size);
	const char *nul = size > 0 ? memchr(data, 0, size) : NULL;

	if (nul) {
		check(span_first(text, (size_t)(nul - text.p)),
		      span_from(text, (size_t)(nul - text.p) + 1));
		return 0;
	}
	for (unsigned i = 0; i < _DIALECT_JSON_MAX; i++) {
		_cleanup_(profile_freep) Profile *p = NULL;

		if (profile_read(text, (Dialect)i, &context, &p, NULL) == 0)
			check_changes(text, p);
	}
	return 0;
}
