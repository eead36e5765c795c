#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# 60 s at 20,000 records a second with journald stopped and the ledger's disk full.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
STOPPED_SECONDS=${STOPPED_SECONDS:-60} exec bash "$top/tests/e2e/stopped.sh"
