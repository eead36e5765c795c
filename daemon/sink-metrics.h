/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* MetricsFile=: the counters for a collector that reads files. On the writer's side: it may wait for
 * a disk. */
#include "daemon/metrics.h"

#define SINK_METRICS_INTERVAL (15 * USEC_PER_SEC)

typedef struct SinkMetrics {
	usec_t last;	   /* when it was written, or tried, last */
	uint64_t failures; /* since the daemon started */
} SinkMetrics;

/* Is it time to write again? */
bool sink_metrics_is_due(const SinkMetrics *s, usec_t now);

/*
 * Replaces @path (0644) as a whole: readers see the old text or the new one. 0 or -errno; -EINVAL
 * for a link, a folder, or what else is no regular file: it stays as it is. .failures counts and goes
 * into @m's text.
 */
int sink_metrics_write(SinkMetrics *s, const char *path, Metrics *m, usec_t now);
