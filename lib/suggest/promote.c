/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "suggest/promote-private.h"

static const struct {
	Stage stage;
	Action action;
} defaults[] = {
	{ STAGE_LOG, ACTION_LOG },
	{ STAGE_ERRNO, ACTION_ERRNO },
	{ STAGE_KILL, ACTION_KILL_PROCESS },
};

static Stage stage_of(Action a)
{
	if (a == ACTION_KILL_THREAD)
		return STAGE_KILL;
	for (size_t i = 0; i < ELEMENTSOF(defaults); i++)
		if (defaults[i].action == a)
			return defaults[i].stage;
	return STAGE_OTHER;
}

static Action action_of(Stage s)
{
	for (size_t i = 0; i < ELEMENTSOF(defaults); i++)
		if (defaults[i].stage == s)
			return defaults[i].action;
	return ACTION_OTHER;
}

int stage_rank(Stage s)
{
	return (int)s; /* the order of the enumeration */
}

int promote_say(Promotion *p, PromoteKind kind, const char *check, Buffer *text)
{
	PromoteRemark *more = reallocarray(p->remarks, p->n_remarks + 1, sizeof(*more));
	char *sentence = buffer_steal(text);

	if (more)
		p->remarks = more;
	if (!more || !sentence) {
		free(sentence);
		return -ENOMEM;
	}
	more[p->n_remarks++] = (PromoteRemark){ kind, check, sentence };
	p->n_obstacles += kind == PROMOTE_OBSTACLE;
	return 0;
}

/* ---- the default action ---- */

/* The Security Profiles Operator has no key for it. */
static int next_errno(const Promoting *w)
{
	const Profile *now = w->before.profile;

	if (w->in->to != STAGE_ERRNO || w->in->dialect == DIALECT_SPO)
		return -1;
	if (w->in->errno_ret != PROMOTE_ERRNO_KEEP)
		return w->in->errno_ret;
	return now->default_action == ACTION_ERRNO ? (int)now->default_data : EPERM;
}

static bool default_is(const Profile *p, Action action, int errno_ret)
{
	return p->default_action == action &&
	       (action != ACTION_ERRNO || errno_ret < 0 || p->default_data == (uint32_t)errno_ret);
}

static int say_default(Promoting *w, Action action, int errno_ret)
{
	const Profile *now = w->before.profile;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	buffer_printf(&b, "the default action is %s", action_name(action));
	if (errno_ret >= 0)
		buffer_printf(&b, " with %s", strerrorname_np(errno_ret) ?: "its errno");
	if (action == ACTION_KILL_PROCESS)
		buffer_add_str(&b, ", which ends the whole process: KILL would end one thread and "
				   "leave the rest in a state that nobody wrote code for");
	if (now->default_action == ACTION_ERRNO && action != ACTION_ERRNO)
		buffer_printf(&b, "; its errno goes, since runtimes refuse one beside %s",
			      action_name(action));
	return promote_say(w->p, PROMOTE_CHANGE, "default", &b);
}

static int set_default(Promoting *w)
{
	Action action = action_of(w->in->to);
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	int errno_ret = next_errno(w), r;

	if (default_is(w->after.profile, action, errno_ret))
		return 0;
	r = patch_set_default(buffer_span(&w->after.text), w->after.profile, action, errno_ret,
			      &next);
	r = draft_take(&w->after, r, &next);
	return r < 0 ? r : say_default(w, action, errno_ret);
}

/* ---- all of it ---- */

int promote_rebuild(Promoting *w)
{
	filter_done(&w->filter_after);
	return filter_build(w->after.profile, &w->filter_after, w->diag);
}

/* Where there is no filter: as if one allowed everything, for all that the host can run. */
static const char *text_of_no_filter(uint32_t host_arch)
{
	static const struct {
		uint32_t arch;
		const char *text;
	} texts[] = {
#define NO_FILTER(list) \
	"{\n\t\"defaultAction\": \"SCMP_ACT_ALLOW\",\n\t\"architectures\": [\n" list "\t]\n}\n"
		{ ARCH_WORD_X86_64, NO_FILTER("\t\t\"SCMP_ARCH_X86_64\",\n\t\t\"SCMP_ARCH_X86\",\n"
					      "\t\t\"SCMP_ARCH_X32\"\n") },
		{ ARCH_WORD_AARCH64,
		  NO_FILTER("\t\t\"SCMP_ARCH_AARCH64\",\n\t\t\"SCMP_ARCH_ARM\"\n") },
#undef NO_FILTER
	};

	for (size_t i = 0; i < ELEMENTSOF(texts); i++)
		if (texts[i].arch == host_arch)
			return texts[i].text;
	return "{\n\t\"defaultAction\": \"SCMP_ACT_ALLOW\"\n}\n";
}

static int read_profiles(Promoting *w)
{
	const PromoteInput *in = w->in;
	Span text = in->profile.p ? in->profile : span_of(text_of_no_filter(in->context.host_arch));
	int r;

	r = draft_init(&w->before, text, in->dialect, &in->context, w->diag);
	if (r == 0)
		r = filter_build(w->before.profile, &w->filter_before, w->diag);
	if (r == 0)
		r = draft_init(&w->after, text, in->dialect, &in->context, w->diag);
	return r;
}

static int deliver(Promoting *w)
{
	Promotion *p = w->p;

	p->changed = !w->in->profile.p || !span_eq(w->in->profile, buffer_span(&w->after.text));
	p->n_text = w->after.text.n;
	p->text = buffer_steal(&w->after.text);
	return p->text ? 0 : -ENOMEM;
}

static int work(Promoting *w)
{
	Promotion *p = w->p;
	int r;

	r = read_profiles(w);
	if (r < 0)
		return r;
	p->from = w->in->profile.p ? stage_of(w->before.profile->default_action) : STAGE_OTHER;
	p->tightens = stage_rank(w->in->to) > stage_rank(p->from) && w->in->to != STAGE_LOG;
	r = set_default(w);
	if (r == 0)
		r = promote_rebuild(w);
	if (r == 0)
		r = promote_add_rules(w);
	if (r == 0)
		r = promote_set_flags(w);
	/* what it holds points into the text that was before */
	if (r == 0)
		r = promote_rebuild(w);
	if (r == 0)
		r = promote_prove(w);
	if (r == 0)
		r = promote_check(w);
	return r < 0 ? r : deliver(w);
}

static void promoting_done(Promoting *w)
{
	filter_done(&w->filter_before);
	filter_done(&w->filter_after);
	draft_done(&w->before);
	draft_done(&w->after);
	free(w->probing.names);
	free(w->critical.names);
	free(w->everyday.names);
	for (size_t i = 0; i < w->freed.n; i++)
		free((char *)(uintptr_t)w->freed.names[i]);
	free(w->freed.names);
	free(w->decided);
}

int promote(const PromoteInput *in, Promotion **ret, Diag *d)
{
	_cleanup_(promotion_freep) Promotion *p = calloc(1, sizeof(*p));
	_cleanup_(promoting_done) Promoting w = { .in = in, .p = p, .diag = d };
	int r;

	if (!p)
		return -ENOMEM;
	if (in->dialect == DIALECT_SPO && in->errno_ret != PROMOTE_ERRNO_KEEP &&
	    in->errno_ret != EPERM)
		return diag_set(d, -EBADMSG,
				"a SeccompProfile has no key for the errno of its default: it is "
				"EPERM");
	if (!in->profile.p && in->to != STAGE_LOG)
		return diag_set(d, -EBADMSG,
				"there is no filter to make stricter: the way in is stage log");
	r = work(&w);
	if (r < 0)
		return r;
	*ret = STEAL(p);
	return 0;
}

Promotion *promotion_free(Promotion *p)
{
	if (!p)
		return NULL;
	for (size_t i = 0; i < p->n_remarks; i++)
		free(p->remarks[i].text);
	free(p->remarks);
	free(p->losses);
	free(p->text);
	free(p);
	return NULL;
}

const char *promote_kind_name(PromoteKind k)
{
	static const char *const names[_PROMOTE_KIND_MAX] = {
		[PROMOTE_CHANGE] = "change",
		[PROMOTE_NOTE] = "note",
		[PROMOTE_OBSTACLE] = "obstacle",
	};

	return (unsigned)k < _PROMOTE_KIND_MAX ? names[k] : "?";
}
