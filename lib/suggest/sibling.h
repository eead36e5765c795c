/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What one architecture does by one call, another does by another: mmap and mmap2, open where there
 * is openat only. Evidence from one says nothing about the other's name, so it is told, not added.
 */
#include "suggest/advise.h"

/* Sets .siblings of those calls of @s that a patch allows, and tells of them in .reason. */
void siblings_find(const Advisor *a, Suggestion *s);
