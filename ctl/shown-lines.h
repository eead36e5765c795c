/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include <stdio.h>

#include "util/span.h"

/* A text of lines, such as a diff, as it is but for what would move the cursor. 0, -ENOMEM, -EIO.
 */
int shown_lines(Span text, FILE *f);
