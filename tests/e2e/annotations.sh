#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# An image that is annotated to pass for CRI-O's: Podman copies that into its container's state, and
# the container is still Podman's, under its own name.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

FORGED=localhost/seccompd-e2e-forged:1
ME=forger$$

need_root
need podman runc busybox jq
e2e_begin
need_stream
make_image
start_podman
printf 'FROM %s\n' "$IMAGE" >"$E2E_DIR/Containerfile"
podman_ build --isolation chroot --tag "$FORGED" \
	--annotation io.container.manager=cri-o \
	--annotation io.kubernetes.cri-o.ContainerType=container \
	--annotation io.kubernetes.cri-o.Name=k8s_web \
	--annotation io.kubernetes.cri-o.Namespace=prod \
	--annotation io.kubernetes.cri-o.KubeName=web \
	--file "$E2E_DIR/Containerfile" "$E2E_DIR/image" >"$E2E_DIR/build.log" 2>&1 ||
	cannot "podman cannot build an image: $(tail -n 1 "$E2E_DIR/build.log")"

state_of() { # CONTAINER: its config.json
	cat "$E2E_DIR"/podman/*-containers/"$(podman_ inspect --format '{{.Id}}' "$1")"/userdata/config.json
}

start_seccompd --no-journal || bail "seccompd does not start"
podman_ run --detach --name "$ME" --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
	--security-opt seccomp="$STARTER" "$FORGED" /bin/calls --stay 20 getpriority >/dev/null 2>"$E2E_DIR/run.err" ||
	diag "$(cat "$E2E_DIR/run.err")"
is "Podman copies what the image says" "$(state_of "$ME" | jq -r '.annotations["io.container.manager"]')" cri-o
check "the call is the container's own" wait_until 20 count_is "podman:$ME" getpriority 1
is "it is listed as Podman's, once" "$(ctl list --json | jq -r "select(.running and (.workload | test(\"$ME|prod\"))) | .runtime + \" \" + .workload")" \
	"podman podman:$ME"
is "and nothing is CRI-O's" "$(ctl list --json | jq -r 'select(.runtime == "crio") | .workload')" ""
is "identify says the same" "$("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" identify \
	"$(podman_ inspect --format '{{.State.Pid}}' "$ME")" --json | jq -r '"\(.runtime) \(.confirmed) \(.workload)"')" \
	"podman true podman:$ME"
stop_seccompd
done_testing
