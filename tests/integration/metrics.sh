#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# MetricsFile=: what the daemon writes, judged by Prometheus' own tool and by hand.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

daemon=${builddir:?}/seccompd
capture=$srcdir/tests/data/capture.audit
lines=$(wc -l <"$capture")
metrics=$work/seccompd.prom

replay() { # the daemon's output in $work/log, its exit code in $status
	"$daemon" --config "$work/conf" --ledger "$work/ledger.db" --source "file:$capture" --no-journal \
		--once >"$work/log" 2>&1
	status=$?
}

sample() { # NAME: its value
	sed -n "s/^$1 //p" "$metrics"
}

printf '[seccompd]\nMetricsFile=%s\n' "$metrics" >"$work/conf"
replay
is "a replay with metrics ends with status 0" "$status" 0
is "and says nothing" "$(cat "$work/log")" ""
is "the file is for everybody" "$(stat -c %a "$metrics")" 644
is "records" "$(sample seccompd_records_total)" "$lines"
is "records that no process was left for" "$(sample 'seccompd_unattributed_total{cause="replayed"}')" "$lines"
is "means and causes add up to the records" \
	"$(awk '/^seccompd_(un)?attributed_total[{]/ { n += $2 } END { print n }' "$metrics")" "$lines"
is "new calls by their risk are all of them" \
	"$(awk '/^seccompd_new_sightings_by_risk_total[{]/ { n += $2 } END { print n }' "$metrics")" "$(sample seccompd_new_sightings_total)"
check "of which there are some" test "$(sample seccompd_new_sightings_total)" -gt 0
is "nothing is left beside the file" "$(find "$work" -name '*.new')" ""
if command -v promtool >/dev/null; then
	promtool check metrics <"$metrics" >"$work/out" 2>&1
	is "promtool finds no fault" "$? $(cat "$work/out")" "0 "
else
	skip "promtool finds no fault" "promtool is not installed (Debian: prometheus)"
fi

printf '[seccompd]\nMetricsFile=%s/none/a.prom\n' "$work" >"$work/conf"
replay
is "a file that cannot be written is not fatal" "$status" 0
is "and is told once" "$(grep -c 'cannot write .*none/a.prom' "$work/log")" 1
is "while all is counted" "$("$ctl" --ledger "$work/ledger.db" status --json |
	sed -n 's/^{[^{]*"records":\([0-9]*\).*/\1/p')" $((2 * lines))

printf '[seccompd]\nMetricsFile=a.prom\n' >"$work/conf"
replay
[ "$status" -eq 2 ] && grep -q 'conf:2: MetricsFile=a.prom is no good value: an absolute path' "$work/log"
result $? "a relative path is refused, with its line"
done_testing
