/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * make-ledger FILE complete|lossy|units|stages|review|empty|audited|watched [KIND]: a ledger for
 * the client's tests, made by the functions that the daemon uses. "lossy" also makes FILE.tally,
 * lets some records be unattributed and some lost. "watched" holds one workload that is ready for
 * its next stage, and a loss of KIND; as KIND, "exec-only" leaves out that its own program made its
 * call, too; "strangers" has a record without a name that its filter cannot have made,
 * "maybe-strangers" one that it can.
 */
#undef NDEBUG
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "audit/arch.h"
#include "evidence/ledger.h"
#include "evidence/ledger-history.h"
#include "evidence/tally.h"
#include "state/roots.h"
#include "tests/unit/lifetime-fixture.h"

#define NOW (1700000000 * USEC_PER_SEC)

typedef struct Call {
	const char *workload;
	uint32_t arch;
	int64_t nr;
	Origin origin;
	uint64_t count;
	Action action;    /* ACTION_OTHER: LOG */
	const char *hash; /* of the filter that it was made under; NULL: "aa11" */
} Call;

static const LedgerWorkload workloads[] = {
	{ "docker:web", "docker", "web", "nginx:1.25", "log", "full", "aa11", "{}", "/etc/web.json",
	  "docker", NOW },
	{ "podman:web", "podman", "web", "nginx:1.24", "log", "full", "bb22", NULL, NULL, "podman",
	  NOW },
	{ "podman:risky", "podman", "risky", "r", "log", "full", "bb22", NULL, NULL, "podman",
	  NOW },
	{ "podman:denied", "podman", "denied", "d", "log", "full", "bb22", NULL, NULL, "podman",
	  NOW },
	{ "podman:fits", "podman", "fits", "f", "log", "full", "bb22", NULL, NULL, "podman", NOW },
	{ "docker:hidden", "docker", "hidden", "h", "errno", "blind", "cc33", NULL, NULL, "docker",
	  NOW },
	/* ran under a filter that allows mincore, which the tests' file does not */
	{ "podman:wider", "podman", "wider", "w", "log", "full", "dd44",
	  "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\",\"mincore\"],"
	  "\"action\":\"SCMP_ACT_ALLOW\"}]}",
	  NULL, "podman", NOW },
	{ "docker:evil", "docker", "ev\x1b[2Jil", "img\n\xff", "log", "full", "aa11", NULL, NULL,
	  "docker", NOW },
	{ "host:/usr/bin/curl", "", "", "", "other", "full", "", NULL, NULL, "", NOW },
};

static const Call calls[] = {
	{ "docker:web", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 3 },     /* mincore */
	{ "docker:web", ARCH_WORD_X86_64, 101, ORIGIN_WORKLOAD, 1 },    /* ptrace */
	{ "docker:web", ARCH_WORD_X86_64, 9999, ORIGIN_WORKLOAD, 1 },   /* no such call */
	{ "docker:web", ARCH_WORD_X86_64, 72, ORIGIN_RUNTIME_INIT, 5 }, /* fcntl */
	{ "podman:web", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 2 },
	{ "podman:risky", ARCH_WORD_X86_64, 101, ORIGIN_WORKLOAD, 1 },  /* ptrace */
	{ "podman:denied", ARCH_WORD_X86_64, 175, ORIGIN_WORKLOAD, 1 }, /* init_module */
	{ "podman:fits", ARCH_WORD_X86_64, 0, ORIGIN_WORKLOAD, 1 },     /* read */
	{ "podman:wider", ARCH_WORD_X86_64, 0, ORIGIN_WORKLOAD, 1 },
	{ "docker:hidden", ARCH_WORD_X86_64, 0, ORIGIN_WORKLOAD, 1 },
	{ "docker:evil", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 1 },
	{ "host:/usr/bin/curl", ARCH_WORD_X86_64, 27, ORIGIN_UNKNOWN, 1 },
};

static const LedgerWorkload nobody = {
	"unattributed", "", "", "", "", "", "", NULL, NULL, "", NOW
};
static const Call nobodys = { "unattributed", ARCH_WORD_X86_64, 27, ORIGIN_UNKNOWN, 4 };

#define LOG_FILTER                                                                 \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\"]," \
	"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"reboot\"],\"action\":"       \
	"\"SCMP_ACT_ERRNO\"}]}"

/* Only with "stages": filters, and records that fit them or do not. */
static const LedgerWorkload staged[] = {
	{ "podman:fitting", "podman", "fitting", "f", "log", "full", "ee55", LOG_FILTER, NULL,
	  "podman", NOW },
	{ "podman:mixed", "podman", "mixed", "m", "log", "full", "ee55", LOG_FILTER, NULL, "podman",
	  NOW },
};

static const Call staged_calls[] = {
	{ "podman:fitting", ARCH_WORD_X86_64, 83, ORIGIN_WORKLOAD, 1, ACTION_LOG, "ee55" },
	{ "podman:fitting", ARCH_WORD_X86_64, 169, ORIGIN_WORKLOAD, 1, ACTION_ERRNO, "ee55" },
	{ "podman:mixed", ARCH_WORD_X86_64, 83, ORIGIN_WORKLOAD, 7, ACTION_ERRNO, "ee55" },
};

static void add_call(Ledger *l, int64_t workload, const Call *c)
{
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	LedgerCall call = {
		.workload = workload,
		.profile_hash = c->hash ?: "aa11",
		.arch = c->arch,
		.nr = c->nr,
		.action = c->action ?: ACTION_LOG,
		.origin = c->origin,
		.means = MEANS_PROC,
		.count = c->count,
		.first = NOW - 60 * USEC_PER_SEC,
		.last = NOW,
	};
	LedgerExample e = { .comm = "co\nmm\x1b[31m",
			    .exe = "/bin/ex\x1b\xff",
			    .ip = 0x7f01,
			    .pid = 42,
			    .time = NOW };
	int64_t sighting;

	snprintf(key.name, sizeof(key.name), "%s", c->workload);
	assert(ledger_put_subject(l, workload, &key, "/x", true, NOW, &call.subject) >= 0);
	assert(ledger_add(l, &call, &sighting) >= 0);
	assert(ledger_add_example(l, sighting, &e) >= 0);
}

static void add_workload(Ledger *l, const LedgerWorkload *w, const Call *c, size_t n)
{
	int64_t id;

	assert(ledger_put_workload(l, w, &id) >= 0);
	for (size_t i = 0; i < n; i++)
		if (strcmp(c[i].workload, w->name) == 0)
			add_call(l, id, &c[i]);
}

/* Of systemd; nothing of them is known but what they called. */
static const LedgerWorkload units[] = {
	{ "unit:web.service", "", "", "", "kill", "full", "aa11", "{}", NULL, "systemd", NOW },
	{ "unit:many@.service", "", "", "", "log", "full", "aa11", "{}", NULL, "systemd", NOW },
	{ "unit:a\\x5Cx2db.swap", "", "", "", "log", "full", "aa11", "{}", NULL, "systemd", NOW },
	{ "unit:user@1000.service/own.service", "", "", "", "log", "full", "aa11", "{}", NULL,
	  "systemd", NOW },
	{ "docker:web", "docker", "web", "nginx", "log", "full", "aa11", "{}", NULL, "docker",
	  NOW },
};

static const Call unit_calls[] = {
	{ "unit:web.service", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 3 },  /* mincore */
	{ "unit:web.service", ARCH_WORD_X86_64, 83, ORIGIN_WORKLOAD, 1 },  /* mkdir */
	{ "unit:web.service", ARCH_WORD_X86_64, 101, ORIGIN_WORKLOAD, 1 }, /* ptrace */
	{ "unit:many@.service", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 1 },
	{ "unit:many@.service", ARCH_WORD_X86_64, 56, ORIGIN_WORKLOAD, 1 },  /* clone */
	{ "unit:many@.service", ARCH_WORD_X86_64, 435, ORIGIN_WORKLOAD, 1 }, /* clone3 */
	{ "unit:a\\x5Cx2db.swap", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 1 },
	{ "unit:user@1000.service/own.service", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 1 },
	{ "docker:web", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 1 },
};

#define TWO_ARCH_FILTER                                                                \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"," \
	"\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":[\"read\"],\"action\":"           \
	"\"SCMP_ACT_ALLOW\"}]}"

/* Only with "review": four calls wait for a person, one of them of two architectures. */
static const LedgerWorkload reviewed[] = {
	{ "docker:app", "docker", "app", "a", "log", "full", "ff66", TWO_ARCH_FILTER, NULL,
	  "docker", NOW },
};

static const Call reviewed_calls[] = {
	{ "docker:app", ARCH_WORD_X86_64, 27, ORIGIN_WORKLOAD, 3, ACTION_LOG,
	  "ff66" }, /* mincore */
	{ "docker:app", ARCH_WORD_X86_64, 101, ORIGIN_WORKLOAD, 2, ACTION_LOG,
	  "ff66" },                                                                   /* ptrace */
	{ "docker:app", ARCH_WORD_I386, 26, ORIGIN_WORKLOAD, 1, ACTION_LOG, "ff66" }, /* too */
	{ "docker:app", ARCH_WORD_X86_64, 165, ORIGIN_EXEC, 1, ACTION_LOG, "ff66" },  /* mount */
	{ "docker:app", ARCH_WORD_X86_64, 175, ORIGIN_WORKLOAD, 1, ACTION_LOG,
	  "ff66" }, /* init_module */
	{ "docker:app", ARCH_WORD_X86_64, 321, ORIGIN_WORKLOAD, 5, ACTION_LOG, "ff66" }, /* bpf */
};

static void make_tally(const char *ledger)
{
	_cleanup_(tally_freep) Tally *t = NULL;
	_cleanup_free_ char *path = NULL;
	_cleanup_close_ int fd = -1;
	TallyTotals *totals;

	assert(asprintf(&path, "%s.tally", ledger) > 0);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert(fd >= 0 && tally_open(fd, 1, &t) >= 0);
	totals = tally_totals(t);
	totals->records = 1000;
	totals->skipped = 20;
	totals->rejected = 3;
	totals->enobufs = 1; /* fewer than the ledger has */
	totals->serial_gaps = 9;
	totals->by_means[MEANS_PROC] = 993;
	totals->by_means[MEANS_NONE] = 7;
	totals->by_cause[CAUSE_GONE] = 6;
	totals->by_cause[CAUSE_MONITOR] = 1;
	totals->last_serial = 4711;
	totals->has_serial = 1;
	totals->since = NOW;
	totals->last_record = NOW;
	strcpy(totals->source, "file:\x1b[2J");
	totals->state_unreadable = 5;
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

#define DAY (24 * 3600 * USEC_PER_SEC)

/* A record that nobody could be named for. */
static void add_stranger(Ledger *l, int64_t nr)
{
	static const LedgerWorkload w = { .name = "unattributed", .now = NOW };
	const SubjectKey key = { .kind = SUBJECT_UNATTRIBUTED, .cause = CAUSE_GONE };
	LedgerCall call = { .profile_hash = "",
			    .arch = ARCH_WORD_X86_64,
			    .nr = nr,
			    .action = ACTION_LOG,
			    .count = 1,
			    .first = NOW - 4 * DAY + 1,
			    .last = NOW - 4 * DAY + 1 };
	int64_t sighting;

	assert(ledger_put_workload(l, &w, &call.workload) >= 0);
	assert(ledger_put_subject(l, call.workload, &key, "", false, NOW, &call.subject) >= 0);
	assert(ledger_add(l, &call, &sighting) >= 0);
	assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "unattributed",
						 .from = NOW - 4 * DAY,
						 .to = NOW - 4 * DAY + USEC_PER_SEC,
						 .count = 1 }) == 0);
}

static bool is_kind(const char *kind, const char *start)
{
	return kind && span_starts(span_of(kind), span_of(start));
}

/* At stage errno: a call with a rule that records it, and one with an ENOSYS of its own. */
static LedgerWorkload watched_workload(const char *kind)
{
	bool errno_ = is_kind(kind, "errno-");

	return (LedgerWorkload){
		.name = "docker:gate",
		.runtime = "docker",
		.container_name = "gate",
		.image = "g",
		.stage = errno_ ? "errno" : "log",
		.visibility = "full",
		.profile_hash = "aa11",
		.profile_json =
			errno_ ? "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,"
				 "\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"syscalls\":["
				 "{\"names\":[\"mincore\"],\"action\":\"SCMP_ACT_LOG\"},"
				 "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\","
				 "\"errnoRet\":38}]}"
			       : "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
				 "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
		.dialect = "docker",
		.now = NOW,
	};
}

/* What KIND has beyond that. */
static void add_kind(Ledger *l, const char *kind, LedgerCall call)
{
	int64_t sighting;

	if (span_ends(span_of(kind), SPAN_LIT("strangers"))) {
		add_stranger(l, kind[0] == 's' ? 0 : 1);
	} else if (is_kind(kind, "errno-")) {
		call.action = ACTION_ERRNO;
		call.origin = ORIGIN_WORKLOAD;
		call.nr = strcmp(kind, "errno-probes") == 0 ? 435 : 39;
		assert(ledger_add(l, &call, &sighting) >= 0);
	} else if (strcmp(kind, "exec-only") != 0) {
		assert(ledger_add_loss(l, &(LedgerLoss){ .kind = kind,
							 .from = NOW - 4 * DAY,
							 .to = NOW - 3 * DAY,
							 .count = LEDGER_COUNT_UNKNOWN }) == 0);
	}
}

/* Two instances side by side, one after the other renewed, all that happened long enough ago. */
static void make_watched(Ledger *l, const char *kind)
{
	LedgerWorkload w = watched_workload(kind);
	LedgerLifetime f = lifetime_of(0, "aa11");
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "gate" };
	LedgerCall call = { .profile_hash = "aa11",
			    .arch = ARCH_WORD_X86_64,
			    .nr = 27,
			    .action = ACTION_LOG,
			    .origin = ORIGIN_EXEC,
			    .count = 1,
			    .first = NOW - 29 * DAY,
			    .last = NOW - 1 * DAY };
	int64_t run, id, sighting;

	assert(ledger_begin_run(l, "boot", NOW - 31 * DAY, &run) == 0);
	assert(ledger_extend_run(l, run, NOW) == 0);
	assert(ledger_put_workload(l, &w, &f.workload) >= 0);
	call.workload = f.workload;
	assert(ledger_put_subject(l, f.workload, &key, "/x", true, NOW, &call.subject) >= 0);
	if (!kind || strcmp(kind, "exec-only") != 0) {
		call.origin = ORIGIN_WORKLOAD;
		assert(ledger_add(l, &call, &sighting) >= 0);
	}
	call.origin = ORIGIN_EXEC;
	assert(ledger_add(l, &call, &sighting) >= 0);
	for (usec_t i = 0; i < 4; i++) {
		f.name = i % 2 ? "one" : "two";
		f.from = NOW - (30 - 6 * i) * DAY;
		assert(ledger_begin_lifetime(l, &f, &id) == 0);
		assert(ledger_end_lifetime(l, id, f.from + 10 * DAY, true,
					   LIFETIME_EXIT_GRACEFUL) == 0);
		if (i == 0)
			assert(ledger_note_lifetime(l, sighting, id, NOW, NOW) == 0);
	}
	assert(ledger_add_hour(l, f.workload,
			       &(LedgerHour){ NOW - 29 * DAY, 1, 1, 5 * USEC_PER_SEC, 0 }) == 0);
	if (kind)
		add_kind(l, kind, call);
}

#define ARCHES "\"architectures\":[\"SCMP_ARCH_X86_64\"],"
#define RECORDS_ALL                                                                \
	"{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES "\"syscalls\":[{\"names\":[" \
	"\"execve\",\"exit_group\"],\"action\":\"SCMP_ACT_ALLOW\"}]}"
#define ALLOWS_SOME                                                                \
	"{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES "\"syscalls\":[{\"names\":[" \
	"\"mkdir\",\"rmdir\"],\"action\":\"SCMP_ACT_ALLOW\"}]}"
#define DENIES                                                                                 \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\"," ARCHES "\"syscalls\":[{\"names\":[\"read\"]," \
	"\"action\":\"SCMP_ACT_ALLOW\"}]}"

#define KILLS                                                                                   \
	"{\"defaultAction\":\"SCMP_ACT_ALLOW\"," ARCHES "\"syscalls\":[{\"names\":[\"mount\"]," \
	"\"action\":\"SCMP_ACT_KILL_PROCESS\"}]}"

/* Only with "audited": one that recorded each call, one that did not, one that lost something, one
 * of which nothing was recorded, and one that kills. */
static const LedgerWorkload audited[] = {
	{ "docker:tight", "docker", "tight", "t", "log", "full", "aa77", RECORDS_ALL, NULL,
	  "docker", NOW },
	{ "docker:plain", "docker", "plain", "p", "log", "full", "bb77", ALLOWS_SOME, NULL,
	  "docker", NOW },
	{ "docker:gap", "docker", "gap", "g", "log", "full", "aa77", RECORDS_ALL, NULL, "docker",
	  NOW },
	{ "docker:mute", "docker", "mute", "m", "errno", "blind", "cc77", DENIES, NULL, "docker",
	  NOW },
	{ "docker:strict", "docker", "strict", "s", "other", "blind", "dd77", KILLS, NULL, "docker",
	  NOW },
};

static const Call audited_calls[] = {
	{ "docker:tight", ARCH_WORD_X86_64, 83, ORIGIN_WORKLOAD, 5, ACTION_LOG,
	  "aa77" }, /* mkdir */
	{ "docker:tight", ARCH_WORD_X86_64, 56, ORIGIN_WORKLOAD, 2, ACTION_LOG,
	  "aa77" }, /* clone */
	{ "docker:tight", ARCH_WORD_X86_64, 250, ORIGIN_WORKLOAD, 1, ACTION_LOG,
	  "aa77" }, /* keyctl */
	{ "docker:plain", ARCH_WORD_X86_64, 92, ORIGIN_WORKLOAD, 1, ACTION_LOG,
	  "bb77" }, /* chown */
	{ "docker:gap", ARCH_WORD_X86_64, 83, ORIGIN_WORKLOAD, 1, ACTION_LOG, "aa77" },
};

static void add_run(Ledger *l, const LedgerWorkload *w)
{
	LedgerLifetime f = lifetime_of(0, w->profile_hash);
	int64_t id;

	f.name = w->container_name;
	f.from = NOW - 120 * USEC_PER_SEC;
	assert(ledger_put_workload(l, w, &f.workload) >= 0);
	assert(ledger_begin_lifetime(l, &f, &id) == 0);
	assert(ledger_end_lifetime(l, id, NOW, true, LIFETIME_EXIT_GRACEFUL) == 0);
	if (strcmp(w->name, "docker:gap") == 0)
		assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "unattributed",
							 .workload = f.workload,
							 .from = NOW - 90 * USEC_PER_SEC,
							 .to = NOW - 80 * USEC_PER_SEC,
							 .count = 3 }) == 0);
}

static void make_audited(Ledger *l)
{
	int64_t run;

	assert(ledger_begin_run(l, "boot", NOW - 300 * USEC_PER_SEC, &run) == 0);
	assert(ledger_extend_run(l, run, NOW) == 0);
	for (size_t i = 0; i < ELEMENTSOF(audited); i++) {
		add_workload(l, &audited[i], audited_calls, ELEMENTSOF(audited_calls));
		add_run(l, &audited[i]);
	}
}

int main(int argc, char **argv)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	bool lossy, watched;
	Diag d;

	assert(argc == 3 || argc == 4);
	watched = strcmp(argv[2], "watched") == 0;
	lossy = strcmp(argv[2], "lossy") == 0;
	assert(ledger_open_writer(argv[1], "testhost", NOW, NULL, &l, &d) == 0);
	assert(ledger_begin(l) == 0);
	hide_host(l);
	if (watched)
		make_watched(l, argv[3]);
	if (strcmp(argv[2], "audited") == 0)
		make_audited(l);
	for (size_t i = 0; strcmp(argv[2], "units") == 0 && i < ELEMENTSOF(units); i++)
		add_workload(l, &units[i], unit_calls, ELEMENTSOF(unit_calls));
	for (size_t i = 0; (lossy || strcmp(argv[2], "complete") == 0) && i < ELEMENTSOF(workloads);
	     i++)
		add_workload(l, &workloads[i], calls, ELEMENTSOF(calls));
	for (size_t i = 0; strcmp(argv[2], "stages") == 0 && i < ELEMENTSOF(staged); i++)
		add_workload(l, &staged[i], staged_calls, ELEMENTSOF(staged_calls));
	for (size_t i = 0; strcmp(argv[2], "review") == 0 && i < ELEMENTSOF(reviewed); i++)
		add_workload(l, &reviewed[i], reviewed_calls, ELEMENTSOF(reviewed_calls));
	if (lossy) {
		add_workload(l, &nobody, &nobodys, 1);
		assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "enobufs",
							 .from = NOW - 1,
							 .to = NOW,
							 .count = 2 }) == 0);
		assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "workload-limit",
							 .from = NOW - 1,
							 .to = NOW,
							 .count = 4 }) == 0);
		assert(ledger_add_loss(l, &(LedgerLoss){ .kind = "not-running",
							 .from = NOW - 9,
							 .to = NOW - 5,
							 .count = 11 }) == 0);
		make_tally(argv[1]);
	}
	assert(ledger_commit(l) == 0);
	return 0;
}
