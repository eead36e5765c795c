/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The decisions on a workload's calls, in its file; and what all verbs say about them. */
#include "config/decision-section.h"
#include "config/workload-file.h"
#include "profile/json-line.h"

typedef struct DecisionFile {
	WorkloadFile file;
	DecisionList list;
	size_t n_wrong; /* mistakes, and decisions that hold no more: what was complained of */
} DecisionFile;

#define DECISION_FILE_NULL ((DecisionFile){ .file = { .folder_fd = -1 } })

/*
 * The decisions on @workload below @dir; mistakes in the file and decisions that hold no more are
 * told for @verb, and the rest holds. With @change nobody else can change them until it is closed:
 * who is at it is waited for. 0, or the exit code after the sentence was printed.
 */
int decision_file_open(const char *verb, const char *dir, const char *workload, bool change,
		       DecisionFile *ret);
void decision_file_close(DecisionFile *f);
#define _cleanup_decision_file_ _cleanup_(decision_file_close)

/* The same of a file that is open already; @ret points into it. */
int decision_list_take(const char *verb, WorkloadFile *f, DecisionList *ret, size_t *ret_wrong);

/* Writes one, by whoever runs this, now; .user, .time and .line of @d are not looked at. 0, or the
 * exit code after the sentence was printed. @f is open for a change, and read anew. */
int decision_file_put(const char *verb, DecisionFile *f, const Decision *d, const char *until);

/* -1 when there is none on this call. */
int decision_file_revoke(const char *verb, DecisionFile *f, const char *name, uint32_t arch);

/* The list's own one on this call and architecture, also when it holds no more; NULL. */
const Decision *decision_file_find(const DecisionFile *f, const char *name, uint32_t arch);

/* "decision": an object, or null. */
void decision_json(const Decision *d, JsonLine *j);

/* Its keys: answer, errno, user, time, until, why. */
void decision_keys_json(const Decision *d, JsonLine *j);

/* "2026-12-31": the last day on which it holds; "" when it holds for good. Returns @buf. */
char *decision_until(const Decision *d, char buf[static CLOCK_RFC3339_SIZE]);
