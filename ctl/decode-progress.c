/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl/decode-progress.h"

#define FIRST_AFTER_MS 1000
#define INTERVAL_MS 250

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void decode_progress_start(DecodeProgress *p, int fd, bool quiet_output)
{
	struct stat st;

	*p = (DecodeProgress){ .what = "lines",
			       .wanted = isatty(STDERR_FILENO) &&
					 (quiet_output || !isatty(STDOUT_FILENO)) };
	if (!p->wanted)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		p->size = (uint64_t)st.st_size;
	p->started = now_ms();
	p->showed = p->started + FIRST_AFTER_MS - INTERVAL_MS;
}

void decode_progress_show(DecodeProgress *p, uint64_t position, uint64_t lines)
{
	uint64_t now, rate;

	if (!p->wanted)
		return;
	now = now_ms();
	if (now < p->showed + INTERVAL_MS)
		return;
	rate = lines * 1000 / (now - p->started);
	fprintf(stderr, "\r%" PRIu64 " %s, %" PRIu64 " per second", lines, p->what, rate);
	if (p->size > 0 && position <= p->size)
		fprintf(stderr, ", %" PRIu64 " %%", position * 100 / p->size);
	fputs("\033[K", stderr);
	p->showed = now;
	p->shown = true;
}

void decode_progress_end(DecodeProgress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
