/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/suggest-output.h"
#include "profile/diff.h"
#include "profile/json-patch.h"
#include "seccompd/exit-codes.h"

Span suggest_result(const SuggestView *v)
{
	const Suggestion *s = v->suggestion;

	return s->patched ? span_make(s->patched, s->n_patched) : v->profile;
}

static int put(Span text, FILE *f)
{
	return text.n == 0 || fwrite(text.p, 1, text.n, f) == text.n ? 0 : -EIO;
}

int suggest_make_diff(const SuggestView *v, Buffer *out)
{
	const char *label = strcmp(v->profile_path, "-") == 0 ? "profile.json" : v->profile_path;

	return diff_unified(v->profile, suggest_result(v), label, label, out);
}

static int print_diff(const SuggestView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r = suggest_make_diff(v, &b);

	return r < 0 ? r : put(buffer_span(&b), f);
}

static int print_json_patch(const SuggestView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };
	int r;

	r = json_patch_make(v->profile, suggest_result(v), v->at ?: "", &b, &d);
	if (r < 0 && d.text[0])
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", v->profile_path, &d);
	return r < 0 ? r : put(buffer_span(&b), f);
}

static int print_profile(const SuggestView *v, FILE *f)
{
	return put(suggest_result(v), f);
}

/* The first one is the default. */
static const SuggestFormat formats[] = {
	{ "report", suggest_print_report, "what was seen, the patch and its proof, to read" },
	{ "json", suggest_print_json, "an object per call, and a summary (JSON Lines)" },
	{ "diff", print_diff, "the patch alone, for patch -p0 and git apply" },
	{ "json-patch", print_json_patch, "the patch as RFC 6902, with tests before each change",
	  true },
	{ "profile", print_profile, "the whole file with the patch" },
	{ "spo", suggest_print_spo, "a SeccompProfile of the Security Profiles Operator (YAML)",
	  true },
	{ "systemd", suggest_print_systemd, "settings of a unit of systemd: a drop-in" },
};

const SuggestFormat *suggest_format_find(const char *name)
{
	for (size_t i = 0; i < ELEMENTSOF(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const SuggestFormat *suggest_format_default(void)
{
	return &formats[0];
}

void suggest_format_help(FILE *f)
{
	for (size_t i = 0; i < ELEMENTSOF(formats); i++)
		fprintf(f, "  %-15s %s\n", formats[i].name, formats[i].help);
}

char *suggest_format_names(char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < ELEMENTSOF(formats) && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s",
				      i == 0                        ? ""
				      : i + 1 < ELEMENTSOF(formats) ? ", "
								    : " or ",
				      formats[i].name);
	return buf;
}
