/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What doctor found, for people and for programs. */
#include "ctl/doctor-facts.h"

/* -ENOMEM, -EIO. */
int doctor_print_text(const DoctorReport *r, bool color, FILE *f);
int doctor_print_json(const DoctorReport *r, FILE *f);

/* A row for each container; returns an exit code. */
int doctor_audit(const Ctl *ctl, const DoctorFacts *f, bool json);
