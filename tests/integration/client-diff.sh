#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl diff: what the difference means, in both forms, per dialect and context.
. "${srcdir:?}/tests/integration/client-lib.sh"

profile() { # NAME DEFAULT RULES...
	local name=$1 default=$2
	shift 2
	printf '{"defaultAction":"SCMP_ACT_%s","architectures":["SCMP_ARCH_X86_64"],"syscalls":[%s]}\n' \
		"$default" "$*" >"$work/$name.json"
}
allow='{"names":["read","openat2"],"action":"SCMP_ACT_ALLOW"}'
profile a ERRNO "$allow"
profile b ERRNO '{"names":["read","openat2","chmod"],"action":"SCMP_ACT_ALLOW"}'
profile gated ERRNO "$allow",'
{"names":["bpf"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_BPF"]}}'
profile args ERRNO "$allow",'{"names":["personality"],"action":"SCMP_ACT_ALLOW",
"args":[{"index":0,"op":"SCMP_CMP_EQ","value":8}]}'
profile newer ERRNO '{"names":["read","futex_waitv"],"action":"SCMP_ACT_ALLOW"}'
a=$work/a.json

# ---- exit codes
exits "no difference" 0 diff "$a" "$a" --for oci
has "and it is said" 'There is no difference'
exits "a difference" 1 diff "$a" "$work/b.json" --for oci
has "a name is newly allowed" '^Newly allowed: ERRNO EPERM -> ALLOW \(x86_64\)$'
has "and named" '^  chmod$'
plain "nothing harms a terminal"
exits "the other way" 1 diff "$work/b.json" "$a" --for oci
has "it is newly denied" '^Newly denied: ALLOW -> ERRNO EPERM'
"$ctl" diff - "$a" --for oci <"$a" >"$work/out" 2>"$work/err"
result $? "one of both from standard input"

# ---- bad use
fails "diff wants two profiles" 2 'name two profiles' diff "$a" --for oci
fails "diff wants a dialect" 2 '--for DIALECT is missing' diff "$a" "$a"
fails "diff knows its dialects" 2 'docker, podman, oci, kubernetes, spo or systemd' diff "$a" "$a" --for launchd
fails "standard input twice" 2 'only one' diff - - --for oci
fails "a capability that is none" 2 'no capability' diff "$a" "$a" --for docker --cap-add SYS_NICER
fails "a kernel that is none" 2 'such as 6.1' diff "$a" "$a" --for docker --kernel six
fails "a runtime that is none" 2 'runc or crun' diff "$a" "$a" --for oci --runtime runsc
fails "no such file" 3 'no such file' diff "$a" "$work/none.json" --for oci
echo '{"defaultAction":"SCMP_ACT_LOG",}' >"$work/bad.json"
fails "a profile that is wrong" 3 'bad.json:1:' diff "$work/bad.json" "$a" --for oci

# ---- units
printf '[Service]\nSystemCallFilter=~mount\n' >"$work/a.service"
printf '[Service]\nSystemCallFilter=~mount \\\n  bogus umount2:EPERM\n' >"$work/b.service"
exits "settings of a unit" 1 diff "$work/a.service" "$work/b.service" --for systemd --json
is "what systemd denies besides" "$(jq -r 'select(.arch == "x86_64") | [.syscall, .after, .after_data] | join(" ")' "$work/out")" \
	"umount2 SCMP_ACT_ERRNO 1"
is "who reads them" "$(jq -r 'select(.summary) | .dialect + " " + .runtime' "$work/out")" "systemd systemd"
fails "a profile of containers is no unit file" 3 'this is JSON' diff "$a" "$work/a.service" --for systemd
printf '[Service]\nSystemCallFilter=@system-service\n' >"$work/group.service"
mkdir "$work/bin"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/systemd-analyze"
chmod +x "$work/bin/systemd-analyze"
PATH=$work/bin:$PATH fails "groups need systemd-analyze" 3 'group.service:2:.*systemd-analyze' \
	diff "$work/group.service" "$work/a.service" --for systemd
if systemd-analyze syscall-filter >/dev/null 2>&1; then
	exits "groups of the installed systemd" 1 diff "$work/group.service" "$work/a.service" --for systemd
	has "what the group lacks" 'KILL_PROCESS -> ALLOW'
else
	skip "groups of the installed systemd" "systemd-analyze does not answer"
fi

# ---- conditions
exits "docker evaluates a condition" 0 diff "$a" "$work/gated.json" --for docker
exits "with the capability it holds" 1 diff "$a" "$work/gated.json" --for docker --cap-add BPF
has "so the call is allowed" '^  bpf$'
exits "all capabilities, less one" 0 diff "$a" "$work/gated.json" --for podman --cap-add ALL --cap-drop CAP_BPF
exits "an OCI runtime ignores it" 1 diff "$a" "$work/gated.json" --for oci
has "and that is said" 'do not see "includes" in line 2'

has "whose capabilities" 'capabilities assumed: '
exits "kubernetes is another word for oci" 1 diff "$a" "$work/gated.json" --for kubernetes
has "and is called so" '^Read for oci '

# ---- suggest reads profiles in the same way
"$builddir/tests/integration/make-ledger" "$work/ledger.db" complete || exit 99
run --ledger "$work/ledger.db" suggest docker:web --profile "$work/gated.json" --for oci
has "suggest says what the runtime does not see" 'do not see "includes" in line 2'
has "and gives its advice" '^mincore .*allow'
run --ledger "$work/ledger.db" suggest docker:web --profile "$work/gated.json" --for docker
! grep -q 'do not see' "$work/out"
result $? "docker sees it"

# ---- with what runs: nothing does, for this ledger
fails "the ledger may be named behind the verb, too" 5 'docker:web does not run now' diff "$a" --running docker:web --ledger "$work/ledger.db"
fails "a workload that has ended" 5 'docker:web does not run now' --ledger "$work/ledger.db" diff "$a" --running docker:web
fails "a word that nothing knows" 2 'nothing that runs is called "docker:nobody"' --ledger "$work/ledger.db" diff "$a" --running docker:nobody
fails "as two profiles are read for it" 5 'docker:web does not run now' --ledger "$work/ledger.db" diff "$a" "$a" --running docker:web
fails "three profiles" 2 'name two profiles, or one and --running' diff "$a" "$a" "$a" --running docker:web
fails "--live wants something that runs" 2 'name its workload' diff "$a" "$a" --for oci --live
echo nonsense >"$work/bad.conf"
fails "a configuration that is wrong" 3 'bad.conf:1' --config "$work/bad.conf" diff "$a" --running docker:web

# ---- runc's stub
exits "runc" 1 diff "$a" "$work/newer.json" --for oci --runtime runc
has "what is older than the newest name falls back no more" '^Denied in another way: ERRNO ENOSYS -> ERRNO EPERM'
has "such as this" 'epoll_pwait2'
exits "crun" 1 diff "$a" "$work/newer.json" --for oci --runtime crun
! grep -q ENOSYS "$work/out"
result $? "crun has no stub"

# ---- JSON
exits "json" 1 diff "$a" "$work/args.json" --for oci --json
has_keys "keys of a change" 1 \
	'change arch syscall nr nr_last inner before before_data after after_data by_arguments args'
has "an argument" '"by_arguments":true,"args":\[8,0,0,0,0,0\]'
tail -n 1 "$work/out" >"$work/last" && mv "$work/last" "$work/out"
has_keys "keys of the summary" 1 \
	'summary allowed logged denied changed evaluated sampled dialect runtime capabilities library assumed a b exit'
has "counts" '"allowed":1,"logged":0,"denied":0,"changed":0'

# ---- the engines' own profiles
samples=$srcdir/../shared/data/profiles
if [ -e "$samples/moby-default-v0.2.3.json" ]; then
	exits "Docker's default, then and now" 1 \
		diff "$samples/moby-default-v20.10.json" "$samples/moby-default-v0.2.3.json" --for docker
	has "io_uring went" 'io_uring_enter, io_uring_register, io_uring_setup'
	has "so did AF_VSOCK and AF_ALG" 'socket\(0x26\)'
else
	skip "Docker's default, then and now" "no sample profiles"
fi
done_testing
