/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "state/unit.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define UNIT_PATH "/org/freedesktop/systemd1/unit"

#define ROUNDS 64 /* of talk until a connection is up: it takes about five */
#define SLICES 8

/* The kinds that run processes, and so have filters. */
static const struct {
	Span suffix;
	const char *interface;
} kinds[] = {
	{ SPAN_LIT(".service"), SYSTEMD ".Service" },
	{ SPAN_LIT(".socket"), SYSTEMD ".Socket" },
	{ SPAN_LIT(".mount"), SYSTEMD ".Mount" },
	{ SPAN_LIT(".swap"), SYSTEMD ".Swap" },
};

typedef sd_bus_message Message;

static void message_unrefp(Message **m)
{
	sd_bus_message_unref(*m);
}

/* There is no clock here: a share of the time for each wait that brings nothing. */
int unit_bus_wait(sd_bus *bus, usec_t timeout)
{
	unsigned idle = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		int r = sd_bus_is_ready(bus);

		if (r != 0)
			return r < 0 ? r : 0;
		r = sd_bus_process(bus, NULL);
		if (r < 0)
			return r;
		if (r > 0)
			continue;
		if (idle == SLICES)
			return -ETIMEDOUT;
		r = sd_bus_wait(bus, timeout / SLICES);
		if (r < 0 && r != -EINTR)
			return r;
		idle += r <= 0;
	}
	return -ETIMEDOUT;
}

int unit_bus_open(usec_t timeout, sd_bus **ret)
{
	sd_bus *bus = NULL;
	int r;

	r = sd_bus_open_system(&bus);
	if (r < 0)
		return r;
	r = unit_bus_wait(bus, timeout);
	if (r < 0) {
		sd_bus_close_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

/* ---- properties ---- */

static int add_name(UnitNames *names, const char *name, size_t max)
{
	char **more;

	if (names->n == max)
		return 0;
	more = reallocarray(names->names, names->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	names->names = more;
	more[names->n] = strdup(name);
	if (!more[names->n])
		return -ENOMEM;
	names->n++;
	return 0;
}

static int read_names(Message *m, UnitNames *ret, size_t max)
{
	const char *name;
	int r;

	r = sd_bus_message_enter_container(m, 'a', "s");
	if (r < 0)
		return r;
	while ((r = sd_bus_message_read_basic(m, 's', &name)) > 0) {
		r = add_name(ret, name, max);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* "(bas)" */
static int read_filter(Message *m, UnitNames *ret)
{
	int inclusive, r;

	r = sd_bus_message_enter_container(m, 'r', "bas");
	if (r >= 0)
		r = sd_bus_message_read_basic(m, 'b', &inclusive);
	if (r < 0)
		return r;
	ret->inclusive = inclusive;
	r = read_names(m, ret, UNIT_NAMES_MAX);
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int take_filter(Message *m, UnitFilter *f)
{
	return read_filter(m, &f->filter);
}

static int take_log(Message *m, UnitFilter *f)
{
	return read_filter(m, &f->log);
}

static int take_arches(Message *m, UnitFilter *f)
{
	return read_names(m, &f->arches, UNIT_ARCHES_MAX);
}

static int take_error_number(Message *m, UnitFilter *f)
{
	return sd_bus_message_read_basic(m, 'i', &f->error_number);
}

static int take_no_new_privs(Message *m, UnitFilter *f)
{
	int value, r = sd_bus_message_read_basic(m, 'b', &value);

	f->no_new_privs = r >= 0 && value;
	return r;
}

static int take_capabilities(Message *m, UnitFilter *f)
{
	return sd_bus_message_read_basic(m, 't', &f->capabilities);
}

static const struct {
	const char *name, *type;
	int (*take)(Message *m, UnitFilter *f);
} properties[] = {
	{ "SystemCallFilter", "(bas)", take_filter },
	{ "SystemCallLog", "(bas)", take_log },
	{ "SystemCallArchitectures", "as", take_arches },
	{ "SystemCallErrorNumber", "i", take_error_number },
	{ "NoNewPrivileges", "b", take_no_new_privs },
	{ "CapabilityBoundingSet", "t", take_capabilities },
};

/* The variant that follows its property's name. One that we do not want, or of another type, is
 * passed over. */
static int take_property(Message *m, const char *name, UnitFilter *f)
{
	for (size_t i = 0; i < ELEMENTSOF(properties); i++) {
		const char *type;
		int r;

		if (strcmp(properties[i].name, name) != 0)
			continue;
		r = sd_bus_message_peek_type(m, NULL, &type);
		if (r < 0 || strcmp(type, properties[i].type) != 0)
			break;
		r = sd_bus_message_enter_container(m, 'v', type);
		if (r >= 0)
			r = properties[i].take(m, f);
		return r < 0 ? r : sd_bus_message_exit_container(m);
	}
	return sd_bus_message_skip(m, "v");
}

static int take_properties(Message *m, UnitFilter *f)
{
	const char *name;
	int r;

	r = sd_bus_message_enter_container(m, 'a', "{sv}");
	while (r >= 0 && (r = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
		r = sd_bus_message_read_basic(m, 's', &name);
		if (r >= 0)
			r = take_property(m, name, f);
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
	}
	return MIN(r, 0);
}

/* ---- calls ---- */

static int call(sd_bus *bus, Message *m, usec_t timeout, Message **ret, Diag *d)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = sd_bus_call(bus, m, timeout, &error, ret);

	if (r < 0)
		diag_set(d, r, "systemd does not answer: %s", error.message ?: strerror(-r));
	sd_bus_error_free(&error);
	return MIN(r, 0);
}

static int get_all(sd_bus *bus, const char *unit, const char *interface, usec_t timeout,
		   Message **ret, Diag *d)
{
	_cleanup_(message_unrefp) Message *m = NULL;
	_cleanup_free_ char *path = NULL;
	int r;

	r = sd_bus_path_encode(UNIT_PATH, unit, &path);
	if (r >= 0)
		r = sd_bus_message_new_method_call(bus, &m, SYSTEMD, path,
						   "org.freedesktop.DBus.Properties", "GetAll");
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 's', interface);
	return r < 0 ? r : call(bus, m, timeout, ret, d);
}

static const char *interface_of(const char *unit)
{
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (span_ends(span_of(unit), kinds[i].suffix))
			return kinds[i].interface;
	return NULL;
}

int unit_read(sd_bus *bus, const char *unit, usec_t timeout, UnitFilter *ret, Diag *d)
{
	_cleanup_(message_unrefp) Message *reply = NULL;
	_cleanup_unit_filter_ UnitFilter f = { 0 };
	const char *interface = interface_of(unit);
	int r;

	if (interface) {
		r = get_all(bus, unit, interface, timeout, &reply, d);
		if (r >= 0)
			r = take_properties(reply, &f);
		if (r < 0)
			return r;
	}
	*ret = f;
	f = (UnitFilter){ 0 };
	return 0;
}

static int get(sd_bus *bus, const char *unit, const char *interface, const char *property,
	       usec_t timeout, Message **ret, Diag *d)
{
	_cleanup_(message_unrefp) Message *m = NULL;
	_cleanup_free_ char *path = NULL;
	int r;

	r = sd_bus_path_encode(UNIT_PATH, unit, &path);
	if (r >= 0)
		r = sd_bus_message_new_method_call(bus, &m, SYSTEMD, path,
						   "org.freedesktop.DBus.Properties", "Get");
	if (r >= 0)
		r = sd_bus_message_append(m, "ss", interface, property);
	return r < 0 ? r : call(bus, m, timeout, ret, d);
}

/* Sixteen bytes, or none. */
static int read_invocation(Message *m, UnitEnd *end)
{
	const void *bytes;
	size_t n;
	int r;

	r = sd_bus_message_enter_container(m, 'v', "ay");
	if (r >= 0)
		r = sd_bus_message_read_array(m, 'y', &bytes, &n);
	if (r < 0)
		return r;
	for (size_t i = 0; n == 16 && i < n; i++)
		snprintf(end->invocation + 2 * i, sizeof(end->invocation) - 2 * i, "%02x",
			 ((const unsigned char *)bytes)[i]);
	return 0;
}

static int read_result(Message *m, UnitEnd *end)
{
	const char *word;
	int r = sd_bus_message_read(m, "v", "s", &word);

	if (r >= 0)
		snprintf(end->result, sizeof(end->result), "%s", word);
	return r;
}

/* The result first: when the invocation behind it is still the same, it is that one's. */
int unit_read_end(sd_bus *bus, const char *unit, usec_t timeout, UnitEnd *ret, Diag *d)
{
	_cleanup_(message_unrefp) Message *result = NULL, *invocation = NULL;
	const char *interface = interface_of(unit);
	UnitEnd end = { 0 };
	int r;

	if (!interface)
		return -ENOENT;
	r = get(bus, unit, interface, "Result", timeout, &result, d);
	if (r >= 0)
		r = read_result(result, &end);
	if (r >= 0)
		r = get(bus, unit, SYSTEMD ".Unit", "InvocationID", timeout, &invocation, d);
	if (r >= 0)
		r = read_invocation(invocation, &end);
	if (r < 0)
		return r;
	*ret = end;
	return 0;
}

static int list_units(sd_bus *bus, usec_t timeout, Message **ret, Diag *d)
{
	_cleanup_(message_unrefp) Message *m = NULL;
	int r;

	r = sd_bus_message_new_method_call(bus, &m, SYSTEMD, "/org/freedesktop/systemd1",
					   SYSTEMD ".Manager", "ListUnitsByPatterns");
	if (r >= 0)
		r = sd_bus_message_append(m, "asas", 3, "active", "activating", "reloading", 4,
					  "*.service", "*.socket", "*.mount", "*.swap");
	return r < 0 ? r : call(bus, m, timeout, ret, d);
}

/* A unit may go while it is asked for; a bus that does not answer will not do so for the next. */
static int visit(sd_bus *bus, const char *unit, usec_t timeout, UnitFn f, void *userdata, Diag *d)
{
	_cleanup_unit_filter_ UnitFilter filter = { 0 };
	int r = unit_read(bus, unit, timeout, &filter, d);

	if (r == -ETIMEDOUT || r == -ENOMEM || r == -ENOTCONN || r == -ECONNRESET)
		return r;
	return r >= 0 && unit_filter_exists(&filter) ? f(unit, &filter, userdata) : 0;
}

int unit_each(sd_bus *bus, usec_t timeout, UnitFn f, void *userdata, Diag *d)
{
	_cleanup_(message_unrefp) Message *units = NULL;
	const char *unit;
	int r;

	r = list_units(bus, timeout, &units, d);
	if (r >= 0)
		r = sd_bus_message_enter_container(units, 'a', "(ssssssouso)");
	while (r >= 0 && (r = sd_bus_message_enter_container(units, 'r', "ssssssouso")) > 0) {
		r = sd_bus_message_read_basic(units, 's', &unit);
		if (r >= 0)
			r = sd_bus_message_skip(units, "sssssouso");
		if (r >= 0)
			r = sd_bus_message_exit_container(units);
		if (r >= 0) {
			r = visit(bus, unit, timeout, f, userdata, d);
			if (r != 0)
				return r;
		}
	}
	return MIN(r, 0);
}
