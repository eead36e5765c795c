/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A service manager on the bus, as far as filters go: the true interface's names and signatures
 * (org.freedesktop.systemd1(5)) over a table of units. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define FAKE_PATH "/org/freedesktop/systemd1"

typedef struct FakeUnit {
	const char *name;
	int filter_allows;
	const char *filter; /* names between blanks */
	int log_allows;
	const char *log, *arches;
	int32_t error_number;
	const char *result;       /* NULL = "success" */
	unsigned char invocation; /* each of its 16 bytes; 0 = none */
} FakeUnit;

static inline int fake_append_words(sd_bus_message *m, const char *words)
{
	char *copy = strdup(words ? words : ""), *rest = copy, *word;
	int r = sd_bus_message_open_container(m, 'a', "s");

	while (r >= 0 && (word = strsep(&rest, " ")))
		if (*word)
			r = sd_bus_message_append_basic(m, 's', word);
	free(copy);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static inline int fake_append_filter(sd_bus_message *m, int allows, const char *words)
{
	int r = sd_bus_message_open_container(m, 'r', "bas");

	if (r >= 0)
		r = sd_bus_message_append_basic(m, 'b', &allows);
	if (r >= 0)
		r = fake_append_words(m, words);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static inline int fake_append_invocation(sd_bus_message *m, unsigned char byte)
{
	unsigned char bytes[16];

	memset(bytes, byte, sizeof(bytes));
	return sd_bus_message_append_array(m, 'y', bytes, byte ? sizeof(bytes) : 0);
}

static inline int fake_get(sd_bus *bus, const char *path, const char *interface,
			   const char *property, sd_bus_message *m, void *userdata,
			   sd_bus_error *error)
{
	const FakeUnit *u = userdata;

	(void)bus;
	(void)path;
	(void)interface;
	(void)error;
	if (strcmp(property, "SystemCallFilter") == 0)
		return fake_append_filter(m, u->filter_allows, u->filter);
	if (strcmp(property, "SystemCallLog") == 0)
		return fake_append_filter(m, u->log_allows, u->log);
	if (strcmp(property, "SystemCallArchitectures") == 0)
		return fake_append_words(m, u->arches);
	if (strcmp(property, "SystemCallErrorNumber") == 0)
		return sd_bus_message_append_basic(m, 'i', &u->error_number);
	if (strcmp(property, "Result") == 0)
		return sd_bus_message_append_basic(m, 's', u->result ? u->result : "success");
	if (strcmp(property, "InvocationID") == 0)
		return fake_append_invocation(m, u->invocation);
	if (strcmp(property, "NoNewPrivileges") == 0)
		return sd_bus_message_append(m, "b", 1);
	if (strcmp(property, "CapabilityBoundingSet") == 0)
		return sd_bus_message_append(m, "t", UINT64_C(0x21));
	return sd_bus_message_append(m, "(sba(ss))", "x", 1, 1, "a", "b");
}

static const sd_bus_vtable fake_service[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("AppArmorProfileLike", "(sba(ss))", fake_get, 0, 0),
	SD_BUS_PROPERTY("SystemCallFilter", "(bas)", fake_get, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("SystemCallLog", "(bas)", fake_get, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("SystemCallArchitectures", "as", fake_get, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("SystemCallErrorNumber", "i", fake_get, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("Result", "s", fake_get, 0, 0),
	SD_BUS_PROPERTY("NoNewPrivileges", "b", fake_get, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_PROPERTY("CapabilityBoundingSet", "t", fake_get, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_VTABLE_END,
};

static const sd_bus_vtable fake_unit[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("InvocationID", "ay", fake_get, 0, 0),
	SD_BUS_VTABLE_END,
};

static inline int fake_find(sd_bus *bus, const char *path, const char *interface, void *userdata,
			    void **ret, sd_bus_error *error)
{
	char *name = NULL;
	int r = sd_bus_path_decode(path, FAKE_PATH "/unit", &name);

	(void)bus;
	(void)interface;
	(void)error;
	if (r <= 0)
		return r;
	r = 0;
	for (FakeUnit *u = userdata; u->name; u++)
		if (strcmp(u->name, name) == 0) {
			*ret = u;
			r = 1;
		}
	free(name);
	return r;
}

static inline int fake_list(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	sd_bus_message *reply = NULL;
	int r = sd_bus_message_new_method_return(m, &reply);

	(void)error;
	if (r >= 0)
		r = sd_bus_message_open_container(reply, 'a', "(ssssssouso)");
	for (const FakeUnit *u = userdata; r >= 0 && u->name; u++)
		r = sd_bus_message_append(reply, "(ssssssouso)", u->name, "a unit", "loaded",
					  "active", "running", "", FAKE_PATH "/unit/x", 0, "", "/");
	if (r >= 0)
		r = sd_bus_message_close_container(reply);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r;
}

static const sd_bus_vtable fake_manager[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("ListUnitsByPatterns", "asas", "a(ssssssouso)", fake_list,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

/* @units ends with an entry without a name. */
static inline int fake_systemd_add(sd_bus *bus, FakeUnit *units)
{
	int r = sd_bus_add_object_vtable(bus, NULL, FAKE_PATH, "org.freedesktop.systemd1.Manager",
					 fake_manager, units);

	if (r >= 0)
		r = sd_bus_add_fallback_vtable(bus, NULL, FAKE_PATH "/unit",
					       "org.freedesktop.systemd1.Unit", fake_unit,
					       fake_find, units);
	return r < 0 ? r
		     : sd_bus_add_fallback_vtable(bus, NULL, FAKE_PATH "/unit",
						  "org.freedesktop.systemd1.Service", fake_service,
						  fake_find, units);
}

static inline void fake_systemd_serve(sd_bus *bus, const int *stop)
{
	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		int r = sd_bus_process(bus, NULL);

		if (r < 0)
			return;
		if (r == 0)
			sd_bus_wait(bus, 50000);
	}
}
