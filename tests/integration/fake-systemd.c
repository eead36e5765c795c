/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fake-systemd [hang | UNIT]: org.freedesktop.systemd1 on the bus of $DBUS_SYSTEM_BUS_ADDRESS with
 * a few units, and UNIT, which has the filter of refuses.service; "hang" takes the name and answers
 * nobody. Prints "ready" when it has it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/fake-systemd.h"

#define KILL (INT32_MAX - 1)

static FakeUnit units[] = {
	{ .name = "kills.service",
	  .filter_allows = 1,
	  .filter = "read write",
	  .error_number = KILL },
	{ .name = "refuses.service", .filter_allows = 1, .filter = "read", .error_number = 1 },
	{ .name = "logs.service", .log = "read write exit_group", .error_number = KILL },
	{ .name = "denies.service", .filter = "mount bpf:EPERM", .error_number = KILL },
	{ .name = "plain.service", .error_number = KILL },
	{ .name = "many@1.service", .arches = "native", .error_number = KILL },
	{ .name = "many@2.service", .arches = "native", .error_number = KILL },
	{ .name = "", .filter_allows = 1, .filter = "read", .error_number = 1 },
	{ 0 },
};

int main(int argc, char **argv)
{
	static const int stop;
	bool hangs = argc > 1 && strcmp(argv[1], "hang") == 0;
	FakeUnit *last = &units[sizeof(units) / sizeof(units[0]) - 2];
	sd_bus *bus = NULL;

	/* Without a name the table ends before it. */
	last->name = argc > 1 && !hangs ? argv[1] : NULL;
	if (sd_bus_open_system(&bus) < 0 || fake_systemd_add(bus, units) < 0 ||
	    sd_bus_request_name(bus, "org.freedesktop.systemd1", 0) < 0) {
		fprintf(stderr, "fake-systemd: cannot take its name on the bus\n");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	if (hangs)
		for (;;)
			pause();
	fake_systemd_serve(bus, &stop);
	return 0;
}
