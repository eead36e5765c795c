/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Another program's answer on its standard output: of a runtime, of systemd's tools. */
#include "util/buffer.h"

/*
 * Runs argv[0], found by PATH, and appends what it prints, up to @max bytes and two seconds; then
 * it is ended. What it says on standard error is lost. -errno when it cannot be started,
 * -ETIMEDOUT, -EFBIG; -EIO when it failed.
 */
int ask_program(char *const argv[], size_t max, Buffer *out);
