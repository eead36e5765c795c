/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the kernel's own log says of audit records that the kernel dropped (kernel/audit.c). */
#include "util/span.h"

typedef enum LossNotice {
	LOSS_NOTICE_NONE,
	LOSS_NOTICE_TOTAL,   /* so many since the boot, by the kernel's count */
	LOSS_NOTICE_DROPPED, /* some, it does not say how many */
} LossNotice;

/* @text is one message without its prefix. It must begin as the kernel's does: records stand in
 * that log as well, with whatever a program is called. */
LossNotice loss_notice_read(Span text, uint32_t *ret_total);
