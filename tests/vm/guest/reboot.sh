#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The machine was switched off and on: the service comes back by itself with all it knew, and says when it
# did not look.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

check "the service is active" wait_until 30 is_active
check "status says that it runs" wait_until 20 is_running
is "its ledger was closed in order" "$(find /var/lib/seccompd -name '*.corrupt-*')" ""
check "what was seen before is known" test -n "$(ctl show podman:web --json)"
is "no serial is missing: they began anew" "$(status_field serial_gaps)" 0
check "a record arrives" everything_is_read
is "no error was reported" "$(journalctl --no-pager --boot --output=cat --priority=err "_SYSTEMD_UNIT=$SERVICE")" ""
diag "$(ctl list --all | grep -i 'not running')"
done_testing
