/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A filter as its runtime keeps it, written out for people to keep as a file: one member to a line,
 * indented by tabs, keys in the order in which profiles are usually written. Rules and names keep
 * their order, which has a meaning.
 */
#include "util/buffer.h"
#include "util/error.h"

/* @json is one object. -EBADMSG with a sentence when it is not; -ENOMEM. */
int canonical_profile(Span json, Buffer *out, Diag *d);
