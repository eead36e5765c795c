/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Version of the ledger's tables (meta.schema). A program refuses a newer one and migrates an
 * older one. Raise it with every change of a table. */

#define SECCOMPD_LEDGER_SCHEMA 8
