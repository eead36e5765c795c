/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal-reader.h"

#include <errno.h>
#include <systemd/sd-journal.h>

#include "source/bus-error.h"

/* What sd-journal unpacks of a long field, over the room there is: so much that the rest of it does
 * not fit, either. Names have 64 bytes at most. */
#define THRESHOLD 128

struct JournalReader {
	sd_journal *journal;
	const Span *names;
	size_t n_names;
	unsigned left_out;
	const char *first_left_out;
	bool broken; /* pages of its maps have gone */
	size_t n;
	size_t size;
	char text[]; /* so many bytes */
};

/* ---- the guard ---- */

static int begin(JournalReader *r)
{
	if (r->broken)
		return -EBADMSG;
	bus_error_begin();
	return 0;
}

static int end(JournalReader *r, int result)
{
	if (bus_error_end())
		r->broken = true;
	return r->broken ? -EBADMSG : result;
}

/* ---- opening ---- */

/* sd-journal has many words for a file that is none of its own. */
static int kind_of_error(int r)
{
	static const int damaged[] = { -ENODATA, -EBADMSG,         -EIO,          -ESHUTDOWN,
				       -ENODEV,  -EPROTONOSUPPORT, -EADDRNOTAVAIL };

	for (size_t i = 0; i < ELEMENTSOF(damaged); i++)
		if (r == damaged[i])
			return -EBADMSG;
	return r;
}

static int open_one(const char *path, sd_journal **ret)
{
	const char *paths[] = { path, NULL };

	return sd_journal_open_files(ret, paths, 0);
}

static void leave_out(JournalReader *r, const char *path)
{
	if (r->left_out++ == 0)
		r->first_left_out = path;
}

/* sd-journal opens all of them or none: each is tried first. */
static int open_files(JournalReader *r, const JournalPlace *place)
{
	_cleanup_free_ const char **good = calloc(place->n_files + 1, sizeof(*good));
	size_t n = 0;
	int first = -ENOENT;

	if (!good)
		return -ENOMEM;
	for (size_t i = 0; i < place->n_files; i++) {
		sd_journal *one = NULL;
		int e = open_one(place->files[i], &one);

		sd_journal_close(one);
		if (e == -ENOMEM || e == -EMFILE || e == -ENFILE)
			return e;
		if (e >= 0)
			good[n++] = place->files[i];
		else if (r->left_out == 0)
			first = e;
		if (e < 0)
			leave_out(r, place->files[i]);
	}
	return n == 0 ? first : sd_journal_open_files(&r->journal, good, 0);
}

static int open_place(JournalReader *r, const JournalPlace *place)
{
	int flags = place->users ? 0 : SD_JOURNAL_SYSTEM;

	if (place->n_files > 0)
		return open_files(r, place);
	if (place->directory)
		return sd_journal_open_directory(&r->journal, place->directory, flags);
	return sd_journal_open(&r->journal, flags | SD_JOURNAL_LOCAL_ONLY);
}

int journal_reader_new(const JournalPlace *place, const Span *names, size_t n_names,
		       JournalReader **ret)
{
	size_t size = place->text ?: JOURNAL_READER_TEXT;
	_cleanup_(journal_reader_freep) JournalReader *r = calloc(1, sizeof(*r) + size);
	int e;

	if (!r)
		return -ENOMEM;
	if (n_names > JOURNAL_NAMES_MAX)
		return -E2BIG;
	r->names = names;
	r->n_names = n_names;
	r->size = size;
	(void)begin(r);
	e = open_place(r, place);
	if (e >= 0)
		e = sd_journal_set_data_threshold(r->journal, size + THRESHOLD);
	e = kind_of_error(end(r, e));
	if (e < 0)
		return e;
	*ret = STEAL(r);
	return 0;
}

JournalReader *journal_reader_free(JournalReader *r)
{
	if (!r)
		return NULL;
	bus_error_begin();
	sd_journal_close(r->journal);
	(void)bus_error_end();
	free(r);
	return NULL;
}

unsigned journal_reader_left_out(JournalReader *r, const char **ret_first)
{
	*ret_first = r->first_left_out;
	return r->left_out;
}

/* ---- which ---- */

int journal_reader_match(JournalReader *r, Span match)
{
	int e = begin(r);

	return e < 0 ? e : end(r, sd_journal_add_match(r->journal, match.p, match.n));
}

int journal_reader_or(JournalReader *r)
{
	int e = begin(r);

	return e < 0 ? e : end(r, sd_journal_add_disjunction(r->journal));
}

int journal_reader_values(JournalReader *r, const char *name, size_t max,
			  void (*found)(Span match, void *userdata), void *userdata)
{
	const void *data;
	size_t n, i = 0;
	int e = begin(r);

	if (e < 0)
		return e;
	e = sd_journal_query_unique(r->journal, name);
	while (e >= 0) {
		e = sd_journal_enumerate_available_unique(r->journal, &data, &n);
		if (e <= 0 || i++ == max)
			break;
		found(span_make(data, n), userdata);
	}
	return end(r, e);
}

/* ---- where ---- */

int journal_reader_seek_head(JournalReader *r)
{
	int e = begin(r);

	return e < 0 ? e : end(r, sd_journal_seek_head(r->journal));
}

/* From the end on sd-journal would give the last entry of each file. */
static int seek_tail(sd_journal *journal)
{
	int e = sd_journal_seek_tail(journal);

	if (e >= 0)
		e = sd_journal_previous(journal);
	if (e != 0)
		return e;
	e = sd_journal_seek_head(journal);
	return MIN(e, 0);
}

int journal_reader_seek_tail(JournalReader *r)
{
	int e = begin(r);

	return e < 0 ? e : end(r, seek_tail(r->journal));
}

int journal_reader_seek_time(JournalReader *r, uint64_t usec)
{
	int e = begin(r);

	return e < 0 ? e : end(r, sd_journal_seek_realtime_usec(r->journal, usec));
}

static int seek_cursor(sd_journal *journal, const char *cursor)
{
	int e = sd_journal_seek_cursor(journal, cursor);

	if (e >= 0)
		e = sd_journal_next(journal);
	if (e > 0)
		e = sd_journal_test_cursor(journal, cursor);
	if (e != 0)
		return e;
	/* What was stepped on is none that the caller has seen. */
	e = sd_journal_seek_cursor(journal, cursor);
	return MIN(e, 0);
}

int journal_reader_seek_cursor(JournalReader *r, const char *cursor)
{
	int e = begin(r);

	return e < 0 ? e : end(r, seek_cursor(r->journal, cursor));
}

/* ---- the entries ---- */

static int index_of_name(const JournalReader *r, Span name)
{
	for (size_t i = 0; i < r->n_names; i++)
		if (span_eq(name, r->names[i]))
			return (int)i;
	return -1;
}

/* sd-journal's own memory lives until its next field. */
static void keep(JournalReader *r, Span data, JournalValues *ret)
{
	Span name;
	int i = span_split(&data, '=', &name) && data.p ? index_of_name(r, name) : -1;

	if (i < 0 || ret->values[i].p)
		return;
	if (data.n > r->size - r->n) {
		ret->cut = true;
		return;
	}
	if (data.n > 0)
		memcpy(r->text + r->n, data.p, data.n);
	ret->values[i] = span_make(r->text + r->n, data.n);
	r->n += data.n;
}

static int read_entry(JournalReader *r, JournalValues *ret)
{
	const void *data;
	size_t n;
	int e;

	r->n = 0;
	sd_journal_restart_data(r->journal);
	for (;;) {
		e = sd_journal_enumerate_available_data(r->journal, &data, &n);
		if (e <= 0)
			return e < 0 ? e : 1;
		keep(r, span_make(data, n), ret);
	}
}

int journal_reader_next(JournalReader *r, JournalValues *ret)
{
	int e = begin(r);

	if (e < 0)
		return e;
	*ret = (JournalValues){ 0 };
	e = sd_journal_next(r->journal);
	if (e > 0)
		e = read_entry(r, ret);
	return end(r, e);
}

int journal_reader_time(JournalReader *r, uint64_t *ret_usec)
{
	uint64_t usec = 0;
	int e = begin(r);

	if (e < 0)
		return e;
	e = end(r, sd_journal_get_realtime_usec(r->journal, &usec));
	if (e >= 0)
		*ret_usec = usec;
	return e;
}

int journal_reader_times(JournalReader *r, uint64_t *ret_first, uint64_t *ret_last)
{
	uint64_t first = 0, last = 0;
	int e = begin(r);

	if (e < 0)
		return e;
	e = end(r, sd_journal_get_cutoff_realtime_usec(r->journal, &first, &last));
	if (e < 0)
		return e;
	*ret_first = first;
	*ret_last = last;
	return 0;
}

int journal_reader_cursor(JournalReader *r, char **ret)
{
	_cleanup_free_ char *cursor = NULL;
	int e = begin(r);

	if (e < 0)
		return e;
	e = end(r, sd_journal_get_cursor(r->journal, &cursor));
	if (e >= 0)
		*ret = STEAL(cursor);
	return e;
}

int journal_reader_clocks(JournalReader *r, uint64_t *ret_real, uint64_t *ret_monotonic,
			  char ret_boot[static JOURNAL_BOOT_ID])
{
	uint64_t real = 0, monotonic = 0;
	sd_id128_t boot = SD_ID128_NULL;
	int e = begin(r);

	if (e < 0)
		return e;
	e = sd_journal_get_realtime_usec(r->journal, &real);
	if (e >= 0)
		e = sd_journal_get_monotonic_usec(r->journal, &monotonic, &boot);
	e = end(r, e);
	if (e < 0)
		return e;
	*ret_real = real;
	*ret_monotonic = monotonic;
	sd_id128_to_string(boot, ret_boot);
	return 0;
}

/* ---- following ---- */

int journal_reader_fd(JournalReader *r)
{
	int e = begin(r);

	return e < 0 ? e : end(r, sd_journal_get_fd(r->journal));
}

int journal_reader_process(JournalReader *r)
{
	int e = begin(r);

	e = e < 0 ? e : end(r, sd_journal_process(r->journal));
	return MIN(e, 0);
}
