/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/profile-in-use.h"
#include "profile/filter.h"
#include "profile/meaning.h"
#include "util/array.h"
#include "util/buffer.h"
#include "util/text.h"

#define FILES_SHOWN 8
#define PROOFS_MAX 32

/* What decides how a file is read. Capabilities that it does not mention make no difference. */
typedef struct Reading {
	Dialect dialect;
	ProfileContext context;
} Reading;

typedef struct Meant {
	Reading reading;
	bool valid;
	Meaning meaning;
	struct Meant *next;
} Meant;

/* Per file: how it was understood, and which capabilities it mentions. */
typedef struct Understood {
	Meant *first;
	uint64_t mentioned;
	bool malformed;
} Understood;

/* An applied filter, in one reading, with the files that mean the same. */
typedef struct Found {
	char hash[PROFILE_HASH_SIZE];
	Reading reading;
	size_t *files;
	size_t n;
} Found;

struct ProfilesInUse {
	char *places;
	ProfileFiles files;
	Understood *understood; /* of each file */
	Found *found;
	size_t n_found, allocated_found;
	unsigned proofs, unproved;
	unsigned malformed;
	Diag first_malformed;
	const char *first_malformed_path;
};

ProfilesInUse *profiles_in_use_free(ProfilesInUse *p)
{
	if (!p)
		return NULL;
	for (size_t i = 0; p->understood && i < p->files.n; i++)
		for (Meant *m = p->understood[i].first, *next; m; m = next) {
			next = m->next;
			free(m);
		}
	for (size_t i = 0; i < p->n_found; i++)
		free(p->found[i].files);
	free(p->found);
	free(p->understood);
	profile_files_done(&p->files);
	free(p->places);
	free(p);
	return NULL;
}

/* ---- the files ---- */

static uint64_t mentioned_capabilities(Span text)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < 64; i++) {
		const char *name = capability_name(i);

		if (name[0] != '?' && span_find(text, span_of(name)) >= 0)
			set |= 1ULL << i;
	}
	return set;
}

int profiles_in_use_open(const char *places, ProfilesInUse **ret)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	p->places = strdup(places);
	r = p->places ? profile_files_read(places, &p->files) : -ENOMEM;
	if (r < 0)
		return r;
	p->understood = calloc(p->files.n + 1, sizeof(*p->understood));
	if (!p->understood)
		return -ENOMEM;
	for (size_t i = 0; i < p->files.n; i++)
		p->understood[i].mentioned = mentioned_capabilities(
			span_make(p->files.rows[i].text, p->files.rows[i].n));
	*ret = STEAL(p);
	return 0;
}

static void note_malformed(ProfilesInUse *p, size_t i, const Diag *d)
{
	if (p->understood[i].malformed)
		return;
	p->understood[i].malformed = true;
	if (p->malformed++ > 0)
		return;
	p->first_malformed = *d;
	p->first_malformed_path = p->files.rows[i].path;
}

static int read_file(const ProfilesInUse *p, size_t i, const Reading *reading, Profile **ret,
		     Diag *d)
{
	const ProfileFile *f = &p->files.rows[i];

	return profile_read(span_make(f->text, f->n), reading->dialect, &reading->context, ret, d);
}

static bool same_reading(const Reading *a, const Reading *b, uint64_t mentioned)
{
	return a->dialect == b->dialect && a->context.runtime == b->context.runtime &&
	       a->context.kernel == b->context.kernel &&
	       ((a->context.capabilities ^ b->context.capabilities) & mentioned) == 0;
}

static int understand(ProfilesInUse *p, size_t i, const Reading *reading, const Meant **ret)
{
	Understood *u = &p->understood[i];
	_cleanup_(profile_freep) Profile *profile = NULL;
	_cleanup_free_ Meant *m = NULL;
	Diag d = { 0 };
	int r;

	for (const Meant *known = u->first; known; known = known->next)
		if (same_reading(&known->reading, reading, u->mentioned)) {
			*ret = known;
			return 0;
		}
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->reading = *reading;
	r = read_file(p, i, reading, &profile, &d);
	if (r == 0)
		r = meaning_of(profile, &m->meaning);
	if (r == -ENOMEM)
		return r;
	m->valid = r == 0;
	if (!m->valid)
		note_malformed(p, i, &d);
	m->next = u->first;
	u->first = m;
	*ret = STEAL(m);
	return 0;
}

/* ---- comparing ---- */

/* 1, 0, -ENOMEM. Each takes tens of milliseconds, and needs files that differ from the filter only
 * in arguments: hundreds of them would be made to keep us busy. */
static int prove(ProfilesInUse *p, size_t i, const Reading *reading, const Profile *applied)
{
	_cleanup_(profile_freep) Profile *profile = NULL;
	Diag d = { 0 };
	int r;

	if (p->proofs == PROOFS_MAX) {
		p->unproved++;
		return 0;
	}
	p->proofs++;
	r = read_file(p, i, reading, &profile, &d);
	return r < 0 ? r : meaning_proved(profile, applied);
}

static int means_the_same(ProfilesInUse *p, size_t i, const Reading *reading,
			  const Profile *applied, const Meaning *meaning)
{
	const Meant *m;
	int r = understand(p, i, reading, &m);

	if (r < 0 || !m->valid)
		return r;
	switch (meaning_compare(&m->meaning, meaning)) {
	case MEANING_SAME:
		return 1;
	case MEANING_UNSURE:
		return prove(p, i, reading, applied);
	default:
		return 0;
	}
}

static int search(ProfilesInUse *p, Span json, Found *f)
{
	_cleanup_(profile_freep) Profile *applied = NULL;
	Meaning meaning;
	Diag d = { 0 };
	int r;

	f->files = calloc(p->files.n + 1, sizeof(*f->files));
	if (!f->files)
		return -ENOMEM;
	r = profile_read(json, DIALECT_OCI, &f->reading.context, &applied, &d);
	if (r == 0)
		r = meaning_of(applied, &meaning);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < p->files.n; i++) {
		r = means_the_same(p, i, &f->reading, applied, &meaning);
		if (r < 0)
			return r;
		if (r > 0)
			f->files[f->n++] = i;
	}
	return 0;
}

static int keep_found(ProfilesInUse *p, Found *f)
{
	Found *rows = array_room(p->found, p->n_found, &p->allocated_found, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	p->found = rows;
	p->found[p->n_found++] = *f;
	return 0;
}

static int find(ProfilesInUse *p, const char *hash, Span json, const Reading *reading,
		const Found **ret)
{
	Found f = { .reading = *reading };
	int r;

	for (size_t i = 0; i < p->n_found; i++)
		if (strcmp(p->found[i].hash, hash) == 0 &&
		    same_reading(&p->found[i].reading, reading, UINT64_MAX)) {
			*ret = &p->found[i];
			return 0;
		}
	span_copy(span_of(hash), f.hash, sizeof(f.hash));
	r = search(p, json, &f);
	if (r == 0)
		r = keep_found(p, &f);
	if (r < 0) {
		free(f.files);
		return r;
	}
	*ret = &p->found[p->n_found - 1];
	return 0;
}

/* ---- workloads ---- */

void files_in_use_done(FilesInUse *f)
{
	free(f->paths);
	*f = (FilesInUse){ 0 };
}

static bool has_path(const FilesInUse *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->paths[i] == path)
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_paths(const ProfilesInUse *p, const Found *found, FilesInUse *f)
{
	const char **paths = reallocarray(f->paths, f->n + found->n + 1, sizeof(*paths));

	if (!paths)
		return -ENOMEM;
	f->paths = paths;
	for (size_t i = 0; i < found->n; i++)
		if (!has_path(f, p->files.rows[found->files[i]].path))
			f->paths[f->n++] = p->files.rows[found->files[i]].path;
	return 0;
}

/* One filter, as everybody reads it who may have made it: CRI-O evaluates its default profile as
 * Podman does, and hands on those that a pod names. */
static int add_filter(ProfilesInUse *p, const char *hash, Span json, const char *engine,
		      Reading reading, FilesInUse *f)
{
	const Found *found;
	int r;

	/* A unit's filter is made from no profile. */
	if (strcmp(engine, "systemd") == 0)
		return 0;
	f->known = true;
	r = find(p, hash, json, &reading, &found);
	if (r == 0)
		r = add_paths(p, found, f);
	if (r < 0 || strcmp(engine, "crio") != 0)
		return r;
	reading.dialect = DIALECT_PODMAN;
	r = find(p, hash, json, &reading, &found);
	return r < 0 ? r : add_paths(p, found, f);
}

static Reading reading_of(const char *engine, const Instance *i)
{
	static const ContextOptions none;
	const Dialect d = context_dialect(&none, engine);

	return (Reading){ d, context_of_host(&none, d, i) };
}

static int add_running(ProfilesInUse *p, const Instances *now, const Instance *rows, size_t n,
		       FilesInUse *f)
{
	for (size_t i = 0; i < n; i++) {
		const AppliedFilter *filter = &now->filters[rows[i].filter];
		int r;

		f->differ |= rows[i].has_filter != rows[0].has_filter ||
			     rows[i].filter != rows[0].filter;
		if (!rows[i].has_filter || !filter->json)
			continue;
		r = add_filter(p, filter->hash, span_of(filter->json), rows[i].engine,
			       reading_of(rows[i].engine, &rows[i]), f);
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_recorded(ProfilesInUse *p, Ledger *l, const Workload *w, FilesInUse *f)
{
	_cleanup_free_ char *json = NULL;
	int r;

	if (!l || !w->profile_hash[0] || applied_profile_is_none(w->profile_hash))
		return 0;
	r = ledger_get_profile(l, w->profile_hash, &json);
	if (r < 0 || !json)
		return r == -ENOMEM ? r : 0;
	return add_filter(p, w->profile_hash, span_of(json), w->dialect,
			  reading_of(w->dialect, NULL), f);
}

/* The path that the engine recorded says which of several it was. */
static const char *choose(const FilesInUse *f, const char *source)
{
	if (f->differ)
		return NULL;
	for (size_t i = 0; f->n > 1 && source && i < f->n; i++)
		if (strcmp(f->paths[i], source) == 0)
			return f->paths[i];
	return f->n == 1 ? f->paths[0] : NULL;
}

int profiles_in_use_of(ProfilesInUse *p, const Instances *now, Ledger *l, const Workload *w,
		       FilesInUse *ret)
{
	_cleanup_files_in_use_ FilesInUse f = { 0 };
	const Instance *rows;
	size_t n;
	int r;

	rows = instances_of(now, w->name, &n);
	r = n > 0 ? add_running(p, now, rows, n, &f) : add_recorded(p, l, w, &f);
	if (r < 0)
		return r;
	if (f.n > 1)
		qsort(f.paths, f.n, sizeof(*f.paths), by_text);
	f.one = choose(&f, n > 0 ? rows[0].profile_source : w->profile_source);
	*ret = f;
	f = (FilesInUse){ 0 };
	return 0;
}

/* ---- for people ---- */

int profiles_in_use_explain_none(const ProfilesInUse *p, Buffer *out)
{
	const ProfileFiles *f = &p->files;

	if (!p->places[0])
		buffer_printf(out, "ProfilePath= names no folder");
	else if (f->n == 0)
		buffer_printf(out, "there is no profile in ProfilePath=%s", p->places);
	else if (f->n == 1)
		buffer_printf(out, "the one file in ProfilePath=%s has another filter", p->places);
	else
		buffer_printf(out, "none of the %zu %s in ProfilePath=%s has its filter", f->n,
			      text_plural(f->n, "file", "files"), p->places);
	if (p->malformed > 0)
		buffer_printf(out, "; %u of them %s no profile (%s:%u: %s)", p->malformed,
			      text_plural(p->malformed, "is", "are"), p->first_malformed_path,
			      p->first_malformed.line, p->first_malformed.text);
	if (f->faulty > 0)
		buffer_printf(out, "; %u more cannot be read (%s)", f->faulty, f->first_fault.text);
	if (p->unproved > 0)
		buffer_printf(out, "; %u %s left out: too many files are nearly alike", p->unproved,
			      text_plural(p->unproved, "comparison was", "comparisons were"));
	if (f->cut)
		buffer_printf(out, "; and there are more than are looked at");
	return buffer_error(out);
}

static const char *fail_none(const ProfilesInUse *p, const char *verb, const Workload *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (profiles_in_use_explain_none(p, &b) < 0)
		return NULL;
	ctl_fail(0, verb, "which profile %s runs under is not found: %s; name it with --profile",
		 w->name, b.p);
	return NULL;
}

static const char *fail_several(const char *verb, const FilesInUse *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (size_t i = 0; i < MIN(f->n, (size_t)FILES_SHOWN); i++)
		buffer_printf(&b, "%s%s", i > 0 ? ", " : "", f->paths[i]);
	if (f->n > FILES_SHOWN)
		buffer_printf(&b, " and %zu more", f->n - FILES_SHOWN);
	if (buffer_error(&b) == 0)
		ctl_fail(0, verb, "%s; name one with --profile: %s",
			 f->differ ? "its containers run under different profiles"
				   : "several files mean what it runs under",
			 b.p);
	return NULL;
}

const char *profiles_in_use_choose(ProfilesInUse *p, const char *verb, const Instances *now,
				   Ledger *l, const Workload *w)
{
	_cleanup_files_in_use_ FilesInUse f = { 0 };

	if (profiles_in_use_of(p, now, l, w, &f) < 0)
		ctl_fail(0, verb, "out of memory");
	else if (!f.known)
		ctl_fail(0, verb,
			 "%s runs under no filter that is known; name the profile to add to with "
			 "--profile FILE",
			 w->name);
	else if (f.n == 0)
		return fail_none(p, verb, w);
	else if (!f.one)
		return fail_several(verb, &f);
	else
		ctl_fail(0, verb, "%s runs under %s", w->name, f.one);
	return f.one;
}
