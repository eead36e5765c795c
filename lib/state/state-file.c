/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "state/state-file.h"
#include "util/file.h"
#include "util/parse.h"
#include "util/text.h"

#define JSON_DEPTH_MAX 64

static int open_how(int fd, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = resolve };
	long r = syscall(SYS_openat2, fd, path, &how, sizeof(how));

	return r < 0 ? -errno : (int)r;
}

/* Kernels before 5.6 have no openat2, and some system call filters refuse it. */
static bool lacks_openat2(int r)
{
	return r == -ENOSYS || r == -EPERM;
}

/* The same guards by hand: one element at a time, following nothing. */
static int open_by_steps(int folder_fd, const char *path, int flags)
{
	_cleanup_close_ int at = -1;
	Span rest = span_of(path), part;
	char name[256];

	while (span_split(&rest, '/', &part)) {
		int from = at >= 0 ? at : folder_fd, next;

		if (!span_copy(part, name, sizeof(name)) || span_is(part, "..") || part.n == 0)
			return -EINVAL;
		next = openat(from, name,
			      (rest.p ? O_PATH | O_DIRECTORY : flags) | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -errno;
		if (at >= 0)
			close(at);
		at = next;
	}
	return steal_fd(&at);
}

static int open_beneath(int folder_fd, const char *path, int flags)
{
	int r = open_how(folder_fd, path, (uint64_t)flags,
			 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);

	return lacks_openat2(r) ? open_by_steps(folder_fd, path, flags) : r;
}

static int open_trusted(int root_fd, const char *path)
{
	int r;

	r = open_how(root_fd, path, O_RDONLY | O_DIRECTORY,
		     RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
	if (lacks_openat2(r)) {
		r = openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = r < 0 ? -errno : r;
	}
	return r;
}

/* The part of @path behind the folder that the system has given the user, or NULL. */
static const char *below_own_folder(const StateRoots *roots, const char *path, char *own,
				    size_t size)
{
	const char *const owns[] = { roots->home, roots->runtime_dir };

	for (size_t i = 0; i < ELEMENTSOF(owns); i++) {
		Span rest = span_of(path);

		if (owns[i] && owns[i][0] && span_skip(&rest, span_of(owns[i])) && rest.n > 1 &&
		    rest.p[0] == '/' && span_copy(span_of(owns[i]), own, size))
			return rest.p + 1;
	}
	return NULL;
}

static int open_guarded(const StateRoots *roots, const char *path)
{
	_cleanup_close_ int own_fd = -1, fd = -1;
	char own[512];

	path = below_own_folder(roots, path, own, sizeof(own));
	if (!path)
		return -ENOENT;
	own_fd = open_trusted(roots->root_fd, own);
	if (own_fd < 0)
		return own_fd;
	fd = open_beneath(own_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	return steal_fd(&fd);
}

/* Where we have no right, somebody may have it. @r is what our own opening came to. */
static int or_ask(int r, const StateRoots *roots, const char *path, bool folder)
{
	const StateOpener *o = roots->opener;

	if ((r != -EACCES && r != -EPERM) || !o)
		return r;
	return o->open(path, roots->guarded ? roots->uid : UINT32_MAX, folder, o->userdata);
}

static int absent_if_odd(int r)
{
	return r == -ENOTDIR || r == -ELOOP || r == -EXDEV ? -ENOENT : r;
}

static bool is_users(int fd, const StateRoots *roots)
{
	struct stat st;

	return !roots->guarded || (fstat(fd, &st) == 0 && st.st_uid == roots->uid);
}

int state_open_folder(const StateRoots *roots, const char *path, StateFolder *ret)
{
	_cleanup_close_ int fd = -1;

	fd = roots->guarded ? open_guarded(roots, path) : open_trusted(roots->root_fd, path);
	fd = or_ask(fd, roots, path, true);
	if (fd < 0)
		return absent_if_odd(fd);
	if (!is_users(fd, roots))
		return -ENOENT;
	ret->roots = roots;
	if (!span_copy(span_of(path), ret->path, sizeof(ret->path)))
		return -ENAMETOOLONG;
	ret->fd = steal_fd(&fd);
	return 0;
}

/* The same by its whole path, where we may not. */
static int or_ask_below(int r, const StateFolder *folder, const char *path, bool is_folder)
{
	char whole[1024];
	int n;

	if (r != -EACCES && r != -EPERM)
		return r;
	n = snprintf(whole, sizeof(whole), "%s/%s", folder->path, path);
	return (size_t)n < sizeof(whole) ? or_ask(r, folder->roots, whole, is_folder) : r;
}

static int take_stream(int *fd, DIR **ret)
{
	if (*fd < 0)
		return absent_if_odd(*fd);
	*ret = fdopendir(*fd);
	if (!*ret)
		return -errno;
	steal_fd(fd);
	return 0;
}

int state_open_beneath(const StateFolder *folder, const char *path, DIR **ret)
{
	_cleanup_close_ int fd = -1;

	fd = open_beneath(folder->fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	fd = or_ask_below(fd, folder, path, true);
	return take_stream(&fd, ret);
}

int state_open_stream(const StateFolder *folder, const char *path, DIR **ret)
{
	bool itself = strcmp(path, ".") == 0;
	_cleanup_close_ int fd = -1;
	int r;

	/* What is open needs not be asked for. */
	fd = itself ? fcntl(folder->fd, F_DUPFD_CLOEXEC, 3)
		    : openat(folder->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	fd = fd < 0 ? -errno : fd;
	if (!itself)
		fd = or_ask_below(fd, folder, path, true);
	r = take_stream(&fd, ret);
	if (r == 0 && itself)
		rewinddir(*ret); /* gcc-analyzer: 0 only with a stream, errno is not 0 */
	return r;
}

static int refuse(int r, const char *path, Diag *d)
{
	switch (r) {
	case -ENOENT:
	case -ENOTDIR:
		return -ENOENT;
	case -EACCES:
	case -EPERM:
		return diag_set(d, -EACCES, "%s: no permission to read it", path);
	case -ELOOP:
	case -EXDEV:
		return diag_set(d, -EBADMSG, "%s: is a symbolic link or leads through one", path);
	case -EFBIG:
		return diag_set(d, -EBADMSG, "%s: too large (over %zu MiB)", path,
				STATE_FILE_MAX >> 20);
	case -ECHILD:
		return diag_set(d, -EBADMSG, "%s: is not its folder's owner's", path);
	case -ENXIO:
		return diag_set(d, -EBADMSG, "%s: is no regular file", path);
	default:
		return r;
	}
}

static Span without_trailing_blanks(Span s)
{
	while (s.n > 0 && strchr(" \t\r\n", s.p[s.n - 1]) && s.p[s.n - 1] != '\0')
		s.n--;
	return s;
}

static int open_file(const StateFolder *folder, const char *path)
{
	int fd = open_beneath(folder->fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);

	return or_ask_below(fd, folder, path, false);
}

int state_stat(const StateFolder *folder, const char *path, struct stat *ret)
{
	_cleanup_close_ int fd = open_file(folder, path);
	struct stat st;

	if (fd < 0)
		return absent_if_odd(fd);
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOENT;
	*ret = st;
	return 0;
}

int state_read(const StateFolder *in, const char *path, char **ret, size_t *ret_n, Diag *d)
{
	_cleanup_close_ int fd = open_file(in, path);
	struct stat st, folder;
	int r;

	if (fd < 0)
		return refuse(fd, path, d);
	if (fstat(fd, &st) < 0 || fstat(in->fd, &folder) < 0)
		return negative_errno();
	if (!S_ISREG(st.st_mode))
		return refuse(-ENXIO, path, d);
	if (st.st_uid != folder.st_uid)
		return refuse(-ECHILD, path, d);
	if ((uint64_t)st.st_size > STATE_FILE_MAX)
		return refuse(-EFBIG, path, d);
	r = file_read_fd(fd, STATE_FILE_MAX, ret, ret_n);
	return r < 0 ? refuse(r, path, d) : 0;
}

void state_read_pid(const StateFolder *folder, const char *path, int32_t *ret_pid)
{
	_cleanup_free_ char *text = NULL;
	int32_t pid;
	Span digits;
	size_t n;

	if (state_read(folder, path, &text, &n, NULL) < 0)
		return;
	digits = without_trailing_blanks(span_make(text, n));
	if (parse_i32(digits, &pid) == 0 && pid > 0)
		*ret_pid = pid;
}

int state_json_parse(Span text, json_object **ret, Diag *d)
{
	_cleanup_json_ json_object *o = NULL;
	enum json_tokener_error e;
	json_tokener *tok;
	bool whole;

	text = without_trailing_blanks(text);
	if (text.n > STATE_FILE_MAX)
		return diag_set(d, -EBADMSG, "too large");
	if (text.n == 0)
		return -EAGAIN;
	tok = json_tokener_new_ex(JSON_DEPTH_MAX);
	if (!tok)
		return -ENOMEM;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, text.p, (int)text.n);
	e = json_tokener_get_error(tok);
	whole = json_tokener_get_parse_end(tok) == text.n;
	json_tokener_free(tok);
	if (e == json_tokener_continue)
		return -EAGAIN;
	if (e != json_tokener_success || !o)
		return diag_set(d, -EBADMSG, "invalid JSON: %s", json_tokener_error_desc(e));
	if (!whole)
		return diag_set(d, -EBADMSG, "invalid JSON: something follows it");
	*ret = o;
	o = NULL;
	return 0;
}

int state_json_read(const StateFolder *folder, const char *path, json_object **ret, Diag *d)
{
	_cleanup_free_ char *text = NULL;
	Diag inner = { 0 };
	size_t n;
	int r;

	r = state_read(folder, path, &text, &n, d);
	if (r < 0)
		return r;
	r = state_json_parse(span_make(text, n), ret, &inner);
	if (r == -EAGAIN)
		return diag_set(d, r, "%s: is only half written", path);
	return r < 0 ? diag_set(d, r, "%s: %s", path, inner.text) : 0;
}

json_object *state_json_object(json_object *o, const char *key)
{
	json_object *v = NULL;

	if (!json_object_is_type(o, json_type_object) || !json_object_object_get_ex(o, key, &v))
		return NULL;
	return json_object_is_type(v, json_type_object) ? v : NULL;
}

const char *state_json_string(json_object *o, const char *key)
{
	json_object *v = NULL;

	if (!json_object_is_type(o, json_type_object) || !json_object_object_get_ex(o, key, &v))
		return NULL;
	return json_object_is_type(v, json_type_string) ? json_object_get_string(v) : NULL;
}

void state_json_copy(json_object *o, const char *key, char *buf, size_t size)
{
	json_object *v = NULL;

	buf[0] = '\0';
	if (state_json_string(o, key) && json_object_object_get_ex(o, key, &v))
		text_fit(
			span_make(json_object_get_string(v), (size_t)json_object_get_string_len(v)),
			buf, size);
}

int32_t state_json_pid(json_object *o, const char *key)
{
	json_object *v = NULL;
	int64_t pid;

	if (!json_object_is_type(o, json_type_object) || !json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_int))
		return 0;
	pid = json_object_get_int64(v);
	return pid > 0 && pid <= INT32_MAX ? (int32_t)pid : 0;
}
