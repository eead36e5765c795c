/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The running seccompd as the kernel sees it: its process and its socket. */
#include <sys/types.h>

#include "suggest/doctor.h"

/* Of the process that has the tally with this identity open. Fills .process, .foreign_pids,
 * .on_stream, .passed and .receive_buffer; what cannot be told stays so there. */
void doctor_daemon_look(int proc_fd, dev_t device, ino_t inode, DoctorDaemon *d);
