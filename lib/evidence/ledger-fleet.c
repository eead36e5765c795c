/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a ledger of several hosts is read: by names of workloads, whatever hosts they were on. */
#include "evidence/ledger-private.h"

#define ALIKE "(SELECT id FROM workload WHERE name=(SELECT name FROM workload WHERE id=?1))"

/* The sightings that one stands for. */
#define CALLS_LIKE(id)                                                                           \
	"(SELECT o.id FROM sighting s JOIN workload w ON w.id=s.workload"                        \
	" JOIN workload v ON v.name=w.name JOIN sighting o ON o.workload=v.id AND o.arch=s.arch" \
	" AND o.nr=s.nr AND o.action=s.action AND o.origin=s.origin AND o.profile=s.profile"     \
	" WHERE s.id=" id ")"

/* A host may have had several ledgers. */
#define HOSTS "count(DISTINCT h.machine || '/' || h.hostname)"

#define ASSERTED "5"
#define MAKINGS "16"
#define EXAMPLES "8"
_Static_assert(MEANS_ASSERTED == 5 && LEDGER_MAKINGS_MAX == 16 && LEDGER_EXAMPLES_MAX == 8,
	       "as in the statements");

/* What is seen where one filter runs, it is on the worst of its hosts. */
#define WORST                                                                              \
	"(SELECT CASE max(CASE x.visibility WHEN 'full' THEN 0 WHEN 'partial' THEN 1"      \
	" WHEN 'blind' THEN 3 ELSE 2 END) WHEN 0 THEN 'full' WHEN 1 THEN 'partial' WHEN 3" \
	" THEN 'blind' ELSE 'unknown' END FROM workload x WHERE x.name=r.name"             \
	" AND x.profile=r.profile)"

/* clang-format off */

/* NULL: the same as in a ledger of one host. */
static const char *const sql[_LEDGER_SQL_MAX] = {
	/* What it is, the newest says. */
	[SQL_EACH_WORKLOAD] =
		"WITH call AS (SELECT w.name AS name, sum(s.count) AS count,"
		" min(nullif(s.first, 0)) AS first, max(s.last) AS last,"
		" max(s.means=" ASSERTED ") AS asserted FROM workload w"
		" JOIN sighting s ON s.workload=w.id"
		" GROUP BY w.name, s.arch, s.nr, s.action, s.origin, s.profile),"
		" calls AS (SELECT name, count(*) AS n, sum(count) AS count,"
		" min(first) AS first, max(last) AS last, max(asserted) AS asserted"
		" FROM call GROUP BY name),"
		" r AS (SELECT w.*, min(w.id) OVER (PARTITION BY w.name) AS rep,"
		" sum(w.dropped) OVER (PARTITION BY w.name) AS all_dropped,"
		" max(w.heuristic) OVER (PARTITION BY w.name) AS guessed,"
		" row_number() OVER (PARTITION BY w.name"
		"  ORDER BY w.refreshed DESC, w.revision DESC, w.stage, w.id) AS place"
		" FROM workload w)"
		" SELECT r.rep, r.name, r.runtime, r.container_name, r.image, r.stage," WORST
		", p.hash, r.profile_source, r.dialect, h.name, coalesce(c.n, 0),"
		" coalesce(c.count, 0), r.all_dropped, coalesce(c.first, 0),"
		" coalesce(c.last, 0), r.guessed, coalesce(c.asserted, 0), 0,"
		" (SELECT " HOSTS " FROM workload x JOIN host h ON h.id=x.host"
		"  WHERE x.name=r.name),"
		" (SELECT count(*) FROM workload x WHERE x.name=r.name AND EXISTS(SELECT 1"
		"  FROM lifetime f WHERE f.workload=x.id AND f.stop=0"
		"  AND f.profile<>r.profile))"
		" FROM r JOIN host h ON h.id=r.host JOIN profile p ON p.id=r.profile"
		" LEFT JOIN calls c ON c.name=r.name WHERE r.place=1 ORDER BY r.name",

	[SQL_EACH_SIGHTING] =
		"SELECT min(s.id), p.hash, s.arch, s.nr, s.action, s.origin, max(s.means),"
		" sum(s.count), coalesce(min(nullif(s.first, 0)), 0), max(s.last),"
		" sum(s.subjects), sum(s.own_filter), min(3, sum(s.lifetimes)), 0, " HOSTS
		" FROM sighting s JOIN profile p ON p.id=s.profile"
		" JOIN workload w ON w.id=s.workload JOIN host h ON h.id=w.host"
		" WHERE s.workload IN " ALIKE
		" GROUP BY s.arch, s.nr, s.action, s.origin, s.profile"
		" ORDER BY s.arch, s.nr, s.action, s.origin, s.profile",

	[SQL_EACH_SUBJECT] =
		/* NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
		"SELECT kind, cause, runtime, name, cgroup, confirmed, first, last"
		" FROM subject WHERE workload IN " ALIKE " ORDER BY last DESC, id",

	[SQL_CAUSES] =
		"SELECT coalesce(sum(DISTINCT 1 << u.cause), 0) FROM subject u"
		" JOIN sighting_subject t ON t.subject=u.id WHERE u.workload IN " ALIKE
		" AND u.cause>0 AND t.sighting IN " CALLS_LIKE("?2"),

	[SQL_EACH_EXAMPLE] =
		"SELECT comm, exe, ip, pid, min(time) FROM example WHERE sighting"
		" IN " CALLS_LIKE("?1") " GROUP BY comm, exe ORDER BY 5 LIMIT " EXAMPLES,

	[SQL_EACH_MAKING] =
		"SELECT * FROM (SELECT lifetime, min(first) FROM making WHERE sighting"
		" IN " CALLS_LIKE("?1") " GROUP BY lifetime ORDER BY 2, 1 LIMIT " MAKINGS
		") ORDER BY 1",

	[SQL_EACH_LOSS] =
		"SELECT l.kind, coalesce((SELECT min(x.id) FROM workload w"
		" JOIN workload x ON x.name=w.name WHERE w.id=l.workload), 0), l.start,"
		" l.stop, l.count, l.host FROM loss l ORDER BY l.start, l.id",

	[SQL_EACH_LIFETIME] =
		LEDGER_LIFETIME_COLUMNS " WHERE f.workload IN " ALIKE
		" ORDER BY f.start, f.id",

	/* Complete as far as it was everywhere. */
	[SQL_EACH_HOUR] =
		"SELECT hour, sum(records), sum(sightings), max(observed),"
		" max(0, max(observed)-max(observed-complete)) FROM rollup"
		" WHERE workload IN " ALIKE " AND hour>=?2 GROUP BY hour ORDER BY hour",
};

/* clang-format on */

const char *ledger_fleet_sql(LedgerSql which)
{
	return sql[which];
}
