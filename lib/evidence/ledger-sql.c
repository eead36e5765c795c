/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every statement of the ledger. */
#include "evidence/gate.h"
#include "evidence/ledger-private.h"

#define SIGHTING_KEY "workload=?1 AND arch=?2 AND nr=?3 AND action=?4 AND origin=?5 AND profile=?6"
#define SUBJECT_KEY "host=?1 AND name=?2 AND runtime=?3 AND kind=?4 AND cause=?5"

/* The workloads that have new sightings, each found by a step in the index; behind the last of them
 * NULL. */
#define NEXT_NEW(behind)                                                                  \
	"(SELECT min(workload) FROM sighting WHERE " LEDGER_NEW_ONE " AND " LEDGER_KILLED \
	"=?1 AND workload>" behind ")"
#define WITH_NEW                                                         \
	"w(id) AS (SELECT " NEXT_NEW("0") " UNION ALL SELECT " NEXT_NEW( \
		"w.id") " FROM w WHERE w.id IS NOT NULL)"

#define FOLLOWED_COLUMNS                                                              \
	"SELECT s.id, s.workload, w.name, s.arch, s.nr, s.action, s.origin, s.count," \
	" s.first, s.last, h.name FROM sighting s JOIN workload w ON w.id=s.workload" \
	" JOIN host h ON h.id=w.host"

#define WORKLOAD_COLUMNS                                                                   \
	"SELECT w.id, w.name, w.runtime, w.container_name, w.image, w.stage,"              \
	" w.visibility, p.hash, w.profile_source, w.dialect, h.name, count(s.id),"         \
	" coalesce(sum(s.count), 0), w.dropped, coalesce(min(nullif(s.first, 0)), 0),"     \
	" coalesce(max(s.last), 0), w.heuristic, coalesce(max(s.means>=" ASSERTED "), 0)," \
	" coalesce(max(s.means=" IMPORTED "), 0), 1, 0"                                    \
	" FROM workload w JOIN host h ON h.id=w.host"                                      \
	" JOIN profile p ON p.id=w.profile LEFT JOIN sighting s ON s.workload=w.id"

/* Those that only one subject made, the newest of what it introduced. The row with the greatest id
 * stays, so that no id is ever given twice: others remember them. */
#define ROOM_ROWS                                                                               \
	" (SELECT id FROM sighting WHERE workload=?1 AND maker=?2 AND origin=?3 AND subjects<2" \
	" AND id<(SELECT max(id) FROM sighting) ORDER BY id DESC LIMIT ?4)"

/* Numbers as in SQL_SIGHTING_TAKE. */
#define GREATER_SIGHTING "(?8, ?12, ?7, ?11) > (count, own_filter, means, serial)"
#define EARLIER_SIGHTING "(?9>0 AND (first=0 OR ?9<first))"

#define ASSERTED "5"
#define IMPORTED "6"
#define READY "0"
#define MAKINGS "16"
_Static_assert(GATE_READY == 0 && LEDGER_MAKINGS_MAX == 16, "as in the statements");
_Static_assert(MEANS_ASSERTED == 5 && MEANS_IMPORTED == 6, "never renumbered");
_Static_assert(ACTION_KILL_PROCESS == 1 && ACTION_KILL_THREAD == 2, "LEDGER_KILLED, likewise");

static const char *const sql[_LEDGER_SQL_MAX] = {
	[SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[SQL_BEGIN_READ] = "BEGIN",
	[SQL_COMMIT] = "COMMIT",
	[SQL_TOUCH] = "SELECT 1 FROM meta LIMIT 1",
	[SQL_META_SET] = "INSERT INTO meta VALUES(?1, ?2)"
			 " ON CONFLICT(key) DO UPDATE SET value=excluded.value",
	[SQL_META_GET] = "SELECT value FROM meta WHERE key=?1",
	[SQL_META_INCREMENT] = "INSERT INTO meta VALUES(?1, '1')"
			       " ON CONFLICT(key) DO UPDATE SET value=value+1",
	[SQL_HOST_ADD] = "INSERT OR IGNORE INTO host(name) VALUES(?1)",
	[SQL_HOST_FIND] = "SELECT id FROM host WHERE name=?1",
	[SQL_PROFILE_FIND] = "SELECT id FROM profile WHERE hash=?1",
	[SQL_PROFILE_ADD] = "INSERT INTO profile(hash) VALUES(?1)",
	[SQL_PROFILE_HAS_JSON] = "SELECT 1 FROM profile WHERE id=?1 AND json IS NOT NULL",
	[SQL_PROFILE_COUNT_JSON] = "SELECT count(*) FROM profile WHERE json IS NOT NULL",
	[SQL_PROFILE_FORGET_JSON] =
		"UPDATE profile SET json=NULL WHERE id IN"
		" (SELECT id FROM profile WHERE json IS NOT NULL"
		"  AND id NOT IN (SELECT profile FROM workload) ORDER BY id LIMIT ?1)",
	[SQL_PROFILE_SET_JSON] = "UPDATE profile SET json=?2 WHERE id=?1",
	[SQL_PROFILE_GET_JSON] = "SELECT json FROM profile WHERE hash=?1 AND json IS NOT NULL",
	[SQL_WORKLOAD_FIND] = "SELECT id FROM workload WHERE host=?1 AND name=?2",
	[SQL_WORKLOAD_COUNT] = "SELECT count(*) FROM workload",
	[SQL_WORKLOAD_COUNT_HOST] =
		"SELECT count(*) FROM workload WHERE host=?1 AND name>='host:' AND name<'host;'",
	[SQL_WORKLOAD_ADD] =
		"INSERT INTO workload(host, name, runtime, container_name, image, stage,"
		" visibility, profile, profile_source, dialect, made, refreshed, heuristic)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12)",
	/* What a later instance did not tell stays as an earlier one told it; what the filter is,
	 * the latest one decides. */
	[SQL_WORKLOAD_REFRESH] =
		"UPDATE workload SET runtime=coalesce(nullif(?2, ''), runtime),"
		" container_name=coalesce(nullif(?3, ''), container_name),"
		" image=coalesce(nullif(?4, ''), image), stage=?5, visibility=?6, profile=?7,"
		" profile_source=?8, dialect=?9, refreshed=?10, heuristic=max(heuristic, ?11),"
		" revision=revision+(stage<>?5 OR visibility<>?6 OR profile<>?7"
		"  OR profile_source<>?8 OR dialect<>?9 OR heuristic<?11"
		"  OR runtime<>coalesce(nullif(?2, ''), runtime)) WHERE id=?1",
	[SQL_WORKLOAD_ROOM] = "SELECT n_sightings < ?2 FROM workload WHERE id=?1",
	[SQL_WORKLOAD_GREW] = "UPDATE workload SET n_sightings=n_sightings+1 WHERE id=?1",
	[SQL_WORKLOAD_DROP] = "UPDATE workload SET dropped=dropped+?2 WHERE id=?1",
	[SQL_WORKLOAD_SHRANK] = "UPDATE workload SET n_sightings=n_sightings-?2 WHERE id=?1",
	[SQL_ROOM_SHARES] = "SELECT maker, origin, count(*) FROM sighting"
			    " WHERE workload=?1 AND subjects<2 GROUP BY maker, origin",
	[SQL_ROOM_RECORDS] = "SELECT coalesce(sum(count), 0) FROM sighting WHERE id IN" ROOM_ROWS,
	[SQL_ROOM_UNTIE] =
		"DELETE FROM sighting_subject WHERE subject=?2 AND sighting IN" ROOM_ROWS,
	[SQL_ROOM_EXAMPLES] = "DELETE FROM example WHERE sighting IN" ROOM_ROWS,
	[SQL_ROOM_MAKINGS] = "DELETE FROM making WHERE sighting IN" ROOM_ROWS,
	[SQL_ROOM_EVICT] = "DELETE FROM sighting WHERE id IN" ROOM_ROWS,
	[SQL_SUBJECT_FIND] = "SELECT id FROM subject WHERE " SUBJECT_KEY,
	[SQL_SUBJECT_COUNT] = "SELECT count(*) FROM subject WHERE workload=?1",
	[SQL_SUBJECT_OLDEST] = "SELECT id FROM subject WHERE workload=?1 ORDER BY last LIMIT 1",
	[SQL_SUBJECT_UNTIE] = "DELETE FROM sighting_subject WHERE subject=?1",
	[SQL_SUBJECT_DELETE] = "DELETE FROM subject WHERE id=?1",
	/* The workload's row was written just before, from this very subject. */
	[SQL_SUBJECT_ADD] = "INSERT INTO subject(host, name, runtime, kind, cause, workload,"
			    " cgroup, confirmed, first, last, container_name, image)"
			    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, container_name, image"
			    " FROM workload WHERE id=?6",
	[SQL_SUBJECT_REFRESH] =
		"UPDATE subject SET workload=?2, cgroup=coalesce(nullif(?3, ''), cgroup),"
		" confirmed=?4, last=max(last, ?5),"
		" container_name=(SELECT container_name FROM workload WHERE id=?2),"
		" image=(SELECT image FROM workload WHERE id=?2) WHERE id=?1",
	[SQL_SIGHTING_FIND] = "SELECT id FROM sighting WHERE " SIGHTING_KEY,
	[SQL_SIGHTING_ADD] = "INSERT INTO sighting(workload, arch, nr, action, origin, profile,"
			     " means, count, first, last, serial, own_filter, maker)"
			     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[SQL_SIGHTING_COUNT] =
		"UPDATE sighting SET count=count+?2, own_filter=own_filter+?5,"
		" first=CASE WHEN ?3>0 AND (first=0 OR ?3<first) THEN ?3 ELSE first END,"
		" last=max(last, ?4) WHERE id=?1",
	[SQL_SIGHTING_TIE] = "INSERT OR IGNORE INTO sighting_subject"
			     " SELECT id, ?1 FROM subject WHERE id=?2",
	[SQL_SIGHTING_TIED] = "UPDATE sighting SET subjects=subjects+1 WHERE id=?1",
	[SQL_EXAMPLE_ADD] =
		"INSERT INTO example(sighting, comm, exe, ip, pid, time)"
		" SELECT ?1, ?2, ?3, ?4, ?5, ?6"
		" WHERE EXISTS(SELECT 1 FROM sighting WHERE id=?1) AND"
		" (SELECT count(*) FROM example WHERE sighting=?1) < ?7 AND NOT EXISTS"
		" (SELECT 1 FROM example WHERE sighting=?1 AND comm IS ?2 AND exe IS ?3)",
	[SQL_TALLY_FIND] = "SELECT id FROM tally WHERE name=?1",
	[SQL_TALLY_ADD] = "INSERT INTO tally(name) VALUES(?1)",
	[SQL_TALLY_FORGET] = "DELETE FROM tally WHERE name<>?1",
	[SQL_FOLDED_FORGET] = "DELETE FROM folded WHERE tally NOT IN"
			      " (SELECT id FROM tally WHERE name=?1)",
	[SQL_FOLDED_GET] = "SELECT total FROM folded WHERE tally=?1 AND slot=?2 AND generation=?3",
	[SQL_FOLDED_SET] = "INSERT INTO folded VALUES(?1, ?2, ?3, ?4) ON CONFLICT(tally, slot)"
			   " DO UPDATE SET generation=excluded.generation, total=excluded.total",
	[SQL_LOSS_COUNT] = "SELECT count(*) FROM loss",
	[SQL_LOSS_ADD] = "INSERT INTO loss(host, kind, workload, start, stop, count)"
			 " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	[SQL_LOSS_NEWEST] = "SELECT id FROM loss WHERE host=?1 AND kind=?2 AND workload IS ?3"
			    " ORDER BY stop DESC LIMIT 1",
	/* What has a size keeps it, whatever of unknown size comes behind it. */
	[SQL_LOSS_NEXT_TO] = "SELECT id FROM loss WHERE host=?1 AND kind=?2 AND workload IS ?3"
			     " AND stop>=?4 AND start<=?5 AND (count IS NULL)=(?6 IS NULL)"
			     " ORDER BY stop DESC LIMIT 1",
	[SQL_LOSS_WIDEN] = "UPDATE loss SET start=min(start, ?2), stop=max(stop, ?3),"
			   " count=count+?4, revision=revision+1 WHERE id=?1",
	[SQL_LOSS_SIZE] = "UPDATE loss SET count=?3, revision=revision+1 WHERE id=(SELECT id FROM "
			  "loss WHERE host=?1"
			  " AND kind=?2 AND workload IS NULL AND count IS NULL"
			  " ORDER BY stop DESC, id DESC LIMIT 1)",
	[SQL_RUN_COUNT] = "SELECT count(*) FROM run",
	[SQL_RUN_FORGET] = "DELETE FROM run WHERE id=(SELECT id FROM run ORDER BY stop LIMIT 1)",
	[SQL_RUN_ADD] = "INSERT INTO run(host, boot, start, stop) VALUES(?1, ?2, ?3, ?3)",
	[SQL_RUN_EXTEND] = "UPDATE run SET stop=max(stop, ?2) WHERE id=?1",
	[SQL_LIFETIME_COUNT] = "SELECT count(*) FROM lifetime WHERE workload=?1",
	[SQL_LIFETIME_COUNT_ALL] = "SELECT count(*) FROM lifetime",
	/* The oldest that has its like right before and right behind it on its host: since when
	 * nothing changed is not to be forgotten, nor that something did. Without one it is the
	 * oldest, and one that runs only when all do. */
	[SQL_LIFETIME_OLDEST] =
		"SELECT coalesce((SELECT f.id FROM lifetime f JOIN lifetime p ON p.id="
		"(SELECT id FROM lifetime WHERE workload=f.workload AND host=f.host AND"
		" start<=f.start AND (start<f.start OR id<f.id)"
		" ORDER BY start DESC, id DESC LIMIT 1)"
		" JOIN lifetime n ON n.id="
		"(SELECT id FROM lifetime WHERE workload=f.workload AND host=f.host AND"
		" start>=f.start AND (start>f.start OR id>f.id) ORDER BY start, id LIMIT 1)"
		" WHERE f.workload=?1 AND f.stop<>0 AND p.profile=f.profile AND"
		" p.image_digest=f.image_digest AND p.capabilities=f.capabilities AND"
		" p.runtime_version=f.runtime_version AND p.libseccomp=f.libseccomp AND"
		" p.kernel=f.kernel AND p.machine=f.machine AND n.profile=f.profile AND"
		" n.image_digest=f.image_digest AND n.capabilities=f.capabilities AND"
		" n.runtime_version=f.runtime_version AND n.libseccomp=f.libseccomp AND"
		" n.kernel=f.kernel AND n.machine=f.machine ORDER BY f.start, f.id LIMIT 1),"
		" (SELECT id FROM lifetime WHERE workload=?1 ORDER BY stop=0, start, id LIMIT 1))",
	[SQL_LIFETIME_FIRST] =
		"SELECT id FROM lifetime WHERE workload=?1 ORDER BY stop=0, start, id LIMIT 1",
	[SQL_LIFETIME_OLDEST_OF_ALL] = "SELECT id FROM lifetime ORDER BY id LIMIT 1",
	[SQL_LIFETIME_FORGET] = "DELETE FROM lifetime WHERE id=?1",
	[SQL_LIFETIME_ADD] =
		"INSERT INTO lifetime(host, workload, profile, kind, runtime, name, incarnation,"
		" image_digest, runtime_version, libseccomp, kernel, machine, capabilities, start,"
		" start_seen) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
		" ?15)",
	[SQL_LIFETIME_END] = "UPDATE lifetime SET stop=max(start, ?2, 1), stop_seen=?3, exit=?4,"
			     " revision=revision+1 WHERE id=?1",
	[SQL_LIFETIME_JOIN] = "UPDATE lifetime SET joins=joins+1, joined=max(joined, ?2),"
			      " revision=revision+1 WHERE id=?1",
	[SQL_LIFETIME_FILL] = "UPDATE lifetime SET profile=?2, revision=revision+1 WHERE id=?1"
			      " AND profile=(SELECT id FROM profile WHERE hash='')",
	/* Which the first two were is enough to tell one, two and more of them apart. */
	[SQL_LIFETIME_NOTE] =
		"UPDATE sighting SET lifetime2=CASE WHEN lifetimes=1 THEN ?2 ELSE lifetime2 END,"
		" lifetime1=CASE WHEN lifetimes=0 THEN ?2 ELSE lifetime1 END,"
		" lifetimes=lifetimes+1"
		" WHERE id=?1 AND lifetimes<3 AND lifetime1<>?2 AND lifetime2<>?2",
	/* What a container counted before it was started again is no time of this lifetime; the
	 * last is close enough, because what is new is folded within seconds. A cgroup is noticed a
	 * little after its first call. */
	[SQL_LIFETIME_MAKING] =
		"INSERT OR IGNORE INTO making SELECT ?1, id,"
		" CASE WHEN ?3+2000000>=start THEN ?3 ELSE ?4 END FROM lifetime WHERE id=?2"
		" AND (SELECT count(*) FROM making WHERE sighting=?1)<?5",
	[SQL_HOUR_GROW] = "UPDATE rollup SET records=records+?3, sightings=sightings+?4,"
			  " observed=observed+?5, complete=complete+?6"
			  " WHERE workload=?1 AND hour=?2",
	[SQL_HOUR_ADD] = "INSERT INTO rollup VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	[SQL_HOUR_COUNT] = "SELECT count(*) FROM rollup WHERE workload=?1",
	[SQL_HOUR_COUNT_ALL] = "SELECT count(*) FROM rollup",
	[SQL_HOUR_FORGET] = "DELETE FROM rollup WHERE workload=?1 AND hour="
			    "(SELECT min(hour) FROM rollup WHERE workload=?1)",
	[SQL_HOUR_FORGET_OF_ALL] = "DELETE FROM rollup WHERE hour=(SELECT min(hour) FROM rollup)",
	[SQL_EACH_WORKLOAD] = WORKLOAD_COLUMNS " GROUP BY w.id ORDER BY w.name, h.name",
	[SQL_ONE_WORKLOAD] = WORKLOAD_COLUMNS " WHERE w.id=?1 GROUP BY w.id",
	[SQL_NEXT_GATE] = "SELECT id FROM workload WHERE id>?1 AND (stage IN ('log', 'errno')"
			  " OR gate=" READY ") ORDER BY id LIMIT 1",
	[SQL_GATE_GET] = "SELECT gate FROM workload WHERE id=?1",
	[SQL_GATE_SET] = "UPDATE workload SET gate=?2 WHERE id=?1",
	[SQL_EACH_SIGHTING] =
		"SELECT s.id, p.hash, s.arch, s.nr, s.action, s.origin, s.means, s.count, s.first,"
		" s.last, s.subjects, s.own_filter, s.lifetimes, s.serial, 1 FROM sighting s"
		" JOIN profile p ON p.id=s.profile"
		" WHERE s.workload=?1 ORDER BY s.arch, s.nr, s.action, s.origin, s.profile",
	[SQL_EACH_RECENT] = FOLLOWED_COLUMNS " WHERE s.id>?1 OR s.last>=?2 ORDER BY s.id",
	[SQL_EACH_NEWEST] = "SELECT * FROM (" FOLLOWED_COLUMNS
			    " WHERE s.first>=?2 AND (?1 IS NULL OR w.name=?1)"
			    " ORDER BY s.first DESC, s.id DESC LIMIT ?3) ORDER BY 9, 1",
	[SQL_LAST_SIGHTING] = "SELECT coalesce(max(id), 0) FROM sighting",
	[SQL_EACH_FRESH] =
		"SELECT workload, count(*) FROM sighting WHERE first>=?1 GROUP BY workload",
	[SQL_EACH_STAGE] = "SELECT w.id, w.name, w.stage, w.visibility, p.hash, h.name"
			   " FROM workload w JOIN profile p ON p.id=w.profile"
			   " JOIN host h ON h.id=w.host ORDER BY w.id",
	[SQL_EACH_SUBJECT] = "SELECT kind, cause, runtime, name, cgroup, confirmed, first, last"
			     " FROM subject WHERE workload=?1 ORDER BY last DESC, id",
	[SQL_CAUSES] = "SELECT coalesce(sum(DISTINCT 1 << u.cause), 0) FROM subject u"
		       " WHERE u.workload=?1 AND u.cause>0 AND EXISTS(SELECT 1 FROM"
		       " sighting_subject t WHERE t.subject=u.id AND t.sighting=?2)",
	[SQL_EACH_EXAMPLE] = "SELECT comm, exe, ip, pid, time FROM example WHERE sighting=?1"
			     " ORDER BY time, id",
	[SQL_EACH_MAKING] = "SELECT lifetime, first FROM making WHERE sighting=?1"
			    " ORDER BY lifetime",
	[SQL_EACH_FOLDED] = "SELECT slot, generation, total FROM folded WHERE tally=?1",
	[SQL_TELL_MARK] =
		"UPDATE sighting SET telling=count WHERE id IN (SELECT id FROM sighting"
		" WHERE " LEDGER_GROWN " AND " LEDGER_KILLED "=?1 AND told_at<=?2 AND telling=0"
		" ORDER BY told_at LIMIT ?3)",
	[SQL_TELL_SHARES] = "WITH RECURSIVE " WITH_NEW " SELECT count(id) FROM w",
	[SQL_TELL_MARK_NEW] =
		"WITH RECURSIVE " WITH_NEW " UPDATE sighting SET telling=count WHERE id IN"
		" (SELECT s.id FROM w JOIN sighting s ON s.id IN (SELECT x.id FROM sighting x"
		"  WHERE " LEDGER_NEW_ONE " AND " LEDGER_KILLED "=?1 AND x.workload=w.id"
		"  AND x.telling=0 ORDER BY x.id LIMIT ?2) LIMIT ?3)",
	[SQL_EACH_TELLING] =
		"SELECT s.id, w.name, coalesce(u.container_name, ''), coalesce(u.image, ''),"
		" w.stage, p.hash, coalesce(u.kind, 0), coalesce(u.name, ''), s.arch, s.nr,"
		" s.action, s.origin, s.means, s.telling, s.serial, s.telling-s.told,"
		" min(s.own_filter, s.telling), s.first, s.last, s.told_at=0, s.subjects,"
		" s.lifetimes FROM sighting s"
		" JOIN workload w ON w.id=s.workload JOIN profile p ON p.id=s.profile"
		" LEFT JOIN subject u ON u.id=(SELECT x.id FROM subject x"
		"  WHERE x.workload=s.workload AND EXISTS(SELECT 1 FROM sighting_subject t"
		"   WHERE t.subject=x.id AND t.sighting=s.id) ORDER BY x.last DESC LIMIT 1)"
		" WHERE s.telling>0 ORDER BY " LEDGER_KILLED " DESC, s.told_at, s.id",
	[SQL_SIGHTING_TOLD] =
		"UPDATE sighting SET told=telling, telling=0, told_at=?2 WHERE id=?1 AND telling>0",
	[SQL_SIGHTING_CLOCK] = "UPDATE sighting SET told_at=?1 WHERE told_at>?1",
	[SQL_EACH_UNTOLD_WORKLOAD] =
		"SELECT w.id, w.name, w.runtime, w.container_name, w.image, w.stage, w.visibility,"
		" p.hash, w.profile_source, w.dialect, w.heuristic, w.revision, w.told,"
		" w.told_stage, w.told_visibility FROM workload w JOIN profile p ON p.id=w.profile"
		" WHERE " LEDGER_UNTOLD_WORKLOAD " AND (w.told_at<=?1 OR w.told_at>?2)"
		" ORDER BY w.told_at, w.id LIMIT ?3",
	/* What changed since it was sent is still to be told. */
	[SQL_WORKLOAD_TOLD] =
		"UPDATE workload SET told=max(told, ?4), told_stage=iif(revision=?4, stage,"
		" told_stage), told_at=iif(?3, told_at, ?2),"
		" told_visibility=iif(?3 OR revision<>?4, told_visibility, visibility)"
		" WHERE id=?1",
	[SQL_BLIND_SPOT_TOLD] =
		"UPDATE workload SET told_visibility=iif(revision=?3, visibility, told_visibility),"
		" told_at=?2 WHERE id=?1",
	[SQL_EACH_UNTOLD_LOSS] =
		"SELECT l.id, l.kind, coalesce(w.name, ''), l.start, l.stop, l.count, l.revision,"
		" l.told>0 AND l.count IS l.told_count FROM loss l"
		" LEFT JOIN workload w ON w.id=l.workload WHERE l.revision>l.told"
		" AND (l.told_at<=CASE WHEN l.told>0 AND l.count IS l.told_count THEN ?1 ELSE ?2"
		"  END OR l.told_at>?3) ORDER BY l.told_at, l.id LIMIT ?4",
	[SQL_LOSS_TOLD] = "UPDATE loss SET told=max(told, ?3), told_at=?2,"
			  " told_count=iif(revision=?3, count, told_count) WHERE id=?1",
	[SQL_EACH_UNTOLD_RUN] = "SELECT id, boot, start, stop, told FROM run WHERE stop>told AND "
				"(told=0 OR stop>=told+?1"
				" OR id<(SELECT max(id) FROM run)) ORDER BY id LIMIT ?2",
	[SQL_RUN_TOLD] = "UPDATE run SET told=max(told, ?2) WHERE id=?1",
	[SQL_EACH_UNTOLD_LIFETIME] = LEDGER_LIFETIME_VALUES
	", w.name, f.profile, f.revision" LEDGER_LIFETIME_TABLES
	" JOIN workload w ON w.id=f.workload WHERE f.revision>f.told AND f.workload>?1"
	" ORDER BY f.workload, f.profile, f.image_digest, f.runtime_version, f.capabilities,"
	" f.kernel, f.libseccomp, f.id LIMIT ?2",
	[SQL_LIFETIME_TOLD] = "UPDATE lifetime SET told=max(told, ?2) WHERE id=?1",
	[SQL_EACH_LOSS] = "SELECT kind, coalesce(workload, 0), start, stop, count, host FROM loss"
			  " ORDER BY start, id",
	[SQL_EACH_RUN] = "SELECT boot, start, stop, host FROM run ORDER BY start, id",
	[SQL_EACH_LIFETIME] = LEDGER_LIFETIME_COLUMNS " WHERE f.workload=?1 ORDER BY f.start, f.id",
	[SQL_EACH_OPEN_LIFETIME] = LEDGER_LIFETIME_COLUMNS " WHERE f.host=?1 AND f.stop=0",
	[SQL_EACH_HOUR] = "SELECT hour, records, sightings, observed, complete FROM rollup"
			  " WHERE workload=?1 AND hour>=?2 ORDER BY hour",
	[SQL_HOLDS_EVIDENCE] = "SELECT EXISTS(SELECT 1 FROM workload) OR EXISTS(SELECT 1 FROM run)"
			       " OR EXISTS(SELECT 1 FROM tally) OR EXISTS(SELECT 1 FROM loss)",
	[SQL_KEYS_GET] = "SELECT stretch, workload, keys FROM replayed"
			 " WHERE stretch=?1 AND workload=?2",
	[SQL_KEYS_SET] = "INSERT INTO replayed VALUES(?1, ?2, ?3)"
			 " ON CONFLICT(stretch, workload) DO UPDATE SET keys=excluded.keys",
	[SQL_EACH_KEYS] = "SELECT stretch, workload, keys FROM replayed ORDER BY stretch, workload",
	[SQL_SIGHTING_SET] =
		"INSERT INTO sighting(workload, arch, nr, action, origin, profile, means, count,"
		" first, last, serial)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
		" ON CONFLICT(workload, arch, nr, action, origin, profile) DO UPDATE SET"
		" count=excluded.count, first=excluded.first, last=excluded.last,"
		" serial=excluded.serial",
	[SQL_SIGHTING_FORGET] = "DELETE FROM sighting WHERE id=?1",
	[SQL_TIE_FORGET] = "DELETE FROM sighting_subject WHERE sighting=?1",
	[SQL_EXAMPLE_FORGET] = "DELETE FROM example WHERE sighting=?1",
	[SQL_WORKLOAD_SET] = "UPDATE workload SET n_sightings=?2, dropped=?3, made=?4, refreshed=?5"
			     " WHERE id=?1",
	[SQL_SUBJECT_SET] = "UPDATE subject SET first=?2, last=?3 WHERE id=?1",
	[SQL_HOUR_CLEAR] = "DELETE FROM rollup WHERE workload=?1",
	[SQL_LOSS_CLEAR] = "DELETE FROM loss",
	[SQL_EACH_TELLER] = "SELECT id, ledger, machine, hostname, named, heard, retired, doubled"
			    " FROM host WHERE ledger<>'' ORDER BY ledger, machine, hostname",
	[SQL_TELLER_PUT] = "UPDATE host SET ledger=?2, machine=?3, hostname=?4, named=?5,"
			   " heard=max(heard, ?6), retired=max(retired, ?7),"
			   " doubled=max(doubled, ?8) WHERE id=?1",
	[SQL_EACH_HOST] = "SELECT id, name, iif(hostname<>'', hostname, name), ledger, machine,"
			  " max(heard, coalesce((SELECT max(stop) FROM run WHERE host=h.id), 0)),"
			  " retired, doubled, named FROM host h WHERE name<>'' ORDER BY name",
	[SQL_EACH_SHARE] =
		"SELECT w.host, h.name, w.stage, w.visibility, p.hash, count(s.id),"
		" coalesce(sum(s.count), 0), coalesce(min(nullif(s.first, 0)), 0),"
		" coalesce(max(s.last), 0), (SELECT count(*) FROM lifetime f"
		"  WHERE f.workload=w.id AND f.stop=0) FROM workload w JOIN host h ON h.id=w.host"
		" JOIN profile p ON p.id=w.profile LEFT JOIN sighting s ON s.workload=w.id"
		" WHERE w.name=(SELECT name FROM workload WHERE id=?1) GROUP BY w.id ORDER BY"
		" h.name",
	[SQL_HOST_COUNT] = "SELECT count(*) FROM host WHERE name<>''",
	[SQL_HOST_OF_MACHINE] = "SELECT id FROM host WHERE machine=?1",
	[SQL_HOST_SET_MACHINE] = "UPDATE host SET machine=?2 WHERE id=?1 AND machine=''",
	[SQL_HOST_TAKE_NAME] =
		"UPDATE OR REPLACE host SET name=(SELECT name FROM host WHERE id=?2) WHERE id=?1"
		" AND NOT EXISTS(SELECT 1 FROM workload WHERE host=?2)"
		" AND NOT EXISTS(SELECT 1 FROM run WHERE host=?2)"
		" AND NOT EXISTS(SELECT 1 FROM loss WHERE host=?2)",
	[SQL_HOST_SPLIT] = "INSERT INTO host(name, machine) SELECT name || ' (machine ' || ?2 ||"
			   " ')', ?2 FROM host WHERE id=?1",
	[SQL_HOST_HEARD] = "UPDATE host SET heard=max(heard, ?2) WHERE id=?1",
	/* A run that has two boots is of two daemons: a ledger was copied, and both went on. */
	[SQL_RUN_DOUBLED] = "UPDATE host SET doubled=1 WHERE id=?2 AND EXISTS(SELECT 1 FROM run"
			    " WHERE id=?1 AND boot<>?3)",
	[SQL_HOST_UNNAME] = "UPDATE host SET name='/' || id WHERE name<>''",
	[SQL_HOST_NAME] = "UPDATE host SET name=?2 WHERE id=?1",
	[SQL_HOST_LAST] =
		"SELECT max(coalesce((SELECT max(stop) FROM run WHERE host=?1), 0),"
		" coalesce((SELECT max(stop) FROM loss WHERE host=?1), 0),"
		" coalesce((SELECT max(s.last) FROM sighting s JOIN workload w ON w.id=s.workload"
		"  WHERE w.host=?1), 0))",
	[SQL_WORKLOAD_COUNT_OF] = "SELECT count(*) FROM workload WHERE host=?1",
	/* The greatest revision counts, whole; without any, the stage that was told last. */
	[SQL_WORKLOAD_TAKE] =
		"INSERT INTO workload(host, name, runtime, container_name, image, stage,"
		" visibility, profile, profile_source, dialect, made, refreshed, heuristic,"
		" revision) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13)"
		" ON CONFLICT(host, name) DO UPDATE SET runtime=?3, container_name=?4, image=?5,"
		" stage=?6, visibility=?7, profile=?8, profile_source=?9, dialect=?10,"
		" refreshed=?11, heuristic=?12, revision=?13"
		" WHERE (?13, ?11, ?6, ?4, ?5)>(revision, refreshed, stage, container_name, image)",
	[SQL_WORKLOAD_SETTLE] = "UPDATE workload SET n_sightings="
				"(SELECT count(*) FROM sighting s WHERE s.workload=workload.id),"
				" dropped=(SELECT coalesce(sum(count), 0) FROM loss"
				"  WHERE loss.workload=workload.id AND kind='sighting-limit')",
	[SQL_WORKLOAD_SETTLE_MERGED] =
		"UPDATE workload SET n_sightings="
		"(SELECT count(*) FROM sighting s WHERE s.workload=workload.id),"
		" dropped=max(dropped, (SELECT coalesce(sum(count), 0) FROM loss"
		"  WHERE loss.workload=workload.id AND kind='sighting-limit'))",
	[SQL_HOUR_FIRST_KEPT] = "SELECT min(hour) FROM (SELECT hour, sum(count(*)) OVER"
				" (ORDER BY hour DESC) AS n FROM rollup GROUP BY hour) WHERE n<=?1",
	[SQL_HOUR_FORGET_BEFORE] = "DELETE FROM rollup WHERE hour<?1",
	/* The greatest count decides what stands beside it. */
	[SQL_SIGHTING_TAKE] =
		"INSERT INTO sighting(workload, arch, nr, action, origin, profile, means, count,"
		" first, last, serial, own_filter, subjects, lifetimes)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
		" ON CONFLICT(workload, arch, nr, action, origin, profile) DO UPDATE SET"
		" subjects=max(subjects, ?13), lifetimes=max(lifetimes, ?14),"
		" means=iif(" GREATER_SIGHTING ", ?7, means), count=max(count, ?8),"
		" first=iif(" EARLIER_SIGHTING ", ?9, first), last=max(last, ?10),"
		" serial=iif(" GREATER_SIGHTING ", ?11, serial),"
		" own_filter=iif(" GREATER_SIGHTING ", ?12, own_filter)"
		" WHERE " GREATER_SIGHTING " OR " EARLIER_SIGHTING " OR last<?10"
		" OR subjects<?13 OR lifetimes<?14",
	[SQL_EACH_TOLD] = "SELECT r.stretch, r.workload, r.keys FROM workload w"
			  " JOIN sighting s ON s.workload=w.id"
			  " JOIN replayed r ON r.stretch=s.id AND r.workload=w.id WHERE w.host=?1",
	[SQL_LOSS_TAKE] = "INSERT INTO loss(id, host, workload, kind, start, stop, count, revision)"
			  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(id) DO UPDATE SET"
			  " workload=?3, kind=?4, start=?5, stop=?6, count=?7, revision=?8"
			  " WHERE revision<?8",
	[SQL_LOSS_UNTAKE] = "DELETE FROM loss WHERE id=?1",
	[SQL_LOSS_HOLES] =
		"SELECT coalesce(max(id)-?2-count(*), 0) FROM loss WHERE host=?1 AND id>?2",
	[SQL_RUN_TAKE] = "INSERT INTO run(id, host, boot, start, stop) VALUES(?1, ?2, ?3, ?4, ?5)"
			 " ON CONFLICT(id) DO UPDATE SET boot=max(boot, ?3), start=min(start, ?4),"
			 " stop=max(stop, ?5) WHERE boot<?3 OR start>?4 OR stop<?5",
	[SQL_RUN_HOLES] =
		"SELECT coalesce(max(id)-?2-count(*), 0) FROM run WHERE host=?1 AND id>?2",
	/* One that is there has it. */
	[SQL_LIFETIME_ROOM] = "SELECT EXISTS(SELECT 1 FROM lifetime WHERE id=?2) OR"
			      " (SELECT count(*) FROM lifetime WHERE workload=?1)<?3",
	/* Would what began at ?3, and runs or not, give way before this one? */
	[SQL_LIFETIME_IS_PAST] = "SELECT 1 FROM lifetime WHERE id=?1 AND (stop=0, start)>=(?2, ?3)",
	[SQL_LIFETIME_TAKE] =
		"INSERT INTO lifetime(id, host, workload, profile, kind, runtime, name,"
		" incarnation, image_digest, runtime_version, libseccomp, kernel, machine,"
		" capabilities, start, start_seen, stop, stop_seen, exit, joins, joined, told)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, '', ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
		" ?16, ?17, ?18, ?19, ?20, 1) ON CONFLICT(id) DO UPDATE SET"
		" workload=excluded.workload, profile=excluded.profile, kind=excluded.kind,"
		" runtime=excluded.runtime, name=excluded.name,"
		" image_digest=excluded.image_digest, runtime_version=excluded.runtime_version,"
		" libseccomp=excluded.libseccomp, kernel=excluded.kernel,"
		" machine=excluded.machine, capabilities=excluded.capabilities,"
		" start=excluded.start, start_seen=excluded.start_seen, stop=excluded.stop,"
		" stop_seen=excluded.stop_seen, exit=excluded.exit, joins=excluded.joins,"
		" joined=excluded.joined WHERE " LEDGER_LIFETIME_IS_LATER,
	[SQL_MAKING_TAKE] =
		"INSERT INTO making SELECT ?1, ?2, ?3 WHERE EXISTS(SELECT 1 FROM making"
		" WHERE sighting=?1 AND lifetime=?2) OR (SELECT count(*) FROM making"
		" WHERE sighting=?1)<" MAKINGS " ON CONFLICT(sighting, lifetime) DO UPDATE SET"
		" first=excluded.first WHERE excluded.first<first",
	[SQL_PROFILE_TAKE] = "UPDATE profile SET json=CAST(?2 AS TEXT) WHERE id=?1"
			     " AND (json IS NULL OR json<CAST(?2 AS TEXT))",
	[SQL_JOURNAL_FIGURES] =
		"SELECT (SELECT count(*) FROM workload), count(*), coalesce(sum(count), 0),"
		" coalesce(min(nullif(first, 0)), 0), coalesce(max(last), 0),"
		" (SELECT count(*) FROM loss WHERE kind<>'journal-gap'),"
		" (SELECT count(*) FROM run), (SELECT count(*) FROM lifetime) FROM sighting",
};

const char *ledger_sql(const Ledger *l, LedgerSql which)
{
	const char *fleet = l->hosts > 1 ? ledger_fleet_sql(which) : NULL;

	return fleet ?: sql[which];
}
