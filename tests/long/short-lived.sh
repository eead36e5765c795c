#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/e2e/short-lived.sh with 100,000 processes, and 100 containers of runc.
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
PROCESSES=${PROCESSES:-100000} RUNC_RUNS=${RUNC_RUNS:-100} exec bash "$top/tests/e2e/short-lived.sh"
