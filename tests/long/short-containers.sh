#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/e2e/short-containers.sh with 24 containers of each kind.
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
SHORT_CONTAINERS=${SHORT_CONTAINERS:-24} exec bash "$top/tests/e2e/short-containers.sh"
