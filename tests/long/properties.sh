#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The random tests of profiles and patches, with more rounds than there is time for otherwise.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

check "5000 random patches" env PROPERTY_ROUNDS=5000 PROPERTY_SEED=100000 "$E2E_BUILD/tests/unit/test-suggest-property"
check "mutants of every kind of each sample" env MUTATION_EACH=4 "$E2E_BUILD/tests/unit/test-proof-mutation"
check "each sample promoted for Docker and for Podman" env SAMPLES_BOTH=1 "$E2E_BUILD/tests/unit/test-promote-samples"
done_testing
