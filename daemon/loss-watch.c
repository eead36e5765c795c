/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/kernel-loss.h"
#include "daemon/log.h"
#include "daemon/loss-watch.h"
#include "daemon/now.h"
#include "daemon/precondition.h"

#define CLOCK_STEP_MIN ((int64_t)(2 * USEC_PER_SEC))

struct LossWatch {
	Loss *loss;
	KernelLoss *kernel;
	KernelLossWay told;
	int64_t clock; /* the wall clock's lead on the time since boot; 0 = not looked yet */
};

static void warn(LossWatch *w)
{
	KernelLossWay way = kernel_loss_way(w->kernel);

	loss_set_state(w->loss, LOSS_UNOBSERVABLE, way == KERNEL_LOSS_NO_WAY);
	if (way == KERNEL_LOSS_NO_WAY && w->told != way)
		log_line(LOG_WARNING,
			 "records that the kernel drops itself cannot be counted: neither its "
			 "count (CAP_AUDIT_CONTROL) nor its log (group systemd-journal, or "
			 "CAP_SYSLOG) can be read");
	w->told = way;
}

int loss_watch_new(Loss *loss, LossWatch **ret)
{
	_cleanup_(loss_watch_freep) LossWatch *w = calloc(1, sizeof(*w));
	uint64_t total;
	int r;

	if (!w)
		return -ENOMEM;
	w->loss = loss;
	w->told = _KERNEL_LOSS_WAY_MAX;
	r = kernel_loss_new(&w->kernel);
	if (r < 0)
		return r;
	if (loss_kernel_total(loss, &total))
		kernel_loss_resume(w->kernel, (uint32_t)total);
	warn(w);
	*ret = STEAL(w);
	return 0;
}

LossWatch *loss_watch_free(LossWatch *w)
{
	if (!w)
		return NULL;
	kernel_loss_free(w->kernel);
	free(w);
	return NULL;
}

/* Over a suspend the time since boot goes on as the wall clock does; we may be kept from running
 * between the two looks. */
static bool was_set(LossWatch *w, usec_t now)
{
	int64_t before = w->clock, change;

	w->clock = (int64_t)now - (int64_t)now_of(CLOCK_BOOTTIME);
	change = w->clock - before;
	return before != 0 && (change > CLOCK_STEP_MIN || change < -CLOCK_STEP_MIN);
}

bool loss_watch_look(LossWatch *w, usec_t now)
{
	bool set = was_set(w, now);
	Diag d = { 0 };

	loss_note_kernel(w->loss, kernel_loss_look(w->kernel, now));
	loss_note_kernel_total(w->loss, kernel_loss_total(w->kernel));
	loss_set_state(w->loss, LOSS_NOT_LOGGED, precondition_warn(&d) > 0);
	warn(w);
	if (set)
		loss_note_clock_set(w->loss);
	return set;
}
