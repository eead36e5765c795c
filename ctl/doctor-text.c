/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/doctor-output.h"
#include "ctl/table.h"
#include "util/text.h"

static const TableTone tones[_DOCTOR_SEVERITY_MAX] = {
	[DOCTOR_NOTE] = TONE_PLAIN,
	[DOCTOR_WARNING] = TONE_WARN,
	[DOCTOR_UNKNOWN] = TONE_WARN,
	[DOCTOR_ERROR] = TONE_BAD,
};

static void add_head(const DoctorFinding *x, bool color, Buffer *b)
{
	buffer_printf(b, "%s%s%s %s %s: %s\n", table_tone_begin(tones[x->severity], color),
		      doctor_severity_name(x->severity), table_tone_end(tones[x->severity], color),
		      x->code, x->title, x->meaning);
}

static void add_finding(const DoctorFinding *x, Buffer *b)
{
	buffer_add_str(b, "  * ");
	if (x->workload) {
		text_escape(b, span_of(x->workload));
		if (x->containers > 1)
			buffer_printf(b, " (%u containers)", x->containers);
		buffer_add_str(b, ": ");
	}
	buffer_printf(b, "%s.\n", x->message);
	if (x->command)
		buffer_printf(b, "    $ %s\n", x->command);
	if (x->edit)
		buffer_printf(b, "    %s %s.\n", x->command ? "Then:" : "Do:", x->edit);
}

/* "2 errors, 1 warning" */
static void add_summary(const DoctorReport *r, Buffer *b)
{
	static const char *const words[_DOCTOR_SEVERITY_MAX][2] = {
		[DOCTOR_NOTE] = { "note", "notes" },
		[DOCTOR_WARNING] = { "warning", "warnings" },
		[DOCTOR_UNKNOWN] = { "thing that cannot be told", "things that cannot be told" },
		[DOCTOR_ERROR] = { "error", "errors" },
	};
	bool first = true;

	for (int i = _DOCTOR_SEVERITY_MAX - 1; i >= 0; i--) {
		if (r->counts[i] == 0)
			continue;
		buffer_printf(b, "%s%zu %s", first ? "" : ", ", r->counts[i],
			      words[i][r->counts[i] > 1]);
		first = false;
	}
	buffer_add_str(b, ".\n");
}

int doctor_print_text(const DoctorReport *r, bool color, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (r->n == 0)
		buffer_add_str(&b, "Nothing was found that keeps calls from being seen.\n");
	for (size_t i = 0; i < r->n; i++) {
		const DoctorFinding *x = &r->findings[i];

		if (i == 0 || strcmp(x->code, x[-1].code) != 0 || x->severity != x[-1].severity)
			add_head(x, color, &b);
		add_finding(x, &b);
	}
	if (r->n > 0) {
		buffer_add_char(&b, '\n');
		add_summary(r, &b);
	}
	if (buffer_error(&b) < 0)
		return buffer_error(&b);
	return fwrite(b.p, 1, b.n, f) == b.n ? 0 : -EIO;
}

int doctor_print_json(const DoctorReport *r, FILE *f)
{
	int q = 0;

	for (size_t i = 0; q == 0 && i < r->n; i++) {
		_cleanup_(json_line_freep) JsonLine *j = json_line_new();
		const DoctorFinding *x = &r->findings[i];

		json_line_str(j, "severity", doctor_severity_name(x->severity));
		json_line_str(j, "code", x->code);
		json_line_str(j, "workload", x->workload);
		json_line_uint(j, "containers", x->containers);
		json_line_str(j, "message", x->message);
		json_line_str(j, "meaning", x->meaning);
		json_line_name(j, "command", x->command); /* for a shell */
		json_line_str(j, "edit", x->edit);
		q = json_line_write(j, f);
	}
	return q;
}
