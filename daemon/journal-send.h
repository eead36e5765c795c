/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * One entry to journald by its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL), never waiting
 * longer than was asked for: sd_journal_sendv() waits for ever when journald is stopped.
 */
#include "util/span.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* *ret is for this pass only: after a restart of journald the same path is another socket. -ENOENT
 * or -ECONNREFUSED when nobody listens. */
int journal_connect(const char *path, int *ret);

/*
 * @entry is whole: fields in the protocol's form. What is too large for a datagram goes as a sealed
 * file in memory. -EAGAIN when journald has not taken what was sent before; *timeout_ms is how long
 * to wait for it, and is reduced by that wait. -ECONNREFUSED when it has gone.
 */
int journal_send(int fd, Span entry, int *timeout_ms);
