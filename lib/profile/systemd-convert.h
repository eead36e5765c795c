/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A container's profile as the settings of a unit, for somebody who moves the program there. */
#include "profile/profile.h"
#include "profile/systemd-groups.h"
#include "util/buffer.h"

/*
 * Appends a drop-in whose filter answers every call as that of @p does, which is proved; without
 * runc's ENOSYS stub, which no unit has. -EBADMSG with a sentence for what settings cannot say: a
 * rule with arguments, other actions than to allow, log, refuse with an errno and kill the process,
 * architectures that systemd cannot name. @context is that of the host, with its groups.
 */
int systemd_convert(const Profile *p, const ProfileContext *context, Buffer *out, Diag *d);
