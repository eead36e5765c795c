/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What ledger-merge.c copies, as the statements that do it. Each is a join: taken again, or in
 * another order, it changes nothing more. A column that is new in the ledger's tables belongs here
 * in three places: what is read, what is inserted, and which of two values stays.
 */
#include <stdbool.h>

#include "evidence/ledger-private.h"

/* clang-format off */

/* ---- how rows are found, on either side ---- */

/* Its own number, where it came from; and the number that it has here: ?1 is its host's row. */
#define NUMBER(table) table ".id & 0xffffffffff"
#define ROW "(?1 << 40) + ?2"
_Static_assert(LEDGER_ROW_BITS == 40, "as in the statements");

#define WORKLOAD(name) "(SELECT id FROM workload WHERE host=?1 AND name=" name ")"
#define PROFILE(hash)  "(SELECT id FROM profile WHERE hash=" hash ")"
#define HASH_OF(row)   "(SELECT hash FROM profile WHERE id=" row ".profile)"

/* ---- which of two values stays ---- */

#define MOST(column) column "=max(" column ", excluded." column ")"
#define FIRST(column)                                                                              \
	column "=coalesce(min(nullif(" column ", 0), nullif(excluded." column ", 0)),"             \
	" nullif(" column ", 0), excluded." column ")"
#define TAKE(column) column "=excluded." column

/* What stands beside each other in a row belongs together: all of it goes by one comparison. */
#define STATE(row)                                                                                 \
	row ".revision, " row ".refreshed, " row ".stage, " row ".visibility, "                    \
	HASH_OF(row) ", " row ".profile_source, " row ".dialect, "                                 \
	row ".runtime, " row ".container_name, " row ".image"
#define NEWEST(column)                                                                             \
	column "=iif(((" STATE("excluded") ") > (" STATE("workload") ")),"                         \
	" excluded." column ", " column ")"

#define COUNTED(row) row ".count, " row ".own_filter, " row ".means, " row ".serial"
#define GREATEST(column)                                                                           \
	column "=iif(((" COUNTED("excluded") ") > (" COUNTED("sighting") ")),"                     \
	" excluded." column ", " column ")"

#define LOSS(row)                                                                                  \
	row ".revision, " row ".stop, -" row ".start, " row ".kind, coalesce(" row ".count, -1)"

/* ---- tables of a host ---- */

/*
 * .from is asked with ?1 the host's row, and ?2 the first hour that is kept; its columns are ?2 and
 * on of .into, of which ?1 is the host's row there. With .has_parts,
 * .into returns the row that was made, and columns behind those that it asks for are for its parts.
 */
static const struct {
	const char *from;
	const char *before; /* run ahead of .into, with the same values; or NULL */
	const char *into;
	bool has_parts;
} copies[] = {
	{ .from = "SELECT hash, json FROM profile WHERE ?1",
	  .into = "INSERT INTO profile(hash, json) VALUES(?2, ?3)"
		  " ON CONFLICT(hash) DO UPDATE SET " TAKE("json")
		  " WHERE ?1 AND excluded.json IS NOT NULL"
		  " AND (profile.json IS NULL OR excluded.json>profile.json)" },

	{ .from = "SELECT w.name, w.runtime, w.container_name, w.image, w.stage, w.visibility,"
		  " p.hash, w.profile_source, w.dialect, w.made, w.refreshed, w.heuristic,"
		  " w.revision, w.dropped"
		  " FROM workload w JOIN profile p ON p.id=w.profile WHERE w.host=?1",
	  .into = "INSERT INTO workload(host, name, runtime, container_name, image, stage,"
		  " visibility, profile, profile_source, dialect, made, refreshed, heuristic,"
		  " revision, dropped, told, told_visibility)"
		  " VALUES(?1, ?2, ?3, ?4, ?5, ?6,"
		  " ?7, " PROFILE("?8") ", ?9, ?10, ?11, ?12, ?13,"
		  " ?14, ?15, ?14, ?7)"
		  " ON CONFLICT(host, name) DO UPDATE SET "
		  NEWEST("runtime") ", "
		  NEWEST("container_name") ", "
		  NEWEST("image") ", "
		  NEWEST("stage") ", "
		  NEWEST("visibility") ", "
		  NEWEST("profile") ", "
		  NEWEST("profile_source") ", "
		  NEWEST("dialect") ", "
		  NEWEST("refreshed") ", "
		  NEWEST("revision") ", "
		  NEWEST("told") ", "
		  NEWEST("told_visibility") ", "
		  FIRST("made") ", "
		  MOST("heuristic") ", "
		  MOST("dropped") },

	{ .from = "SELECT w.name, p.hash, s.arch, s.nr, s.action, s.origin, s.means, s.count,"
		  " s.first, s.last, s.serial, s.own_filter, s.subjects, s.lifetimes, s.id, r.keys"
		  " FROM workload w JOIN sighting s ON s.workload=w.id"
		  " JOIN profile p ON p.id=s.profile"
		  " LEFT JOIN replayed r ON r.stretch=s.id AND r.workload=w.id WHERE w.host=?1",
	  .into = "INSERT INTO sighting(workload, profile, arch, nr, action, origin, means, count,"
		  " first, last, serial, own_filter, subjects, lifetimes, told, told_at)"
		  " VALUES(" WORKLOAD("?2") ", " PROFILE("?3") ", ?4, ?5, ?6, ?7, ?8, ?9,"
		  " ?10, ?11, ?12, ?13, ?14, ?15, ?9, 1)"
		  " ON CONFLICT(workload, arch, nr, action, origin, profile) DO UPDATE SET "
		  GREATEST("means") ", "
		  GREATEST("serial") ", "
		  GREATEST("own_filter") ", "
		  MOST("count") ", "
		  MOST("told") ", "
		  FIRST("first") ", "
		  MOST("last") ", "
		  MOST("subjects") ", "
		  MOST("lifetimes")
		  " RETURNING id, workload",
	  .has_parts = true },

	{ .from = "SELECT w.name, u.kind, u.cause, u.runtime, u.name, u.cgroup, u.confirmed,"
		  " u.container_name, u.image, u.first, u.last"
		  " FROM subject u JOIN workload w ON w.id=u.workload"
		  " WHERE u.host=?1 AND u.cause>0",
	  .into = "INSERT INTO subject(host, workload, kind, cause, runtime, name, cgroup,"
		  " confirmed, container_name, image, first, last)"
		  " VALUES(?1, " WORKLOAD("?2") ", ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
		  " ON CONFLICT(host, name, runtime, kind, cause) DO UPDATE SET "
		  FIRST("first") ", "
		  MOST("last") ", "
		  MOST("workload") ", "
		  MOST("cgroup") ", "
		  MOST("confirmed") ", "
		  MOST("container_name") ", "
		  MOST("image") },

	{ .from = "SELECT w.name, p.hash, s.arch, s.nr, s.action, s.origin, u.name, u.runtime,"
		  " u.kind, u.cause"
		  " FROM subject u JOIN sighting_subject t ON t.subject=u.id"
		  " JOIN sighting s ON s.id=t.sighting JOIN workload w ON w.id=s.workload"
		  " JOIN profile p ON p.id=s.profile"
		  " WHERE u.host=?1 AND w.host=?1 AND u.cause>0",
	  .into = "INSERT OR IGNORE INTO sighting_subject"
		  " SELECT u.id, s.id FROM subject u, sighting s"
		  " WHERE s.workload=" WORKLOAD("?2") " AND s.profile=" PROFILE("?3")
		  " AND s.arch=?4 AND s.nr=?5 AND s.action=?6 AND s.origin=?7"
		  " AND u.host=?1 AND u.name=?8 AND u.runtime=?9 AND u.kind=?10 AND u.cause=?11" },

	{ .from = "SELECT " NUMBER("l") ", w.name, l.kind, l.start, l.stop, l.count, l.revision"
		  " FROM loss l LEFT JOIN workload w ON w.id=l.workload"
		  " WHERE l.host=?1 AND " NUMBER("l") ">0",
	  .into = "INSERT INTO loss(id, host, workload, kind, start, stop, count, revision, told)"
		  " VALUES(" ROW ", ?1, " WORKLOAD("?3") ", ?4, ?5, ?6, ?7, ?8, ?8)"
		  " ON CONFLICT(id) DO UPDATE SET "
		  TAKE("workload") ", "
		  TAKE("kind") ", "
		  TAKE("start") ", "
		  TAKE("stop") ", "
		  TAKE("count") ", "
		  TAKE("revision") ", "
		  TAKE("told")
		  " WHERE (" LOSS("excluded") ") > (" LOSS("loss") ")" },

	{ .from = "SELECT " NUMBER("r") ", r.boot, r.start, r.stop FROM run r WHERE r.host=?1",
	  .before = "UPDATE host SET doubled=1 WHERE id=?1"
		    " AND EXISTS(SELECT 1 FROM run WHERE id=" ROW " AND boot<>?3)",
	  .into = "INSERT INTO run(id, host, boot, start, stop, told)"
		  " VALUES(" ROW ", ?1, ?3, ?4, ?5, ?5)"
		  " ON CONFLICT(id) DO UPDATE SET "
		  MOST("boot") ", "
		  MOST("stop") ", "
		  MOST("told") ", "
		  "start=min(start, excluded.start)" },

	{ .from = "SELECT " NUMBER("f") ", w.name, p.hash, f.kind, f.runtime, f.name,"
		  " f.incarnation, f.image_digest, f.runtime_version, f.libseccomp, f.kernel,"
		  " f.machine, f.capabilities, f.start, f.start_seen, f.stop, f.stop_seen,"
		  " f.exit, f.joins, f.joined"
		  " FROM lifetime f JOIN workload w ON w.id=f.workload"
		  " JOIN profile p ON p.id=f.profile WHERE f.host=?1",
	  .into = "INSERT INTO lifetime(id, host, workload, profile, kind, runtime, name,"
		  " incarnation, image_digest, runtime_version, libseccomp, kernel, machine,"
		  " capabilities, start, start_seen, stop, stop_seen, exit, joins, joined, told)"
		  " VALUES(" ROW ", ?1, " WORKLOAD("?3") ", " PROFILE("?4") ", ?5, ?6, ?7,"
		  " ?8, ?9, ?10, ?11, ?12, ?13,"
		  " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, 1)"
		  " ON CONFLICT(id) DO UPDATE SET "
		  TAKE("profile") ", "
		  TAKE("kind") ", "
		  TAKE("runtime") ", "
		  TAKE("name") ", "
		  TAKE("incarnation") ", "
		  TAKE("image_digest") ", "
		  TAKE("runtime_version") ", "
		  TAKE("libseccomp") ", "
		  TAKE("kernel") ", "
		  TAKE("machine") ", "
		  TAKE("capabilities") ", "
		  TAKE("start") ", "
		  TAKE("start_seen") ", "
		  TAKE("stop") ", "
		  TAKE("stop_seen") ", "
		  TAKE("exit") ", "
		  TAKE("joins") ", "
		  TAKE("joined") ", "
		  TAKE("workload")
		  " WHERE " LEDGER_LIFETIME_IS_LATER },

	{ .from = "SELECT w.name, o.hour, o.records, o.sightings, o.observed, o.complete"
		  " FROM rollup o JOIN workload w ON w.id=o.workload"
		  " WHERE w.host=?1 AND o.hour>=?2",
	  .into = "INSERT INTO rollup VALUES(" WORKLOAD("?2") ", ?3, ?4, ?5, ?6, ?7)"
		  " ON CONFLICT(workload, hour) DO UPDATE SET "
		  MOST("records") ", "
		  MOST("sightings") ", "
		  MOST("observed") ", "
		  MOST("complete") },
};

/* ---- tables of a sighting ---- */

/* Likewise: ?1 is the sighting's row, on either side, and ?2 of .into the host's. */
static const struct {
	const char *from;
	const char *into[2];
} parts[] = {
	/* of one program's examples the earliest */
	{ .from = "SELECT comm, exe, ip, pid, time FROM example WHERE sighting=?1",
	  .into = { "UPDATE example SET ip=?5, pid=?6, time=?7"
		    " WHERE sighting=?1 AND ?2 AND comm IS ?3 AND exe IS ?4"
		    " AND (?7, ?6, ?5)<(time, pid, ip)",
		    "INSERT INTO example(sighting, comm, exe, ip, pid, time)"
		    " SELECT ?1, ?3, ?4, ?5, ?6, ?7 WHERE ?2 AND NOT EXISTS"
		    " (SELECT 1 FROM example WHERE sighting=?1 AND comm IS ?3 AND exe IS ?4)" } },

	{ .from = "SELECT lifetime & 0xffffffffff, first FROM making WHERE sighting=?1",
	  .into = { "INSERT INTO making VALUES(?1, (?2 << 40) + ?3, ?4)"
		    " ON CONFLICT(sighting, lifetime) DO UPDATE SET"
		    " first=min(first, excluded.first)" } },
};

/* clang-format on */
