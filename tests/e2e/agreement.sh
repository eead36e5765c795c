#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Our filters are the runtimes': random profiles under runc and crun, and the public ones that are
# beside the source. AGREEMENT_RANDOM says how many random ones, from AGREEMENT_SEED on.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/agreement-lib.sh
. "$top/tests/e2e/agreement-lib.sh"

AGREEMENT_RANDOM=${AGREEMENT_RANDOM:-20}
AGREEMENT_SEED=${AGREEMENT_SEED:-1}

need_root
need runc jq unshare nsenter
e2e_begin
agreement_begin

random_profiles() { # RUNTIME
	local seed disagreed=0 began=0
	for ((seed = AGREEMENT_SEED; seed < AGREEMENT_SEED + AGREEMENT_RANDOM; seed++)); do
		"$AGREEMENT" random "$seed" >"$E2E_DIR/random.json"
		if ! agrees "$1" "$E2E_DIR/random.json"; then
			disagreed=$((disagreed + 1))
			diag "$1, seed $seed: $(head -n 5 "$E2E_DIR/why")"
		fi
		[ "$started" = no ] || began=$((began + 1))
	done
	is "$1: no random profile disagrees" "$disagreed" 0
	check "$1: most of $AGREEMENT_RANDOM random profiles start a container ($began)" \
		test "$began" -ge $((AGREEMENT_RANDOM / 2))
}

public_profiles() { # RUNTIME
	local file status
	[ -d "$SAMPLES" ] || { skip "$1: public profiles" "no sample profiles beside the source" && return; }
	for file in "$SAMPLES"/*.json; do
		jq -e 'has("defaultAction")' "$file" >/dev/null || continue # a manifest, a whole config
		agrees "$1" "$file"
		status=$?
		if [ "$status" -eq 2 ]; then # too strict for any program
			widened "$file" >"$E2E_DIR/widened.json"
			agrees "$1" "$E2E_DIR/widened.json"
			status=$?
		fi
		if [ "$status" -eq 0 ]; then
			ok "$1: $(basename "$file") (container: $started)"
		else
			not_ok "$1: $(basename "$file")" "$(cat "$E2E_DIR/why")"
		fi
	done
}

for runtime in runc crun; do
	if ! command -v "$runtime" >/dev/null || { [ "$runtime" = crun ] && [ -z "$CRUN_NS" ]; }; then
		skip "$runtime" "it cannot run here"
		continue
	fi
	probe_baseline "$runtime" || { not_ok "$runtime: a container without a filter" "$(cat "$E2E_DIR/said")" && continue; }
	random_profiles "$runtime"
	public_profiles "$runtime"
done
done_testing
