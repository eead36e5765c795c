/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <systemd/sd-daemon.h>

#include "daemon/log.h"
#include "daemon/manager-private.h"
#include "daemon/now.h"
#include "daemon/reload.h"

/* ---- what changes, and what waits ---- */

static bool text_differs(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b) != 0;
}

static bool size_differs(const void *a, const void *b)
{
	return *(const uint64_t *)a != *(const uint64_t *)b;
}

static bool bool_differs(const void *a, const void *b)
{
	return *(const bool *)a != *(const bool *)b;
}

/* What was opened, or not, at the start. */
static const struct {
	const char *key;
	size_t offset, size;
	bool (*differs)(const void *a, const void *b);
} fixed[] = {
#define FIXED(key, member, differs)                                                   \
	{                                                                             \
		key, offsetof(Config, member), sizeof(((Config *)0)->member), differs \
	}
	FIXED("Source", daemon.source, text_differs),
	FIXED("Ledger", daemon.ledger, text_differs),
	FIXED("Tally", daemon.tally, text_differs),
	FIXED("ReceiveBuffer", daemon.receive_buffer, size_differs),
	FIXED("Lineage", daemon.lineage, bool_differs),
	FIXED("Backfill", daemon.backfill, bool_differs),
#undef FIXED
};

static void swap(void *a, void *b, size_t n)
{
	char *x = a, *y = b;

	for (size_t i = 0; i < n; i++) {
		char c = x[i];

		x[i] = y[i];
		y[i] = c;
	}
}

unsigned config_take(Config *to, Config *from, char *waiting, size_t size)
{
	unsigned n = 0;
	size_t at = 0;

	swap(to, from, sizeof(*to));
	waiting[0] = '\0';
	for (size_t i = 0; i < ELEMENTSOF(fixed); i++) {
		char *new = (char *)to + fixed[i].offset, *old = (char *)from + fixed[i].offset;

		if (fixed[i].differs(new, old)) {
			if (at < size)
				at += (size_t)snprintf(waiting + at, size - at,
						       "%s%s=", n > 0 ? ", " : "", fixed[i].key);
			n++;
		}
		swap(new, old, fixed[i].size);
	}
	return n;
}

/* ---- reloading ---- */

/* Names of before were made by other rules, or from other places. */
static void apply(Manager *m)
{
	StateRoots roots = manager_state_roots(m);

	watch_lock(&m->watch_lock);
	resolver_set_roots(m->resolver, &roots);
	resolver_forget(m->resolver);
	if (m->watch)
		watch_thread_set_roots(m->watch, &roots);
	watch_unlock(&m->watch_lock);
	m->renewal.roots = true;
	ledger_renewal_check(m);
	publisher_reloaded(&m->publisher);
}

/* systemd waits for READY=1 behind it; only from 253 on it wants the time, which is no harm before.
 */
static void announce(void)
{
	sd_notifyf(0,
		   "RELOADING=1\nMONOTONIC_USEC=%" PRIu64
		   "\nSTATUS=Reading the configuration again",
		   now_of(CLOCK_MONOTONIC));
}

static int read_again(Manager *m, Diag *d)
{
	_cleanup_config_ Config other = { 0 };
	char waiting[128];
	int r = config_load(m->origin, &other, d);

	if (r < 0)
		return r;
	if (config_take(m->config, &other, waiting, sizeof(waiting)) > 0)
		diag_set(d, 0, "%s changed, which takes a restart (systemctl restart seccompd)",
			 waiting);
	/* Before the old places are freed. */
	apply(m);
	return 0;
}

void reload(Manager *m)
{
	usec_t now = manager_now();
	Diag d = { 0 };
	int r;

	announce();
	r = read_again(m, &d);
	if (r < 0)
		log_line(LOG_ERR, "the configuration was not read again, the old one holds: %s",
			 d.text);
	else if (d.text[0])
		log_line(LOG_WARNING, "the configuration was read again; %s", d.text);
	else
		log_line(LOG_NOTICE, "the configuration was read again");
	tally_set_fault(m->tally, TALLY_FAULT_CONFIG, r < 0 ? d.text : NULL, now);
	if (r >= 0)
		tally_set_fault(m->tally, TALLY_FAULT_RESTART, d.text[0] ? d.text : NULL, now);
	sd_notify(0, "READY=1");
	publish_status(&m->publisher);
}
