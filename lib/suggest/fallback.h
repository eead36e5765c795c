/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Newer calls that libraries try first, and what they use instead when the kernel says ENOSYS: they
 * take no other error for "not there". While the newer call works, nobody sees the older ones made,
 * so whoever denies it must allow them unseen.
 */
#include <stddef.h>

#define FALLBACK_CALLS_MAX 6

typedef struct Fallback {
	const char *call;
	const char *maker;                     /* who falls back */
	const char *older[FALLBACK_CALLS_MAX]; /* to these; NULL behind the last */
	const char *text;                      /* these, for people */
} Fallback;

/* NULL for a call whose makers are not known to fall back. */
const Fallback *fallback_for(const char *call);
