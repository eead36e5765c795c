#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each fuzz target for FUZZ_SECONDS (10) with libFuzzer under ASan and UBSan, from its corpus. Found
# inputs stay in the private folder; a crash prints its input in hex, to be put into the corpus.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

FUZZ_SECONDS=${FUZZ_SECONDS:-10}

need clang make
e2e_begin
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return !d && n; }' >"$E2E_DIR/probe.c"
clang -fsanitize=fuzzer,address -o "$E2E_DIR/probe" "$E2E_DIR/probe.c" 2>/dev/null ||
	cannot "clang has no libFuzzer here (package libclang-rt-dev)"

mkdir "$E2E_DIR/build" && cd "$E2E_DIR/build" || bail "no build folder"
"$top/tests/second-build.sh" CC=clang --enable-fuzzer --enable-sanitizers >"$E2E_DIR/log" 2>&1 ||
	bail "configure: $(tail -n 3 "$E2E_DIR/log")"
make -j"$(nproc)" fuzz-targets >"$E2E_DIR/log" 2>&1 || bail "build: $(tail -n 5 "$E2E_DIR/log")"

fuzz_one() { # TARGET
	local name=${1##*/fuzz-} dict=()
	mkdir -p "$E2E_DIR/found/$name"
	[ ! -e "$top/tests/fuzz/$name.dict" ] || dict=("-dict=$top/tests/fuzz/$name.dict")
	"$1" -max_total_time="$FUZZ_SECONDS" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
		-artifact_prefix="$E2E_DIR/found/$name." ${dict[@]+"${dict[@]}"} \
		"$E2E_DIR/found/$name" "$top/tests/fuzz/corpus/$name" >"$E2E_DIR/$name.log" 2>&1
	echo "$?" >"$E2E_DIR/$name.status"
}

targets=(tests/fuzz/fuzz-*[!.]*)
running=0
for target in tests/fuzz/fuzz-*; do
	[[ -x $target && -f $target ]] || continue
	fuzz_one "$target" &
	running=$((running + 1))
	[ $((running % $(nproc))) != 0 ] || wait
done
wait
[ "$running" -gt 0 ] || bail "no fuzz target was built (${targets[*]})"

for status in "$E2E_DIR"/*.status; do
	name=$(basename "$status" .status)
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$E2E_DIR/$name.log")
	if [ "$(cat "$status")" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
		ok "fuzz-$name: $runs inputs"
	else
		not_ok "fuzz-$name" "$(tail -n 40 "$E2E_DIR/$name.log")
$(find "$E2E_DIR/found" -maxdepth 1 -name "$name.*" -type f -exec sh -c 'echo "$1"; od -An -tx1 "$1" | head -n 40' - {} \;)"
	fi
done
done_testing
