/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "daemon/passed-fds.h"
#include "daemon/proc-connector.h"

#define STORE_NAME "connector"

static void free_names(char **names)
{
	for (char **n = names; n && *n; n++)
		free(*n);
	free(names);
}

/* By what it is; what was stored and is no connector any more is of no use. */
static int take(int fd, const char *name, PassedFds *p)
{
	if (proc_connector_is(fd) && p->connector < 0) {
		p->connector = fd;
		return 0;
	}
	if (strcmp(name, STORE_NAME) == 0) {
		close(fd);
		return 0;
	}
	if (p->audit >= 0)
		return -EINVAL;
	p->audit = fd;
	return 0;
}

int passed_fds_take(PassedFds *ret, Diag *d)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(true, &names), r = MIN(n, 0);

	*ret = (PassedFds){ -1, -1 };
	for (int i = 0; i < n && r >= 0; i++)
		r = take(SD_LISTEN_FDS_START + i, names[i], ret);
	free_names(names);
	return r < 0 ? diag_set(d, r,
				"the service manager passed %d sockets, one of the audit stream is "
				"needed",
				n)
		     : 0;
}

/* A socket that overflowed has an error pending, for which a service manager that polls it would
 * close it. */
bool passed_fds_keep(int connector)
{
	sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=" STORE_NAME);
	return sd_pid_notify_with_fds(0, false, "FDSTORE=1\nFDPOLL=0\nFDNAME=" STORE_NAME,
				      &connector, 1) > 0;
}
