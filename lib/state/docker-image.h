/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Docker's store of images: DATA-ROOT/image/DRIVER/imagedb/content/sha256/DIGEST. Private to
 * lib/state. */
#include "state/state-file.h"

/*
 * The labels that the image of a container brings (@config: the whole of its config.v2.json).
 * Docker joins them with the container's own, but whoever made the image chose them. NULL when
 * there are none, or the image is not in this store (containerd's image store keeps it elsewhere).
 * The caller puts the object.
 */
json_object *docker_image_labels(const StateFolder *docker, json_object *config);
