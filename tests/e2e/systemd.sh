#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What systemd itself makes of settings: a manager of our own (a user's, in a mount namespace with
# cgroup v2) starts a service for each case, and the filters that the kernel then has are compared
# with the ones that we make of the same files.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

MANAGER=/lib/systemd/systemd
AGREEMENT=$E2E_BUILD/tests/e2e/systemd-agreement
STAY=$E2E_BUILD/tests/e2e/stay

if [ "${1:-}" != inside ]; then
	need_root
	need systemd-analyze systemctl unshare jq
	[ -x "$MANAGER" ] || cannot "needs $MANAGER"
	[ "$(uname -m)" = x86_64 ] || skip_all "the filters of another architecture than x86_64 are not compared"
	exec unshare --mount --propagation private bash "$0" inside
fi

work=/run/seccompd-systemd
manager=
cgroup=

leave() {
	[ -n "$manager" ] && kill "$manager" && wait "$manager"
	echo $$ >/sys/fs/cgroup/cgroup.procs
	[ -n "$cgroup" ] && find "$cgroup" -depth -type d -exec rmdir {} +
} 2>/dev/null
trap leave EXIT

umount -R /sys/fs/cgroup 2>/dev/null
mount -t cgroup2 none /sys/fs/cgroup || cannot "cgroup v2 cannot be mounted"
mount -t tmpfs none /run || cannot "tmpfs cannot be mounted"
mkdir -p /run/systemd/system "$work/config/systemd/user" "$work/home"
chmod 700 "$work"
cgroup=/sys/fs/cgroup/seccompd-systemd-$$
mkdir "$cgroup" && echo $$ >"$cgroup/cgroup.procs" || cannot "no cgroup can be made"

export XDG_RUNTIME_DIR=$work XDG_CONFIG_HOME=$work/config HOME=$work/home
unset DBUS_SESSION_BUS_ADDRESS
systemd-analyze syscall-filter --no-pager >"$work/groups" 2>/dev/null || cannot "systemd-analyze does not answer"

cases=()
refused=()
unit() { # NAME: its settings from standard input
	cases+=("$1")
	{
		printf '[Service]\nExecStart=%s\n' "$STAY"
		cat
	} >"$XDG_CONFIG_HOME/systemd/user/case-$1.service"
}
dropin() { # NAME FILE
	mkdir -p "$XDG_CONFIG_HOME/systemd/user/case-$1.service.d"
	cat >"$XDG_CONFIG_HOME/systemd/user/case-$1.service.d/$2"
}

unit none </dev/null
unit recommended <<'END'
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
END
unit kill <<'END'
SystemCallFilter=@system-service
END
unit tiny <<'END'
SystemCallFilter=read write
END
unit native <<'END'
SystemCallFilter=@basic-io
SystemCallArchitectures=native
END
unit x86 <<'END'
SystemCallArchitectures=native x86
SystemCallFilter=@basic-io
END
unit arches-alone <<'END'
SystemCallArchitectures=native
END
unit arches-reset <<'END'
SystemCallArchitectures=native
SystemCallArchitectures=
SystemCallArchitectures=x32 pdp11
END
unit deny <<'END'
SystemCallFilter=~@mount @clock @reboot
END
unit deny-errno <<'END'
SystemCallFilter=~@mount @clock:ENOSYS kexec_load:kill swapon:13 swapoff:0
SystemCallErrorNumber=EACCES
END
unit deny-allow <<'END'
SystemCallFilter=~@privileged @resources
SystemCallFilter=setpriority @chown
SystemCallErrorNumber=1
END
unit allow-deny <<'END'
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallFilter=~clone3:ENOSYS statx:EPERM
END
unit allow-kill <<'END'
SystemCallFilter=@system-service
SystemCallFilter=~clone3:ENOSYS statx:kill
SystemCallErrorNumber=EPERM
END
unit denied-default <<'END'
SystemCallFilter=@basic-io
SystemCallFilter=~getpid futex uname
END
unit reset <<'END'
SystemCallFilter=@system-service
SystemCallFilter=
SystemCallFilter=~ptrace
END
unit emptied <<'END'
SystemCallFilter=~ptrace
SystemCallFilter=
END
unit unknown <<'END'
SystemCallFilter=@basic-io bogus @nogroup read:EPERM :EPERM openat:EFOO ~write getuid
SystemCallErrorNumber=EBOGUS
END
unit error-twice <<'END'
SystemCallFilter=@basic-io
SystemCallErrorNumber=EPERM
SystemCallErrorNumber=0
SystemCallErrorNumber=99999
END
unit error-kill <<'END'
SystemCallFilter=@basic-io
SystemCallErrorNumber=EPERM
SystemCallErrorNumber=kill
END
unit error-reset <<'END'
SystemCallFilter=@basic-io
SystemCallErrorNumber=EPERM
SystemCallErrorNumber=
END
unit log <<'END'
SystemCallLog=@mount
END
unit log-others <<'END'
SystemCallLog=~@system-service
END
unit log-and-filter <<'END'
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
SystemCallLog=~@basic-io @default
SystemCallLog=read
SystemCallLog=~@file-system
END
unit log-errno <<'END'
SystemCallLog=@mount:EPERM uname
END
unit log-empty <<'END'
SystemCallLog=~
END
unit deny-nothing <<'END'
SystemCallFilter=~
END
unit deny-then-allow-nothing <<'END'
SystemCallFilter=~bogus
SystemCallFilter=read
END
unit tilde-blank <<'END'
SystemCallFilter=~ ptrace	mount
END
unit continued <<'END'
  SystemCallFilter = \
	@basic-io \
# a comment in between
  ; another
	@file-system \
	getuid
 SystemCallErrorNumber = EPERM
END
unit continued-blank <<'END'
SystemCallFilter=@basic-io \

@file-system
SystemCallFilter=ptr\ace "mount" 'umount2'
END
unit multiplexed <<'END'
SystemCallFilter=@basic-io socket connect semop
SystemCallErrorNumber=EPERM
SystemCallArchitectures=native x86
SystemCallLog=recvfrom
END
unit elsewhere <<'END'
[Unit]
SystemCallFilter=read
[X-Other]
SystemCallFilter=write
[Install]
SystemCallErrorNumber=EPERM
[Service]
SystemCallFilter=~ptrace
END
unit known <<'END'
SystemCallFilter=@known
END
unit dropins <<'END'
SystemCallFilter=@system-service
END
dropin dropins 10-first.conf <<'END'
[Service]
SystemCallFilter=@mount
SystemCallErrorNumber=ENOSYS
END
dropin dropins 20-second.conf <<'END'
# nothing but a comment before the head

[Service]
SystemCallFilter=~umount2
END

while read -r group; do
	unit "group-${group#@}" < <(printf 'SystemCallLog=%s\n' "$group")
done < <(grep '^@' "$work/groups")
for bad in 'SystemCallFilter=~statx:kill' $'SystemCallFilter=~statx:EPERM\nSystemCallErrorNumber=EPERM'; do
	refused+=("refused-${#refused[@]}")
	unit "${refused[-1]}" < <(printf 'SystemCallFilter=@system-service\n%s\n' "$bad")
	unset 'cases[-1]'
done

"$MANAGER" --user --unit=basic.target >"$work/log" 2>&1 &
manager=$!
wait_until 20 systemctl --user show --property=Version >/dev/null 2>&1 || cannot "no manager can be started here: $(tail -n 1 "$work/log")"
check "systemd starts all of them" systemctl --user start "${cases[@]/#/case-}"

agrees() { # NAME: what is read is what systemctl cat prints
	local pid
	pid=$(systemctl --user show --value --property=MainPID "case-$1.service")
	systemctl --user cat "case-$1.service" >"$work/case" 2>/dev/null
	"$AGREEMENT" "$pid" "$work/groups" "$work/case"
}
did_not_start() { # NAME
	[ "$(systemctl --user show --value --property=ExecMainStatus "case-$1.service")" = 228 ]
}
refuses() { # NAME: the service does not start, and we say so
	systemctl --user start "case-$1" || :
	wait_until 20 did_not_start "$1" || return
	agrees "$1"
	[ $? = 3 ]
}
for name in "${refused[@]}"; do
	check "systemd and we refuse: $name" refuses "$name"
done
for name in "${cases[@]}"; do
	check "systemd and we agree: $name" agrees "$name"
done

# ---- a suggestion, put into force
db=$work/ledger.db
web=$XDG_CONFIG_HOME/systemd/user/web.service
"$E2E_BUILD/tests/integration/make-ledger" "$db" units || bail "make-ledger failed"
printf '[Service]\nExecStart=%s\nSystemCallFilter=@basic-io @mount\nSystemCallFilter=~mount\n' "$STAY" >"$web"
web_pid() {
	systemctl --user show --value --property=MainPID web.service
}
web_runs() { # OLD-PID
	local pid
	pid=$(web_pid)
	[ "$pid" != 0 ] && [ "$pid" != "$1" ] && [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$STAY")" ]
}
systemctl --user cat web.service >"$work/before" 2>/dev/null
mkdir "$web.d"
"$SECCOMPCTL" --ledger "$db" suggest unit:web.service --profile "$work/before" -o "$web.d/50-seccompd.conf" >"$work/out"
is "suggest offers a drop-in" "$?" 1
verify() { # prints what systemd-analyze finds
	systemd-analyze verify --user --man=no "$web" 2>&1
}
is "systemd-analyze has nothing to say of it" "$(verify)" ""
echo SystemCallFilter=bogus >>"$web"
check "as it would have of a call that is none" test -n "$(verify)"
sed -i '$d' "$web"
mount -t tmpfs none /etc/systemd/system || cannot "tmpfs cannot be mounted"
"$SECCOMPCTL" --ledger "$db" suggest unit:web.service --profile "$work/before" --apply >"$work/out"
check "--apply writes it, with its folder" cmp "$web.d/50-seccompd.conf" /etc/systemd/system/web.service.d/50-seccompd.conf
"$SECCOMPCTL" --ledger "$db" suggest unit:web.service --profile "$work/before" --apply >"$work/out" 2>&1
is "but not over one that it was not shown" "$?" 3
systemctl --user daemon-reload
systemctl --user start web.service
check "the service runs with it" wait_until 20 web_runs 0
systemctl --user cat web.service >"$work/after" 2>/dev/null
check "what runs is what was proved" "$AGREEMENT" "$(web_pid)" "$work/groups" "$work/after"
is "and it changed nothing else" "$("$SECCOMPCTL" diff --for systemd --json "$work/before" "$work/after" |
	jq -r 'select(.syscall) | .syscall + " " + .after' | sort -u | xargs)" "mincore SCMP_ACT_ALLOW mkdir SCMP_ACT_ALLOW"
# the drop-in grows, with the old one beside it
sed 's/mincore //' "$web.d/50-seccompd.conf" >/etc/systemd/system/web.service.d/50-seccompd.conf
cp /etc/systemd/system/web.service.d/50-seccompd.conf "$work/shorter"
{
	cat "$work/before"
	printf '\n# /etc/systemd/system/web.service.d/50-seccompd.conf\n'
	cat "$work/shorter"
	printf '\n# /etc/systemd/system/web.service.d/60-other.conf\n[Service]\nNice=1\n'
} >"$work/cat"
"$SECCOMPCTL" --ledger "$db" suggest unit:web.service --profile "$work/cat" --apply >"$work/out"
is "a drop-in grows" "$(diff "$work/shorter" /etc/systemd/system/web.service.d/50-seccompd.conf)" \
	"$(printf '%s\n' 4a5 '> SystemCallFilter=mincore')"
check "and the old one is beside it" cmp "$work/shorter" /etc/systemd/system/web.service.d/50-seccompd.conf.bak-*
is "then there is nothing left to offer" "$("$SECCOMPCTL" --ledger "$db" suggest unit:web.service --profile "$work/after" --json |
	jq -c 'select(.summary) | .newly_allowed')" "[]"
done_testing
