#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# As tests/e2e/agreement.sh, with five hundred random profiles for each runtime.
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
AGREEMENT_RANDOM=${AGREEMENT_RANDOM:-500} exec bash "$top/tests/e2e/agreement.sh"
