/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/suggest-output.h"
#include "profile/manifest.h"
#include "profile/part.h"
#include "seccompd/exit-codes.h"

/* The profile as it is in the file that is to be. */
static int read_result(const SuggestView *v, Part *part, Profile **ret, Diag *d)
{
	Span text = suggest_result(v);
	int r;

	if (v->at) {
		r = part_take(text, v->at, part, d);
		if (r < 0)
			return r;
		text = span_make(part->text, part->n);
	}
	return profile_read(text, v->dialect, &v->context, ret, d);
}

/* Of a file that is a manifest already: what it is called, and what it is joined with. */
typedef struct Identity {
	char *name, *base_profile;
} Identity;

static void identity_done(Identity *i)
{
	free(i->name);
	free(i->base_profile);
}

static int read_identity(Span file, Identity *ret)
{
	_cleanup_scan_ Scan scan = { 0 };
	const struct {
		const char *pointer;
		char **to;
	} rows[] = {
		{ "/metadata/name", &ret->name },
		{ "/spec/baseProfileName", &ret->base_profile },
	};
	const ScanNode *node, *kind;
	int r;

	r = scan_read(file, &scan, NULL);
	if (r < 0)
		return r;
	kind = scan_at(&scan, "/kind");
	if (!kind || !span_is(span_make(file.p + kind->begin, kind->end - kind->begin),
			      "\"SeccompProfile\""))
		return 0;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		node = scan_at(&scan, rows[i].pointer);
		if (node && scan_string(&scan, node, rows[i].to) == -ENOMEM)
			return -ENOMEM;
	}
	return 0;
}

int suggest_print_spo(const SuggestView *v, FILE *f)
{
	_cleanup_(identity_done) Identity identity = { 0 };
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_part_ Part part = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	ManifestHead head = { .workload = v->workload->name };
	Diag d = { 0 };
	int r;

	r = read_result(v, &part, &p, &d);
	if (r == 0)
		r = read_identity(suggest_result(v), &identity);
	head.name = known(identity.name);
	head.base_profile = known(identity.base_profile);
	if (r == 0)
		r = manifest_write(p, &head, &b, &d);
	if (r < 0 && d.text[0])
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", v->profile_path, &d);
	if (r < 0)
		return r;
	return fwrite(b.p, 1, b.n, f) == b.n ? 0 : -EIO;
}
