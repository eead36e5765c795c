/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any bytes as a profile of each dialect. What is read builds or is refused in a sentence; a patch
 * of it reads again, holds the names, and patching once more changes nothing.
 */
#include "audit/arch.h"
#include "profile/filter.h"
#include "profile/patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProfileContext context = { .host_arch = ARCH_WORD_X86_64 };
static const char *const names[] = { "zz_fuzz", "aa_fuzz" };

static void check_patch(Span text, const Profile *p)
{
	_cleanup_(profile_freep) Profile *patched = NULL;
	_cleanup_buffer_ Buffer once = BUFFER_NULL;
	_cleanup_buffer_ Buffer twice = BUFFER_NULL;
	_cleanup_buffer_ Buffer nothing = BUFFER_NULL;

	if (patch_add_names(text, p, NULL, 0, &nothing) < 0 ||
	    !span_eq(text, buffer_span(&nothing)))
		abort();
	if (patch_add_names(text, p, names, ELEMENTSOF(names), &once) < 0)
		abort();
	if (once.n > SCAN_SIZE_MAX)
		return;
	if (profile_read(buffer_span(&once), p->dialect, &context, &patched, NULL) < 0 ||
	    patched->n_rules != p->n_rules)
		abort();
	if (patch_add_names(buffer_span(&once), patched, names, ELEMENTSOF(names), &twice) < 0 ||
	    !span_eq(buffer_span(&once), buffer_span(&twice)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = span_make((const char *)data, size);

	for (unsigned i = 0; i < _DIALECT_JSON_MAX; i++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_filter_ Filter f = { 0 };
		Diag d = { 0 };

		if (profile_read(text, (Dialect)i, &context, &p, &d) < 0) {
			if (!d.text[0])
				abort();
			continue;
		}
		filter_build(p, &f, &d);
		if (patch_target(p))
			check_patch(text, p);
	}
	return 0;
}
