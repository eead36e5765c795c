/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A workload that a person names for what a log holds. */

/* 0, or an exit code after the sentence was printed for @verb. */
int asserted_workload_check(const char *verb, const char *option, const char *name);

/* What its prefix says of who runs it; "" for what it does not say. Static. */
void asserted_workload_kind(const char *name, const char **ret_runtime, const char **ret_dialect);
