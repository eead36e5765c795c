#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# 200,000 records as fast as the kernel makes them: none is lost and the ledger's count is exact.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

RECORDS=${RECORDS:-200000}

need_root
need jq
e2e_begin
need_stream
start_waker
start_seccompd --no-journal || bail "seccompd does not start"
before=$(status_field records)
check "the flood is made" "$CALLS" --stay 1 flood "$RECORDS" "$OWN_CALL"
check "the ledger's count is exact" wait_until 30 total_is "$OWN_CALL" "$RECORDS"
diag "counted: $(total_of "$OWN_CALL") of $RECORDS"
is "no serial is missing" "$(status_field serial_gaps)" 0
is "the kernel dropped nothing (no ENOBUFS)" "$(status_field enobufs)" 0
is "nothing was rejected" "$(status_field rejected)" 0
check "status counts at least as many records" test $(($(status_field records) - before)) -ge "$RECORDS"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
rm -f "$E2E_DIR/ledger.db.tally"
is "the ledger alone, without the live counters, holds them all" "$(total_of "$OWN_CALL")" "$RECORDS"
done_testing
