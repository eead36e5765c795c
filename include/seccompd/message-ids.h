/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* One MESSAGE_ID for each kind of journal entry; the texts are in systemd/seccompd.catalog. */

#define SECCOMPD_MESSAGE_NEW_SIGHTING "7a3c1f5d0e8b4b6e9d2f64c8a15b3e70"
