/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * suggest() for a unit of systemd: what is patched is its drop-in, the other files stay as they
 * are. Advice is that of suggest() for the profile that the unit's settings come to; what settings
 * cannot say (a rule with arguments, another architecture) is told and not offered. The proof is
 * made with all of the unit's files and the new drop-in at its place among them.
 */
#include "suggest/suggest.h"

/*
 * @in has the text of the unit's files as its profile (systemd-settings.h), .dialect
 * DIALECT_SYSTEMD, and .context with .host_arch and .groups; @path is where the drop-in belongs.
 * .patched of *ret is the whole drop-in, and *ret_old what it is now, or empty: a part of the
 * profile. As suggest() otherwise.
 */
int suggest_unit(const SuggestInput *in, Span unit, const char *path, Suggestion **ret,
		 Span *ret_old, Diag *d);
