/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/config.h"

void ctl_config_done(CtlConfig *c)
{
	daemon_section_done(&c->daemon);
	free(c->profile_path);
	state_section_done(&c->state);
	risk_settings_done(&c->risks);
	workload_rules_done(&c->workloads);
	gate_section_done(&c->gate);
	*c = (CtlConfig){ 0 };
}

static int take_line(const ConfigLine *line, void *userdata, Diag *d)
{
	CtlConfig *c = userdata;
	int r = workload_section_take(line, &c->workloads, d);

	if (r == 0)
		r = gate_section_take(line, &c->gate, d);
	if (r == 0)
		r = state_section_take(line, &c->state, d);
	if (r == 0)
		r = profile_path_take(line, &c->profile_path, d);
	if (r == 0)
		r = risk_section_take(line, &c->risks, d);
	return r == 0 ? daemon_section_take(line, &c->daemon, d) : r;
}

static int explain(int r, const char *file, const Diag *inner, Diag *d)
{
	char line[16] = "";

	if (r == -ENOMEM)
		return diag_set(d, r, "out of memory");
	if (inner->line > 0)
		snprintf(line, sizeof(line), ":%u", inner->line);
	return diag_set(d, -EBADMSG, "%s%s: %s; correct it, or read another file with --config",
			file, line, inner->text);
}

int ctl_config_read(const char *path, bool must_exist, CtlConfig *ret, Diag *d)
{
	_cleanup_ctl_config_ CtlConfig c = { 0 };
	_cleanup_free_ char *file = NULL;
	Diag inner = { 0 };
	int r;

	r = config_file_read(path, must_exist, take_line, &c, &inner, &file);
	if (r == 0)
		r = workload_section_finish(&c.workloads, &inner, &file);
	if (r < 0)
		return explain(r, file ?: path, &inner, d);
	*ret = c;
	c = (CtlConfig){ 0 };
	return 0;
}
