/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* One MESSAGE_ID for each kind of journal entry; the texts are in systemd/seccompd.catalog. */

#define SECCOMPD_MESSAGE_NEW_SIGHTING "7a3c1f5d0e8b4b6e9d2f64c8a15b3e70"
/* counts of a sighting grew: the exact difference since its last entry */
#define SECCOMPD_MESSAGE_ROLL_UP "60a1d59b3b624b968c97a8caf8aa2038"
/* a workload is new, or its stage, visibility or filter is another one */
#define SECCOMPD_MESSAGE_STAGE_CHANGED "dacecf6816e240c7b89cd24747279bbd"
/* the gate of a workload was reached, or lost */
#define SECCOMPD_MESSAGE_GATE_CHANGED "3d09fe916fd54e07a3e9227aed6aa563"
/* a stretch in which something was not seen, or more of it */
#define SECCOMPD_MESSAGE_EVIDENCE_LOST "c5bf2428dd9e4d2c989096ddb2468a17"
/* calls outside of a workload's profile would not be seen */
#define SECCOMPD_MESSAGE_BLIND_SPOT "09f042c1604c49a3be74264f0dacada3"
/* which containers and units of a workload ran, from when to when */
#define SECCOMPD_MESSAGE_LIFETIMES "5e0a8f2c7d9b4c31a6f4d1e83b57c942"
/* from when to when the daemon has watched */
#define SECCOMPD_MESSAGE_WATCHED "cd05472c83dd46af90f0263f8de07f6d"
