/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/draft.h"

static int reread(Draft *draft)
{
	draft->profile = profile_free(draft->profile);
	return profile_read(buffer_span(&draft->text), draft->dialect, draft->context,
			    &draft->profile, draft->diag);
}

int draft_init(Draft *draft, Span text, Dialect dialect, const ProfileContext *context, Diag *d)
{
	*draft = (Draft){ .dialect = dialect, .context = context, .diag = d };
	buffer_add(&draft->text, text);
	return buffer_error(&draft->text) < 0 ? buffer_error(&draft->text) : reread(draft);
}

void draft_done(Draft *draft)
{
	profile_free(draft->profile);
	buffer_done(&draft->text);
	*draft = (Draft){ 0 };
}

int draft_take(Draft *draft, int r, Buffer *next)
{
	if (r < 0)
		return r;
	buffer_done(&draft->text);
	draft->text = *next;
	*next = BUFFER_NULL;
	return reread(draft);
}

int draft_check_names(const Draft *draft)
{
	const Profile *p = draft->profile;
	size_t n = 0;

	for (size_t i = 0; i < p->n_rules; i++)
		n += p->rules[i].n_names;
	return n <= DRAFT_NAMES_MAX
		       ? 0
		       : diag_set(draft->diag, -EBADMSG,
				  "it names %zu calls, and no architecture has as many: "
				  "at most %d are taken",
				  n, DRAFT_NAMES_MAX);
}

int draft_add_rule(Draft *draft, const PatchRule *rule)
{
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	int r = patch_add_rule(buffer_span(&draft->text), draft->profile, rule, &next);

	return draft_take(draft, r, &next);
}

int draft_remove_names(Draft *draft, size_t index, DraftNameGoes goes, void *userdata)
{
	const ProfileRule *rule = &draft->profile->rules[index];
	_cleanup_free_ const char **names = calloc(rule->n_names + 1, sizeof(*names));
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	size_t n = 0;
	int r;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < rule->n_names; i++)
		if (goes(rule, rule->names[i].text, userdata))
			names[n++] = rule->names[i].text;
	if (n == 0)
		return 0;
	r = patch_remove_names(buffer_span(&draft->text), draft->profile, index, names, n, &next);
	return draft_take(draft, r, &next);
}
