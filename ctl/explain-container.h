/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* "explain CONTAINER [--syscall NAME]": why a call was refused there, and what to do next. */
#include "ctl/ctl.h"

/* @call NULL: each call whose refusal was recorded. Returns an exit code. */
int explain_container(const Ctl *ctl, const char *verb, const char *word, const char *call,
		      bool json);
