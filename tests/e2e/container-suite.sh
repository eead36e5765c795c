# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2154
# The main job with one container engine: sourced by podman.sh and docker.sh behind lib.sh.

# What the workload calls and the starter profile does not list, and what runc itself calls between
# loading the filter and starting the program.
WORKLOAD_CALLS="getcpu getpriority sysinfo times"
RUNTIME_CALLS="epoll_ctl fstatfs"

names_by_origin() { # WORKLOAD ORIGIN
	ctl show "$1" --json | jq -r "select(.origin == \"$2\") | .syscall" | sort -u | xargs
}

evidence_suite() { # ENGINE WORKLOAD
	local engine=$1 workload=$2 row call
	# shellcheck disable=SC2086
	"${engine}_run" web "$STARTER" /bin/calls --loop 3 --stay 2 $WORKLOAD_CALLS >"$E2E_DIR/web.out" 2>&1
	is "the container runs under the starter profile" "$?" 0
	for call in $WORKLOAD_CALLS; do
		check "$call: exactly 3 calls are in the ledger" wait_until 20 count_is "$workload" "$call" 3
	done
	is "its own calls outside the profile, and no other" "$(names_by_origin "$workload" workload)" "$WORKLOAD_CALLS"
	is "the runtime's own calls are told apart" "$(names_by_origin "$workload" runtime-init)" "$RUNTIME_CALLS"
	row=$(ctl list --json | jq -c "select(.workload == \"$workload\")")
	is "its name" "$(jq -r .name <<<"$row")" web
	is "its image" "$(jq -r .image <<<"$row")" "$IMAGE"
	is "its runtime" "$(jq -r .runtime <<<"$row")" "$engine"
	is "its stage" "$(jq -r .stage <<<"$row")" log
	is "its visibility" "$(jq -r .visibility <<<"$row")" full
	is "an example says who it was" \
		"$(ctl show "$workload" --json | jq -r 'select(.syscall == "getcpu") | .examples[0] | .comm, .exe' | xargs)" \
		"calls /bin/calls"
}

# Children that end at once may be gone before we look; none of their calls may be lost or given to
# somebody else.
children_suite() { # ENGINE
	local seen lost before
	before=$(ledger_count unattributed mincore)
	"${1}_run" kids "$STARTER" /bin/calls --fork 40 --stay 2 mincore >/dev/null 2>&1
	all_counted() {
		seen=$(ledger_count "$1:kids" mincore)
		lost=$(($(ledger_count unattributed mincore) - before))
		[ $((seen + lost)) = 40 ]
	}
	check "all calls of 40 short-lived children are counted" wait_until 20 all_counted "$1"
	all_counted "$1"
	diag "children: $seen attributed, $lost unattributed"
	[ "$lost" = 0 ] || check "unattributed records have their cause in status" causes_add_up
}

causes_add_up() {
	ctl status
	[ "$(ctl status | awk '/^  +[0-9]+ .* %    [a-z]/ { n += $1 } END { print n + 0 }')" \
		= "$(status_field unattributed)" ]
}

risk_suite() { # ENGINE
	local out
	"${1}_run" risky "$STARTER" /bin/calls --stay 4 getcpu keyctl bpf >/dev/null 2>&1 &
	local container=$!
	check "a risky call is evidence like any other" wait_until 20 count_is "$1:risky" keyctl 1
	is "it is listed as running" "$(running "$1:risky")" true
	wait "$container"
	check "and as ended when it has" wait_until 20 eval '[ "$(running '"$1:risky"')" = false ]'
	out=$(ctl suggest "$1:risky" --profile "$STARTER" --json)
	is "a risky call is not offered without a decision" \
		"$(jq -r 'select(.summary) | .newly_allowed[]' <<<"$out" | sort | xargs)" "$(printf '%s\n' $RUNTIME_CALLS getcpu | sort | xargs)"
	is "its advice is not to allow it" \
		"$(jq -r 'select(.syscall == "keyctl" or .syscall == "bpf") | .advice' <<<"$out" | grep -c allow)" 0
}

running() { # WORKLOAD
	ctl list --json | jq -r "select(.workload == \"$1\") | .running"
}

suggest_suite() { # ENGINE WORKLOAD
	local engine=$1 workload=$2 wanted dir=$E2E_DIR/suggest
	# shellcheck disable=SC2086
	wanted=$(printf '%s\n' $WORKLOAD_CALLS $RUNTIME_CALLS | sort | xargs)
	mkdir -p "$dir"
	cp "$STARTER" "$dir/profile.json"
	ctl suggest "$workload" --profile "$dir/profile.json" --json >"$dir/json"
	is "suggest exits 1: there is something to offer" "$?" 1
	is "it offers what was seen and nothing else" \
		"$(jq -r 'select(.summary) | .newly_allowed[]' "$dir/json" | sort | xargs)" "$wanted"
	is "the proof finds no other change" "$(jq -c 'select(.summary) | .other_changes' "$dir/json")" "[]"
	ctl suggest "$workload" --profile "$dir/profile.json" --diff >"$dir/diff" 2>"$dir/err"
	check "patch(1) applies the diff" patch -s "$dir/profile.json" "$dir/diff"
	check "only the list of names grew" added_lines_only "$STARTER" "$dir/profile.json"
	ctl suggest "$workload" --profile "$STARTER" -o "$dir/whole.json" >/dev/null
	check "-o FILE writes the same bytes" cmp "$dir/whole.json" "$dir/profile.json"
	offers_nothing "$workload" "suggest on the patched profile"

	to_errno_stage "$dir/profile.json" "$dir/errno.json"
	# shellcheck disable=SC2086
	check "the same container runs to its end at ERRNO" "${engine}_run" web "$dir/errno.json" \
		/bin/calls --loop 3 $WORKLOAD_CALLS
	is "a call outside the patched profile fails with EPERM" \
		"$("${engine}_run" web "$dir/errno.json" /bin/calls mincore 2>&1)" "mincore 1"
	to_errno_stage "$STARTER" "$dir/unpatched.json"
	if "${engine}_run" web "$dir/unpatched.json" /bin/calls $WORKLOAD_CALLS >/dev/null 2>&1; then
		not_ok "without the patch it does not run at ERRNO" "it did"
	else
		ok "without the patch it does not run at ERRNO"
	fi
}

added_lines_only() { # OLD NEW: the last name gains its comma, all else is new lines
	[ "$(diff "$1" "$2" | grep -c '^<')" -le 1 ]
}

# Exit status 0, or 5 when a call of its may have been missed: the stream is the host's, and somebody
# else's record that nobody can name may be one.
offers_nothing() { # WORKLOAD NAME
	local status
	ctl suggest "$1" --profile "$E2E_DIR/suggest/profile.json" --json >"$E2E_DIR/suggest/nothing"
	status=$?
	is "$2 has nothing to offer" "$(jq -c 'select(.summary) | .newly_allowed' "$E2E_DIR/suggest/nothing")" "[]"
	is "$2 is as sure as the evidence is complete" "$status" \
		"$(jq -r 'select(.summary) | if .complete then 0 else 5 end' "$E2E_DIR/suggest/nothing")"
}

container_suite() { # ENGINE
	start_seccompd --no-journal || bail "seccompd does not start"
	evidence_suite "$1" "$1:web"
	suggest_suite "$1" "$1:web"
	children_suite "$1"
	offers_nothing "$1:web" "suggest later"
	risk_suite "$1"
	is "no record was lost" "$(status_field serial_gaps) $(status_field enobufs) $(status_field rejected)" "0 0 0"
	stop_seccompd
	is "SIGTERM ends it with status 0" "$?" 0
	is "the ledger answers after a clean stop" "$(ledger_count "$1:web" getcpu)" 3
}
