/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Labels as JSON objects, KEY: STRING. Private to lib/state. */
#include <json-c/json.h>

#include "who/labels.h"

/* Adds what is in @o (NULL: nothing) and not the same in @without (may be NULL). 0 or -ENOMEM;
 * what finds no room is counted in @l. */
int state_labels_add(json_object *o, json_object *without, Labels *l);

/* Adds those that are the same in both. */
int state_labels_add_common(json_object *o, json_object *with, Labels *l);

/* Is @key in @o with the value that it has in @other? */
bool state_labels_same(json_object *o, json_object *other, const char *key);
