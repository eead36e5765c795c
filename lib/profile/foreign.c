/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documents that people hand over instead of a profile. A runtime may take them without a word and
 * run the container unconfined. */
#include <errno.h>

#include "profile/reader.h"

static unsigned line_of(const ProfileReader *r, const ScanNode *node)
{
	unsigned line, column;

	scan_place(r->scan->text, node->key_begin, &line, &column);
	return line;
}

static int recognise_config(const ProfileReader *r, const ScanNode *root)
{
	const ScanNode *linux_part = scan_member(r->scan, root, "linux"), *seccomp;

	if (!scan_member(r->scan, root, "ociVersion") && !linux_part)
		return 0;
	seccomp = linux_part ? scan_member(r->scan, linux_part, "seccomp") : NULL;
	if (!seccomp)
		return reader_fail(r, root,
				   "this is a whole OCI config.json, and it has no .linux.seccomp");
	return reader_fail(r, root,
			   "this is a whole OCI config.json: its profile is .linux.seccomp in line "
			   "%u; put that object in a file of its own",
			   line_of(r, seccomp));
}

static int recognise_manifest(const ProfileReader *r, const ScanNode *root)
{
	const ScanNode *spec = scan_member(r->scan, root, "spec");

	if (!scan_member(r->scan, root, "apiVersion") && !scan_member(r->scan, root, "kind"))
		return 0;
	if (!spec)
		return reader_fail(r, root, "this is a Kubernetes manifest, not a seccomp profile");
	return reader_fail(
		r, root,
		"this is a Kubernetes manifest: its profile is .spec in line %u; put that "
		"object in a file of its own",
		line_of(r, spec));
}

/* What tools hand out as YAML is not read, but it can be told what to do with it. */
int reader_recognise_text(Span text, Diag *d)
{
	Span rest = text, line;

	while (span_split(&rest, '\n', &line))
		if (span_starts(line, SPAN_LIT("apiVersion:")))
			return diag_set(
				d, -EBADMSG,
				"this is a Kubernetes manifest in YAML: put what stands under "
				"spec: into a file of its own, as JSON");
	return 0;
}

int reader_recognise(const ProfileReader *r, const ScanNode *root)
{
	int n;

	if (root->kind != SCAN_OBJECT)
		return reader_fail(r, root, "a seccomp profile is a JSON object, this is %s",
				   scan_kind_name(root->kind));
	if (root->n_items == 0)
		return reader_fail(r, root,
				   "an empty object is no profile: runc would run the container "
				   "unconfined");
	if (scan_member(r->scan, root, "defaultAction"))
		return 0;
	n = recognise_config(r, root);
	if (n < 0)
		return n;
	n = recognise_manifest(r, root);
	if (n < 0)
		return n;
	return 0;
}
