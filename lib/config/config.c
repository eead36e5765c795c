/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config/config.h"

void config_done(Config *c)
{
	daemon_section_done(&c->daemon);
	free(c->profile_path);
	state_section_done(&c->state);
	risk_settings_done(&c->risks);
	workload_rules_done(&c->workloads);
	gate_section_done(&c->gate);
	*c = (Config){ 0 };
}

static int take_line(const ConfigLine *line, void *userdata, Diag *d)
{
	Config *c = userdata;
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

int config_read(Config *c, const char *path, bool must_exist, Diag *d, char **ret_file)
{
	int r = config_file_read(path, must_exist, take_line, c, d, ret_file);

	return r < 0 ? r : workload_section_finish(&c->workloads, d, ret_file);
}
