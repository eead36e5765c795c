#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl explain CONTAINER without any container: from the ledger, and what cannot be explained.
. "${srcdir:?}/tests/integration/client-lib.sh"

good=$work/good.db audited=$work/audited.db
"${builddir:?}/tests/integration/make-ledger" "$good" complete || exit 99
"${builddir:?}/tests/integration/make-ledger" "$audited" audited || exit 99

exits "a filter that nobody knows any more" 5 --ledger "$good" explain docker:web --syscall mincore --json
has_keys "the keys" 1 "workload container syscall by certain seccomp answer visibility recorded capability missing lsm label next instead"
has "what is not known is no leave" '"by":"unknown","certain":false,"seccomp":"not-known"'
has "the kernel asks for none" '"capability":"lets","missing":\[\],"lsm":"not-known","label":null'
exits "the beginning of a name" 5 --ledger "$good" explain docker:we --syscall mincore
has "in words" '^mincore in docker:web: that cannot be told$'
has "each that is asked" '^module .* not known here$'
exits "a call that is not recorded" 5 --ledger "$good" explain docker:web
has "how to go on" '^Next .* explain docker:web --syscall NAME'

exits "a filter that refuses" 0 --ledger "$audited" explain docker:mute --syscall mount --json
has "is the first to be asked" '"by":"seccomp","certain":true,"seccomp":"refuses","answer":"ERRNO EPERM","visibility":"blind"'
has "the capability is missing as well" '"capability":"refuses","missing":\["CAP_SYS_ADMIN"\]'
exits "a filter that lets it through" 0 --ledger "$audited" explain docker:gap --syscall mount
has "leaves it to the capability" '^mount in docker:gap: it lacks a capability$'
has "and records it" '^seccomp +lets it through, and records it$'

exits "a filter that kills" 0 --ledger "$audited" explain docker:strict --syscall mount
has "would have been recorded" '^seccomp +refuses it, whatever the arguments: KILL_PROCESS; none was recorded$'
exits "one that refuses in silence" 0 --ledger "$audited" explain docker:mute --syscall mount
has "would not" 'ERRNO EPERM; it leaves no record of that'
exits "and without a call" 5 --ledger "$audited" explain docker:strict
has "none is told as none" '^docker:strict: no refusal was recorded'
exits "or in silence" 5 --ledger "$audited" explain docker:mute
has "as no proof" '^docker:mute: its filter leaves no record of what it refuses'

fails "an unknown workload" 2 'nobody' --ledger "$good" explain nobody --syscall mount
fails "an unknown call" 2 'no system call "mout"; did you mean "mount"' --ledger "$good" explain docker:web --syscall mout
fails "two containers" 2 'one container at a time' --ledger "$good" explain docker:web docker:db
fails "nothing runs, and there is no ledger" 4 'there is no ledger .*none.db' --ledger "$work/none.db" explain nobody --syscall mount
fails "a hostile name" 2 'x.x1B' --ledger "$good" explain $'x\x1b[2J' --syscall mount
printf 'no ledger' >"$work/broken.db"
fails "a broken ledger" 4 'broken.db' --ledger "$work/broken.db" explain docker:web --syscall mount
done_testing
