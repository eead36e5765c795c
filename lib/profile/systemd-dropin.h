/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The drop-in with which a unit's filters change: as few assignments as do it, behind those that it
 * has (systemd.unit(5)). Text is put together here; the proof is the caller's.
 */
#include "profile/systemd-settings.h"

#define SYSTEMD_DROPIN_NAME "50-seccompd.conf"

/* A call that is answered with an errno. */
typedef struct SystemdErrno {
	const char *name;
	uint32_t data;
} SystemdErrno;

/* What is to change of what the settings come to. */
typedef struct SystemdChange {
	const char *const
		*allow; /* these work, and are not logged any more; in order of strcmp() */
	size_t n_allow;
	const SystemdErrno *errnos; /* in order of strcmp() */
	size_t n_errnos;
	const char *path;            /* where it belongs: a comment at its head */
	const char *section;         /* "Service"... */
	const SystemdGroups *groups; /* names that make up what a group lacks become that group */
} SystemdChange;

/* "Service" for "nginx.service"; NULL for a kind of unit that has no filters. */
const char *systemd_section_of(Span unit);

/* Would naming @call change anything? */
typedef bool SystemdLacks(Span call, const void *userdata);

/* Appends "@key" with those of @names that @lacks wants, as one assignment: groups first, where one
 * lacks only what is named. Nothing when there is none. -ENOMEM. */
int systemd_list_write(const char *key, const char *const *names, size_t n,
		       const SystemdGroups *groups, SystemdLacks *lacks, const void *userdata,
		       Buffer *out);

/* Appends the assignments to @out, behind @before: a drop-in that there is already, or nothing.
 * Nothing at all is appended when nothing has to change. -ENOMEM. */
int systemd_dropin_write(const UnitFilter *now, const SystemdChange *change, Span before,
			 Buffer *out);

/* The drop-in of our name in what "systemctl cat" printed, without its mark; empty when there is
 * none. */
Span systemd_dropin_find(Span text);

/* All of the unit's files with @dropin at its place among them, in the order in which systemd reads
 * them. Texts without the marks of "systemctl cat" are one file, and it comes behind. -ENOMEM. */
int systemd_dropin_place(Span text, Span dropin, Buffer *out);
