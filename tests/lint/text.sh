#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Scripts, manual pages and units, each by the tool that reads it for a living.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

cd "$top" || bail "no $top"
if command -v shellcheck >/dev/null; then
	mapfile -t scripts < <(find quickstart .ci/run tests completions/bash -name '*.sh' -o -name quickstart -o -path .ci/run -o -name 'seccompctl.in' | sort)
	for script in "${scripts[@]}"; do
		check "shellcheck $script" shellcheck -x -S warning -s bash -P "$top" "$script"
	done
else
	skip "shellcheck" "it is not installed"
fi

for page in man/*.[1578]; do
	if command -v mandoc >/dev/null; then
		check "mandoc $page" mandoc -T lint -W warning "$page"
	else
		skip "mandoc $page" "it is not installed"
	fi
	# groff ends what Ql quotes where the line ends.
	! grep -nE '^\.(P[oq] )?Ql .*( Ql | No )' "$page"
	is "one quotation on a line of $page" $? 0
done
done_testing
