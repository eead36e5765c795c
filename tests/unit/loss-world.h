/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A tally and a ledger, and passes over them at times that are made up. */
#include "daemon/loss.h"
#include "evidence/window.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/tally-fixture.h"

#define SEC USEC_PER_SEC

typedef struct Rows {
	unsigned n;
	LedgerLoss rows[16];
	char kinds[16][24];
} Rows;

typedef struct World {
	Folder folder;
	int tally_fd;
	Tally *tally;
	Ledger *ledger;
	Loss loss;
	usec_t now;
	Rows found;
} World;

static inline void start(World *w, bool same_boot, bool note_stop)
{
	const LossSetup setup = { .ledger = w->ledger,
				  .tally = w->tally,
				  .boot = "boot-1",
				  .same_boot = same_boot,
				  .live = true,
				  .note_stop = note_stop };

	assert_int_equal(loss_init(&w->loss, &setup, w->now), 0);
}

static inline int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	folder_make(&w->folder);
	w->tally_fd = tally_memory();
	assert_int_equal(tally_open(w->tally_fd, 1, &w->tally), 0);
	w->ledger = must_write(&w->folder);
	w->now = NOW;
	start(w, false, true);
	*state = w;
	return 0;
}

static inline int teardown(void **state)
{
	World *w = *state;

	ledger_free(w->ledger);
	tally_free(w->tally);
	close(w->tally_fd);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

/* One pass, @seconds later; says whether there was anything to write. */
static inline bool pass(World *w, unsigned seconds)
{
	bool due;

	w->now += seconds * SEC;
	loss_sample(&w->loss, w->now);
	due = loss_is_due(&w->loss);
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(loss_write(&w->loss), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	loss_committed(&w->loss);
	return due;
}

/* Passes that find nothing do not write at all. */
static inline void rest(World *w, unsigned seconds)
{
	w->now += seconds * SEC;
	loss_sample(&w->loss, w->now);
	assert_false(loss_is_due(&w->loss));
}

static inline int take(const LedgerLoss *row, void *userdata)
{
	Rows *all = userdata;

	assert_true(all->n < ELEMENTSOF(all->rows));
	snprintf(all->kinds[all->n], sizeof(all->kinds[0]), "%s", row->kind);
	all->rows[all->n] = *row;
	all->rows[all->n].kind = all->kinds[all->n];
	all->n++;
	return 0;
}

/* Their texts are good until the next call. */
static inline Rows rows(World *w)
{
	w->found.n = 0;
	assert_int_equal(ledger_each_loss(w->ledger, take, &w->found), 0);
	return w->found;
}

static inline void serial(World *w, uint32_t n)
{
	tally_totals(w->tally)->last_serial = n;
	tally_totals(w->tally)->has_serial = 1;
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
