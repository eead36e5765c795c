/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What is odd about the hosts whose ledgers came together. */
#include "evidence/tellers.h"

/* How many different ones: a host may have had several ledgers. */
uint64_t hosts_count(const Tellers *all);

/* On standard error, for @verb, one sentence for each kind of oddity. */
void hosts_remark(const char *verb, const Tellers *all);
