/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What a seccomp filter answered: the action half of the record's code= (seccomp(2)). */
#include "util/span.h"

typedef enum Action {
	ACTION_OTHER, /* a value that is no known action; the kernel kills then */
	ACTION_KILL_PROCESS,
	ACTION_KILL_THREAD,
	ACTION_TRAP,
	ACTION_ERRNO,
	ACTION_USER_NOTIF,
	ACTION_TRACE,
	ACTION_LOG,
	ACTION_ALLOW,
	_ACTION_MAX,
} Action;

#define ACTION_CODE_MASK 0xffff0000U

/* @code as printed or as returned by a filter; the data half is ignored. */
Action action_of_code(uint32_t code) _const_;

/* "SCMP_ACT_LOG" ...; "other" for ACTION_OTHER. Static. */
const char *action_name(Action a) _const_;

/* The inverse; -EINVAL for what is no name. */
int action_from_name(Span name, Action *ret);
