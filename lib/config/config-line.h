/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* One line of a configuration file: the form, not what it means. */
#include "util/span.h"

typedef enum ConfigLineKind {
	CONFIG_LINE_BLANK, /* or a comment: # or ; at its start */
	CONFIG_LINE_SECTION,
	CONFIG_LINE_KEY,
	CONFIG_LINE_OTHER, /* none of these */
} ConfigLineKind;

/* The name of a [section], or a key and what stands behind its "=", without blanks around; both
 * point into @line. */
ConfigLineKind config_line_parse(Span line, Span *ret_name, Span *ret_value);
