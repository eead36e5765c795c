#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/integration/scarce.sh over some 2500 allocations of each program.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
srcdir=$top builddir=${builddir:-$top} SCARCE_RUNS=${SCARCE_RUNS:-2500} exec bash "$top/tests/integration/scarce.sh"
