#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Allocations fail, one in each run (and then all from one on): nothing crashes or hangs, what ends says why,
# and a ledger that was being written is sound, holds no record twice, and all of them when the daemon ended
# well. SCARCE_RUNS (8) is about how many allocations of each program are tried.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

SCARCE_RUNS=${SCARCE_RUNS:-8}
preload=${builddir:?}/tests/integration/scarce.so
capture=$(realpath "$srcdir/tests/data/capture.audit")
lines=$(wc -l <"$capture")
fresh=$work/fresh
mkdir "$fresh"
preload=$(realpath "$preload")
runner=$(realpath "$builddir/tests/integration/scarce-run")
daemon=$(realpath "$builddir/seccompd")
client=$(realpath "$ctl")

case $(tr '\0' '\n' <"$daemon" | grep -c '__[at]san_init') in
0) ;;
*) skip_all "a sanitizer has an allocator of its own" ;;
esac

scarce() { # NAME ALLOCATIONS OPTION... -- COMMAND...: about so many are made
	local name=$1 step=$(($2 / SCARCE_RUNS + 1)) options=()
	shift 2
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	check "$name" "$runner" --step "$step" ${options[@]+"${options[@]}"} \
		"$preload" "$@"
}

cat >"$work/after" <<END
# \$1: how the run ended. The next one reads nothing and only takes over what was counted.
$daemon --config /dev/null --ledger $fresh/l.db --source file:/dev/null --once --no-journal || exit 1
[ -z "\$(find $fresh -name '*corrupt*')" ] || exit 1
records=\$($client --ledger $fresh/l.db list --all --json | sed -n 's/.*"records":\([0-9]*\).*/\1/p')
[ "\${records:-0}" -le $lines ] || exit 1
[ "\$1" != 0 ] || [ "\${records:-0}" = $lines ]
END
replay=("$daemon" --config /dev/null --ledger "$fresh/l.db" --source "file:$capture" --once --no-journal)
after=(--lax --failure 1 --fresh "$fresh" --after ". $work/after")
scarce "the daemon, without one allocation" 20000 "${after[@]}" -- "${replay[@]}"
scarce "the daemon, without any from one on" 20000 --for 1000000 "${after[@]}" -- "${replay[@]}"

ledger=$work/l.db
"$daemon" --config /dev/null --ledger "$ledger" --source "file:$capture" --once --no-journal
cd "$work" || exit
printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}\n' >p.json
scarce "decode" 1000 -- "$client" decode --json "$capture"
scarce "status" 1900 -- "$client" --ledger "$ledger" status --json
for verb in "list --all --json" "show unattributed --json" "gate unattributed --json" \
	"suggest unattributed --profile p.json" "lint p.json --for docker --json" \
	"diff p.json p.json --for docker"; do
	# shellcheck disable=SC2086
	scarce "$verb" 3000 --lax -- "$client" --ledger "$ledger" $verb
done
scarce "replay" 20000 --lax --fresh "$fresh" -- "$client" replay "$capture" --ledger "$fresh/l.db"
done_testing
