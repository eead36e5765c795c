/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Whose can a record be that nobody could name? Every process of a container or unit runs under its
 * applied filter, and may only have added stricter answers of its own. So it made no record that is
 * evidence about that filter at a call where the filter's every answer is "allow", nor one whose
 * action is milder than every answer of the filter there. Pure.
 */
#include "profile/profile.h"

/*
 * False only where that proves it, for all arguments and whatever filters were added: then a record
 * of @action at (@arch, @nr) is no missing evidence of a workload under @applied. @applied is as
 * its runtime loaded it, read for DIALECT_OCI.
 */
bool stranger_may_be_of(const Profile *applied, uint32_t arch, int64_t nr, Action action);
