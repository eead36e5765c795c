/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Tells the loss of what no counter of ours can see: what the kernel drops itself, and what it was
 * told not to record. */
#include "daemon/loss.h"

typedef struct LossWatch LossWatch;

/* @loss is borrowed. Warns when the kernel's losses cannot be seen. */
int loss_watch_new(Loss *loss, LossWatch **ret);
LossWatch *loss_watch_free(LossWatch *w);
DEFINE_CLEANUP(LossWatch, loss_watch_free);

/* Before each pass of the writer. Whether the wall clock was set since the last look. */
bool loss_watch_look(LossWatch *w, usec_t now);
