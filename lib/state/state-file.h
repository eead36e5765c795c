/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Opening and reading runtime state as hostile input. Private to lib/state. */
#include <dirent.h>
#include <json-c/json.h>
#include <sys/stat.h>

#include "state/roots.h"
#include "util/error.h"
#include "util/span.h"

#define STATE_FILE_MAX ((size_t)4 << 20)

static inline void json_putp(json_object **o)
{
	json_object_put(*o);
}
#define _cleanup_json_ _cleanup_(json_putp)

/* A runtime's own folder, open. Whoever has it, has no right to what is below: that is opened, and
 * where we may not, asked of the roots' opener by its whole path. */
typedef struct StateFolder {
	int fd; /* -1: it is not open */
	const StateRoots *roots;
	char path[512]; /* below the root */
} StateFolder;

#define STATE_FOLDER_NULL ((StateFolder){ .fd = -1 })

static inline void state_folder_done(StateFolder *f)
{
	closep(&f->fd);
}
#define _cleanup_folder_ _cleanup_(state_folder_done)

/*
 * Opens a runtime's own folder below the root. The way there is the administrator's and may hold
 * symbolic links (/var/lib/docker elsewhere), which are resolved within the root. In a user's own
 * tree (@roots->guarded) no link is followed below the user's folders, and it must be the user's.
 * 0, -ENOENT or -EACCES; @roots are borrowed.
 */
int state_open_folder(const StateRoots *roots, const char *path, StateFolder *ret);

DEFINE_CLEANUP(DIR, closedir);

/* The entries of a folder below it (one element, or "."), through no link. 0, -ENOENT, -EACCES. */
int state_open_stream(const StateFolder *folder, const char *path, DIR **ret);

/* The same for a longer way. */
int state_open_beneath(const StateFolder *folder, const char *path, DIR **ret);

/*
 * Reads a regular file below a runtime's folder, which has the same owner; no symbolic link
 * anywhere on the way. 0, -ENOENT, -EACCES, or -EBADMSG with a sentence for a link, a FIFO, a
 * folder, another's file or what is over the bound.
 */
int state_read(const StateFolder *folder, const char *path, char **ret, size_t *ret_n, Diag *d);

/* What fstat() says of a regular file below it. 0, -ENOENT, -EACCES. */
int state_stat(const StateFolder *folder, const char *path, struct stat *ret);

/* A file that holds nothing but a process id. @ret_pid stays when it is not there, or none. */
void state_read_pid(const StateFolder *folder, const char *path, int32_t *ret_pid);

/* Strict JSON. -EAGAIN when it ends too early (being written), -EBADMSG when it is none. */
int state_json_parse(Span text, json_object **ret, Diag *d);

/* Both in one. @d names the file. */
int state_json_read(const StateFolder *folder, const char *path, json_object **ret, Diag *d);

/* Members of an object; NULL when it is absent, of another type, or @o is no object. */
json_object *state_json_object(json_object *o, const char *key);
const char *state_json_string(json_object *o, const char *key);

/* A process id, or 0. */
int32_t state_json_pid(json_object *o, const char *key);

/* The string under @key, as text_fit(); "" when there is none. */
void state_json_copy(json_object *o, const char *key, char *buf, size_t size);
