/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config/config-line.h"

static Span strip(Span s)
{
	while (s.n > 0 && strchr(" \t\r", s.p[0]))
		s = span_from(s, 1);
	while (s.n > 0 && strchr(" \t\r", s.p[s.n - 1]))
		s.n--;
	return s;
}

ConfigLineKind config_line_parse(Span line, Span *ret_name, Span *ret_value)
{
	Span key;

	line = strip(line);
	*ret_name = *ret_value = SPAN_NULL;
	if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
		return CONFIG_LINE_BLANK;
	if (line.p[0] == '[' && line.p[line.n - 1] == ']') {
		*ret_name = span_make(line.p + 1, line.n - 2);
		return CONFIG_LINE_SECTION;
	}
	if (!memchr(line.p, '=', line.n) || line.p[0] == '[' || line.p[0] == '=')
		return CONFIG_LINE_OTHER;
	span_split(&line, '=', &key);
	*ret_name = strip(key);
	*ret_value = strip(line);
	return CONFIG_LINE_KEY;
}
