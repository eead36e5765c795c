/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/action.h"
#include "audit/arch.h"
#include "ctl/diff-text.h"
#include "ctl/ignored.h"
#include "profile/json-line.h"
#include "util/text.h"

#define LINE_WIDTH 96
#define UNKNOWN_SHOWN 8
#define CONTAINERS_SHOWN 4

static const char *const sides[] = { "a", "b" };

static uint32_t data_of(uint32_t word)
{
	return word & 0xffff;
}

/* errno of ERRNO, message of TRACE; other actions have none that matters. */
static bool has_data(uint32_t word)
{
	Action a = action_of_code(word);

	return a == ACTION_ERRNO || a == ACTION_TRACE;
}

void diff_word_json(JsonLine *j, const char *key, const char *data_key, uint32_t word)
{
	json_line_str(j, key, action_name(action_of_code(word)));
	if (has_data(word))
		json_line_uint(j, data_key, data_of(word));
	else
		json_line_null(j, data_key);
}

static int change_json(const ProofChange *c, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	JsonLine *args;

	json_line_str(j, "change", proof_kind_name(proof_kind(c)));
	json_line_str(j, "arch", arch_name(c->arch));
	json_line_str(j, "syscall", c->name[0] ? c->name : NULL);
	json_line_int(j, "nr", c->nr);
	json_line_int(j, "nr_last", c->nr_last);
	json_line_str(j, "inner", c->inner[0] ? c->inner : NULL);
	diff_word_json(j, "before", "before_data", c->before);
	diff_word_json(j, "after", "after_data", c->after);
	json_line_bool(j, "by_arguments", c->by_arguments);
	if (!c->by_arguments) {
		json_line_null(j, "args");
		return json_line_write(j, f);
	}
	args = json_line_array(j, "args");
	for (unsigned i = 0; i < ELEMENTSOF(c->args); i++)
		json_line_uint(args, NULL, c->args[i]);
	return json_line_write(j, f);
}

static void side_json(JsonLine *parent, const char *key, const DiffSide *s)
{
	JsonLine *side = json_line_object(parent, key), *list, *entry;

	json_line_text(side, "file", span_of(s->path));
	list = json_line_array(side, "ignored");
	for (size_t i = 0; s->profile && i < s->profile->n_ignored; i++) {
		entry = json_line_object(list, NULL);
		json_line_str(entry, "key", s->profile->ignored[i].key);
		json_line_uint(entry, "line", s->profile->ignored[i].line);
	}
	list = json_line_array(side, "unknown");
	for (size_t i = 0; i < s->filter->n_unknown; i++)
		json_line_str(list, NULL, s->filter->unknown[i]);
}

static void summary_members(JsonLine *j, const DiffView *v)
{
	uint64_t counts[_PROOF_KIND_MAX] = { 0 };

	for (size_t i = 0; i < v->proof->n_changes; i++)
		counts[proof_kind(&v->proof->changes[i])]++;
	for (int k = 0; k < _PROOF_KIND_MAX; k++)
		json_line_uint(j, proof_kind_name((ProofKind)k), counts[k]);
	json_line_uint(j, "evaluated", v->proof->evaluated);
	json_line_uint(j, "sampled", v->proof->sampled);
	json_line_str(j, "dialect", dialect_name(v->after.profile->dialect));
	json_line_str(j, "runtime", runtime_name(v->context.runtime));
	json_line_str(j, "capabilities", v->facts.capabilities);
	json_line_str(j, "library", v->proof->library);
	json_line_bool(j, "assumed", v->proof->assumed);
	side_json(j, sides[0], &v->before);
	side_json(j, sides[1], &v->after);
}

static int changes_json(const DiffView *v, FILE *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->proof->n_changes; i++)
		r = change_json(&v->proof->changes[i], f);
	return r;
}

int diff_print_json(const DiffView *v, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	int r = changes_json(v, f);

	json_line_bool(j, "summary", true);
	summary_members(j, v);
	json_line_int(j, "exit", v->exit_code);
	return r < 0 ? r : json_line_write(j, f);
}

/* A call with all architectures on which it changes alike. */
typedef struct Row {
	const ProofChange *change;
	uint64_t arches; /* bits by arch_index() */
} Row;

typedef struct Rows {
	Row *rows;
	size_t n;
	uint32_t arches[64];
	unsigned n_arches;
} Rows;

static unsigned arch_index(Rows *r, uint32_t arch)
{
	for (unsigned i = 0; i < r->n_arches; i++)
		if (r->arches[i] == arch)
			return i;
	if (r->n_arches == ELEMENTSOF(r->arches))
		return r->n_arches - 1;
	r->arches[r->n_arches] = arch;
	return r->n_arches++;
}

static int compare_words(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* What the call is called, and how it changes. */
static int compare_changes(const ProofChange *a, const ProofChange *b)
{
	int r = (int)proof_kind(a) - (int)proof_kind(b);

	r = r ?: a->by_arguments - b->by_arguments;
	r = r ?: compare_words(a->before, b->before);
	r = r ?: compare_words(a->after, b->after);
	r = r ?: strcmp(a->name, b->name);
	r = r ?: strcmp(a->inner, b->inner);
	r = r ?: (a->name[0] ? 0 : (a->nr > b->nr) - (a->nr < b->nr));
	return r ?: (a->name[0] ? 0 : (a->nr_last > b->nr_last) - (a->nr_last < b->nr_last));
}

static int compare_by_change(const void *a, const void *b)
{
	return compare_changes(((const Row *)a)->change, ((const Row *)b)->change);
}

static bool same_group(const Row *a, const Row *b)
{
	return proof_kind(a->change) == proof_kind(b->change) &&
	       a->change->by_arguments == b->change->by_arguments &&
	       a->change->before == b->change->before && a->change->after == b->change->after &&
	       a->arches == b->arches;
}

static int compare_by_group(const void *a, const void *b)
{
	const Row *x = a, *y = b;
	int r = (int)proof_kind(x->change) - (int)proof_kind(y->change);

	r = r ?: x->change->by_arguments - y->change->by_arguments;
	r = r ?: compare_words(x->change->before, y->change->before);
	r = r ?: compare_words(x->change->after, y->change->after);
	r = r ?: (x->arches < y->arches) - (x->arches > y->arches);
	return r ?: compare_changes(x->change, y->change);
}

static int make_rows(const Proof *p, Rows *ret)
{
	size_t n = 0;

	ret->rows = calloc(p->n_changes + 1, sizeof(*ret->rows));
	if (!ret->rows)
		return -ENOMEM;
	for (size_t i = 0; i < p->n_changes; i++)
		ret->rows[i] = (Row){ &p->changes[i], 1ULL << arch_index(ret, p->changes[i].arch) };
	qsort(ret->rows, p->n_changes, sizeof(*ret->rows), compare_by_change);
	for (size_t i = 0; i < p->n_changes; i++)
		if (n > 0 && compare_by_change(&ret->rows[n - 1], &ret->rows[i]) == 0)
			ret->rows[n - 1].arches |= ret->rows[i].arches;
		else
			ret->rows[n++] = ret->rows[i];
	ret->n = n;
	qsort(ret->rows, n, sizeof(*ret->rows), compare_by_group);
	return 0;
}

char *diff_word_text(uint32_t word, char buf[static DIFF_WORD_SIZE])
{
	const char *name = action_name(action_of_code(word));
	const char *code =
		action_of_code(word) == ACTION_ERRNO ? strerrorname_np((int)data_of(word)) : NULL;

	if (strncmp(name, "SCMP_ACT_", 9) == 0)
		name += 9;
	if (code)
		snprintf(buf, DIFF_WORD_SIZE, "%s %s", name, code);
	else if (has_data(word))
		snprintf(buf, DIFF_WORD_SIZE, "%s %u", name, data_of(word));
	else
		snprintf(buf, DIFF_WORD_SIZE, "%s", name);
	return buf;
}

static void print_heading(const Rows *rows, const Row *row, FILE *f)
{
	static const char *const titles[_PROOF_KIND_MAX] = {
		[PROOF_ALLOWED] = "Newly allowed",
		[PROOF_LOGGED] = "Now allowed and logged",
		[PROOF_DENIED] = "Newly denied",
		[PROOF_CHANGED] = "Denied in another way",
	};
	char word[DIFF_WORD_SIZE];
	const char *sep = "";

	fprintf(f, "%s%s: ", titles[proof_kind(row->change)],
		row->change->by_arguments ? " for some arguments, such as these" : "");
	fputs(diff_word_text(row->change->before, word), f);
	fputs(" -> ", f);
	fputs(diff_word_text(row->change->after, word), f);
	fputs(" (", f);
	for (unsigned i = 0; i < rows->n_arches; i++)
		if (row->arches & 1ULL << i) {
			fprintf(f, "%s%s", sep, arch_name(rows->arches[i]));
			sep = ", ";
		}
	fputs(")\n", f);
}

/* "0x8, 0x1": up to the last one that is not 0. */
static void describe_arguments(const ProofChange *c, char *buf, size_t size)
{
	unsigned last = 0;
	size_t n = 0;

	for (unsigned i = 0; i < ELEMENTSOF(c->args); i++)
		if (c->args[i] != 0)
			last = i;
	for (unsigned i = 0; i <= last && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s0x%" PRIx64, i > 0 ? ", " : "",
				      c->args[i]);
}

static void describe(const ProofChange *c, char *buf, size_t size)
{
	char args[160];

	if (c->name[0] && c->inner[0])
		snprintf(buf, size, "%s[%s]", c->name, c->inner);
	else if (c->name[0])
		snprintf(buf, size, "%s", c->name);
	else if (c->nr == c->nr_last)
		snprintf(buf, size, "number %" PRId64, c->nr);
	else
		snprintf(buf, size, "numbers %" PRId64 " to %" PRId64, c->nr, c->nr_last);
	if (!c->by_arguments || c->inner[0])
		return;
	describe_arguments(c, args, sizeof(args));
	snprintf(buf + strlen(buf), size - strlen(buf), "(%s)", args);
}

static void print_rows(const Rows *rows, FILE *f)
{
	size_t width = 0;

	for (size_t i = 0; i < rows->n; i++) {
		bool first = i == 0 || !same_group(&rows->rows[i - 1], &rows->rows[i]);
		char text[2 * PROOF_NAME_MAX + 200];
		size_t n;

		describe(rows->rows[i].change, text, sizeof(text));
		n = strlen(text);
		if (first) {
			fputs(i > 0 ? "\n\n" : "", f);
			print_heading(rows, &rows->rows[i], f);
		} else
			fputc(',', f);
		if (first || width + n + 2 > LINE_WIDTH) {
			fputs(first ? "  " : "\n  ", f);
			width = 2;
		} else
			fputc(' ', f);
		fputs(text, f);
		width += n + 2;
	}
	fputs(rows->n > 0 ? "\n\n" : "", f);
}

static void print_remarks(const DiffSide *s, FILE *f)
{
	const Profile *p = s->profile;
	char path[512];

	text_escape_to(span_of(s->path), path, sizeof(path));
	if (p)
		ignored_print(s->path, p->dialect, p->ignored, p->n_ignored, f);
	if (s->filter->n_unknown == 0)
		return;
	fprintf(f, "%s: libseccomp does not know %zu %s no effect:", path, s->filter->n_unknown,
		text_plural(s->filter->n_unknown, "name, which has", "names, which have"));
	for (size_t i = 0; i < MIN(s->filter->n_unknown, (size_t)UNKNOWN_SHOWN); i++) {
		char name[128];

		fprintf(f, "%s %s", i > 0 ? "," : "",
			text_escape_to(span_of(s->filter->unknown[i]), name, sizeof(name)));
	}
	fputs(s->filter->n_unknown > UNKNOWN_SHOWN ? "...\n" : ".\n", f);
}

static void print_basis(const DiffView *v, FILE *f)
{
	const Proof *p = v->proof;

	fprintf(f,
		"Read for %s with %s on %s, Linux %u.%u, capabilities %s;\nboth filters were run "
		"over %" PRIu64 " calls (libseccomp %s%s).\n",
		dialect_name(v->after.profile->dialect), runtime_name(v->context.runtime),
		arch_name(v->context.host_arch), v->context.kernel >> 16,
		v->context.kernel >> 8 & 0xff, v->facts.capabilities, p->evaluated, p->library,
		p->assumed ? "; it is assumed that the runtime's knows the same names"
			   : ", as the runtime's");
	if (p->sampled > 0)
		fprintf(f, "For %u %s the arguments were sampled: too many combinations.\n",
			p->sampled, text_plural(p->sampled, "call", "calls"));
}

static int print_changes(const DiffView *v, FILE *f)
{
	Rows rows = { 0 };
	int r;

	r = make_rows(v->proof, &rows);
	if (r < 0)
		return r;
	print_rows(&rows, f);
	free(rows.rows);
	return 0;
}

static void print_end(const DiffView *v, FILE *f)
{
	print_remarks(&v->before, f);
	print_remarks(&v->after, f);
	print_basis(v, f);
}

int diff_print_text(const DiffView *v, FILE *f)
{
	int r;

	if (v->proof->n_changes == 0)
		fputs("There is no difference.\n\n", f);
	r = print_changes(v, f);
	if (r == 0)
		print_end(v, f);
	return r;
}

/* ---- with what runs ---- */

static const char *const verdicts[_DIFF_VERDICT_MAX] = {
	[DIFF_SAME] = "same",        [DIFF_DIFFERS] = "different",
	[DIFF_UNLIKE] = "different", [DIFF_UNCONFINED] = "unconfined",
	[DIFF_UNKNOWN] = "unknown",
};

int diff_print_running_json(const DiffRunning *r, const DiffView *v, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	JsonLine *list = NULL, *entry;
	int n = v ? changes_json(v, f) : 0;

	json_line_bool(j, "summary", true);
	json_line_str(j, "workload", r->workload);
	json_line_str(j, "verdict", verdicts[r->verdict]);
	list = json_line_array(j, "containers");
	for (size_t i = 0; i < r->n; i++) {
		entry = json_line_object(list, NULL);
		json_line_str(entry, "name", r->instances[i]->name);
		json_line_str(entry, "id", r->instances[i]->id);
	}
	json_line_bool(j, "flags_differ", r->flags_differ);
	if (r->loaded > 0)
		json_line_uint(j, "loaded", r->loaded);
	if (v)
		summary_members(j, v);
	json_line_int(j, "exit", r->exit_code);
	return n < 0 ? n : json_line_write(j, f);
}

/* "web (0123456789ab), web2 (...) and 3 more" */
static void print_containers(const DiffRunning *r, FILE *f)
{
	char name[256], id[64];

	for (size_t i = 0; i < MIN(r->n, (size_t)CONTAINERS_SHOWN); i++)
		fprintf(f, "%s%s (%s)", i > 0 ? ", " : "",
			text_escape_to(span_of(r->instances[i]->name), name, sizeof(name)),
			text_escape_to(span_first(span_of(r->instances[i]->id), 12), id,
				       sizeof(id)));
	if (r->n > CONTAINERS_SHOWN)
		fprintf(f, " and %zu more", r->n - CONTAINERS_SHOWN);
}

/* A loaded filter stays, and most engines keep the profile with the container. */
static const char *remedy(const char *engine)
{
	if (strcmp(engine, "docker") == 0 || strcmp(engine, "podman") == 0)
		return "Remove the container and make it anew: a restart keeps the profile that it "
		       "was made with.";
	return "It takes effect when the container is made anew.";
}

static void print_verdict(const DiffRunning *r, FILE *f)
{
	static const char *const sentences[_DIFF_VERDICT_MAX] = {
		[DIFF_SAME] = "runs under this profile",
		[DIFF_DIFFERS] = "runs under another profile",
		[DIFF_UNLIKE] = "runs under another profile, with more differences than can be "
				"listed",
		[DIFF_UNCONFINED] = "runs without a filter (unconfined)",
		[DIFF_UNKNOWN] =
			"runs under a filter that is not known: its runtime's state has no "
			"OCI configuration that tells it",
	};
	char name[4 * WORKLOAD_NAME_MAX];

	fprintf(f, "%s %s: ", text_escape_to(span_of(r->workload), name, sizeof(name)),
		sentences[r->verdict]);
	print_containers(r, f);
	fputs(".\n", f);
	if (r->verdict != DIFF_SAME && r->verdict != DIFF_UNKNOWN)
		fprintf(f, "%s\n", remedy(r->engine));
	if (r->flags_differ)
		fprintf(f, "What is denied is recorded %s (SECCOMP_FILTER_FLAG_LOG).\n",
			r->file_logs ? "with the file's profile only"
				     : "now, and would not be with the file's profile");
	if (r->loaded > 0)
		fprintf(f, "%zu filter%s loaded, as the kernel says%s.\n", r->loaded,
			r->loaded == 1 ? " is" : "s are",
			r->loaded == 1 ? ""
				       : "; the strictest answer of them counts, and the program "
					 "may have loaded all but the first");
	if (r->verdict == DIFF_DIFFERS)
		fputs("The profile in the file would change:\n", f);
	fputc('\n', f);
}

int diff_print_running_text(const DiffRunning *r, const DiffView *v, FILE *f)
{
	int n = 0;

	print_verdict(r, f);
	if (!v)
		return 0;
	n = print_changes(v, f);
	if (n == 0)
		print_end(v, f);
	return n;
}
