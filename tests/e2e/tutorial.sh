#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs/TUTORIAL.md, as it stands: from an unconfined container to KILL, each command of the page in turn; and
# the report of just this run in a browser. With SHOTS=DIR its pictures stay there.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/page-lib.sh
. "$top/tests/e2e/page-lib.sh"
# shellcheck source=tests/lib/browser.sh
. "$top/tests/lib/browser.sh"

need_root
need podman runc busybox jq
browser_is_there || cannot "chromium, chromedriver, curl or jq is not installed"
e2e_begin
trap 'browser_end; e2e_end' EXIT
need_stream
make_image
PAGE=$top/docs/TUTORIAL.md
start_podman
podman_ import --change 'CMD ["/bin/calls", "--stay", "300", "get_mempolicy", "times"]' "$E2E_DIR/image.tar" example/web:1 \
	>/dev/null 2>"$E2E_DIR/run.err" || bail "$(cat "$E2E_DIR/run.err")"

make_commands
start_page_seccompd

cut_blocks
is "each block of the page is marked" "$(grep -l '^unmarked$' "$E2E_DIR/steps/"* | wc -l)" 0
run_section tutorial
check "the patch is in the profile" grep -q get_mempolicy "$E2E_DIR/tutorial/web.json"
check "list says the stage" eval "ctl list | grep -qE '^podman:web +yes +kill '"
is "the profile kills" "$(jq -r .defaultAction "$E2E_DIR/tutorial/web.json")" SCMP_ACT_KILL_PROCESS
is "the container runs under it" "$(podman_ inspect --format '{{.State.Running}}' web)" true
podman_ exec web /bin/calls keyctl >"$E2E_DIR/run.log" 2>&1
check "and what is outside of it is killed" [ $? -ge 128 ]

browser_start || bail "the browser does not start: $(tail -n 3 "$BROWSER_DIR/log" 2>/dev/null)"
browser_open "$E2E_DIR/tutorial/web.html"
is "the report says the stage" "$(browser_eval 'return document.body.innerText.includes("it is at the last stage")')" true
is "and that nothing is left to do" "$(browser_eval 'return document.querySelector(".next").textContent.includes("nothing is to be done")')" true
for width in 1400 400; do
	is "nothing of it is wider than $width" "$(browser_too_wide $width)" ""
	[ -z "${SHOTS:-}" ] || browser_shot "$SHOTS/tutorial-$width.png"
done
browser_print "$E2E_DIR/web.pdf"
is "it prints" "$(head -c 5 "$E2E_DIR/web.pdf")" "%PDF-"
[ -z "${SHOTS:-}" ] || cp "$E2E_DIR/web.pdf" "$SHOTS/tutorial.pdf"
is "the browser has nothing to complain of" "$(browser_log)" ""
done_testing
