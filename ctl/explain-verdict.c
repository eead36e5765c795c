/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>

#include "ctl/diff-text.h"
#include "ctl/explain-verdict.h"
#include "profile/json-line.h"
#include "util/text.h"

#define KEY_WIDTH 11

static const char *name_of(const ExplainSubject *s)
{
	return s->workload ? s->workload->name : s->instance ? s->instance->workload : "";
}

static void print_escaped(const char *text)
{
	_cleanup_buffer_ Buffer b = { 0 };

	text_escape(&b, span_of(text));
	fwrite(b.p, 1, b.n, stdout);
}

static void print_key(const char *key)
{
	printf("%-*s ", KEY_WIDTH, key);
}

/* ---- the three who are asked ---- */

static void print_head(const ExplainSubject *s, const ExplainVerdict *v)
{
	static const char *const sure[_DENIAL_BY_MAX] = {
		[DENIAL_BY_NOBODY] = "nothing that is known here refuses it",
		[DENIAL_BY_SECCOMP] = "its seccomp filter refuses it",
		[DENIAL_BY_CAPABILITY] = "it lacks a capability",
		[DENIAL_BY_LSM] = "a security module may refuse it",
		[DENIAL_BY_UNKNOWN] = "that cannot be told",
	};
	static const char *const unsure[_DENIAL_BY_MAX] = {
		[DENIAL_BY_SECCOMP] = "its seccomp filter may refuse it",
		[DENIAL_BY_CAPABILITY] = "it may lack a capability",
	};
	const char *text = v->denial.certain ? NULL : unsure[v->denial.by];

	printf("%s in ", v->call);
	print_escaped(name_of(s));
	printf(": %s\n", text ?: sure[v->denial.by]);
}

static void print_recorded(const ExplainSubject *s, const ExplainVerdict *v)
{
	char ago[32];

	if (v->recorded > 0)
		printf("; recorded %" PRIu64 " %s, last %s", v->recorded,
		       v->recorded == 1 ? "time" : "times",
		       clock_format_ago(v->last, ctl_now(), ago, sizeof(ago)));
	else if (v->denial.seccomp == DENIAL_REFUSES)
		fputs(explain_answer_is_seen(s, action_of_code(v->denial.word))
			      ? "; none was recorded"
			      : "; it leaves no record of that, so that none is no proof",
		      stdout);
}

static void print_seccomp(const ExplainSubject *s, const ExplainVerdict *v)
{
	char word[DIFF_WORD_SIZE];

	print_key("seccomp");
	switch (v->denial.seccomp) {
	case DENIAL_NOT_KNOWN:
		fputs("its filter is not known here", stdout);
		break;
	case DENIAL_LETS:
		fputs(s->unconfined                       ? "it has no filter"
		      : v->denial.word == SECCOMP_RET_LOG ? "lets it through, and records it"
							  : "lets it through",
		      stdout);
		break;
	case DENIAL_BY_ARGUMENTS:
		fputs("it depends on the arguments", stdout);
		break;
	default:
		printf("refuses it, whatever the arguments: %s",
		       diff_word_text(v->denial.word, word));
	}
	print_recorded(s, v);
	putchar('\n');
}

static void print_capability(const Denial *d)
{
	char missing[160];

	print_key("capability");
	if (d->capability == DENIAL_NOT_KNOWN)
		printf("the kernel asks for %s; which ones it has is not known here\n",
		       d->story.kernel);
	else if (d->missing != 0) {
		capabilities_text(d->missing, " and ", missing, sizeof(missing));
		printf("the kernel asks for %s; it has no %s%s\n", d->story.kernel, missing,
		       d->seccomp == DENIAL_REFUSES && d->capability == DENIAL_REFUSES
			       ? ", so the filter alone would not help"
			       : "");
	} else if (d->not_held)
		printf("the kernel asks for %s; root in the container has it, its first process "
		       "has not\n",
		       d->story.kernel);
	else
		printf("%s\n", d->story.capabilities != 0 ? "it has what the kernel asks for"
							  : "the kernel asks for none");
}

static void print_module(const ExplainSubject *s, const Denial *d)
{
	print_key("module");
	if (d->lsm == DENIAL_NOT_KNOWN) {
		puts("the label of its first process is not known here");
		return;
	}
	if (d->lsm == DENIAL_LETS) {
		puts("no AppArmor, SELinux or Smack label holds it");
		return;
	}
	fputs("the label \"", stdout);
	print_escaped(s->label);
	puts("\" holds it, and its policy may refuse more");
}

/* ---- what to do ---- */

/* A command as a shell takes it, or NULL; the caller frees what is in @b. */
static bool next_command(const Ctl *ctl, const ExplainSubject *s, const ExplainVerdict *v,
			 Buffer *b)
{
	static const char logs[] = "journalctl -k -b -g 'apparmor=\"DENIED\"|avc: +denied'";
	bool seen = s->visibility == VISIBILITY_FULL;

	switch (v->denial.by) {
	case DENIAL_BY_SECCOMP:
		buffer_printf(b, "%s %s ", ctl->command, seen ? "suggest" : "promote");
		text_shell_word(b, span_of(name_of(s)));
		buffer_add_str(b, seen ? "" : " --to log -o log.json");
		return true;
	case DENIAL_BY_CAPABILITY:
		buffer_printf(b, "%s explain --syscall %s", ctl->command, v->call);
		return true;
	case DENIAL_BY_LSM:
		buffer_add_str(b, logs);
		return true;
	default:
		if (!s->instance || s->instance->init_pid <= 0)
			return false;
		buffer_printf(b, "strace -f -e trace=%s -p %" PRId32, v->call,
			      s->instance->init_pid);
		return true;
	}
}

/* One capability that opens it: the first that an engine would be given. */
static const char *to_add(const Denial *d)
{
	for (unsigned i = 0; i < 64; i++)
		if (d->missing >> i & 1)
			return capability_name(i) + strlen("CAP_");
	return NULL;
}

static bool engine_takes_options(const ExplainSubject *s)
{
	return s->instance && (strcmp(s->instance->engine, "docker") == 0 ||
			       strcmp(s->instance->engine, "podman") == 0);
}

static void print_next(const Ctl *ctl, const ExplainSubject *s, const ExplainVerdict *v)
{
	_cleanup_buffer_ Buffer b = { 0 };
	const char *capability = to_add(&v->denial);

	if (next_command(ctl, s, v, &b)) {
		print_key("Next");
		printf("%.*s\n", (int)b.n, b.p);
	}
	if (capability && engine_takes_options(s)) {
		print_key("Or");
		printf("start it with --cap-add %s, if it must do this at all%s\n", capability,
		       v->denial.seccomp == DENIAL_REFUSES
			       ? "; the engine's own default profile then lets the call through"
			       : "");
	}
	if (v->denial.story.call) {
		print_key("Instead");
		puts(v->denial.story.instead);
	}
}

void explain_verdict_print(const Ctl *ctl, const ExplainSubject *s, const ExplainVerdict *v)
{
	print_head(s, v);
	print_seccomp(s, v);
	print_capability(&v->denial);
	print_module(s, &v->denial);
	print_next(ctl, s, v);
}

static void add_missing(JsonLine *j, uint64_t set)
{
	JsonLine *list = json_line_array(j, "missing");

	for (unsigned i = 0; i < 64; i++)
		if (set >> i & 1)
			json_line_str(list, NULL, capability_name(i));
}

int explain_verdict_json(const Ctl *ctl, const ExplainSubject *s, const ExplainVerdict *v)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	_cleanup_buffer_ Buffer next = { 0 };
	const Denial *d = &v->denial;
	char word[DIFF_WORD_SIZE];

	json_line_str(j, "workload", name_of(s));
	json_line_str(j, "container", s->instance ? s->instance->name : NULL);
	json_line_str(j, "syscall", v->call);
	json_line_str(j, "by", denial_by_name(d->by));
	json_line_bool(j, "certain", d->certain);
	json_line_str(j, "seccomp", denial_answer_name(d->seccomp));
	json_line_str(j, "answer",
		      d->seccomp == DENIAL_REFUSES ? diff_word_text(d->word, word) : NULL);
	json_line_str(j, "visibility", visibility_name(s->visibility));
	json_line_uint(j, "recorded", v->recorded);
	json_line_str(j, "capability", denial_answer_name(d->capability));
	add_missing(j, d->missing);
	json_line_str(j, "lsm", denial_answer_name(d->lsm));
	json_line_text(j, "label", span_of(s->has_label ? s->label : NULL));
	(void)next_command(ctl, s, v, &next);
	json_line_text(j, "next", span_make(next.p, next.n));
	json_line_str(j, "instead", d->story.call ? d->story.instead : NULL);
	return json_line_write(j, stdout);
}

void explain_silence_print(const Ctl *ctl, const ExplainSubject *s, size_t n)
{
	bool seen = !explain_refuses_unseen(s);
	_cleanup_buffer_ Buffer b = { 0 };

	if (n > 0 && seen)
		return;
	if (n > 0)
		putchar('\n');
	print_escaped(name_of(s));
	puts(s->unconfined ? ": it runs without a filter; what failed there, something else refused"
	     : seen  ? ": no refusal was recorded; what failed there, something else refused, or "
		       "it was not watched"
	     : n > 0 ? ": its filter refuses other calls without a record, so that these need not "
		       "be all"
		     : ": its filter leaves no record of what it refuses, so none is no proof");
	buffer_printf(&b, "%s explain ", ctl->command);
	text_shell_word(&b, span_of(name_of(s)));
	print_key("Next");
	printf("%.*s --syscall NAME, with the call that failed (strace -f tells)\n", (int)b.n, b.p);
}
