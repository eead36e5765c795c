/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/ledger-history.h"
#include "evidence/replay-loss.h"
#include "evidence/serial-gaps.h"

static const struct {
	const char *meta, *kind;
} flags[_REPLAY_FLAG_MAX] = {
	[REPLAY_DAMAGED] = { "replayed_damaged", "rejected" },
	[REPLAY_UNDATED] = { "replayed_undated", "undated" },
	[REPLAY_NOTICED] = { "replayed_notice", "kernel-lost" },
};

static int has_flag(Ledger *l, ReplayFlag flag)
{
	char value[8];
	int r = ledger_get_meta(l, flags[flag].meta, value, sizeof(value));

	return r < 0 ? r : value[0] != '\0';
}

int replay_loss_flag(Ledger *l, ReplayFlag flag, bool *ret_new)
{
	int r = has_flag(l, flag);

	if (r < 0)
		return r;
	*ret_new = r == 0;
	return r == 0 ? ledger_set_meta(l, flags[flag].meta, "1") : 0;
}

typedef struct Search {
	Ledger *ledger;
	SerialGaps *gaps;
	uint64_t missing, rejected;
	usec_t first, last;
	uint64_t stretch;
	RecordKeys keys; /* of .stretch, of all workloads */
	bool unsorted;   /* these */
} Search;

static int by_key(const void *a, const void *b)
{
	return record_key_compare(a, b);
}

/* Feeds those from @from on and before @to. */
static int take_rows(Search *s, size_t from, size_t to)
{
	int r = 0;

	for (size_t i = from; r == 0 && i < to; i++) {
		const RecordKey *k = &s->keys.rows[i];

		r = serial_gaps_add(s->gaps, k->serial, k->time * USEC_PER_MSEC);
	}
	return r;
}

/* Those of one ms are in order of their serials, unless these wrapped within it. */
static int take_moment(Search *s, size_t from, size_t to)
{
	const RecordKey *rows = s->keys.rows;
	size_t low = from;
	int r;

	if (rows[to - 1].serial - rows[from].serial <= INT32_MAX)
		return take_rows(s, from, to);
	while (rows[low].serial <= INT32_MAX)
		low++;
	r = take_rows(s, low, to);
	return r == 0 ? take_rows(s, from, low) : r;
}

static int take_stretch(Search *s)
{
	int r = 0;

	if (s->unsorted)
		qsort(s->keys.rows, s->keys.n, sizeof(*s->keys.rows), by_key);
	s->unsorted = false;
	for (size_t i = 0, to; r == 0 && i < s->keys.n; i = to) {
		for (to = i + 1; to < s->keys.n; to++)
			if (s->keys.rows[to].time != s->keys.rows[i].time)
				break;
		r = take_moment(s, i, to);
	}
	if (s->keys.n > 0) {
		s->last = s->keys.rows[s->keys.n - 1].time * USEC_PER_MSEC;
		s->first = s->first ?: s->keys.rows[0].time * USEC_PER_MSEC;
	}
	s->keys.n = 0;
	return r;
}

static int take_keys(uint64_t stretch, int64_t workload, const RecordKeys *keys, void *userdata)
{
	Search *s = userdata;
	int r = stretch == s->stretch ? 0 : take_stretch(s);

	s->stretch = stretch;
	s->unsorted = r == 0 && s->keys.n > 0;
	for (size_t i = 0; r == 0 && i < keys->n; i++) {
		s->rejected += workload == 0 && keys->rows[i].pid == RECORD_KEY_REJECTED;
		r = record_keys_append(&s->keys, &keys->rows[i]);
	}
	return r;
}

static int take_gap(const SerialGap *gap, void *userdata)
{
	Search *s = userdata;

	s->missing += gap->count;
	return ledger_add_loss(s->ledger, &(LedgerLoss){ .kind = "serial-gap",
							 .from = gap->from,
							 .to = gap->to,
							 .count = gap->count });
}

/* Of lines that cannot be read nobody knows how many records they were. */
static int add_others(Search *s)
{
	int r = 0;

	for (int i = 0; r >= 0 && i < _REPLAY_FLAG_MAX; i++) {
		uint64_t known = i == REPLAY_DAMAGED ? s->rejected : 0;

		r = has_flag(s->ledger, (ReplayFlag)i);
		if (r > 0 || (r == 0 && known > 0))
			r = ledger_add_loss(
				s->ledger,
				&(LedgerLoss){ .kind = flags[i].kind,
					       .from = s->first,
					       .to = s->last,
					       .count = r > 0 ? LEDGER_COUNT_UNKNOWN : known });
	}
	return MIN(r, 0);
}

static int search(Search *s)
{
	int r = ledger_clear_losses(s->ledger);

	if (r == 0)
		r = ledger_each_keys(s->ledger, take_keys, s);
	if (r == 0)
		r = take_stretch(s);
	if (r == 0)
		r = serial_gaps_finish(s->gaps);
	return r == 0 ? add_others(s) : r;
}

int replay_loss_write(Ledger *l, uint64_t *ret_gaps)
{
	_cleanup_free_ SerialGaps *gaps = calloc(1, sizeof(*gaps));
	Search s = { .ledger = l, .gaps = gaps };
	int r;

	if (!gaps)
		return -ENOMEM;
	gaps->f = take_gap;
	gaps->userdata = &s;
	r = search(&s);
	record_keys_done(&s.keys);
	if (r < 0)
		return r;
	*ret_gaps = s.missing;
	return 0;
}
