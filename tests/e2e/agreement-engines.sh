#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What Docker and Podman make of a profile's conditions is what we make of them: the filter in the
# config.json that they hand to the runtime, against ours. AGREEMENT_CONDITIONS says how many random
# profiles there are, from AGREEMENT_SEED on, and AGREEMENT_ALL=1 that all public ones are tried.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/agreement-lib.sh
. "$top/tests/e2e/agreement-lib.sh"

need_root
need runc busybox jq
e2e_begin
make_image

# Every kind of condition, true and false ones.
cat >"$E2E_DIR/conditions.json" <<'END'
{ "defaultAction": "SCMP_ACT_LOG",
  "archMap": [ { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
    { "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"] } ],
  "syscalls": [
    { "name": "acct", "action": "SCMP_ACT_ERRNO", "args": null },
    { "names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN"] } },
    { "names": ["chroot"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38, "includes": { "caps": ["CAP_SYS_CHROOT", "CAP_CHOWN"] } },
    { "names": ["mount"], "action": "SCMP_ACT_ERRNO", "excludes": { "caps": ["CAP_SYS_ADMIN", "CAP_SYS_BOOT"] } },
    { "names": ["umount2"], "action": "SCMP_ACT_ERRNO", "excludes": { "caps": ["CAP_CHOWN"] } },
    { "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO", "includes": { "arches": ["amd64", "arm64"] } },
    { "names": ["reboot"], "action": "SCMP_ACT_ERRNO", "excludes": { "arches": ["amd64"] } },
    { "names": ["swapon"], "action": "SCMP_ACT_ERRNO", "includes": { "minKernel": "4.8" } },
    { "names": ["swapoff"], "action": "SCMP_ACT_ERRNO", "includes": { "minKernel": "250.1" } },
    { "names": ["settimeofday"], "action": "SCMP_ACT_KILL_PROCESS", "excludes": { "minKernel": "4.8" } },
    { "names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [ { "index": 0, "value": 8, "op": "SCMP_CMP_EQ" } ] }
  ] }
END

AGREEMENT_CONDITIONS=${AGREEMENT_CONDITIONS:-2}
AGREEMENT_SEED=${AGREEMENT_SEED:-1}

profiles() {
	local seed file
	echo "$E2E_DIR/conditions.json"
	for ((seed = AGREEMENT_SEED; seed < AGREEMENT_SEED + AGREEMENT_CONDITIONS; seed++)); do
		"$AGREEMENT" conditions "$seed" >"$E2E_DIR/random-$seed.json"
		echo "$E2E_DIR/random-$seed.json"
	done
	[ -d "$SAMPLES" ] || return
	ls "$SAMPLES"/moby-default-*.json "$SAMPLES"/containers-common-*.json "$SAMPLES"/docker-labs-*.json
	# too strict for any program as they are
	for file in "$SAMPLES/moby-fixture-conditional_include.json" ${AGREEMENT_ALL:+$(others)}; do
		widened "$file" >"$E2E_DIR/widened-$(basename "$file")"
		echo "$E2E_DIR/widened-$(basename "$file")"
	done
}

# Whatever else is a profile, malformed ones as well.
others() {
	local file
	for file in "$SAMPLES"/{jessfraz,k8s,spo}-*.json "$SAMPLES"/malformed/*.json; do
		! jq -e 'has("defaultAction")' "$file" >/dev/null 2>&1 || echo "$file"
	done
}

# 0: both take it, 1: neither does, 2: they disagree. Leaves the engine's config.json in $config.
both_take() { # ENGINE PROFILE OPTION...
	local refused
	"$AGREEMENT" predict "$1" crun 1.0 0 "$KERNEL" "$2" >"$E2E_DIR/predicted"
	refused=$?
	config=$(create "$@" 2>"$E2E_DIR/said") || config=
	[ -n "$config" ] || [ "$refused" -ne 3 ] || return 1
	[ -n "$config" ] && [ "$refused" -ne 3 ] || return 2
}

# Docker before 23 forgets defaultErrnoRet, so that what is not listed fails with EPERM, and flags.
forgets_keys() { # ENGINE PROFILE
	[ "$1" = docker ] && [ "$(docker_ version --format '{{.Server.Version}}' | cut -d. -f1)" -lt 23 ] &&
		jq -e '(.defaultErrnoRet // 1 | . != 1) or has("flags")' "$2" >/dev/null
}

create() { # ENGINE PROFILE OPTION...: starts one, prints the path of its config.json
	local engine=$1 profile=$2 id
	shift 2
	case $engine in
	docker)
		id=$(docker_ run -d --network none --security-opt seccomp="$profile" "$@" "$IMAGE" sleep 60) || return 1
		find "$E2E_DIR/docker-exec" -path "*/$id/config.json" | head -n 1
		;;
	podman)
		id=$(podman_ create --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
			--security-opt seccomp="$profile" "$@" "$IMAGE" sleep 60) && podman_ init "$id" >/dev/null || return 1
		find "$E2E_DIR/podman" -path "*/$id/userdata/config.json" | head -n 1
		;;
	esac
}

engine_suite() { # ENGINE
	local engine=$1 profile options config status out
	while read -r profile; do
		for options in "" "--cap-add SYS_ADMIN" "--cap-drop ALL"; do
			[ -z "$options" ] || [ "$profile" = "$E2E_DIR/conditions.json" ] || [[ $profile = *v0.2.3.json ]] || continue
			if forgets_keys "$engine" "$profile"; then
				diag "not compared: $(basename "$profile"), of which a Docker older than 23 drops keys"
				continue
			fi
			# shellcheck disable=SC2086
			both_take "$engine" "$profile" $options
			status=$?
			if [ "$status" -eq 1 ]; then
				ok "$engine: $(basename "$profile") $options (neither takes it)"
			elif [ "$status" -eq 2 ]; then
				not_ok "$engine: $(basename "$profile") $options: only one takes it" "$(cat "$E2E_DIR/said" "$E2E_DIR/predicted")"
			elif out=$("$AGREEMENT" config "$config" "$engine" crun 1.0 0 "$KERNEL" "$profile"); then
				ok "$engine: $(basename "$profile") $options"
			else
				not_ok "$engine: $(basename "$profile") $options" "$out"
			fi
		done
		case $engine in
		docker) docker_ ps --all --quiet | xargs -r env "DOCKER_HOST=$DOCKER_SOCKET" docker rm --force >/dev/null 2>&1 ;;
		podman) podman_ rm --all --force --time 0 >/dev/null 2>&1 ;;
		esac
	done < <(profiles)
}

if command -v podman >/dev/null; then
	start_podman
	engine_suite podman
else
	skip "podman" "it is not installed"
fi
if command -v docker >/dev/null && command -v dockerd >/dev/null; then
	start_docker
	engine_suite docker
else
	skip "docker" "it is not installed"
fi
done_testing
