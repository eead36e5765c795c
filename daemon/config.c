/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/config.h"

int config_init(Config *c)
{
	DaemonSection *s = &c->daemon;

	*c = (Config){
		.daemon = { .receive_buffer = (uint64_t)64 << 20, .journal = true, .lineage = true }
	};
	s->source = strdup("netlink");
	s->ledger = strdup(SECCOMPD_STATE_DIR "/ledger.db");
	s->tally = strdup(SECCOMPD_RUNTIME_DIR "/tally");
	return s->source && s->ledger && s->tally ? 0 : -ENOMEM;
}

/* The sentence with its place before it. */
static int add_place(const char *file, int r, Diag *d)
{
	const Diag said = *d;

	if (!file)
		return r;
	if (said.line > 0)
		return diag_set(d, r, "%s:%u: %s", file, said.line, said.text);
	return diag_set(d, r, "%s: %s", file, said.text);
}

int config_load(const ConfigOrigin *origin, Config *ret, Diag *d)
{
	_cleanup_free_ char *file = NULL;
	_cleanup_config_ Config c = { 0 };
	int r = config_init(&c);

	if (r < 0)
		return diag_set(d, r, "out of memory");
	r = config_read(&c, origin->file, origin->must_exist, d, &file);
	if (r < 0)
		return add_place(file, r, d);
	r = config_override(&c, origin->ledger, origin->source, d);
	if (r < 0)
		return r;
	if (origin->no_journal)
		c.daemon.journal = false;
	*ret = c;
	c = (Config){ 0 };
	return 0;
}

int config_override(Config *c, const char *ledger, const char *source, Diag *d)
{
	_cleanup_free_ char *own = NULL, *tally = NULL;

	if (source && daemon_section_set_source(&c->daemon, source) < 0)
		return diag_set(d, -EINVAL, "--source %s: " DAEMON_SOURCES " is needed", source);
	if (!ledger)
		return 0;
	own = strdup(ledger);
	if (!own || asprintf(&tally, "%s.tally", ledger) < 0) {
		tally = NULL;
		return diag_set(d, -ENOMEM, "out of memory");
	}
	free(c->daemon.ledger);
	free(c->daemon.tally);
	c->daemon.ledger = STEAL(own);
	c->daemon.tally = STEAL(tally);
	return 0;
}
