/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Records that the kernel itself drops leave no gap of serials. It counts them; who may ask, asks
 * (AUDIT_GET, on a socket of its own), others read its log: through the journal or /dev/kmsg.
 * On the manager's loop; nothing here waits.
 */
#include "util/clock.h"

typedef struct KernelLoss KernelLoss;

typedef enum KernelLossWay {
	KERNEL_LOSS_NO_WAY,
	KERNEL_LOSS_STATUS,  /* its count */
	KERNEL_LOSS_JOURNAL, /* its log */
	KERNEL_LOSS_KMSG,
	_KERNEL_LOSS_WAY_MAX,
} KernelLossWay;

/* Tries the ways in that order. */
int kernel_loss_new(KernelLoss **ret);
KernelLoss *kernel_loss_free(KernelLoss *k);
DEFINE_CLEANUP(KernelLoss, kernel_loss_free);

/* The way that works now. */
KernelLossWay kernel_loss_way(const KernelLoss *k);
const char *kernel_loss_way_name(KernelLossWay w) _const_;

/* @total as the kernel counted it when we last asked, in this boot; before the first look. */
void kernel_loss_resume(KernelLoss *k, uint32_t total);

/* The count as far as it is known; UINT64_MAX when it is not. */
uint64_t kernel_loss_total(const KernelLoss *k);

/* What was dropped since the last look: a count, 0, or UINT64_MAX when nobody said how many. */
uint64_t kernel_loss_look(KernelLoss *k, usec_t now);
