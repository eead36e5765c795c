/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Hosts, where a ledger is made from those of several. */
#include <stdio.h>

#include "evidence/ledger-host.h"
#include "profile/json-line.h"
#include "suggest/history.h"

/* "3 of 12"; "-" for what is on none of them, as what runs here. */
#define HOSTS_TEXT_MAX 48
const char *hosts_share_text(const History *h, uint64_t hosts, char buf[static HOSTS_TEXT_MAX]);

/* All of them, with what was lost on each; the silent ones by name. */
void hosts_print(const History *h, FILE *f);
void hosts_json(const History *h, JsonLine *j);

/* Of one workload, each host for itself. -errno as of the ledger. */
int hosts_print_shares(Ledger *l, const History *h, int64_t workload, bool color);
int hosts_shares_json(Ledger *l, const History *h, const Workload *w);
