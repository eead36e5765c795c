#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every script, by the analyser that follows what it sources.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

cd "$top" || bail "no $top"
command -v shellcheck >/dev/null || skip_all "shellcheck is not installed"
said=$(mktemp -d) || bail "mktemp failed"
trap 'rm -rf "$said"' EXIT
export said

look() { # SCRIPT: what is said of it is kept by its name
	shellcheck -x -S warning -s bash -P . "$1" >"$said/${1//\//:}" 2>&1 || echo "$1" >>"$said/faulty"
}
export -f look

mapfile -t scripts < <(find quickstart .ci/run tests completions/bash -name '*.sh' -o -name quickstart -o -path .ci/run -o -name 'seccompctl.in' | sort)
touch "$said/faulty"
printf '%s\0' "${scripts[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'look {}'
for script in "${scripts[@]}"; do
	if grep -qxF "$script" "$said/faulty" || [ ! -e "$said/${script//\//:}" ]; then
		not_ok "shellcheck $script" "$(cat "$said/${script//\//:}")"
	else
		ok "shellcheck $script"
	fi
done
done_testing
