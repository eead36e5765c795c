/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A unit's settings as a profile: what its stacked filters come to, read as an OCI runtime would.
 */
#include <errno.h>

#include "profile/reader.h"
#include "profile/systemd-settings.h"

/* Settings without any filter allow everything: a filter that logs the calls of an empty list. */
static int render(UnitFilter *f, Buffer *out)
{
	if (!unit_filter_exists(f))
		f->log.inclusive = true;
	return unit_filter_render(f, out);
}

int reader_systemd(Span text, const ProfileContext *context, Profile **ret, Diag *d)
{
	const SystemdReading in = { .text = text, .groups = context->groups };
	_cleanup_unit_filter_ UnitFilter f = { 0 };
	_cleanup_buffer_ Buffer json = BUFFER_NULL;
	int r;

	r = systemd_settings_read(&in, &f, d);
	if (r == 0)
		r = render(&f, &json);
	if (r == 0)
		r = profile_read(buffer_span(&json), DIALECT_OCI, context, ret, d);
	if (r < 0)
		return r;
	(*ret)->dialect = DIALECT_SYSTEMD;
	(*ret)->runtime = RUNTIME_SYSTEMD;
	return 0;
}
