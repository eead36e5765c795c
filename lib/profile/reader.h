/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the parts of profile_read(): the document, the profile being made, and how to complain
 * about a place in it. Not for other modules. */
#include "profile/profile.h"

typedef struct ProfileReader {
	const Scan *scan;
	Profile *profile;
	const ProfileContext *context;
	Diag *diag;
	size_t place_at; /* a cursor, so that finding the lines of all rules stays linear */
	unsigned place_line;
	size_t place_begin; /* of that line */
} ProfileReader;

/* -EBADMSG with a sentence about @node's place. */
int reader_fail(const ProfileReader *r, const ScanNode *node, const char *fmt, ...) _printf_(3, 4);

/* Line and column (or NULL) of @node; cheap when asked in the order of the text. */
unsigned reader_line(ProfileReader *r, const ScanNode *node, unsigned *ret_column);

/* A key of @known that is written in another case: Go takes it, others do not. @known ends with
 * NULL. Keys that nobody knows are left alone, as runtimes do. */
int reader_check_keys(const ProfileReader *r, const ScanNode *object, const char *const *known);

/* The member of @object, NULL when absent or null; -EBADMSG when it is no @kind. */
int reader_member(const ProfileReader *r, const ScanNode *object, const char *key, ScanKind kind,
		  const ScanNode **ret);

/* A required string's value; the caller frees. */
int reader_string(const ProfileReader *r, const ScanNode *node, const char *what, char **ret);

/* An action's name, and its data from errnoRet (or errno, where the dialect has it) beside it. A
 * key that is NULL is not there. */
int reader_action(const ProfileReader *r, const ScanNode *object, const char *action_key,
		  const char *ret_key, const char *errno_key, Action *ret, uint32_t *ret_data);

/* Lists keys that change the meaning under another dialect than this one. */
int reader_note_ignored(ProfileReader *r, const ScanNode *object);

/* "includes" and "excludes" of a rule, where the dialect evaluates them. */
int reader_gate(ProfileReader *r, const ScanNode *object, ProfileGate *ret);

/* All of "syscalls". */
int reader_rules(ProfileReader *r, const ScanNode *list);

/* A document that is no profile at all, named for what it is. 0 when it may be one. */
int reader_recognise(const ProfileReader *r, const ScanNode *root);

/* The same for a text that is no JSON. 0 when it is nothing known. */
int reader_recognise_text(Span text, Diag *d);

/* profile_read() of a unit's settings: systemd-profile.c. */
int reader_systemd(Span text, const ProfileContext *context, Profile **ret, Diag *d);
