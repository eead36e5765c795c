/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence on a disk that is full: a small tmpfs of this process's own. */
#include <sched.h>
#include <sys/mount.h>

#include "tests/unit/ledger-fixture.h"
#include "tests/unit/tally-fixture.h"

/* False (and the test skipped) where nobody may mount. */
static bool mount_small(const Folder *f, const char *options)
{
	if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", f->dir, "tmpfs", 0, options) == 0)
		return true;
	print_message("# skipped: cannot mount a tmpfs: %s\n", strerror(errno));
	assert_int_equal(rmdir(f->dir), 0);
	skip();
	return false;
}

static void unmount(const Folder *f)
{
	assert_int_equal(umount2(f->dir, MNT_DETACH), 0);
	assert_int_equal(rmdir(f->dir), 0);
}

static Tally *open_tally(const Folder *f, int *ret_fd, int *ret_r)
{
	char path[128];
	Tally *t = NULL;

	snprintf(path, sizeof(path), "%s/tally", f->dir);
	*ret_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(*ret_fd >= 0);
	*ret_r = tally_open(*ret_fd, 1, &t);
	return t;
}

static void fill_disk(const Folder *f, const char *name)
{
	_cleanup_close_ int fd = -1;
	char path[128], page[4096] = { 1 };

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, page, sizeof(page)) > 0)
		;
}

static void empty_disk(const Folder *f, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	assert_int_equal(unlink(path), 0);
}

/* A store into a page for which there is no block would be a SIGBUS. */
static void test_tally_counts_what_there_is_room_for(void **state)
{
	_cleanup_close_ int fd = -1;
	_cleanup_(tally_freep) Tally *t = NULL;
	uint64_t counted = 0;
	uint32_t who, slot;
	TallyCall c;
	Folder f;
	int r;

	(void)state;
	folder_make(&f);
	if (!mount_small(&f, "size=256k"))
		return;
	t = open_tally(&f, &fd, &r);
	assert_int_equal(r, 0);
	who = must_subject(t, 1, 1);
	for (int64_t nr = 0; nr < 2000; nr++) {
		if (nr == 100)
			fill_disk(&f, "ballast");
		c = make_call(who, nr, 1);
		counted += tally_count(t, &c, &slot) >= 0;
	}
	assert_in_range(counted, 100, 1999);
	assert_true(sum_of_totals(t) == counted);
	assert_true(tally_totals(t)->overflow == 2000 - counted);
	empty_disk(&f, "ballast");
	c = make_call(who, 1999, 1);
	assert_int_equal(tally_count(t, &c, &slot), TALLY_NEW);
	t = tally_free(t);
	unmount(&f);
}

static void test_tally_does_not_start_without_room(void **state)
{
	_cleanup_close_ int fd = -1;
	Folder f;
	int r;

	(void)state;
	folder_make(&f);
	if (!mount_small(&f, "size=64k"))
		return;
	fill_disk(&f, "ballast");
	assert_null(open_tally(&f, &fd, &r));
	assert_int_equal(r, -ENOSPC);
	unmount(&f);
}

static void test_ledger_says_that_the_disk_is_full_and_goes_on_afterwards(void **state)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, id;
	uint64_t count = 0;
	LedgerCall c;
	Folder f;
	int r = 0;

	(void)state;
	folder_make(&f);
	if (!mount_small(&f, "size=2m"))
		return;
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	c = make_ledger_call(workload, put_subject(l, workload, 1), 0, 1);
	assert_int_equal(ledger_commit(l), 0);
	fill_disk(&f, "ballast");
	for (int64_t nr = 0; nr < 4000 && r >= 0; nr++) {
		assert_int_equal(ledger_begin(l), 0);
		c.nr = nr;
		r = ledger_add(l, &c, &id);
		if (r >= 0)
			r = ledger_commit(l);
		if (r >= 0)
			count++;
		else
			ledger_rollback(l);
	}
	assert_int_equal(r, -EDQUOT);
	assert_string_equal(ledger_error(l), "database or disk is full");
	assert_true(sum_of_records(l) == count);
	empty_disk(&f, "ballast");
	assert_int_equal(ledger_begin(l), 0);
	assert_true(ledger_add(l, &c, &id) >= 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_true(sum_of_records(l) == count + 1);
	l = ledger_free(l);
	unmount(&f);
}

static void test_ledger_does_not_start_without_room(void **state)
{
	Ledger *l = NULL;
	Diag d = { 0 };
	Folder f;

	(void)state;
	folder_make(&f);
	if (!mount_small(&f, "size=64k"))
		return;
	fill_disk(&f, "ballast");
	assert_int_equal(ledger_open_writer(f.path, "host-a", NOW, NULL, &l, &d), -EDQUOT);
	assert_non_null(strstr(d.text, "full"));
	assert_int_equal(folder_count(&f, "ledger.db.corrupt", NULL, 0), 0);
	unmount(&f);
}

UNIT_MAIN(cmocka_unit_test(test_tally_counts_what_there_is_room_for),
	  cmocka_unit_test(test_tally_does_not_start_without_room),
	  cmocka_unit_test(test_ledger_says_that_the_disk_is_full_and_goes_on_afterwards),
	  cmocka_unit_test(test_ledger_does_not_start_without_room))
