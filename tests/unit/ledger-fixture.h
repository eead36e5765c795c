/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A ledger in a folder of its own, removed at the end. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "evidence/ledger.h"
#include "evidence/ledger-history.h"
#include "tests/unit/unit.h"

#define NOW (1700000000 * USEC_PER_SEC)

typedef struct Folder {
	char dir[64], path[96];
} Folder;

static inline void folder_make(Folder *f)
{
	snprintf(f->dir, sizeof(f->dir), "/tmp/seccompd-ledger-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/ledger.db", f->dir);
}

/* Names in the folder that start with @prefix; the last of them in @name. */
static inline unsigned folder_count(const Folder *f, const char *prefix, char *name, size_t size)
{
	DIR *dir = opendir(f->dir);
	struct dirent *e;
	unsigned n = 0;

	assert_non_null(dir);
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.' && strncmp(e->d_name, prefix, strlen(prefix)) == 0) {
			if (name)
				snprintf(name, size, "%s/%s", f->dir, e->d_name);
			n++;
		}
	closedir(dir);
	return n;
}

static inline void folder_remove(Folder *f)
{
	char name[512];

	(void)chmod(f->dir, 0700);
	while (folder_count(f, "", name, sizeof(name)) > 0)
		assert_int_equal(unlink(name), 0);
	assert_int_equal(rmdir(f->dir), 0);
}
#define _cleanup_folder_ _cleanup_(folder_remove)

static inline Ledger *must_write(const Folder *f)
{
	Ledger *l = NULL;
	Diag d = { 0 };
	int r = ledger_open_writer(f->path, "host-a", NOW, NULL, &l, &d);

	if (r != 0)
		fail_msg("%d %s", r, d.text);
	return l;
}

static inline Ledger *must_read(const Folder *f)
{
	Ledger *l = NULL;
	Diag d = { 0 };
	int r = ledger_open_reader(f->path, &l, &d);

	if (r != 0)
		fail_msg("%d %s", r, d.text);
	return l;
}

static inline LedgerWorkload make_workload(const char *name)
{
	return (LedgerWorkload){
		.name = name,
		.runtime = "docker",
		.container_name = "web-1",
		.image = "nginx:1",
		.stage = "log",
		.visibility = "full",
		.profile_hash = "sha256:1",
		.dialect = "docker",
		.now = NOW,
	};
}

static inline int64_t put_workload(Ledger *l, const char *name)
{
	LedgerWorkload w = make_workload(name);
	int64_t id = -1;

	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	return id;
}

static inline int64_t put_subject(Ledger *l, int64_t workload, unsigned i)
{
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	int64_t id = -1;

	snprintf(key.name, sizeof(key.name), "%064x", i);
	assert_int_equal(ledger_put_subject(l, workload, &key, "/docker/x", true, NOW + i, &id), 0);
	return id;
}

static inline LedgerCall make_ledger_call(int64_t workload, int64_t subject, int64_t nr,
					  uint64_t count)
{
	return (LedgerCall){
		.workload = workload,
		.subject = subject,
		.profile_hash = "sha256:1",
		.arch = 0xc000003e,
		.nr = nr,
		.action = ACTION_LOG,
		.origin = ORIGIN_WORKLOAD,
		.means = MEANS_PROC,
		.count = count,
		.first = NOW,
		.last = NOW,
	};
}

static inline int add_records(const LedgerWorkloadRow *row, void *userdata)
{
	*(uint64_t *)userdata += row->records;
	return 0;
}

static inline uint64_t sum_of_records(Ledger *l)
{
	uint64_t sum = 0;

	assert_int_equal(ledger_each_workload(l, add_records, &sum), 0);
	return sum;
}

/* A ledger with one sighting of @count records, closed cleanly. */
static inline void make_ledger(const Folder *f, uint64_t count)
{
	_cleanup_(ledger_freep) Ledger *l = must_write(f);
	int64_t id, workload;
	LedgerCall c;

	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	c = make_ledger_call(workload, put_subject(l, workload, 1), 42, count);
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	assert_int_equal(ledger_commit(l), 0);
}
