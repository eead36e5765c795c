/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A socket that takes entries as journald does, and what is in them. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/unit/unit.h"
#include "util/macro.h"
#include "util/span.h"

typedef struct FakeJournal {
	char dir[64], path[96];
	int fd;
} FakeJournal;

static inline void fake_journal_listen(FakeJournal *j)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", j->path);
	j->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_true(j->fd >= 0);
	assert_int_equal(bind(j->fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

/* With @leave the path stays behind, as after a kill. */
static inline void fake_journal_end(FakeJournal *j, bool leave)
{
	close(j->fd);
	j->fd = -1;
	if (!leave)
		assert_int_equal(unlink(j->path), 0);
}

static inline void fake_journal_make(FakeJournal *j)
{
	snprintf(j->dir, sizeof(j->dir), "/tmp/seccompd-journal-XXXXXX");
	assert_non_null(mkdtemp(j->dir));
	snprintf(j->path, sizeof(j->path), "%s/socket", j->dir);
	fake_journal_listen(j);
}

static inline void fake_journal_remove(FakeJournal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	(void)unlink(j->path);
	assert_int_equal(rmdir(j->dir), 0);
}
#define _cleanup_fake_journal_ _cleanup_(fake_journal_remove)

/* As journald reads one: a file counts only when it is sealed. */
static inline size_t fake_journal_read_file(int fd, char *buf, size_t size)
{
	int seals = fcntl(fd, F_GET_SEALS);
	ssize_t n = pread(fd, buf, size, 0);

	assert_int_equal(seals & (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL),
			 F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
	close(fd);
	assert_true(n >= 0);
	return (size_t)n;
}

/* Its size, or 0 when there is none. */
static inline size_t fake_journal_receive(FakeJournal *j, char *buf, size_t size)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control;
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(j->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int file;

	if (n < 0) {
		assert_int_equal(errno, EAGAIN);
		return 0;
	}
	assert_int_equal(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC), 0);
	if (n > 0 || !CMSG_FIRSTHDR(&m))
		return (size_t)n;
	memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(file));
	return fake_journal_read_file(file, buf, size);
}

/* The value of a field; .p is NULL when the entry has no such field. It reads the protocol from its
 * specification, not from what writes it. */
static inline Span fake_journal_span(const char *entry, size_t n, const char *name)
{
	const char *end = entry + n;

	while (entry < end) {
		size_t head = strcspn(entry, "=\n"), at = head + 1, length;
		bool binary = entry[head] == '\n';
		uint64_t le;

		if (binary) {
			memcpy(&le, entry + at, sizeof(le));
			at += sizeof(le);
			length = (size_t)le64toh(le);
		} else {
			length = (size_t)((char *)memchr(entry + at, '\n',
							 (size_t)(end - entry) - at) -
					  (entry + at));
		}
		assert_true(entry + at + length < end && entry[at + length] == '\n');
		if (head == strlen(name) && memcmp(entry, name, head) == 0)
			return span_make(entry + at, length);
		entry += at + length + 1;
	}
	return SPAN_NULL;
}

/* Likewise, NUL-terminated in @value; NULL when there is none. */
static inline const char *fake_journal_field(const char *entry, size_t n, const char *name,
					     char *value, size_t size)
{
	Span s = fake_journal_span(entry, n, name);

	if (!s.p)
		return NULL;
	assert_true(s.n < size);
	memcpy(value, s.p, s.n);
	value[s.n] = '\0';
	return value;
}
