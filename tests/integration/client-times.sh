#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Times: whoever reads sees how long ago, programs get the exact moments.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

stamp='[0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]'
printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/p.json"
printf '{"defaultAction":"SCMP_ACT_ERRNO"}' >"$work/q.json"
printf '[seccompd]\nWorkloadsDir=%s\n' "$work/workloads.d" >"$work/plain.conf"
for kind in complete lossy watched; do
	"${builddir:?}/tests/integration/make-ledger" "$work/$kind.db" $kind >/dev/null || exit 99
done
now=$(date +%s)
for age in 7200 0; do
	echo "type=SECCOMP msg=audit($((now - age)).125:$age): auid=0 uid=0 gid=0 ses=1 pid=7 comm=\"x\" exe=\"/bin/x\" sig=0 arch=c000003e syscall=27 compat=0 ip=0x1 code=0x7ffc0000"
done >"$work/log"
run replay "$work/log" --ledger "$work/fresh.db" --as docker:fresh
in_words() { # KIND ARGS...: what people read of it has no stamp
	run --config "$work/plain.conf" --ledger "$work/$1.db" "${@:2}"
	[ -s "$work/out" ] && ! grep -qE "$stamp" "$work/out"
	result $? "$1: ${*:2}"
}
exact() { # KIND ARGS...
	run --config "$work/plain.conf" --ledger "$work/$1.db" "${@:2}" --json
	grep -qE "\"20[0-9-]*$stamp\.[0-9]{6}Z\"" "$work/out"
	result $? "$1: ${*:2} --json"
}

run --config "$work/plain.conf" --ledger "$work/complete.db" decide docker:web ptrace deny --why no
for verb in status list 'show docker:web' 'gate docker:web --to errno' \
	"suggest docker:web --profile $work/p.json" "diff $work/p.json $work/q.json --observed docker:web"; do
	for kind in complete lossy; do
		# shellcheck disable=SC2086
		in_words $kind $verb
	done
done
in_words watched gate docker:gate --to errno
in_words complete promote docker:web --to errno --profile "$work/p.json"
in_words complete review docker:web --profile "$work/p.json"
in_words complete decide docker:web --list
in_words fresh show docker:fresh
has "how long ago" '  [0-9]+ s ago  '
in_words fresh suggest docker:fresh --profile "$work/p.json"
has "from when to when" '^Seen from 2 h ago to [0-9]+ s ago: '
in_words complete list
has "what is older than a hundred days has its day" '^docker:web .* 2023-11-14 '
for verb in list 'show docker:web' "suggest docker:web --profile $work/p.json"; do
	# shellcheck disable=SC2086
	exact complete $verb
done
exact complete decide docker:web --list
exact watched gate docker:gate --to errno
done_testing
