/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "state/docker-image.h"

#define DIGEST_LENGTH 64

/* Both become parts of a path. */
static bool is_driver(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= 32 && s[n] == '\0';
}

static bool is_digest(const char *s)
{
	return strspn(s, "0123456789abcdef") == DIGEST_LENGTH && s[DIGEST_LENGTH] == '\0';
}

json_object *docker_image_labels(const StateFolder *docker, json_object *config)
{
	static const char prefix[] = "sha256:";
	const char *driver = state_json_string(config, "Driver");
	const char *image = state_json_string(config, "Image");
	_cleanup_json_ json_object *root = NULL;
	char path[256];

	if (!driver || !image || !is_driver(driver) ||
	    strncmp(image, prefix, sizeof(prefix) - 1) != 0 ||
	    !is_digest(image + sizeof(prefix) - 1))
		return NULL;
	snprintf(path, sizeof(path), "image/%s/imagedb/content/sha256/%s", driver,
		 image + sizeof(prefix) - 1);
	if (state_json_read(docker, path, &root, NULL) < 0)
		return NULL;
	return json_object_get(state_json_object(state_json_object(root, "config"), "Labels"));
}
