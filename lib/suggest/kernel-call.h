/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Calls that no program asks for by itself: the kernel makes it make them. */

/* One clause that says when; NULL for any other call. */
const char *kernel_call_reason(const char *call);
