#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# As tests/e2e/agreement-engines.sh, with all public profiles and forty random ones for each engine.
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
AGREEMENT_ALL=1 AGREEMENT_CONDITIONS=${AGREEMENT_CONDITIONS:-40} exec bash "$top/tests/e2e/agreement-engines.sh"
