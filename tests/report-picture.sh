#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
#   tests/report-picture.sh [PICTURE]     as root, in the folder of a build (or with builddir=)
#
# Makes docs/report.png: a container that really runs, the daemon on the kernel's stream, the report
# of just that session, and a picture of it in Chromium. Takes about a minute and a half; all it
# started is gone behind it.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
export srcdir=$top builddir=${builddir:-$PWD}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/lib/browser.sh
. "$top/tests/lib/browser.sh"
picture=$(realpath "${1:-$top/docs/report.png}")

need_root
need podman runc busybox
browser_is_there || cannot "chromium, chromedriver, curl or jq is not installed"
e2e_begin
trap 'browser_end; e2e_end' EXIT
need_stream
make_image
start_podman
cd "$E2E_DIR" || exit 1
cp "$STARTER" web.json
start_seccompd --no-journal || exit 1

web() { # CALL...: an instance that makes these calls and stays a little
	podman_run web web.json /bin/calls --loop 40 --stay 4 "$@" >/dev/null 2>&1
}
person_in_web() { # CALL...: somebody runs something in an instance
	local pid
	podman_run web web.json /bin/calls --loop 5 --stay 8 getcpu >/dev/null 2>&1 &
	pid=$!
	wait_until 10 podman_ exec web /bin/calls "$@" >/dev/null 2>&1
	wait "$pid"
}

web getcpu sysinfo times
web getcpu sysinfo times mincore
# Nobody watches for a while: the report shows it.
stop_seccompd
web getcpu
start_seccompd --no-journal || exit 1
web getcpu sysinfo times sched_get_priority_max
web getcpu sysinfo getrusage fallocate
person_in_web ptrace
web getcpu times sendfile capget
web getcpu sysinfo bpf
wait_until 20 count_is podman:web bpf 40 || echo "not all calls were seen" >&2
"$SECCOMPCTL" --ledger ledger.db report podman:web --profile web.json --workloads-dir workloads.d -o web.html || exit 1
stop_seccompd

browser_start || exit 1
browser_width 1300 1560
browser_open "$E2E_DIR/web.html"
browser_view report.png
[ -s report.png ] || exit 1
# A page of few colours loses nothing that an eye sees.
! command -v pngquant >/dev/null || pngquant --force --skip-if-larger --output report.png 64 report.png
install -m 0644 report.png "$picture" && ls -l "$picture"
