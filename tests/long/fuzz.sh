#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The fuzz targets again, for FUZZ_SECONDS of CPU time each (10 minutes); FUZZ_TARGETS picks some.
FUZZ_SECONDS=${FUZZ_SECONDS:-600} exec bash "$(dirname "$0")/../e2e/fuzz.sh"
