/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a ledger with thirty days of content up to now, to look at as a report:
 *
 *   make-report LEDGER              six workloads, one of them with hostile names
 *   make-report LEDGER WORKLOADS SIGHTINGS   and so many more, each with so many sightings
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "audit/arch.h"
#include "evidence/ledger-history.h"
#include "evidence/ledger.h"
#include "state/roots.h"
#include "tests/unit/lifetime-fixture.h"
#include "util/parse.h"

#define HOUR (3600 * USEC_PER_SEC)
#define DAY (24 * HOUR)

#define FILTER                                                                                  \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\","          \
	"\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":[\"accept4\",\"bind\",\"brk\",\"close\","  \
	"\"connect\",\"epoll_create1\",\"epoll_wait\",\"execve\",\"exit_group\",\"fcntl\","     \
	"\"fstat\",\"futex\",\"getpid\",\"listen\",\"lseek\",\"mmap\",\"mprotect\",\"munmap\"," \
	"\"openat\",\"read\",\"recvfrom\",\"rt_sigaction\",\"sendto\",\"socket\",\"write\","    \
	"\"writev\"],\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"reboot\"],\"action\":"        \
	"\"SCMP_ACT_ERRNO\"}]}"
#define MUTE "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[]}"

/* What a name may be that a stranger chose: markup, a terminal's escape, a turned direction. */
#define HOSTILE "</title><script>document.title='owned'</script><img src=x onerror=alert(1)>"

typedef struct Call {
	int64_t nr;
	Origin origin;
	Action action;
	uint64_t count;
	unsigned first_day, last_day; /* before now */
	const char *comm, *exe;
} Call;

static const Call calls[] = {
	{ 233, ORIGIN_RUNTIME_INIT, ACTION_LOG, 41, 30, 1, "runc:[2:INIT]", "/" }, /* epoll_ctl */
	{ 138, ORIGIN_RUNTIME_INIT, ACTION_LOG, 41, 30, 1, "runc:[2:INIT]", "/" }, /* fstatfs */
	{ 99, ORIGIN_WORKLOAD, ACTION_LOG, 18422, 30, 0, "nginx", "/usr/sbin/nginx" }, /* sysinfo */
	{ 309, ORIGIN_WORKLOAD, ACTION_LOG, 901233, 30, 0, "nginx", "/usr/sbin/nginx" },
	{ 27, ORIGIN_WORKLOAD, ACTION_LOG, 310, 28, 2, "nginx", "/usr/sbin/nginx" }, /* mincore */
	{ 318, ORIGIN_WORKLOAD, ACTION_LOG, 7120, 28, 0, "nginx",
	  "/usr/sbin/nginx" },                                                       /* getrandom */
	{ 285, ORIGIN_WORKLOAD, ACTION_LOG, 64, 25, 3, "nginx", "/usr/sbin/nginx" }, /* fallocate */
	{ 40, ORIGIN_WORKLOAD, ACTION_LOG, 55821, 24, 0, "nginx",
	  "/usr/sbin/nginx" },                                                        /* sendfile */
	{ 56, ORIGIN_WORKLOAD, ACTION_LOG, 88, 22, 1, "nginx", "/usr/sbin/nginx" },   /* clone */
	{ 435, ORIGIN_WORKLOAD, ACTION_LOG, 88, 22, 1, "nginx", "/usr/sbin/nginx" },  /* clone3 */
	{ 157, ORIGIN_EXEC, ACTION_LOG, 4, 17, 12, "sh", "/bin/dash" },               /* prctl */
	{ 101, ORIGIN_EXEC, ACTION_LOG, 2, 17, 17, "strace", "/usr/bin/strace" },     /* ptrace */
	{ 165, ORIGIN_EXEC, ACTION_LOG, 1, 12, 12, "mount", "/bin/mount" },           /* mount */
	{ 321, ORIGIN_WORKLOAD, ACTION_LOG, 3, 9, 6, "node", "/opt/agent/bin/node" }, /* bpf */
	{ 425, ORIGIN_WORKLOAD, ACTION_LOG, 12, 9, 5, "node",
	  "/opt/agent/bin/node" }, /* io_uring */
	{ 169, ORIGIN_WORKLOAD, ACTION_ERRNO, 1, 6, 6, "node", "/opt/agent/bin/node" },
	{ 999, ORIGIN_UNKNOWN, ACTION_LOG, 1, 4, 4, "probe", NULL }, /* a number without a name */
};

static const LedgerWorkload workloads[] = {
	{ .name = "compose:shop/web",
	  .runtime = "docker",
	  .container_name = "shop-web-1",
	  .image = "registry.example/shop/web:4.2",
	  .stage = "log",
	  .visibility = "full",
	  .profile_hash = "aa11",
	  .profile_json = FILTER,
	  .profile_source = "/etc/docker/web.json",
	  .dialect = "docker" },
	{ .name = "podman:" HOSTILE "\xe2\x80\xae gpj.exe",
	  .runtime = "podman",
	  .stage = "log",
	  .visibility = "full",
	  .profile_hash = "bb22",
	  .profile_json = FILTER,
	  .dialect = "podman" },
	{ .name = "docker:mute",
	  .runtime = "docker",
	  .container_name = "mute",
	  .image = "busybox",
	  .stage = "errno",
	  .visibility = "blind",
	  .profile_hash = "cc33",
	  .profile_json = MUTE,
	  .dialect = "docker" },
	{ .name = "unit:backup.service",
	  .stage = "kill",
	  .visibility = "full",
	  .profile_hash = "dd44",
	  .dialect = "systemd" },
	{ .name = "k8s:prod/api/app",
	  .runtime = "containerd",
	  .container_name = "app",
	  .image = "api:7",
	  .stage = "log",
	  .visibility = "full",
	  .profile_hash = "ee55",
	  .profile_json = FILTER,
	  .dialect = "oci",
	  .heuristic = true },
	{ .name = "docker:idle",
	  .runtime = "docker",
	  .container_name = "idle",
	  .image = "redis:7",
	  .stage = "log",
	  .visibility = "full",
	  .profile_hash = "ff66",
	  .profile_json = FILTER,
	  .dialect = "docker",
	  .idle = true },
};

static usec_t now;

static void add_call(Ledger *l, int64_t workload, const LedgerWorkload *w, int64_t subject,
		     const Call *c)
{
	LedgerCall call = { .workload = workload,
			    .subject = subject,
			    .profile_hash = w->profile_hash,
			    .arch = ARCH_WORD_X86_64,
			    .nr = c->nr,
			    .action = c->action,
			    .origin = c->origin,
			    .means = MEANS_PROC,
			    .count = c->count,
			    .first = now - c->first_day * DAY - 5 * HOUR + (usec_t)c->nr,
			    .last = now - c->last_day * DAY - 2 * HOUR };
	LedgerExample e = {
		.comm = c->comm, .exe = c->exe, .ip = 0x7f01, .pid = 42, .time = call.last
	};
	int64_t sighting;

	assert(ledger_add(l, &call, &sighting) >= 0);
	assert(ledger_add_example(l, sighting, &e) >= 0);
}

/* Two runs of the container with a day in between, and an hour of records for each hour awake. */
static void add_times(Ledger *l, int64_t workload, const LedgerWorkload *w, uint64_t rate)
{
	LedgerLifetime f = lifetime_of(workload, w->profile_hash);
	int64_t id;

	f.runtime = w->runtime;
	f.name = w->name;
	f.from = now - 30 * DAY;
	assert(ledger_begin_lifetime(l, &f, &id) == 0);
	assert(ledger_end_lifetime(l, id, now - 14 * DAY, true, LIFETIME_EXIT_GRACEFUL) == 0);
	f.from = now - 13 * DAY;
	f.incarnation = "2";
	assert(ledger_begin_lifetime(l, &f, &id) == 0);
	for (usec_t t = 30 * 24; t-- > 0;) {
		uint64_t hour = (now / HOUR - t) % 24, wave = hour > 12 ? 24 - hour : hour;
		bool stopped = t >= 13 * 24 && t < 14 * 24, lost = t / 24 == 20 || t == 55;
		LedgerHour h = { .from = now - t * HOUR,
				 .records = rate * wave * wave * wave / 40,
				 .observed = HOUR,
				 .complete = lost ? HOUR / 3 : HOUR };

		if (!stopped)
			assert(ledger_add_hour(l, workload, &h) == 0);
	}
}

static void add_workload(Ledger *l, LedgerWorkload w, size_t i)
{
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	Call hostile = { 27,
			 ORIGIN_WORKLOAD,
			 ACTION_LOG,
			 3,
			 2,
			 1,
			 "\x1b[31m<b>" HOSTILE,
			 "/bin/\xd7\x90\xd7\x91\xe2\x80\xae<i>\xff" };
	char image[4097];
	int64_t id, subject;

	memset(image, 'A', sizeof(image));
	memcpy(image, "<svg onload=alert(2)>", 21);
	image[4096] = '\0';
	w.now = now;
	if (i == 1)
		w.container_name = w.image = image;
	snprintf(key.name, sizeof(key.name), "%zu", i);
	assert(ledger_put_workload(l, &w, &id) >= 0);
	assert(ledger_put_subject(l, id, &key, "/x", true, now, &subject) >= 0);
	for (size_t k = 0; (i == 0 || i == 4) && k < ELEMENTSOF(calls) / (1 + i); k++)
		add_call(l, id, &w, subject, &calls[k]);
	if (i == 1)
		add_call(l, id, &w, subject, &hostile);
	if (i != 3)
		add_times(l, id, &w, i == 0 ? 9 : i == 4 ? 1 : 0);
}

/* One to fill the page with: its numbers have no names, so each waits for a person. */
static void add_bulk(Ledger *l, size_t i, uint64_t sightings)
{
	LedgerWorkload w = { .runtime = "docker",
			     .image = "bulk",
			     .stage = "log",
			     .visibility = "full",
			     .profile_hash = "aa11",
			     .profile_json = FILTER,
			     .dialect = "docker",
			     .now = now };
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	Call call = { .origin = ORIGIN_WORKLOAD,
		      .action = ACTION_LOG,
		      .count = 1,
		      .first_day = 3,
		      .last_day = 1,
		      .comm = "bulk",
		      .exe = "/bin/bulk" };
	char name[64];
	int64_t id, subject;

	snprintf(name, sizeof(name), "docker:bulk-%zu", i);
	snprintf(key.name, sizeof(key.name), "bulk-%zu", i);
	w.name = w.container_name = name;
	assert(ledger_put_workload(l, &w, &id) >= 0);
	assert(ledger_put_subject(l, id, &key, "/x", true, now, &subject) >= 0);
	for (uint64_t k = 0; k < sightings; k++) {
		call.nr = (int64_t)(2000 + k);
		add_call(l, id, &w, subject, &call);
	}
}

/* What runs on this host is no part of a test. */
static void hide_host(Ledger *l)
{
	char key[64];

	for (size_t i = 0; state_roots_name(i); i++) {
		snprintf(key, sizeof(key), "state.%s", state_roots_name(i));
		assert(ledger_set_meta(l, key, "nonexistent") == 0);
	}
}

static void add_watch(Ledger *l)
{
	int64_t run;

	assert(ledger_begin_run(l, "boot", now - 30 * DAY, &run) == 0);
	assert(ledger_extend_run(l, run, now - 10 * DAY) == 0);
	assert(ledger_begin_run(l, "boot", now - 9 * DAY - 6 * HOUR, &run) == 0);
	assert(ledger_extend_run(l, run, now) == 0);
	assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "enobufs",
						 .from = now - 21 * DAY,
						 .to = now - 20 * DAY,
						 .count = 300 }) == 0);
	assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "not-running",
						 .from = now - 10 * DAY,
						 .to = now - 9 * DAY - 6 * HOUR,
						 .count = LEDGER_COUNT_UNKNOWN }) == 0);
	assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "serial-gap",
						 .from = now - 55 * HOUR,
						 .to = now - 54 * HOUR,
						 .count = 7 }) == 0);
}

int main(int argc, char **argv)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	uint64_t n_workloads = 0, n_sightings = 0;
	Diag d;

	assert(argc == 2 || argc == 4);
	now = (usec_t)time(NULL) * USEC_PER_SEC;
	if (argc == 4)
		assert(parse_u64(span_of(argv[2]), &n_workloads) == 0 &&
		       parse_u64(span_of(argv[3]), &n_sightings) == 0);
	assert(ledger_open_writer(argv[1], "testhost", now, NULL, &l, &d) == 0);
	assert(ledger_begin(l) == 0);
	hide_host(l);
	add_watch(l);
	for (size_t i = 0; i < ELEMENTSOF(workloads); i++)
		add_workload(l, workloads[i], i);
	for (size_t i = 0; i < n_workloads; i++)
		add_bulk(l, i, n_sightings);
	assert(ledger_commit(l) == 0);
	return 0;
}
