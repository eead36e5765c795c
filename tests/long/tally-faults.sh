#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/e2e/tally-faults.sh with 50,000 calls at once, and a disk that is full while the table grows.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
TALLY_FAULTS_ALL=yes TALLY_FAULTS_MANY=${TALLY_FAULTS_MANY:-50000} exec bash "$top/tests/e2e/tally-faults.sh"
