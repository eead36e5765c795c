#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The settings of units: lint, with groups of a systemd-analyze of our own.
. "${srcdir:?}/tests/integration/client-lib.sh"

mkdir "$work/bin"
cat >"$work/bin/systemd-analyze" <<'P'
#!/bin/sh
[ "$*" = "syscall-filter --no-pager" ] || exit 1
printf '@default\n    # always\n    execve\n    exit_group\n    getpid\n    rt_sigreturn\n\n'
printf '@basic-io\n    close\n    read\n    write\n\n@service\n    @basic-io\n    mmap\n    mprotect\n    openat\n'
P
chmod +x "$work/bin/systemd-analyze"
PATH=$work/bin:$PATH

# ---- lint
cat >"$work/good.service" <<'P'
[Service]
ExecStart=/bin/true
SystemCallFilter=@service
SystemCallArchitectures=native
P
cat >"$work/bad.conf" <<'P'
[Service]
SystemCallFilter=@basic-io \
	# systemd goes on behind a comment
	read bogus
SystemCallErrorNumber=EFOO
P
exits "a unit without findings" 0 lint --for systemd "$work/good.service"
is "of it nothing is said" "$(cat "$work/out" "$work/err")" ""
exits "a unit with findings" 1 lint --for systemd "$work/bad.conf"
is "each has its place and its code" "$(sed -E 's/^.*(bad.conf:[0-9:]+) ([a-z]+):.*(\[.*\])$/\1 \2 \3/' "$work/out" | xargs)" \
	"bad.conf:4:2: note [S05] bad.conf:4:7: warning [S02] bad.conf:5:23: warning [S04]"
exits "for programs" 1 lint --for systemd --json "$work/bad.conf"
is "where it is" "$(jq -r .where "$work/out" | sort -u | xargs)" "/Service/SystemCallErrorNumber /Service/SystemCallFilter"
fails "there is no JSON in units" 2 '--at is for JSON' lint --for systemd --at /spec "$work/bad.conf"
printf '{}' >"$work/profile.json"
exits "a profile of containers" 1 lint --for systemd "$work/profile.json"
has "is named for what it is" 'this is JSON.*\[S01\]'

# ---- suggest
db=$work/ledger.db
"$builddir/tests/integration/make-ledger" "$db" units || bail "make-ledger failed"
cat >"$work/web.service" <<'P'
[Service]
ExecStart=/bin/true
SystemCallFilter=@service
SystemCallErrorNumber=EPERM
SystemCallLog=~@basic-io
P
exits "a unit's drop-in" 1 --ledger "$db" suggest unit:web.service --profile "$work/web.service" -o "$work/new.conf"
is "what it has" "$(grep -v '^#' "$work/new.conf" | xargs)" \
	"[Service] SystemCallFilter=mincore mkdir SystemCallLog=~mincore mkdir"
is "its head says where it belongs" "$(head -n 1 "$work/new.conf")" "# /etc/systemd/system/web.service.d/50-seccompd.conf"
has "it is proved" '^profile and run over .* Newly allowed: mincore .* Nothing else changes'
has "what is dangerous stays denied" '^ptrace .* high '
exits "for programs" 1 --ledger "$db" suggest unit:web.service --profile "$work/web.service" --json
is "the summary" "$(jq -r 'select(.summary) | .newly_allowed | join(" ")' "$work/out")" "mincore mkdir"
{
	printf '# /etc/systemd/system/web.service\n'
	cat "$work/web.service"
	printf '\n# /etc/systemd/system/web.service.d/50-seccompd.conf\n'
	cat "$work/new.conf"
} >"$work/cat"
exits "with it there is nothing left but what a person decides" 1 --ledger "$db" suggest unit:web.service --profile "$work/cat"
has "and that is said" 'there is nothing to add'
exits "it changes what it says" 1 diff --for systemd --json "$work/web.service" "$work/cat"
is "and nothing else" "$(jq -r 'select(.syscall) | .syscall + " " + .after' "$work/out" | sort -u | xargs)" \
	"mincore SCMP_ACT_ALLOW mkdir SCMP_ACT_ALLOW"
run --ledger "$db" suggest unit:many@.service --profile "$work/web.service" --output systemd
is "instances have their template's" "$(sed -n '1s/^# //p' "$work/out")" "/etc/systemd/system/many@.service.d/50-seccompd.conf"
printf '[Swap]\nSystemCallFilter=read\n' >"$work/swap"
run --ledger "$db" suggest 'unit:a\x5Cx2db.swap' --profile "$work/swap" -o "$work/swap.conf"
is "a unit's name is its own again" "$(sed -n '1s/^# //p' "$work/swap.conf")" '/etc/systemd/system/a\x2db.swap.d/50-seccompd.conf'
is "in the section of its kind" "$(grep -v '^#' "$work/swap.conf" | xargs)" "[Swap] SystemCallFilter=mincore"
run --ledger "$db" suggest unit:user@1000.service/own.service --profile "$work/web.service" --output systemd
has "a user's own" '^# ~/[.]config/systemd/user/own[.]service[.]d/50-seccompd[.]conf$'
cat >"$work/bin/systemctl" <<P
#!/bin/sh
[ "\$*" = "cat --no-pager -- web.service" ] && cat "$work/cat"
P
chmod +x "$work/bin/systemctl"
exits "systemctl is asked for the files" 1 --ledger "$db" suggest unit:web.service
has "and has them all" '^mincore .* allowed already '
fails "a unit that it does not have" 2 'systemctl cat many@.service.* does not answer' --ledger "$db" suggest unit:many@.service
fails "a container is no unit" 2 'docker:web is no unit' --ledger "$db" suggest docker:web --for systemd
fails "and needs its profile" 2 'name it with --profile' --ledger "$db" suggest docker:web

# ---- other forms of output
exits "the drop-in alone" 1 --ledger "$db" suggest unit:web.service --profile "$work/web.service" --output systemd
is "is what -o writes" "$(cat "$work/out")" "$(cat "$work/new.conf")"
fails "a unit has no JSON" 2 'spo is for profiles in JSON' --ledger "$db" suggest unit:web.service --output spo
printf '{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["execve","exit_group","getpid","rt_sigreturn","close","read","write"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/web.json"
exits "a container's profile for a unit" 1 --ledger "$db" suggest docker:web --profile "$work/web.json" --output systemd
is "with what is offered" "$(xargs <"$work/out")" \
	"[Service] SystemCallFilter=@basic-io mincore SystemCallErrorNumber=EPERM SystemCallArchitectures=native"
sed -i 's/"action":"SCMP_ACT_ALLOW"/&,"args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]/' "$work/web.json"
fails "arguments are refused by name" 3 'web.json:1: this rule looks at the arguments of close' \
	--ledger "$db" suggest docker:web --profile "$work/web.json" --output systemd

# ---- a systemd-analyze that does not answer
printf '#!/bin/sh\necho what\n' >"$work/bin/systemd-analyze"
fails "an answer that is none" 3 'not what "systemd-analyze' lint --for systemd "$work/good.service"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/systemd-analyze"
exits "no answer" 1 lint --for systemd "$work/good.service"
has "is a finding" 'good.service:3:1: error: .*systemd-analyze'
done_testing
