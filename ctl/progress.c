/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "ctl/progress.h"
#include "util/clock.h"

#define FIRST_AFTER_MS 1000
#define INTERVAL_MS 250

static int terminal = STDERR_FILENO;
static bool shown;

void progress_terminal(int fd)
{
	terminal = fd;
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* A line can be taken away again. */
static bool can_overwrite(int fd)
{
	const char *kind = getenv("TERM");

	return isatty(fd) && kind && kind[0] && strcmp(kind, "dumb") != 0;
}

void progress_start(Progress *p, const char *what, uint64_t total, bool quiet_output)
{
	bool wanted = can_overwrite(terminal) && (quiet_output || !isatty(STDOUT_FILENO));

	*p = (Progress){ .fd = wanted ? terminal : -1, .what = what, .total = total };
	if (!wanted)
		return;
	p->started = now_ms();
	p->showed = p->started + FIRST_AFTER_MS - INTERVAL_MS;
}

/* "45 %, 12 s left: ", as if it went on as it went so far. */
static size_t put_part(const Progress *p, uint64_t position, uint64_t ms, char *buf, size_t size)
{
	uint64_t done = position < p->total ? position : p->total;
	double left = done == 0 ? 0 : (double)ms * (double)(p->total - done) / (double)done;
	char text[32];
	int n;

	if (done == 0)
		n = snprintf(buf, size, "0 %%: ");
	else
		n = snprintf(buf, size, "%" PRIu64 " %%, %s left: ",
			     (uint64_t)((double)done * 100 / (double)p->total),
			     clock_format_span((usec_t)(left / 1000 + 0.5) * USEC_PER_SEC, text,
					       sizeof(text)));
	return (size_t)n;
}

char *progress_text(const Progress *p, uint64_t position, uint64_t count, uint64_t ms,
		    size_t columns, char buf[static PROGRESS_TEXT_MAX])
{
	size_t n = p->total > 0 ? put_part(p, position, ms, buf, PROGRESS_TEXT_MAX) : 0;

	snprintf(buf + n, PROGRESS_TEXT_MAX - n, "%" PRIu64 " %s, %" PRIu64 " per second", count,
		 p->what, ms > 0 ? count * 1000 / ms : count);
	if (columns > 0 && columns < strlen(buf))
		buf[columns] = '\0';
	return buf;
}

void progress_show(Progress *p, uint64_t position, uint64_t count)
{
	char text[PROGRESS_TEXT_MAX];
	struct winsize size;
	size_t columns = 0;
	uint64_t now;

	if (p->fd < 0)
		return;
	now = now_ms();
	if (now < p->showed + INTERVAL_MS)
		return;
	/* The last column stays free: a terminal goes on in the next line behind it. */
	if (ioctl(p->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
		columns = size.ws_col - 1U;
	dprintf(p->fd, "\r%s\033[K",
		progress_text(p, position, count, now - p->started, columns, text));
	p->showed = now;
	shown = true;
}

void progress_clear(void)
{
	if (shown)
		dprintf(terminal, "\r\033[K");
	shown = false;
}

void progress_end(Progress *p)
{
	progress_clear();
	p->fd = -1;
}
