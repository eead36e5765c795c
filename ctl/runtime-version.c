/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>

#include "ctl/ask.h"
#include "ctl/runtime-version.h"
#include "profile/filter.h"
#include "state/identity.h"

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

static bool is_installed(const char *identity)
{
	_cleanup_close_ int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char now[256] = "";

	if (root >= 0)
		identity_of_runtimes(root, now, sizeof(now));
	return strcmp(now, identity) == 0;
}

static void tell_version(Span name, Buffer *out)
{
	RuntimeFacts facts = { 0 };

	for (Runtime r = 0; r < _RUNTIME_MAX; r++)
		if (r != RUNTIME_SYSTEMD && span_is(name, runtime_name(r)))
			runtime_ask(r, &facts);
	if (facts.version > 0)
		buffer_printf(out, " %u.%u.%u", facts.version >> 16, facts.version >> 8 & 0xff,
			      facts.version & 0xff);
}

void runtime_tell_versions(const char *identity, Buffer *out)
{
	bool installed = is_installed(identity);
	Span rest = span_of(identity), one, name;

	while (span_split(&rest, ' ', &one)) {
		if (!span_split(&one, ':', &name))
			continue;
		buffer_add(out, name);
		if (installed)
			tell_version(name, out);
		buffer_add_str(out, ", ");
	}
}
