/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What a machine may want to know of an advice besides its sentence. */
#include "profile/json-line.h"
#include "suggest/suggest.h"

/* offered, line, fallback, siblings, arch_added. */
void suggest_facts_json(const SuggestCall *c, JsonLine *j);
