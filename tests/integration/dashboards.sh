#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The Grafana dashboard and the Prometheus alerts, held against what the daemon writes: they name no metric and no
# label that it has not, the dashboard shows all of them, and promtool understands each expression.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

rules=$srcdir/conf/prometheus-rules.yml
dashboard=$srcdir/conf/grafana-dashboard.json
command -v python3 >/dev/null || skip_all "there is no python3"

printf '[seccompd]\nMetricsFile=%s\n' "$work/seccompd.prom" >"$work/conf"
"$builddir/seccompd" --config "$work/conf" --ledger "$work/ledger.db" --source "file:$srcdir/tests/data/capture.audit" \
	--no-journal --once || bail "no metrics"
metrics=$(sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' "$work/seccompd.prom" | sort)
names_in() { # FILE: of expressions, not of texts
	grep -E '"expr"|"query"|expr:|^ +(or |and |sum |> |increase|seccompd_)' "$1" | grep -oE '\<seccompd_[a-z_]+' | sort -u
}
check "there are metrics" test "$(wc -l <<<"$metrics")" -ge 35
check "the rules name some" test "$(names_in "$rules" | wc -l)" -ge 15
is "and none that there is not" "$(comm -23 <(names_in "$rules") <(echo "$metrics"))" ""
is "the dashboard shows all, and no other" "$(names_in "$dashboard")" "$metrics"
is "labels are those of the metrics" "$(cat "$rules" "$dashboard" | grep -oE '(cause|means|state|stage|visibility|risk)!?=~?\\?"[a-z-]+' | tr -d '\\!~' | sort -u |
	while read -r label; do grep -q "$label" "$work/seccompd.prom" || echo "$label"; done)" ""

# Each expression with something in place of Grafana's variables, as a file of rules; and what Grafana needs.
cat >"$work/judge.py" <<'END'
import json, re, sys
d = json.load(open(sys.argv[1]))
faults, rules, ids, cells = [], [], set(), {}
for p in d["panels"]:
    if p["id"] in ids:
        faults.append("two panels %d" % p["id"])
    ids.add(p["id"])
    g = p["gridPos"]
    if g["x"] + g["w"] > 24:
        faults.append("%s is too wide" % p["title"])
    for x in range(g["x"], g["x"] + g["w"]):
        for y in range(g["y"], g["y"] + g["h"]):
            if cells.setdefault((x, y), p["title"]) != p["title"] or not p["title"]:
                faults.append("%s overlaps %s" % (p["title"], cells[(x, y)]))
    if p["type"] == "row":
        continue
    if not p.get("description") or not p["targets"]:
        faults.append("%s says nothing" % p["title"])
    if len({t["refId"] for t in p["targets"]}) != len(p["targets"]):
        faults.append("%s has two targets of one name" % p["title"])
    for t in p["targets"]:
        if t["datasource"]["uid"] != "${datasource}":
            faults.append("%s has a data source of its own" % p["title"])
        e = re.sub(r"\$__(rate_interval|range)\b", "5m", t["expr"]).replace("$instance", ".*")
        if "$" in e:
            faults.append("%s: what is the variable in %s" % (p["title"], e))
        rules.append({"record": "panel_%d_%s" % (p["id"], t["refId"]), "expr": e})
if {v["name"] for v in d["templating"]["list"]} != {"datasource", "instance"}:
    faults.append("variables")
json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, open(sys.argv[2], "w"))
print(*sorted(set(faults)), sep="\n")
END
is "the dashboard is whole" "$(python3 "$work/judge.py" "$dashboard" "$work/panels.json" 2>&1)" ""
if command -v promtool >/dev/null; then
	check "promtool understands its expressions" promtool check rules "$work/panels.json"
	check "and the alerts" promtool check rules "$rules"
	sed "s|RULES|$rules|" "$srcdir/tests/integration/alerts.yml" >"$work/alerts.yml"
	check "which fire when they should, and only then" promtool test rules "$work/alerts.yml"
else
	skip "promtool" "it is not installed (Debian: prometheus)"
fi
done_testing
