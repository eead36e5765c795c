/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Long output on a terminal goes through a pager, as systemctl's does. */

/* From now on standard output goes to the pager, and so does standard error where it is a terminal.
 * Nothing where standard output is none, where the user wants no pager, or where none can be had. */
void pager_open(void);

/* Behind the last output: waits until the pager was left. */
void pager_close(void);
