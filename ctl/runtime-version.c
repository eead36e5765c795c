/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/ask.h"
#include "ctl/runtime-version.h"
#include "profile/filter.h"

#define ANSWER_MAX 4096

void runtime_read_version(Runtime r, Span text, RuntimeFacts *facts)
{
	Span line;

	while (span_split(&text, '\n', &line)) {
		if (span_skip(&line, SPAN_LIT("libseccomp: "))) {
			span_copy(line, facts->libseccomp, sizeof(facts->libseccomp));
			continue;
		}
		if (span_skip(&line, span_of(runtime_name(r))) &&
		    span_skip(&line, SPAN_LIT(" version ")))
			(void)context_parse_version(line, &facts->version);
	}
}

void runtime_ask(Runtime r, RuntimeFacts *facts)
{
	char program[16], option[] = "--version";
	char *const argv[] = { program, option, NULL };
	_cleanup_buffer_ Buffer answer = BUFFER_NULL;

	/* systemd takes the host's libseccomp, which is also ours. */
	if (r == RUNTIME_SYSTEMD) {
		filter_library_version(facts->libseccomp, sizeof(facts->libseccomp));
		return;
	}
	snprintf(program, sizeof(program), "%s", runtime_name(r));
	if (ask_program(argv, ANSWER_MAX, &answer) == 0)
		runtime_read_version(r, buffer_span(&answer), facts);
}
