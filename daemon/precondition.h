/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What must hold for records to arrive; each failure is one sentence with its remedy. */
#include "util/error.h"

/* Checks what a successful bind() does not show: init network and pid namespace, audit=0. A
 * @passed socket belongs to the network namespace of the service manager, so that is not asked.
 * 0, or -errno with the sentence in @d. */
int precondition_check(bool passed, Diag *d);

/* Turns the error of bind() into the sentence; returns @error. */
int precondition_explain_bind(int error, Diag *d);

/* Things that do not stop us but hide calls: 0, or 1 with the sentence in @d. */
int precondition_warn(Diag *d);
