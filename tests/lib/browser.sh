# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A headless Chromium, driven by chromedriver (the WebDriver protocol) with curl and jq. Source it;
# browser_start, then the rest, then browser_end, which must also run when the caller ends early.

BROWSER_DRIVER= # its process
BROWSER_PID=    # Chromium's
BROWSER_URL=    # of the session
BROWSER_DIR=

browser_is_there() {
	command -v chromium >/dev/null && command -v chromedriver >/dev/null &&
		command -v curl >/dev/null && command -v jq >/dev/null
}

browser_call() { # METHOD PATH [JSON]: the answer's value
	curl -sS --max-time 60 -X "$1" -H 'Content-Type: application/json' \
		${3:+--data-binary "$3"} "$BROWSER_URL$2" | jq -c .value
}

browser_port() {
	sed -nE 's/.*started successfully on port ([0-9]+).*/\1/p' "$BROWSER_DIR/log" | grep .
}

browser_start() {
	local options session end=$((SECONDS + 30))
	BROWSER_DIR=$(mktemp -d) || return 1
	mkdir "$BROWSER_DIR/user" "$BROWSER_DIR/home"
	: >"$BROWSER_DIR/log"
	HOME=$BROWSER_DIR/home chromedriver --port=0 >"$BROWSER_DIR/log" 2>&1 &
	BROWSER_DRIVER=$!
	until browser_port >/dev/null; do
		[ "$SECONDS" -lt "$end" ] && kill -0 "$BROWSER_DRIVER" 2>/dev/null || return 1
		sleep 0.05
	done
	BROWSER_URL=http://127.0.0.1:$(browser_port)
	options=$(jq -nc --arg dir "--user-data-dir=$BROWSER_DIR/user" '{capabilities: {alwaysMatch: {
		browserName: "chrome", "goog:loggingPrefs": {browser: "ALL"},
		"goog:chromeOptions": {args: ["--headless", "--no-sandbox", "--disable-gpu",
		"--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--disable-dev-shm-usage", "--lang=en", $dir]}}}}')
	session=$(browser_call POST /session "$options")
	BROWSER_PID=$(jq -r '.capabilities["goog:processID"] // empty' <<<"$session")
	session=$(jq -r '.sessionId // empty' <<<"$session")
	[ -n "$session" ] && BROWSER_URL=$BROWSER_URL/session/$session
}

browser_end() {
	[ -n "$BROWSER_DIR" ] || return 0
	[ -z "$BROWSER_PID" ] || curl -s --max-time 10 -X DELETE "$BROWSER_URL" >/dev/null
	local pid
	for pid in $BROWSER_PID $BROWSER_DRIVER; do
		kill "$pid" 2>/dev/null
	done
	wait "$BROWSER_DRIVER" 2>/dev/null
	rm -rf "$BROWSER_DIR"
	BROWSER_DIR=
}

browser_open() { # FILE
	browser_call POST /url "$(jq -nc --arg url "file://$1" '{url: $url}')" >/dev/null
}

browser_eval() { # SCRIPT: what it returns, strings without quotes
	browser_call POST /execute/sync "$(jq -nc --arg s "$1" '{script: $s, args: []}')" |
		jq -r 'if type == "string" then . else tojson end'
}

browser_keys() { # KEY...: each a character, or the code point of WebDriver's (E004 is Tab)
	local keys='[]' key
	for key; do
		case $key in
		E0??) key=$(printf '%b' "\\u$key") ;;
		esac
		keys=$(jq -c --arg k "$key" '. + [{type: "keyDown", value: $k}, {type: "keyUp", value: $k}]' <<<"$keys")
	done
	browser_call POST /actions "{\"actions\":[{\"type\":\"key\",\"id\":\"keyboard\",\"actions\":$keys}]}" >/dev/null
}

browser_log() { # what the console has got since the last call: one line each
	browser_call POST /se/log '{"type":"browser"}' | jq -r '.[] | "\(.level) \(.message)"'
}

browser_devtools() { # COMMAND PARAMETERS
	browser_call POST /goog/cdp/execute "{\"cmd\":\"$1\",\"params\":$2}"
}

browser_width() { # WIDTH HEIGHT
	browser_devtools Emulation.setDeviceMetricsOverride \
		"{\"width\":$1,\"height\":$2,\"deviceScaleFactor\":1,\"mobile\":false}" >/dev/null
}

browser_too_wide() { # WIDTH: prints what reaches beyond a window that is so wide; nothing is as it should be
	browser_width "$1" 900
	browser_eval "return document.documentElement.scrollWidth <= $1 ? '' : [...document.querySelectorAll('body *')]
		.filter((e) => e.getBoundingClientRect().right > $1).map((e) => e.localName + '.' + e.className).join(' ')"
}

browser_scheme() { # light|dark
	browser_devtools Emulation.setEmulatedMedia \
		"{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"$1\"}]}" >/dev/null
}

browser_view() { # FILE.png: of what the window shows
	browser_devtools Page.captureScreenshot "{}" | jq -r .data | base64 -d >"$1"
}

browser_shot() { # FILE.png: of the whole page
	browser_devtools Page.captureScreenshot '{"captureBeyondViewport":true}' |
		jq -r .data | base64 -d >"$1"
}

browser_print() { # FILE.pdf
	browser_call POST /print '{"background":true}' | jq -r . | base64 -d >"$1"
}
