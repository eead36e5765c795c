/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "daemon/host-facts.h"
#include "profile/filter.h"
#include "state/identity.h"

#define LOOK_INTERVAL (60 * USEC_PER_SEC)

static void look_for_manager(HostFacts *f, int root_fd)
{
	static const char *const paths[] = { "usr/lib/systemd/systemd", "lib/systemd/systemd" };

	f->manager[0] = '\0';
	for (size_t i = 0; i < ELEMENTSOF(paths) && !f->manager[0]; i++)
		identity_of_file(root_fd, paths[i], f->manager, sizeof(f->manager));
}

/* Where it lies differs between architectures and distributions: where ours does. */
static void look_for_libc(HostFacts *f, int root_fd)
{
	Dl_info info;

	f->libc[0] = '\0';
	if (dladdr((void *)(uintptr_t)&malloc, &info) != 0 && info.dli_fname &&
	    info.dli_fname[0] == '/')
		identity_of_file(root_fd, info.dli_fname + 1, f->libc, sizeof(f->libc));
}

void host_facts_update(HostFacts *f, int root_fd, usec_t now)
{
	struct utsname u;

	if (f->looked != 0 && now >= f->looked && now - f->looked < LOOK_INTERVAL)
		return;
	f->looked = now;
	identity_of_runtimes(root_fd, f->runtimes, sizeof(f->runtimes));
	look_for_manager(f, root_fd);
	look_for_libc(f, root_fd);
	filter_library_version(f->libseccomp, sizeof(f->libseccomp));
	if (uname(&u) < 0)
		return;
	snprintf(f->kernel, sizeof(f->kernel), "%s", u.release);
	snprintf(f->machine, sizeof(f->machine), "%s", u.machine);
}
