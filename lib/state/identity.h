/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Is it still the same program? A daemon runs no strangers' programs to ask for their versions;
 * another file is another one.
 */
#include <stddef.h>

/* "NAME:SIZE:TIME" of @path below @root_fd, links followed; "" when it is not there. */
void identity_of_file(int root_fd, const char *path, char *buf, size_t size);

/* That of each OCI runtime that is installed, with blanks between them. */
void identity_of_runtimes(int root_fd, char *buf, size_t size);
