#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/e2e/hostile.sh for a minute.
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
HOSTILE_SECONDS=${HOSTILE_SECONDS:-60} exec bash "$top/tests/e2e/hostile.sh"
