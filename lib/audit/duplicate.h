/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The same record twice: a journal without auditd has each one from the kernel's log and from the
 * audit socket, and logs that are read together overlap. Time, serial and pid tell a record; the
 * last one of each serial modulo DUPLICATE_WINDOW is remembered.
 */
#include "audit/line.h"

#define DUPLICATE_WINDOW 4096

typedef struct DuplicateWindow {
	struct {
		uint64_t time; /* 0 = free */
		uint32_t serial;
		int32_t pid;
	} seen[DUPLICATE_WINDOW];
} DuplicateWindow;

#define DUPLICATE_REASON "a record that was read before"

/* Makes a record that the window holds already a LINE_SKIP with DUPLICATE_REASON (true), and
 * remembers every other one that has a stamp. */
bool duplicate_mark(DuplicateWindow *w, Line *line);
