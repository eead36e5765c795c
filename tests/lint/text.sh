#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Scripts, manual pages and units, each by the tool that reads it for a living.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

cd "$top" || bail "no $top"
# Each script can be read; what shellcheck has to say of them is tests/long/shellcheck.sh.
while read -r script; do
	check "bash reads $script" bash -n "$script"
done < <(find quickstart .ci/run tests completions/bash -name '*.sh' -o -name quickstart -o -path .ci/run -o -name 'seccompctl.in' | sort)

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
