#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The way of one owner from a blind container to a profile to stand behind: into stage log, the review
# of what was seen then, in a terminal and left once, and stage errno, where all is as it was decided
# and nothing else differs from the default profile of the first day.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/lib/terminal.sh
. "$top/tests/lib/terminal.sh"

need_root
need docker dockerd runc busybox jq tmux
e2e_begin
need_stream
make_image
start_docker
write_config
sed -i "/^Source=/aWorkloadsDir=$E2E_DIR/workloads.d" "$E2E_DIR/seccompd.conf"
start_seccompd --no-journal || bail "seccompd does not start"
profile=$E2E_DIR/web.json
kept=$E2E_DIR/workloads.d/docker:web.conf
client=("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db")

# What Docker's default profile refuses, of little risk and of high; and what every stage allows, or
# refuses.
refused=(get_mempolicy request_key keyctl perf_event_open bpf userfaultfd)
others=(times getpriority swapoff)

act() { # VERB ARGS...: its output and its complaints are kept
	"${client[@]}" "$@" >"$E2E_DIR/out" 2>"$E2E_DIR/err"
}

row() { # KEY...: of the list
	act list --json
	jq -r 'select(.workload == "docker:web") | [.[$ARGS.positional[]]] | join(" ")' --args "$@" <"$E2E_DIR/out"
}

stay() { # NAME: a container on the default profile
	docker_ run --detach --name "$1" --network none "$IMAGE" /bin/sleep 300 >/dev/null 2>"$E2E_DIR/run.err" ||
		bail "$(cat "$E2E_DIR/run.err")"
}

# The container's own test: each call with the errno that it got. It stays until it is removed. What comes
# behind a call of high risk would be marked: so the harmless one comes some ticks of the clock earlier.
own_test() {
	docker_ run --detach --name web --network none --security-opt seccomp="$profile" "$IMAGE" /bin/sh -c \
		"calls --linger 50 ${refused[0]}; calls ${refused[*]:1} ${others[*]}; exec sleep 300" \
		>/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
	wait_until 20 has_run
}

has_run() {
	docker_ logs web >"$E2E_DIR/calls" 2>/dev/null && [ "$(wc -l <"$E2E_DIR/calls")" = $((${#refused[@]} + ${#others[@]})) ]
}

all_seen() {
	[ "$(ctl show docker:web --json | jq -r .syscall | sort | xargs)" = "$(printf '%s\n' "${refused[@]}" | sort | xargs)" ]
}

# ---- blind, and the way in
stay web
is "on Docker's default profile it is blind" "$(row stage visibility)" "errno blind"
act promote docker:web --to log -o "$profile"
is "the way in asks for nothing" "$?" 0
is "and gives a profile at stage log" "$(jq -r .defaultAction "$profile")" SCMP_ACT_LOG
remove docker web
own_test
cp "$E2E_DIR/calls" "$E2E_DIR/calls-at-log"
is "no call of its own is refused under it, but for what reaches the host" \
	"$(awk '$2 == 1 || $2 == 38 { print $1 }' "$E2E_DIR/calls" | xargs)" swapoff
check "what the default refuses is seen now, and nothing else" wait_until 20 all_seen
is "it is at stage log" "$(row stage)" log
remove docker web

# ---- the review
cp "$profile" "$E2E_DIR/log.json"
before=$(date -u +%FT%T)
terminal_begin "$E2E_DIR" screen "$E2E_DIR/screen" || bail "tmux does not start"
E2E_PIDS+=("$(terminal_pid)")

shows() { # NAME PATTERN
	if terminal_shows "$2"; then
		ok "$1"
	else
		not_ok "$1" "no $2 in: $(cat "$E2E_DIR/screen")"
	fi
}

types() { # NAME PATTERN KEYS...: and what stands there then
	terminal_type "${@:3}"
	shows "$1" "$2"
}

review() { # NAME PATTERN
	terminal_run "${client[@]}" review docker:web --profile "$profile"
	shows "$@"
}

review "a call of risk is a question" '^\[1/5\] request_key, '
check "with its maker" grep -q '^    by /bin/calls (calls), pid ' "$E2E_DIR/screen"
types "deny" '^Why\? \[reviewed: high risk, ' d Enter
types "with the reason that is offered" '^\[2/5\] keyctl, ' Enter
types "allow" '^Why\?' a Enter
types "with a reason" '^\[3/5\] perf_event_open, ' 'keys of its own' Enter
types "quit" '^code=1' q Enter
check "what waits is told" grep -q '^docker:web: 2 decided now, 2 in all\. 3 calls wait ' "$E2E_DIR/screen"
check "the profile is as it was" cmp "$E2E_DIR/log.json" "$profile"
review "taken up again it goes on there" '^\[1/3\] perf_event_open, '
types "an errno" '^Which error' e Enter
types "by its name" '^Why\?' EACCES Enter
types "with a reason" '^\[2/3\] bpf, ' 'it copes' Enter
types "another" '^Which error' e Enter
types "by its name" '^Why\?' ENOSYS Enter
types "with a reason" '^\[3/3\] userfaultfd, ' 'falls back' Enter
types "ignore" '^Why\?' i Enter
types "and nothing waits any more" '\(W\)rite it into the file' noise Enter
check "of both sessions" grep -q '^docker:web: 3 decided now, 5 in all\. No call waits' "$E2E_DIR/screen"
types "the patch is written" '^code=0' w Enter
terminal_end

decisions() { # of the file: call, answer and reason
	awk -F= '/^\[decision / { call = $0; gsub(/^.* |\]$/, "", call) }
		$1 == "Answer" { answer = substr($0, 8) } $1 == "Why" { print call, answer, $2 }' "$kept"
}
is "the file has each decision with its reason" "$(decisions | sed 's/reviewed: high risk, 1 record up to .*/as offered/')" \
	"bpf errno=ENOSYS falls back
keyctl allow keys of its own
perf_event_open errno=EACCES it copes
request_key deny as offered
userfaultfd ignore noise"
act decide docker:web --list --json
user=$(id -nu "$(grep -vx 4294967295 /proc/self/loginuid 2>/dev/null || echo "${SUDO_USER:-0}")")
is "who decided is in it" "$(grep -cx "User=$user" "$kept")" 5
check "and when" jq -es --arg from "$before" --arg to "$(date -u +%FT%TZ)" \
	'length == 5 and all(.time[0:19] >= $from and .time <= $to)' "$E2E_DIR/out"

# ---- stage errno
calls_with() { # JQ-CONDITION: on a rule without conditions and arguments
	jq -r ".syscalls[] | select(.args == null and $1) | .names[]" "$profile" | sort -u
}
is "the patch allows what was allowed" \
	"$(comm -12 <(calls_with '.action == "SCMP_ACT_ALLOW"') <(printf '%s\n' "${refused[@]}" | sort) | xargs)" "get_mempolicy keyctl"
act gate docker:web --to errno --json
is "to the gate nothing is open or hidden; what it wants besides is time" \
	"$(jq -r 'select(.criterion | IN("stage", "visible", "decided", "arguments", "unknown-numbers")) | .verdict' "$E2E_DIR/out" | xargs)" \
	"ready ready ready ready ready"
act promote docker:web --to errno --profile "$profile" --force --why "a test" --apply
is "promoted" "$?" 0
check "what the next stage refuses was decided" grep -q ' 2 of the calls that were seen will be refused, as was decided' "$E2E_DIR/out"
fallbacks=$(sed -n 's/^.* a rule answers ENOSYS to calls that programs try and fall back from: \(.*\)\.$/\1/p' "$E2E_DIR/out")
own_test
wanted() { # CALL: of those that were refused on the first day
	case $1 in
	perf_event_open) echo 13 ;;
	bpf) echo 38 ;;
	request_key | userfaultfd) echo 1 ;;
	*) sed -n "s/^$1 //p" "$E2E_DIR/calls-at-log" ;;
	esac
}
is "each call has the answer that was decided, all others that of before" "$(cat "$E2E_DIR/calls")" \
	"$(for call in "${refused[@]}" "${others[@]}"; do echo "$call $(wanted "$call")"; done)"
is "it is at stage errno" "$(row stage)" errno
remove docker web

# ---- and nothing else
stay first
act diff "$profile" --running docker:first --json
changed() { # KIND
	jq -r "select(.change == \"$1\") | .syscall" "$E2E_DIR/out" | sort -u | xargs
}
is "against the first day, what was allowed is allowed" "$(changed allowed)" "get_mempolicy keyctl"
is "what was decided, or told, is refused with another errno" "$(changed changed)" \
	"$(printf '%s\n' bpf perf_event_open ${fallbacks//,/} | sort | xargs)"
is "and nothing else is logged or refused" "$(changed logged)$(changed denied)" ""
act demote docker:web --apply
is "back again" "$?" 0
check "is to the reviewed profile" eval "[ \"\$(jq -r .defaultAction '$profile')\" = SCMP_ACT_LOG ] && ! cmp -s '$profile' '$E2E_DIR/log.json'"
stop_seccompd
done_testing
