/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What systemd makes of a unit's SystemCallFilter=, SystemCallLog=, SystemCallErrorNumber= and
 * SystemCallArchitectures= (systemd.exec(5)): assignments in their order, groups expanded, unknown
 * words passed over, as its own reader does it.
 */
#include "profile/systemd-groups.h"
#include "profile/systemd-text.h"
#include "util/unit-filter.h"

#define SYSTEMD_TEXT_MAX ((size_t)256 << 10) /* of all of a unit's files */

typedef enum SystemdKey {
	SYSTEMD_FILTER,
	SYSTEMD_LOG,
	SYSTEMD_ERROR_NUMBER,
	SYSTEMD_ARCHITECTURES,
	_SYSTEMD_KEY_MAX,
} SystemdKey;

/* "SystemCallFilter"... */
const char *systemd_key_name(SystemdKey k) _const_;

/* What a word, or an assignment, comes to besides its plain effect. */
typedef enum SystemdNote {
	SYSTEMD_OUTSIDE,        /* the key stands where systemd does not look for it */
	SYSTEMD_NO_ASSIGNMENT,  /* a line that is none */
	SYSTEMD_RESET,          /* an empty assignment that takes others back */
	SYSTEMD_RESET_NOTHING,  /* ... and there are none */
	SYSTEMD_UNKNOWN_NAME,   /* of a call: ignored */
	SYSTEMD_UNKNOWN_GROUP,  /* ignored */
	SYSTEMD_BAD_ERROR,      /* an errno that is none: the word or assignment is ignored */
	SYSTEMD_ERROR_IN_ALLOW, /* "name:errno" in a positive list: the word is ignored */
	SYSTEMD_UNKNOWN_ARCH,   /* ignored */
	SYSTEMD_AGAIN,          /* it is there already */
	SYSTEMD_NOT_THERE,      /* to be taken out, and it is not there */
	SYSTEMD_LOST_TILDE,     /* "~" elsewhere than at the front: the word is ignored */
	SYSTEMD_EMPTY_LIST,     /* "~" and nothing behind it */
	_SYSTEMD_NOTE_MAX,
} SystemdNote;

/* @at points into the text; @word is what it is about: a key, or the word. It holds a stranger's
 * bytes. */
typedef void (*SystemdNoteFn)(SystemdNote note, SystemdKey key, const char *at, const char *word,
			      void *userdata);

typedef struct SystemdReading {
	Span text;
	const SystemdGroups *groups; /* NULL: the installed systemd cannot be asked */
	SystemdNoteFn note;          /* may be NULL */
	void *userdata;
} SystemdReading;

/*
 * -EBADMSG with a sentence and its place for what systemd does not load, for a text without any
 * section that has such settings, and for groups that are not known here; -E2BIG, -ENOMEM.
 * Settings that come to no filter are fine: unit_filter_exists() says so.
 */
int systemd_settings_read(const SystemdReading *in, UnitFilter *ret, Diag *d);

/* Is it one of these keys, in a section where systemd looks for it? -EINVAL for another key,
 * -ENOENT for one of these elsewhere. */
int systemd_key_of(const SystemdLine *line, SystemdKey *ret);
