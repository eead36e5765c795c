#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/e2e/short-lived.sh with 100,000 processes.
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
PROCESSES=${PROCESSES:-100000} exec bash "$top/tests/e2e/short-lived.sh"
