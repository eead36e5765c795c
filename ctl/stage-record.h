/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A profile is replaced, and what it was is kept with who did it and why: the way back is there
 * before the change is. */
#include "config/stage-history.h"
#include "config/workload-file.h"
#include "profile/stage.h"
#include "util/clock.h"

typedef struct StageChange {
	const char *profile; /* path of the file */
	Span before, after;  /* its bytes; .before is what it must still hold */
	Stage from, to;
	const char *why, *gate; /* "" when there is nothing to say */
	const char *undoes;     /* .time of the step that this one takes back; "" */
	bool forced;
} StageChange;

/* 0 with the path of the kept profile, which the caller frees, or the exit code after the sentence
 * was printed for @verb. @f is open for a change. */
int stage_record(const char *verb, WorkloadFile *f, const StageChange *c, usec_t now,
		 char **ret_kept);

/* The file of @workload below @dir with its history; mistakes in it are printed and left out. 0, or
 * the exit code after the sentence was printed. @h points into @f. */
int stage_history_open(const char *verb, const char *dir, const char *workload, bool change,
		       WorkloadFile *f, StageHistory *h);
