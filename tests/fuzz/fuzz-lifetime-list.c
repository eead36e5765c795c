/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of lifetimes, or of makings: what is read lies within bounds, and written again it is read
 * alike. */
#include "evidence/lifetime-list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_clean(const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name < ' ' || *name == 0x7f)
			return false;
	return true;
}

static void must_come_back(const ListedLifetime *f)
{
	LedgerLifetime row = { .id = (int64_t)f->row,
			       .name = f->name,
			       .from = f->from,
			       .to = f->to,
			       .start_seen = f->start_seen,
			       .stop_seen = f->stop_seen,
			       .exit = f->exit,
			       .joins = f->joins,
			       .joined = f->joined };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	ListedLifetime again;
	Span rest;

	/* the four digits of a year */
	if (!is_clean(f->name) || MAX(f->to, f->joined) > UINT64_C(253402300799999999) ||
	    f->from > UINT64_C(253402300799999999))
		return;
	lifetime_list_add(&b, &row);
	must(buffer_error(&b) == 0);
	rest = buffer_span(&b);
	must(lifetime_list_next(&rest, &again) == 1 && rest.n == 0);
	must(again.row == f->row && again.from == f->from && again.to == f->to);
	must(again.start_seen == f->start_seen && again.stop_seen == f->stop_seen);
	must(again.exit == f->exit && again.joins == f->joins && again.joined == f->joined);
	must(strcmp(again.name, f->name) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span all = span_make((const char *)data, size), rest = all;
	ListedLifetime f;
	LedgerMaking m;
	unsigned n = 0;
	int r;

	while ((r = lifetime_list_next(&rest, &f)) > 0) {
		must(f.row > 0 && f.row < UINT64_C(1) << 40 && f.from > 0 && f.from <= INT64_MAX);
		must(f.to <= INT64_MAX && (f.to == 0 || f.to >= f.from) &&
		     f.exit < _LIFETIME_EXIT_MAX);
		must(f.joins <= INT64_MAX && f.joined <= INT64_MAX && f.name[0]);
		must_come_back(&f);
		n++;
	}
	must(lifetime_list_is_sane(all) == (r == 0 && n > 0 && n <= LIFETIME_LIST_MAX));
	rest = all;
	while (making_list_next(&rest, &m) > 0)
		must(m.lifetime > 0 && m.first <= INT64_MAX);
	(void)making_list_is_sane(all);
	return 0;
}
