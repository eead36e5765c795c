#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Least privilege on real containers: seccompd as a user without any capability, seccompd-open as another
# with its two; and what seccompd-open refuses, whoever asks.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

DAEMON=61234 OPENER=61235 STRANGER=61236
PASS_SOCKET=$E2E_BUILD/tests/e2e/pass-socket
UNDER=()

need_root
need podman runc busybox jq setpriv systemd-socket-activate
e2e_begin
need_stream

# ---- two programs, two users, on one channel ----
mkdir "$E2E_DIR/bin" "$E2E_DIR/channel" && install -d -o "$DAEMON" "$E2E_DIR/state"
cp "$SECCOMPD" "$E2E_BUILD/seccompd-open" "$E2E_BUILD/tests/e2e/ask-open" "$E2E_DIR/bin/"
channel=$E2E_DIR/channel/socket

as() { # UID CAPABILITIES COMMAND...: these capabilities and no others
	local uid=$1 caps=$2
	shift 2
	setpriv --reuid "$uid" --regid "$uid" --clear-groups --no-new-privs --inh-caps "-all$caps" --ambient-caps "-all$caps" \
		--bounding-set "-all$caps" -- "$@"
}

start_opener() {
	rm -f "$channel"
	systemd-socket-activate --seqpacket -l "$channel" -- ${UNDER[@]+"${UNDER[@]}"} \
		"$(command -v setpriv)" --reuid "$OPENER" --regid "$OPENER" --clear-groups --no-new-privs \
		--inh-caps -all,+dac_read_search,+net_admin --ambient-caps -all,+dac_read_search,+net_admin \
		--bounding-set -all,+dac_read_search,+net_admin -- \
		"$E2E_DIR/bin/seccompd-open" --podman-root="$E2E_DIR/podman" --podman-run-root="$E2E_DIR/podman-run" \
		--lxc-root="$E2E_DIR/lxc" >>"$E2E_DIR/open.log" 2>&1 &
	OPENER_PID=$!
	E2E_PIDS+=("$OPENER_PID")
	wait_until 10 test -S "$channel" && chown "$DAEMON" "$channel" && chmod 0600 "$channel"
}

write_config
mkfifo "$E2E_DIR/again"
exec 8<>"$E2E_DIR/again"
start_unprivileged() {
	"$PASS_SOCKET" "$(command -v setpriv)" --reuid "$DAEMON" --regid "$DAEMON" --clear-groups --no-new-privs \
		--inh-caps -all --bounding-set -all -- "$E2E_DIR/bin/seccompd" --config "$E2E_DIR/seccompd.conf" \
		--ledger "$E2E_DIR/state/ledger.db" --no-journal --opener "$channel" \
		<"$E2E_DIR/again" >"$E2E_DIR/pass" 2>"$E2E_DIR/seccompd.log" &
	E2E_PIDS+=($!)
	echo >&8
	wait_until 20 is_running
}

ctl() {
	"$SECCOMPCTL" --ledger "$E2E_DIR/state/ledger.db" "$@"
}

status_has() { # KEY VALUE
	[ "$(status_field "$1")" = "$2" ]
}

start_unprivileged || bail "seccompd does not start without capabilities: $(cat "$E2E_DIR/seccompd.log")"
check "status says so" wait_until 10 status_has opener.state unavailable
has_sentence() {
	ctl status | grep -q 'seccompd-open does not answer, so containers'
}
check "in one sentence" has_sentence
start_opener || bail "seccompd-open does not start: $(cat "$E2E_DIR/open.log")"
check "it is found by itself" wait_until 20 status_has opener.state on

pid=$(sed -n 's/started //p' "$E2E_DIR/pass" | tail -n 1)
E2E_PIDS+=("$pid")
is "seccompd has no capability and cannot get one" \
	"$(sed -n 's/^Cap\(Eff\|Prm\|Bnd\|Amb\):\t//p' "/proc/$pid/status" | sort -u)" 0000000000000000
is "seccompd-open has its two" "$(sed -n 's/^CapBnd:\t//p' "/proc/$OPENER_PID/status")" 0000000000001004
is "and links no library but libc's" "$(ldd "$E2E_BUILD/seccompd-open" | grep -vcE 'linux-vdso|libc\.so|ld-linux')" 0

# ---- containers are named ----
make_image
start_podman
check "a container of Podman's runs" podman_run named "$STARTER" calls --stay 1 flood 40 "$OWN_CALL"
chmod 0700 "$E2E_DIR/podman" "$E2E_DIR/podman-run"
check "and is named, from state that only root may read" wait_until 20 count_is podman:named "$OWN_CALL" 40
check "a container that ends at once runs" podman_run brief "$STARTER" calls flood 3 "$OWN_CALL"
check "and is named as well" wait_until 20 count_is podman:brief "$OWN_CALL" 3
check "by asking" test "$(status_field opener.asked)" -ge 5
is "nothing that seccompd asks for is refused" "$(status_field opener.refused)" 0
stop_pid "$OPENER_PID"
check "stopped, it is missed" wait_until 20 status_has opener.state unavailable

# As RestrictSUIDSGID= does: what it asks of the kernel cannot be seen, so it is refused.
printf '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["openat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}' \
	>"$E2E_DIR/no-openat2.json"
UNDER=("$E2E_BUILD/tests/e2e/under-filter" oci "$E2E_DIR/no-openat2.json" "")
start_opener || bail "seccompd-open does not start under a filter"
UNDER=()
says_why() {
	grep -q 'seccompd-open may not call openat2' "$E2E_DIR/seccompd.log"
}
check "where it may not call openat2, it is told why nothing is read" wait_until 20 says_why
is "and status does not say that all is well" "$(status_field opener.state)" unavailable
stop_pid "$OPENER_PID"
start_opener || bail "seccompd-open does not start again"
check "started, it is found again" wait_until 20 status_has opener.state on

# ---- what is refused ----
asked() { # UID KIND OWNER PATH
	local answer
	# Whom seccompd has pushed out meanwhile comes again.
	for _ in 1 2 3 4 5; do
		answer=$(as "$1" "" "$E2E_DIR/bin/ask-open" "$channel" "$2" "$3" "$4" 2>&1)
		[ "$answer" = closed ] || break
	done
	echo "$answer"
}
refused() { # TEXT KIND OWNER PATH
	local before after
	before=$(asked "$DAEMON" hello - "" | sed 's/.* //')
	after=$(asked "$DAEMON" "$2" "$3" "$4")
	is "$1" "$after" "EACCES $((before + 1))"
}
place=${E2E_DIR#/}
id=$(printf '%064d' 7)
state=$place/podman/vfs-containers
mkdir -p "$E2E_DIR/podman/vfs-containers/$id/userdata" "$E2E_DIR/lxc/dir/config" "$E2E_DIR/lxc/fifo" "$E2E_DIR/lxc/link"
echo secret >"$E2E_DIR/secret" && chmod 0600 "$E2E_DIR/secret"
ln -s "$E2E_DIR/secret" "$E2E_DIR/podman/vfs-containers/$id/userdata/config.json"
ln -s "$E2E_DIR/podman" "$E2E_DIR/lxc/folder"
mkfifo "$E2E_DIR/lxc/fifo/config"
install -D -o "$STRANGER" -m 0600 "$E2E_DIR/secret" "$E2E_DIR/lxc/other/config"
refused "another file is refused" file - etc/shadow
refused "a symbolic link" file - "$state/$id/userdata/config.json"
refused "a way through one" file - "$place/lxc/folder/config"
refused "a FIFO" file - "$place/lxc/fifo/config"
refused "a folder that is asked for as a file" file - "$place/lxc/dir/config"
refused "a file that is not its folder's owner's" file - "$place/lxc/other/config"
refused "a folder that no pattern names" folder - "$place/podman/vfs-containers"
makes_no_sense() { # TEXT KIND OWNER PATH
	is "$1 makes no sense" "$(asked "$DAEMON" "$2" "$3" "$4" | cut -d' ' -f1)" EINVAL
}
makes_no_sense "a way with .." file - "$state/../vfs-containers/containers.json"
makes_no_sense "a way with an empty element" file - "$place//lxc/a/config"
makes_no_sense "a short request" 100 - ""
mkdir -p "$E2E_DIR/lxc/good" && echo lxc.rootfs.path=x >"$E2E_DIR/lxc/good/config" && chmod -R go= "$E2E_DIR/lxc"
like() { # TEXT PATTERN KIND OWNER PATH
	local answer
	answer=$(asked "$DAEMON" "$3" "$4" "$5")
	# shellcheck disable=SC2254
	case $answer in
	$2) ok "$1" ;;
	*) not_ok "$1" "$answer" ;;
	esac
}
like "what a pattern names is opened" "0 file lxc.rootfs.path=* *" file - "$place/lxc/good/config"
like "and its folder" "0 folder *" folder - "$place/lxc"
install -d -o "$STRANGER" -m 0700 "$E2E_DIR/home"{,/.local,/.local/share,/.local/share/containers}{,/storage{,/vfs-containers}} 2>/dev/null
own=$E2E_DIR/home/.local/share/containers/storage/vfs-containers
install -d -o "$STRANGER" -m 0700 "$own" && echo '[]' >"$own/containers.json"
chown -R "$STRANGER" "$E2E_DIR/home" && chmod 0600 "$own/containers.json"
like "a user's own state" "0 file \[\] *" file "$STRANGER" "${own#/}/containers.json"
refused "which is not another's" file "$DAEMON" "${own#/}/containers.json"
chmod 0666 "$channel"
is "a caller to whom the socket does not belong is turned away" "$(asked "$STRANGER" hello - "")" closed
is "root as well" "$("$E2E_DIR/bin/ask-open" "$channel" hello - "")" closed
told() {
	grep -q 'refused.*etc/shadow' "$E2E_DIR/open.log"
}
check "its log tells of refusals" told
check "seccompd goes on" wait_until 20 status_has opener.state on
counts_them() {
	[ "$(status_field opener.refused)" -ge 9 ]
}
check "and counts them" wait_until 20 counts_them

# A machine that boots: what is not had at the start would be missing until the next.
kill -TERM "$pid"
wait_until 20 pid_is_gone "$pid" || bail "seccompd does not end"
stop_pid "$OPENER_PID"
start_opener || bail "seccompd-open does not start once more"
kill -STOP "$OPENER_PID"
echo >&8
wait_until 20 eval '[ "$(grep -c started "$E2E_DIR/pass")" = 2 ]'
E2E_PIDS+=("$(sed -n 's/started //p' "$E2E_DIR/pass" | tail -n 1)")
sleep 3 # longer than a request waits at other times
kill -CONT "$OPENER_PID"
check "a start waits for a seccompd-open that is slow" wait_until 20 status_has opener.state on
is "and has all that it asked for" "$(status_field lineage.state)" on
done_testing
