/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/foreign.h"
#include "profile/reader.h"

#define UNCONFINED "runc would run the container unconfined"

static int say_at(const Scan *s, const ScanNode *node, Diag *d, const char *sentence)
{
	unsigned line, column;

	scan_place(s->text, node->begin, &line, &column);
	return diag_set_at(d, -EBADMSG, line, column, "%s", sentence);
}

static bool is_profile(const Scan *s, const ScanNode *node)
{
	return node && (scan_member(s, node, "defaultAction") || scan_member(s, node, "syscalls"));
}

/* JSON objects of others, by a key that only they have; where a profile may stand in them. */
static const struct Wrapper {
	const char *keys[2];
	const char *what, *pointer, *without;
} wrappers[] = {
	{ { "ociVersion", "linux" },
	  "a whole OCI config.json",
	  "/linux/seccomp",
	  "and it has no /linux/seccomp: its container runs unconfined" },
	{ { "apiVersion", "kind" },
	  "a Kubernetes manifest",
	  "/spec",
	  "not a seccomp profile, and there is none at its /spec" },
	{ { "Spec", "Snapshotter" },
	  "what \"ctr containers info\" prints",
	  "/Spec/linux/seccomp",
	  "and there is no profile at its /Spec/linux/seccomp" },
	{ { "info", "status" },
	  "what \"crictl inspect\" prints",
	  "/info/runtimeSpec/linux/seccomp",
	  "and there is no profile at its /info/runtimeSpec/linux/seccomp" },
	{ { "HostConfig", "OCIConfigPath" },
	  "what \"docker inspect\" or \"podman inspect\" prints",
	  NULL,
	  "which only says in its SecurityOpt what the profile is" },
	{ { "seccomp-profile", "log-driver" },
	  "Docker's daemon.json",
	  NULL,
	  "which only says in \"seccomp-profile\" where the profile is" },
	{ { "init_process_pid", "namespace_paths" },
	  "the state.json of runc",
	  NULL,
	  "which keeps the profile in a form of its own: take the bundle's config.json" },
	{ { "schemaVersion", "mediaType" }, "an image's manifest", NULL, "and no image has one" },
};

static const struct Wrapper *find_wrapper(const Scan *s, const ScanNode *root)
{
	for (size_t i = 0; i < ELEMENTSOF(wrappers); i++)
		for (size_t k = 0; k < ELEMENTSOF(wrappers[i].keys); k++)
			if (scan_member(s, root, wrappers[i].keys[k]))
				return &wrappers[i];
	return NULL;
}

static int name_wrapper(const Scan *s, const ScanNode *root, const struct Wrapper *w, Diag *d)
{
	const ScanNode *inner = w->pointer ? scan_at(s, w->pointer) : NULL;
	char sentence[DIAG_TEXT_MAX];
	unsigned line, column;

	if (is_profile(s, inner)) {
		scan_place(s->text, inner->key_begin, &line, &column);
		snprintf(sentence, sizeof(sentence),
			 "this is %s, and as a profile " UNCONFINED
			 ": its profile is %s in line %u; \"--at %s\" reads that, or put the "
			 "object in a file of its own",
			 w->what, w->pointer, line, w->pointer);
	} else
		snprintf(sentence, sizeof(sentence), "this is %s, %s", w->what, w->without);
	return say_at(s, root, d, sentence);
}

static int name_array(const Scan *s, const ScanNode *root, Diag *d)
{
	const ScanNode *first = root->n_items > 0 ? &s->nodes[root->first] : NULL;
	const struct Wrapper *w = first ? find_wrapper(s, first) : NULL;
	char sentence[DIAG_TEXT_MAX];

	if (is_profile(s, first))
		return say_at(s, root, d,
			      "this is an array with a profile in it, and a profile is an object: "
			      "remove the brackets around it, or read it with \"--at /0\"");
	if (!w)
		return say_at(s, root, d, "a seccomp profile is a JSON object, this is an array");
	snprintf(sentence, sizeof(sentence),
		 "this is %s (a list of it): a seccomp profile is one "
		 "JSON object with a \"defaultAction\"",
		 w->what);
	return say_at(s, root, d, sentence);
}

int foreign_document(const Scan *s, const ScanNode *root, Diag *d)
{
	const struct Wrapper *w;
	char sentence[DIAG_TEXT_MAX];

	if (root->kind == SCAN_ARRAY)
		return name_array(s, root, d);
	if (root->kind != SCAN_OBJECT) {
		snprintf(sentence, sizeof(sentence),
			 "a seccomp profile is a JSON object, this is %s",
			 scan_kind_name(root->kind));
		return say_at(s, root, d, sentence);
	}
	if (root->n_items == 0)
		return say_at(s, root, d, "an empty object is no profile: " UNCONFINED);
	if (scan_member(s, root, "defaultAction"))
		return 0;
	w = find_wrapper(s, root);
	return w ? name_wrapper(s, root, w, d) : 0;
}

int reader_recognise(const ProfileReader *r, const ScanNode *root)
{
	return foreign_document(r->scan, root, r->diag);
}

int reader_recognise_text(Span text, Diag *d)
{
	return foreign_text(text, d);
}

/* How files that are no JSON begin. */
static const struct {
	Span begin;
	const char *sentence;
} beginnings[] = {
#define PACKED(bytes, program)                                                        \
	{                                                                             \
		SPAN_LIT(bytes), "this file is packed (" program "): unpack it first" \
	}
	PACKED("\x1f\x8b", "gzip"),
	PACKED("\xfd"
	       "7zXZ",
	       "xz"),
	PACKED("\x28\xb5\x2f\xfd", "zstd"),
	PACKED("BZh", "bzip2"),
	PACKED("PK\x03\x04", "zip"),
#undef PACKED
	{ SPAN_LIT("\xff\xfe"), "this text is UTF-16, which runtimes refuse: save it as UTF-8" },
	{ SPAN_LIT("\xfe\xff"), "this text is UTF-16, which runtimes refuse: save it as UTF-8" },
	{ SPAN_LIT("{\0"), "this text is UTF-16, which runtimes refuse: save it as UTF-8" },
	{ SPAN_LIT("\0{"), "this text is UTF-16, which runtimes refuse: save it as UTF-8" },
	{ SPAN_LIT("\x7f"
		   "ELF"),
	  "this is a program, not a seccomp profile" },
	{ SPAN_LIT("\0\0"), "this file begins with zero bytes: was it lost in a crash?" },
	{ SPAN_LIT("404"), "this is a web server's \"404 Not Found\", not a seccomp profile" },
	{ SPAN_LIT("<"), "this is HTML or XML, not a seccomp profile" },
};

/* How lines begin in texts of other languages. */
static const struct {
	Span begin;
	const char *sentence;
} lines[] = {
	{ SPAN_LIT("apiVersion:"),
	  "this is a Kubernetes manifest in YAML: put what stands under spec: into a file of its "
	  "own, as JSON" },
	{ SPAN_LIT("defaultAction:"),
	  "this is a profile in YAML, which no runtime reads: write it as JSON" },
	{ SPAN_LIT("#include <tunables/"), "this is an AppArmor profile, not one for seccomp" },
	{ SPAN_LIT("include <tunables/"), "this is an AppArmor profile, not one for seccomp" },
	{ SPAN_LIT("abi <abi/"), "this is an AppArmor profile, not one for seccomp" },
	{ SPAN_LIT("profile "), "this is an AppArmor profile, not one for seccomp" },
	{ SPAN_LIT("policy_module("), "this is an SELinux module, not a seccomp profile" },
	{ SPAN_LIT("module "), "this is an SELinux module, not a seccomp profile" },
	{ SPAN_LIT("(block "), "this is an SELinux module, not a seccomp profile" },
	{ SPAN_LIT("(blockinherit "), "this is an SELinux module, not a seccomp profile" },
	{ SPAN_LIT("[Service]"),
	  "this is a systemd unit: what its SystemCallFilter= allows is no seccomp profile" },
	{ SPAN_LIT("SystemCallFilter="),
	  "this is a systemd unit: what its SystemCallFilter= allows is no seccomp profile" },
	{ SPAN_LIT("seccomp_profile"),
	  "this is a containers.conf, which only says where the profile is" },
	{ SPAN_LIT("[containers]"),
	  "this is a containers.conf, which only says where the profile is" },
	{ SPAN_LIT("type=SECCOMP "),
	  "this is an audit log, not a seccomp profile: \"seccompctl decode\" reads it" },
};

static int name_text(Span text, Diag *d)
{
	for (size_t i = 0; i < ELEMENTSOF(beginnings); i++)
		if (span_starts(text, beginnings[i].begin))
			return diag_set_at(d, -EBADMSG, 1, 1, "%s", beginnings[i].sentence);
	return 0;
}

static int name_line(Span line, unsigned number, Diag *d)
{
	for (size_t i = 0; i < ELEMENTSOF(lines); i++)
		if (span_starts(line, lines[i].begin))
			return diag_set_at(d, -EBADMSG, number, 1, "%s", lines[i].sentence);
	return 0;
}

static bool is_blank(Span text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!text.p[i] || !strchr(" \t\r\n", text.p[i]))
			return false;
	return true;
}

int foreign_text(Span text, Diag *d)
{
	Span rest = text, line;
	int r;

	if (is_blank(text))
		return diag_set_at(d, -EBADMSG, 1, 1,
				   "the file is empty: a profile is a JSON object "
				   "with a \"defaultAction\"");
	r = name_text(text, d);
	for (unsigned number = 1; r == 0 && span_split(&rest, '\n', &line); number++)
		r = name_line(line, number, d);
	return r;
}
