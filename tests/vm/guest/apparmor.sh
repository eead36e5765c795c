#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# With AppArmor on, each record carries a label, which may have blanks, and what looks like other fields.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

is "AppArmor is on" "$(cat /sys/module/apparmor/parameters/enabled)" Y
FORGED='x sig=31 arch=c00000b7 syscall=221 compat=0 ip=0x0 code=0x80000000'
confined() { # UNIT PROFILE-NAME CALL
	cp "$CALLS" "/run/$1"
	printf 'profile "%s" "/run/%s" {\n\tfile,\n\tcapability,\n\tnetwork,\n\tsignal,\n\tunix,\n}\n' "$2" "$1" >"$work/profile"
	apparmor_parser --replace --skip-cache "$work/profile" || return
	run_unit "$1" "/run/$1" flood 3 "$3"
	apparmor_parser --remove "$work/profile"
	rm "/run/$1"
}
record_of() { # NR: as the kernel made it, by way of journald
	journalctl --no-pager --output=json _TRANSPORT=audit _AUDIT_TYPE=1326 | grep -F "syscall=$1 " | tail -n 1 >"$work/record"
	[ -s "$work/record" ]
}
decoded() { # KEY
	ctl decode --json "$work/record" 2>/dev/null | jq -r "select(.status == \"record\") | .$1"
}
# Some kernels add what is not its name.
label() {
	decoded subj | sed 's/^=//; s/ (enforce)$//'
}
count() { # UNIT NR
	ctl show "unit:$1.service" --json 2>/dev/null | jq -s "[.[] | select(.nr == $2 and .arch == \"x86_64\") | .count] | add // 0"
}
count_is() { # UNIT NR WANTED
	[ "$(count "$1" "$2")" = "$3" ]
}

plain=$OWN_CALL
check "a confined service makes its calls" confined vm-armor-1 web-profile "$plain"
check "they are the unit's" wait_until 30 count_is vm-armor-1 "$plain" 3
check "the journal has the record" wait_until 20 record_of "$plain"
is "with the label" "$(label)" web-profile
is "the number is right" "$(decoded nr)" "$plain"
check "under a name like a record's end" confined vm-armor-2 "$FORGED" "$((plain + 1))"
check "they are the unit's" wait_until 30 count_is vm-armor-2 "$((plain + 1))" 3
is "and nothing else of it" "$(ctl show unit:vm-armor-2.service --json | jq -r '"\(.arch) \(.nr) \(.action)"' | sort -u)" \
	"x86_64 $((plain + 1)) SCMP_ACT_LOG"
check "the journal has the record" wait_until 20 record_of "$((plain + 1))"
is "with the label" "$(label)" "$FORGED"
is "the forged number is none" "$(decoded nr)" "$((plain + 1))"
is "nothing was rejected" "$(status_field rejected)" 0
done_testing
