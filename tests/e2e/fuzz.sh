#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each fuzz target, or those that FUZZ_TARGETS names ("line record"), for FUZZ_SECONDS (10) of CPU time
# with libFuzzer under ASan and UBSan, from its corpus. Found inputs stay in the private folder; a crash
# prints its input in hex, to be put into the corpus.
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

# libFuzzer stops by the clock, and the machine has other work: it runs again until it has used its
# seconds of CPU time. What was found before is where it goes on.
fuzz_one() { # TARGET
	local name=${1##*/fuzz-} dict=() cpu=0 rest status=0
	TIMEFORMAT='%U %S'
	mkdir -p "$E2E_DIR/found/$name"
	[ ! -e "$top/tests/fuzz/$name.dict" ] || dict=("-dict=$top/tests/fuzz/$name.dict")
	while rest=$((FUZZ_SECONDS - cpu)) && [ "$rest" -gt 0 ] && [ "$status" = 0 ]; do
		{ time "$1" -max_total_time="$rest" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
			-artifact_prefix="$E2E_DIR/found/$name." ${dict[@]+"${dict[@]}"} \
			"$E2E_DIR/found/$name" "$top/tests/fuzz/corpus/$name" >>"$E2E_DIR/$name.log" 2>&1; } 2>"$E2E_DIR/$name.time"
		status=$?
		cpu=$((cpu + $(awk '{ printf "%d", $1 + $2 < 1 ? 1 : $1 + $2 + 0.5 }' "$E2E_DIR/$name.time")))
	done
	echo "$cpu" >"$E2E_DIR/$name.cpu"
	echo "$status" >"$E2E_DIR/$name.status"
}

cd tests/fuzz || bail "no fuzz targets"
names=${FUZZ_TARGETS:-$(find . -name 'fuzz-*' -type f -perm -u+x | sed 's|.*/fuzz-||' | sort | xargs)}
[ -n "$names" ] || bail "no fuzz target was built"
for name in $names; do
	[ -x "fuzz-$name" ] || bail "there is no fuzz target \"$name\""
done
diag "$FUZZ_SECONDS s of CPU time each, under ASan and UBSan: $names"
running=0
for name in $names; do
	fuzz_one "./fuzz-$name" &
	running=$((running + 1))
	[ "$running" -lt "$(nproc)" ] || { wait -n; running=$((running - 1)); }
done
wait

for name in $names; do
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$E2E_DIR/$name.log" | awk '{ n += $1 } END { printf "%d", n }')
	if [ "$(cat "$E2E_DIR/$name.status")" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
		ok "fuzz-$name: $runs inputs in $(cat "$E2E_DIR/$name.cpu") s of CPU time"
	else
		not_ok "fuzz-$name" "$(tail -n 40 "$E2E_DIR/$name.log")
$(find "$E2E_DIR/found" -maxdepth 1 -name "$name.*" -type f -exec sh -c 'echo "$1"; od -An -tx1 "$1" | head -n 40' - {} \;)"
	fi
done
done_testing
