#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The pages of seccompctl report in a real browser: nothing on the console, sorting and filtering by
# the keyboard, hostile names as text, nothing too wide for a phone, and a document on paper.
# With SHOTS=DIR the pictures that it takes stay there.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"
# shellcheck source=tests/lib/browser.sh
. "$srcdir/tests/lib/browser.sh"
browser_is_there || skip_all "chromium, chromedriver, curl or jq is not installed"
trap 'browser_end; rm -rf "$work"' EXIT

ledger=$work/ledger.db
"$builddir/tests/integration/make-report" "$ledger" || bail "no ledger"
for page in "compose:shop/web web" "podman:< hostile" "docker:idle idle"; do
	run --ledger "$ledger" report "${page% *}" -o "$work/${page#* }.html" --workloads-dir "$work"
	[ "$status" -eq 0 ] || bail "no page"
done
run --ledger "$ledger" report -o "$work/fleet.html" --workloads-dir "$work"
browser_start || bail "the browser does not start: $(tail -n 3 "$BROWSER_DIR/log" 2>/dev/null)"

silent() { # NAME: nothing was said on the console
	is "$1" "$(browser_log)" ""
}
picture() { # NAME: kept when asked for
	[ -z "${SHOTS:-}" ] || browser_shot "$SHOTS/$1.png"
}

# ---- this would hear of a fault ----------------------------------------------------------------
sed 's/<main>/<main><p style="color: red" onclick="x()"><script>document.title = "owned"<\/script>/' \
	"$work/idle.html" >"$work/broken.html"
browser_open "$work/broken.html"
is "self-test: each breach of the policy is heard" "$(browser_log | grep -c 'Content Security Policy')" 3
is "self-test: and is without effect" "$(browser_eval 'return document.title.endsWith("seccomp report")')" true
sed 's/"use strict";/"use strict"; /' "$work/idle.html" >"$work/broken.html"
browser_open "$work/broken.html"
is "self-test: a script that is not ours by one blank does not run" "$(browser_log | grep -c 'Content Security Policy')" 1
sed 's/<main>/<main><hr width=3000>/' "$work/idle.html" >"$work/broken.html"
browser_open "$work/broken.html"
is "self-test: what is too wide is named" "$(browser_too_wide 400)" hr.

# ---- each page, on a screen, on a phone, in the dark and on paper -------------------------------
browser_log >/dev/null
for page in web hostile idle fleet; do
	browser_width 1400 900
	browser_open "$work/$page.html"
	silent "$page: no error and no breach of the policy"
	is "$page: the style holds" "$(browser_eval 'return getComputedStyle(document.querySelector("section")).borderTopStyle')" solid
	picture "$page-1400"
	is "$page: no scrolling aside at 1400" "$(browser_too_wide 1400)" ""
	is "$page: nor at 400" "$(browser_too_wide 400)" ""
	picture "$page-400"
	browser_scheme dark
	is "$page: dark where that is wanted" \
		"$(browser_eval 'const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number); return r + g + b < 150')" true
	picture "$page-400-dark"
	browser_scheme light
done
browser_width 1400 900

# ---- the keyboard ------------------------------------------------------------------------------
browser_open "$work/web.html"
first='return document.querySelector("table.calls tbody tr").cells[0].textContent'
visible='return [...document.querySelectorAll("table.calls tbody tr")].filter((r) => !r.hidden).length'
sorted='return document.querySelector("table.calls th[aria-sort]").textContent + " " + document.querySelector("table.calls th[aria-sort]").getAttribute("aria-sort")'
is "all calls are there" "$(browser_eval "$visible")" 17
browser_keys /
is "/ goes to the filter" "$(browser_eval 'return document.activeElement.type')" search
browser_keys r u n t i m e
is "what is typed filters" "$(browser_eval "$visible")" 2
is "and how many are left is said" \
	"$(browser_eval 'return document.querySelector(".filter output").textContent')" "2 of 17"
browser_keys E00C
is "Escape brings all back" "$(browser_eval "$visible")" 17
browser_keys E004
is "Tab goes to the first heading" "$(browser_eval 'return document.activeElement.textContent')" Call
browser_keys E007
is "Enter sorts by it" "$(browser_eval "$sorted")" "Call ascending"
is "by the alphabet" "$(browser_eval "$first")" "bpfx86_64 321"
browser_keys E007
is "and the other way round" "$(browser_eval "$first")" "sysinfox86_64 99"
browser_keys E004 E004 E004 E004 " "
is "a count sorts as a number, the largest first" "$(browser_eval "$sorted; $first")" "Count descending"
is "which it is" "$(browser_eval "$first")" "getcpux86_64 309"
silent "the keyboard brought no error"

# ---- hostile names -----------------------------------------------------------------------------
for page in hostile fleet; do
	browser_open "$work/$page.html"
	is "$page: no name became an element" \
		"$(browser_eval 'return document.querySelectorAll("img, script[src], svg[onload], h1 *:not(bdi), td i:not(.badge i), td b").length')" 0
	is "$page: there is the one script that is ours" "$(browser_eval 'return document.scripts.length')" 1
	is "$page: no name ran" "$(browser_eval 'return document.title.endsWith("seccomp report")')" true
	is "$page: the name is there to read" \
		"$(browser_eval 'return [...document.querySelectorAll("bdi")].some((n) => n.textContent.includes("<script>document.title"))')" true
done
silent "hostile names brought no error"

# ---- paper -------------------------------------------------------------------------------------
browser_open "$work/web.html"
browser_print "$work/web.pdf"
is "it prints" "$(head -c 5 "$work/web.pdf")" "%PDF-"
pages=$(grep -ac '/Type /Page$' "$work/web.pdf")
[ "$pages" -ge 2 ] && [ "$pages" -le 12 ]
result $? "on a few pages"
[ -z "${SHOTS:-}" ] || cp "$work/web.pdf" "$SHOTS/"
done_testing
