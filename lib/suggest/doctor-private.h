/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the parts of doctor.h. */
#include "suggest/doctor.h"
#include "util/buffer.h"

/* The numbers are the codes. */
typedef enum DoctorCode {
	DOCTOR_ACTIONS = 1,
	DOCTOR_AUDIT_OFF,
	DOCTOR_EXCLUDED,
	DOCTOR_OUTSIDE,
	DOCTOR_NOT_RUNNING,
	DOCTOR_OFF_STREAM,
	DOCTOR_FROM_LOG,
	DOCTOR_BUFFER,
	DOCTOR_JOURNAL,
	DOCTOR_NO_HISTORY,
	DOCTOR_STATE,
	DOCTOR_NO_FLAGS,
	DOCTOR_RUNTIME,
	DOCTOR_UNITS,
	DOCTOR_LEDGER,
	DOCTOR_BLIND = 20,
	DOCTOR_PARTIAL,
	DOCTOR_UNCONFINED,
	DOCTOR_DIFFERS,
	DOCTOR_PRIVILEGED,
	DOCTOR_HOLDS_NOTHING,
	DOCTOR_UNBOUND,
	DOCTOR_NO_FILE,
	DOCTOR_TWO_FILES,
	DOCTOR_ENDED,
	DOCTOR_UNTOLD,
	_DOCTOR_CODE_MAX,
} DoctorCode;

/*
 * Begins a finding; doctor_say() ends it with its sentence, and takes it back when the workload
 * before it has the same. The two setters may come before that; they leave the Buffer empty.
 */
typedef struct DoctorDraft {
	DoctorReport *report;
	DoctorCode code;
	DoctorSeverity severity;
	const char *workload;
	Buffer message, command, edit;
} DoctorDraft;

void doctor_draft_done(DoctorDraft *d);
#define _cleanup_doctor_draft_ _cleanup_(doctor_draft_done)

/* Adds what the draft says; -ENOMEM. */
int doctor_say(DoctorDraft *d);
