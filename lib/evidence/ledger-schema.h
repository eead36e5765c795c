/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The ledger's tables. A change here raises SECCOMPD_LEDGER_SCHEMA and adds a migration in
 * ledger-migrate.c. Times are microseconds since the epoch, 0 = not known; enums are those of the
 * headers (Action, Origin, Means, SubjectKind, Cause), never renumbered. comm and exe are blobs:
 * they may be no UTF-8.
 */
#include "seccompd/ledger-schema.h"

/* "SCPd", 0x53435064: tells our file from another SQLite database. Decimal for SQL. */
#define LEDGER_APPLICATION_ID 1396920420

#define LEDGER_WORKLOADS_DEFAULT 4096
#define LEDGER_SIGHTINGS_DEFAULT 4096
#define LEDGER_SUBJECTS_PER_WORKLOAD 1024
#define LEDGER_PROFILES_MAX 4096
#define LEDGER_LOSSES_MAX 8192
#define LEDGER_RUNS_MAX 4096
#define LEDGER_LIFETIMES_PER_WORKLOAD 1024
#define LEDGER_LIFETIMES_MAX 131072
#define LEDGER_HOURS_PER_WORKLOAD 2208 /* three months */
#define LEDGER_HOURS_MAX 524288

/* Of a sighting: was somebody killed? The numbers are ACTION_KILL_PROCESS and ACTION_KILL_THREAD.
 */
#define LEDGER_KILLED "(action IN (1, 2))"

/* Likewise: has the journal not heard of it yet, or of a smaller count? */
#define LEDGER_NEW_ONE "(count>told AND told_at=0)"
#define LEDGER_GROWN "(count>told AND told_at>0)"

/* Of a workload: has it changed, or is it a blind spot that was not told as one? */
#define LEDGER_UNTOLD_WORKLOAD "(revision>told OR visibility<>told_visibility)"

/* clang-format off */

/* What came with schema 4. A loss without a workload is one of all workloads of its host; a count
 * that is NULL is not known, and 0 is known to be none. */
#define LEDGER_SCHEMA_LOSS                                                                         \
	"CREATE TABLE loss("                                                                       \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" host INTEGER NOT NULL REFERENCES host(id),"                                              \
	" workload INTEGER REFERENCES workload(id),"                                               \
	" kind TEXT NOT NULL,"                                                                     \
	" start INTEGER NOT NULL,"                                                                 \
	" stop INTEGER NOT NULL,"                                                                  \
	" count INTEGER);"                                                                         \
	"CREATE INDEX loss_kind ON loss(kind, workload, stop);"

/* A lifetime's stop is 0 while it runs. */
#define LEDGER_SCHEMA_HISTORY                                                                      \
	"CREATE TABLE run("                                                                        \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" host INTEGER NOT NULL REFERENCES host(id),"                                              \
	" boot TEXT NOT NULL,"                                                                     \
	" start INTEGER NOT NULL,"                                                                 \
	" stop INTEGER NOT NULL);"                                                                 \
	"CREATE TABLE lifetime("                                                                   \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" host INTEGER NOT NULL REFERENCES host(id),"                                              \
	" workload INTEGER NOT NULL REFERENCES workload(id),"                                      \
	" profile INTEGER NOT NULL REFERENCES profile(id),"                                        \
	" kind INTEGER NOT NULL,"                                                                  \
	" runtime TEXT NOT NULL,"                                                                  \
	" name TEXT NOT NULL,"                                                                     \
	" incarnation TEXT NOT NULL,"                                                              \
	" image_digest TEXT NOT NULL,"                                                             \
	" runtime_version TEXT NOT NULL,"                                                          \
	" libseccomp TEXT NOT NULL,"                                                               \
	" kernel TEXT NOT NULL,"                                                                   \
	" machine TEXT NOT NULL,"                                                                  \
	" capabilities TEXT NOT NULL,"                                                             \
	" start INTEGER NOT NULL,"                                                                 \
	" start_seen INTEGER NOT NULL,"                                                            \
	" stop INTEGER NOT NULL DEFAULT 0,"                                                        \
	" stop_seen INTEGER NOT NULL DEFAULT 0,"                                                   \
	" exit INTEGER NOT NULL DEFAULT 0);"                                                       \
	"CREATE INDEX lifetime_workload ON lifetime(workload, start);"                             \
	"CREATE INDEX lifetime_open ON lifetime(host) WHERE stop=0;"                               \
	"CREATE TABLE rollup("                                                                     \
	" workload INTEGER NOT NULL REFERENCES workload(id),"                                      \
	" hour INTEGER NOT NULL,"                                                                  \
	" records INTEGER NOT NULL,"                                                               \
	" sightings INTEGER NOT NULL,"                                                             \
	" observed INTEGER NOT NULL,"                                                              \
	" complete INTEGER NOT NULL,"                                                              \
	" PRIMARY KEY(workload, hour)) WITHOUT ROWID;"

/* What came with schema 5: how often a program was brought into a container that ran, and when that
 * was for the last time. */
#define LEDGER_SCHEMA_JOINS                                                                        \
	"ALTER TABLE lifetime ADD COLUMN joins INTEGER NOT NULL DEFAULT 0;"                        \
	"ALTER TABLE lifetime ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;"

/* And which lines of logs "seccompctl replay" has taken in, see record-keys.h.
 * Workload 0 is for lines that were counted for none. */
#define LEDGER_SCHEMA_REPLAYED                                                                     \
	"CREATE TABLE replayed("                                                                   \
	" stretch INTEGER NOT NULL,"                                                               \
	" workload INTEGER NOT NULL,"                                                              \
	" keys BLOB NOT NULL,"                                                                     \
	" UNIQUE(stretch, workload));"

/* And when a sighting was first made in each of the first lifetimes that made
 * it. */
#define LEDGER_SCHEMA_MAKING                                                                       \
	"CREATE TABLE making("                                                                     \
	" sighting INTEGER NOT NULL REFERENCES sighting(id),"                                      \
	" lifetime INTEGER NOT NULL,"                                                              \
	" first INTEGER NOT NULL,"                                                                 \
	" PRIMARY KEY(sighting, lifetime)) WITHOUT ROWID;"

/* What came with schema 6: what the journal has been told, see ledger-tell.h. A sighting's "telling"
 * is a count that is being told, or was when the daemon was killed. A workload's and a loss's
 * revision grows with each change that is to be told. */
#define LEDGER_SCHEMA_TELLING                                                                      \
	"ALTER TABLE sighting ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"                         \
	"ALTER TABLE sighting ADD COLUMN telling INTEGER NOT NULL DEFAULT 0;"                      \
	"ALTER TABLE sighting ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;"                      \
	"CREATE INDEX sighting_new ON sighting(" LEDGER_KILLED ", workload) WHERE " LEDGER_NEW_ONE ";" \
	"CREATE INDEX sighting_due ON sighting(" LEDGER_KILLED ", told_at) WHERE " LEDGER_GROWN ";"  \
	"CREATE INDEX sighting_telling ON sighting(id) WHERE telling>0;"                           \
	"ALTER TABLE workload ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;"                     \
	"ALTER TABLE workload ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"                         \
	"ALTER TABLE workload ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;"                      \
	"ALTER TABLE workload ADD COLUMN told_stage TEXT NOT NULL DEFAULT '';"                     \
	"ALTER TABLE workload ADD COLUMN told_visibility TEXT NOT NULL DEFAULT '';"                \
	"ALTER TABLE workload ADD COLUMN gate INTEGER NOT NULL DEFAULT -1;"                        \
	"CREATE INDEX workload_due ON workload(told_at) WHERE " LEDGER_UNTOLD_WORKLOAD ";"          \
	"ALTER TABLE loss ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;"                         \
	"ALTER TABLE loss ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"                             \
	"ALTER TABLE loss ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;"                          \
	"ALTER TABLE loss ADD COLUMN told_count INTEGER;"                                          \
	"CREATE INDEX loss_due ON loss(told_at) WHERE revision>told;"                              \
	"ALTER TABLE run ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"                              \
	"CREATE INDEX run_due ON run(id) WHERE stop>told;"                                         \
	"INSERT INTO meta VALUES('ledger_id', lower(hex(randomblob(16))));"

/* What came with schema 7: whose a host's rows are (ledger-host.h). In a ledger that is made from
 * others, each ledger that is told of has a row. */
#define LEDGER_SCHEMA_ORIGIN                                                                       \
	"ALTER TABLE host ADD COLUMN ledger TEXT NOT NULL DEFAULT '';"                             \
	"ALTER TABLE host ADD COLUMN machine TEXT NOT NULL DEFAULT '';"                            \
	"ALTER TABLE host ADD COLUMN hostname TEXT NOT NULL DEFAULT '';"                           \
	"ALTER TABLE host ADD COLUMN named INTEGER NOT NULL DEFAULT 0;"                            \
	"ALTER TABLE host ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;"                            \
	"ALTER TABLE host ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;"                          \
	"ALTER TABLE host ADD COLUMN doubled INTEGER NOT NULL DEFAULT 0;"                          \
	"CREATE INDEX workload_name ON workload(name);"

/* What came with schema 8: lifetimes are told, too. */
#define LEDGER_SCHEMA_LIFETIMES_TOLD                                                               \
	"ALTER TABLE lifetime ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;"                     \
	"ALTER TABLE lifetime ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"                         \
	"CREATE INDEX lifetime_due ON lifetime(workload) WHERE revision>told;"

#define LEDGER_SCHEMA                                                                              \
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"              \
	"CREATE TABLE host(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"                    \
	"CREATE TABLE profile("                                                                    \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" hash TEXT NOT NULL UNIQUE,"                                                              \
	" json TEXT);"                                                                             \
	"CREATE TABLE workload("                                                                   \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" host INTEGER NOT NULL REFERENCES host(id),"                                              \
	" name TEXT NOT NULL,"                                                                     \
	" runtime TEXT NOT NULL,"                                                                  \
	" container_name TEXT NOT NULL,"                                                           \
	" image TEXT NOT NULL,"                                                                    \
	" stage TEXT NOT NULL,"                                                                    \
	" visibility TEXT NOT NULL,"                                                               \
	" profile INTEGER NOT NULL REFERENCES profile(id),"                                        \
	" profile_source TEXT NOT NULL,"                                                           \
	" dialect TEXT NOT NULL,"                                                                  \
	" made INTEGER NOT NULL,"                                                                  \
	" refreshed INTEGER NOT NULL,"                                                             \
	" n_sightings INTEGER NOT NULL DEFAULT 0,"                                                 \
	" dropped INTEGER NOT NULL DEFAULT 0,"                                                     \
	" heuristic INTEGER NOT NULL DEFAULT 0,"                                                   \
	" UNIQUE(host, name));"                                                                    \
	"CREATE INDEX workload_profile ON workload(profile);"                                      \
	"CREATE TABLE subject("                                                                    \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" host INTEGER NOT NULL REFERENCES host(id),"                                              \
	" workload INTEGER NOT NULL REFERENCES workload(id),"                                      \
	" kind INTEGER NOT NULL,"                                                                  \
	" cause INTEGER NOT NULL,"                                                                 \
	" runtime TEXT NOT NULL,"                                                                  \
	" name TEXT NOT NULL,"                                                                     \
	" cgroup TEXT NOT NULL,"                                                                   \
	" confirmed INTEGER NOT NULL,"                                                             \
	" container_name TEXT NOT NULL,"                                                           \
	" image TEXT NOT NULL,"                                                                    \
	" first INTEGER NOT NULL,"                                                                 \
	" last INTEGER NOT NULL,"                                                                  \
	" UNIQUE(host, name, runtime, kind, cause));"                                              \
	"CREATE INDEX subject_workload ON subject(workload, last);"                                \
	"CREATE TABLE sighting("                                                                   \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" workload INTEGER NOT NULL REFERENCES workload(id),"                                      \
	" profile INTEGER NOT NULL REFERENCES profile(id),"                                        \
	" arch INTEGER NOT NULL,"                                                                  \
	" nr INTEGER NOT NULL,"                                                                    \
	" action INTEGER NOT NULL,"                                                                \
	" origin INTEGER NOT NULL,"                                                                \
	" means INTEGER NOT NULL,"                                                                 \
	" count INTEGER NOT NULL,"                                                                 \
	" first INTEGER NOT NULL,"                                                                 \
	" last INTEGER NOT NULL,"                                                                  \
	" subjects INTEGER NOT NULL DEFAULT 0,"                                                    \
	" serial INTEGER NOT NULL,"                                                                \
	" own_filter INTEGER NOT NULL DEFAULT 0,"                                                  \
	" lifetime1 INTEGER NOT NULL DEFAULT 0,"                                                   \
	" lifetime2 INTEGER NOT NULL DEFAULT 0,"                                                   \
	" lifetimes INTEGER NOT NULL DEFAULT 0,"                                                   \
	" maker INTEGER NOT NULL DEFAULT 0,"                                                       \
	" UNIQUE(workload, arch, nr, action, origin, profile));"                                   \
	"CREATE TABLE sighting_subject("                                                           \
	" subject INTEGER NOT NULL REFERENCES subject(id),"                                        \
	" sighting INTEGER NOT NULL REFERENCES sighting(id),"                                      \
	" PRIMARY KEY(subject, sighting)) WITHOUT ROWID;"                                          \
	"CREATE TABLE example("                                                                    \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" sighting INTEGER NOT NULL REFERENCES sighting(id),"                                      \
	" comm BLOB NOT NULL,"                                                                     \
	" exe BLOB,"                                                                               \
	" ip INTEGER NOT NULL,"                                                                    \
	" pid INTEGER NOT NULL,"                                                                   \
	" time INTEGER NOT NULL);"                                                                 \
	"CREATE INDEX example_sighting ON example(sighting, time);"                                \
	LEDGER_SCHEMA_LOSS LEDGER_SCHEMA_HISTORY LEDGER_SCHEMA_JOINS                               \
	LEDGER_SCHEMA_MAKING LEDGER_SCHEMA_REPLAYED                                                \
	"CREATE TABLE tally(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"                   \
	"CREATE TABLE folded("                                                                     \
	" tally INTEGER NOT NULL REFERENCES tally(id),"                                            \
	" slot INTEGER NOT NULL,"                                                                  \
	" generation INTEGER NOT NULL,"                                                            \
	" total INTEGER NOT NULL,"                                                                 \
	" PRIMARY KEY(tally, slot)) WITHOUT ROWID;"                                                \
	LEDGER_SCHEMA_TELLING LEDGER_SCHEMA_ORIGIN LEDGER_SCHEMA_LIFETIMES_TOLD
/* clang-format on */
