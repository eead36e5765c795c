#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The main job on real Docker containers: evidence, suggestion, patch, the ERRNO stage.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/container-suite.sh
. "$top/tests/e2e/container-suite.sh"

need_root
need docker dockerd runc busybox jq patch
e2e_begin
need_stream
make_image
start_docker
container_suite docker
done_testing
