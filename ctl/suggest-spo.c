/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/suggest-output.h"
#include "profile/manifest.h"
#include "profile/part.h"
#include "seccompd/exit-codes.h"

int suggest_read_result(const SuggestView *v, Part *part, Profile **ret, Diag *d)
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

/* What a file that is a manifest already is called; NULL for another. */
static int read_name(Span file, char **ret)
{
	_cleanup_scan_ Scan scan = { 0 };
	const ScanNode *kind, *name;
	int r;

	r = scan_read(file, &scan, NULL);
	if (r < 0)
		return r;
	kind = scan_at(&scan, "/kind");
	name = scan_at(&scan, "/metadata/name");
	if (kind && name &&
	    span_is(span_make(file.p + kind->begin, kind->end - kind->begin), "\"SeccompProfile\""))
		r = scan_string(&scan, name, ret);
	return r == -ENOMEM ? r : 0;
}

int suggest_print_spo(const SuggestView *v, FILE *f)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_free_ char *name = NULL;
	_cleanup_part_ Part part = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };
	int r;

	r = suggest_read_result(v, &part, &p, &d);
	if (r == 0)
		r = read_name(suggest_result(v), &name);
	if (r == 0)
		r = manifest_write(p, v->workload->name, known(name), &b, &d);
	if (r < 0 && d.text[0])
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", v->profile_path, &d);
	if (r < 0)
		return r;
	return fwrite(b.p, 1, b.n, f) == b.n ? 0 : -EIO;
}
