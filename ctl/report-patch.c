/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The proposed patch as a diff, with its proof. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ctl/report.h"
#include "ctl/shown-lines.h"
#include "profile/diff.h"
#include "util/text.h"

#define LINES_SHOWN 1500
#define NAMES_SHOWN 60

/* Text as shown_lines() makes it safe. */
static int make_safe(Span text, Buffer *out)
{
	_cleanup_free_ char *safe = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&safe, &n);
	int q;

	if (!f)
		return -ENOMEM;
	q = shown_lines(text, f);
	if (fclose(f) != 0 && q == 0)
		q = -ENOMEM;
	if (q == 0)
		buffer_add(out, span_make(safe, n));
	return q ?: buffer_error(out);
}

static const char *element_for(Span line)
{
	if (line.n == 0 || line.p[0] == ' ')
		return "span";
	if (span_starts(line, SPAN_LIT("---")) || span_starts(line, SPAN_LIT("+++")) ||
	    line.p[0] == '@')
		return "b";
	return line.p[0] == '+' ? "ins" : line.p[0] == '-' ? "del" : "span";
}

static void put_lines(Span text, Buffer *b)
{
	size_t shown = 0, more = 0;
	Span line;

	buffer_add_str(b, "<pre class=\"diff\" tabindex=\"0\" aria-label=\"The proposed diff\">");
	while (span_split(&text, '\n', &line)) {
		const char *element = element_for(line);

		if (text.p == NULL && line.n == 0)
			break;
		if (shown == LINES_SHOWN) {
			more++;
			continue;
		}
		shown++;
		buffer_printf(b, "<%s>", element);
		html_safe(b, line);
		buffer_printf(b, "\n</%s>", element);
	}
	buffer_add_str(b, "</pre>\n");
	if (more > 0)
		buffer_printf(b,
			      "<p class=\"left-out\">%zu more %s left out of this page: "
			      "\"seccompctl suggest --diff\" prints all.</p>\n",
			      more, text_plural(more, "line is", "lines are"));
}

static int put_diff(const Report *r, Buffer *b)
{
	const ReportAdvice *a = &r->advice;
	const char *label = a->path && strcmp(a->path, "-") != 0 ? a->path : "profile.json";
	_cleanup_buffer_ Buffer diff = BUFFER_NULL, safe = BUFFER_NULL;
	int q = diff_unified(span_make(a->profile, a->n_profile),
			     span_make(a->suggestion->patched, a->suggestion->n_patched), label,
			     label, &diff);

	if (q == 0)
		q = make_safe(buffer_span(&diff), &safe);
	if (q == 0)
		put_lines(buffer_span(&safe), b);
	return q;
}

static void put_names(const char *head, char *const *names, size_t n, Buffer *b)
{
	html_str(b, head);
	for (size_t i = 0; i < MIN(n, (size_t)NAMES_SHOWN); i++) {
		buffer_add_str(b, i > 0 ? ", <code>" : "<code>");
		html_str(b, names[i]);
		buffer_add_str(b, "</code>");
	}
	if (n > NAMES_SHOWN)
		buffer_printf(b, " and %zu more", n - NAMES_SHOWN);
	buffer_add_str(b, n > 0 ? ". " : "nothing. ");
}

static void put_other_changes(const Suggestion *s, Buffer *b)
{
	if (s->n_other_changes == 0)
		return;
	buffer_add_str(b, "<ul class=\"plain\">");
	for (size_t i = 0; i < s->n_other_changes; i++) {
		buffer_add_str(b, "<li>");
		html_str(b, s->other_changes[i]);
		buffer_add_str(b, ".</li>");
	}
	buffer_add_str(b, "</ul>\n");
}

static void put_proof(const ReportAdvice *a, Buffer *b)
{
	const Suggestion *s = a->suggestion;

	buffer_add_str(b, "<h3>Proof</h3>\n<p>");
	html_printf(b,
		    "Both filters were built with libseccomp %s for every architecture of the "
		    "profile and run over %" PRIu64 " calls. ",
		    s->proof.library, s->proof.evaluated);
	put_names("Newly allowed: ", (char *const *)(const void *)s->newly_allowed,
		  s->n_newly_allowed, b);
	html_str(b, s->n_other_changes > 0 ? "What changes along:" : "Nothing else changes. ");
	if (s->n_other_changes == 0)
		html_printf(b, "Read for %s, capabilities %s.", dialect_name(a->dialect),
			    a->facts.capabilities);
	if (s->proof.assumed)
		html_str(b, " It is assumed that the container runtime's libseccomp knows these "
			    "names.");
	buffer_add_str(b, "</p>\n");
	put_other_changes(s, b);
}

static void put_apply(const Report *r, Buffer *b)
{
	buffer_add_str(b, "<h3>To take it</h3>\n<pre class=\"command\">");
	report_suggest_command(r, b);
	buffer_add_str(b, " --apply</pre>\n");
}

static void put_unseen(const Suggestion *s, Buffer *b)
{
	if (s->n_unseen == 0)
		return;
	buffer_add_str(b, "<p class=\"left-out\">");
	html_printf(b,
		    "It ran under another filter, which allowed %zu %s that the profile does "
		    "not: none of these would have been recorded. ",
		    s->n_unseen, text_plural(s->n_unseen, "call", "calls"));
	put_names("", s->unseen, s->n_unseen, b);
	buffer_add_str(b, "</p>\n");
}

int report_patch(const Report *r, Buffer *b)
{
	const ReportAdvice *a = &r->advice;
	const Suggestion *s = a->suggestion;
	int q = 0;

	report_section_begin(b, "patch", "Proposed patch",
			     !s        ? NULL
			     : a->path ? "For the owner's file"
				       : "For the filter that was loaded, since no file of its "
					 "owner's is known");
	if (!s) {
		buffer_add_str(b, "<p>There is none: ");
		html_safe(b, span_of(a->why));
		buffer_add_str(b, ".</p>\n");
	} else if (s->patched) {
		q = put_diff(r, b);
		put_proof(a, b);
		put_apply(r, b);
	} else {
		buffer_add_str(b, "<p>There is nothing to add to the profile.</p>\n");
		put_other_changes(s, b);
	}
	if (s)
		put_unseen(s, b);
	report_section_end(b);
	return q;
}
