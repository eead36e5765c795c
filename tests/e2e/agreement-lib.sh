# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2016
# Does a profile make the filter that we say? Real containers of runc and crun answer twice: a
# program inside tries calls, and the filter that the kernel holds is read and compared with ours over
# all numbers. Source it behind lib.sh.
: "${top:?}"
AGREEMENT=$E2E_BUILD/tests/e2e/agreement
PROBE=$E2E_BUILD/tests/e2e/probe
SAMPLES=$top/../shared/data/profiles
KERNEL=$(uname -r)
NO_CAPS=0
CRUN_NS=

version_of() { # RUNTIME
	"$1" --version | sed -n "s/^$1 version //p"
}

# crun wants nothing but cgroup2, and gets it in a mount namespace of its own.
agreement_begin() {
	mkdir -p "$E2E_DIR/bundle/rootfs/bin" "$E2E_DIR/crun" "$E2E_DIR/runc"
	cp "$PROBE" "$E2E_DIR/bundle/rootfs/bin/probe"
	(cd "$E2E_DIR/bundle" && runc spec) || cannot "runc spec fails"
	"$AGREEMENT" samples | jq -R . | jq -s . >"$E2E_DIR/samples"
	jq --slurpfile s "$E2E_DIR/samples" '.process.terminal = false | .process.args = ["/bin/probe"] + $s[0]
		| .process.noNewPrivileges = true | .root.readonly = true
		| del(.linux.resources) | .linux.seccomp = "@PROFILE@"
		| .linux.namespaces |= map(select(.type != "network" and .type != "cgroup"))
		| .mounts |= map(select(.type != "cgroup" and .type != "sysfs"))' \
		"$E2E_DIR/bundle/config.json" >"$E2E_DIR/base.json" || bail "no config.json"
	command -v crun >/dev/null || return 0
	unshare -m sh -c 'umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup && touch "$1" && exec sleep infinity' \
		sh "$E2E_DIR/crun-ready" &
	CRUN_NS=$!
	E2E_PIDS+=("$CRUN_NS")
	wait_until 20 test -e "$E2E_DIR/crun-ready" || CRUN_NS=
}

runtime() { # RUNTIME ARGS...
	case $1 in
	runc) runc --root "$E2E_DIR/runc" "${@:2}" ;;
	crun) nsenter --mount="/proc/$CRUN_NS/ns/mnt" crun --root "$E2E_DIR/crun" --cgroup-manager=disabled "${@:2}" ;;
	esac
}

# A profile goes in as it is written: jq would round its numbers.
bundle_with() { # PROFILE
	awk -v profile="$1" '/"@PROFILE@"/ {
		tail = $0; sub(/.*"@PROFILE@"/, "", tail); sub(/"@PROFILE@".*/, ""); print
		while ((getline line < profile) > 0) print line
		print tail; next } { print }' "$E2E_DIR/base.json" >"$E2E_DIR/bundle/config.json"
}

# The calls that the runtimes and the probe need come first, and so win.
widened() { # PROFILE
	"$AGREEMENT" needed | jq -R . | jq -s . >"$E2E_DIR/needed"
	jq --slurpfile n "$E2E_DIR/needed" \
		'.syscalls = [{names: $n[0], action: "SCMP_ACT_ALLOW"}] + (.syscalls // [])' "$1"
}

probe_has_said_all() {
	[ "$(tail -n 1 "$E2E_DIR/probed")" = "done" ] || pid_is_gone "$(cat "$E2E_DIR/pid")"
}

start_probe() { # RUNTIME: 1 when no container starts
	: >"$E2E_DIR/probed"
	runtime "$1" run --detach --bundle "$E2E_DIR/bundle" --pid-file "$E2E_DIR/pid" probe \
		>"$E2E_DIR/probed" 2>"$E2E_DIR/said" </dev/null || return 1
	wait_until 20 probe_has_said_all
	[ "$(tail -n 1 "$E2E_DIR/probed")" = "done" ]
}

end_probe() { # RUNTIME
	runtime "$1" delete --force probe >/dev/null 2>&1
}

# What the calls do without any filter.
probe_baseline() { # RUNTIME
	jq 'del(.linux.seccomp)' "$E2E_DIR/base.json" >"$E2E_DIR/bundle/config.json"
	start_probe "$1"
	local status=$?
	end_probe "$1"
	sed '/^done$/d' "$E2E_DIR/probed" >"$E2E_DIR/baseline.$1"
	return $status
}

# As predicted, with what passes put in from the baseline.
expected_answers() { # RUNTIME
	awk 'NR == FNR { plain[$1 " " $2] = $3; next } { print $1, $2, $3 == "pass" ? plain[$1 " " $2] : $3 }' \
		"$E2E_DIR/baseline.$1" "$E2E_DIR/predicted"
}

# 0: they agree; 2: no container starts, though we take the profile. The why of a disagreement is left in $E2E_DIR/why; "started" says whether a container did.
agrees() { # RUNTIME PROFILE
	local runtime=$1 profile=$2 version status
	version=$(version_of "$runtime")
	set -- oci "$runtime" "$version" "$NO_CAPS" "$KERNEL" "$profile"
	"$AGREEMENT" predict "$@" >"$E2E_DIR/predicted"
	status=$?
	bundle_with "$profile"
	started=no
	if start_probe "$runtime"; then
		started=yes
		status=0
		"$AGREEMENT" filter "$(cat "$E2E_DIR/pid")" "$@" >"$E2E_DIR/why" || status=1
		diff <(expected_answers "$runtime") <(sed '/^done$/d' "$E2E_DIR/probed") >>"$E2E_DIR/why" || status=1
	elif [ "$status" -eq 3 ]; then
		status=0 # we said that it would not
	else
		cp "$E2E_DIR/said" "$E2E_DIR/why"
		status=2
	fi
	end_probe "$runtime"
	return "$status"
}
