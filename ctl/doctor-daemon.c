/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "ctl/doctor-daemon.h"
#include "ctl/netlink-dump.h"
#include "util/parse.h"

#define SOCKETS_MAX 64
#define FDS_MAX 4096

DEFINE_CLEANUP(DIR, closedir);

typedef struct Sockets {
	ino_t inodes[SOCKETS_MAX];
	size_t n;
} Sockets;

/* ---- its process ---- */

static DIR *open_stream(int dir_fd, const char *path)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);

	if (!stream && fd >= 0)
		close(fd);
	return stream;
}

static bool is_seccompd(int proc_fd, uint32_t pid)
{
	_cleanup_close_ int fd = -1;
	char path[32], comm[32];
	ssize_t n;

	snprintf(path, sizeof(path), "%" PRIu32 "/comm", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, comm, sizeof(comm));
	return n > 0 && span_is(span_make(comm, (size_t)n), "seccompd\n");
}

/* 1 when it has the tally open, with its sockets; 0, or -errno. */
static int has_open(int proc_fd, uint32_t pid, dev_t device, ino_t inode, Sockets *ret)
{
	_cleanup_(closedirp) DIR *stream = NULL;
	Sockets s = { 0 };
	struct dirent *e;
	char path[32];
	bool found = false;

	snprintf(path, sizeof(path), "%" PRIu32 "/fd", pid);
	stream = open_stream(proc_fd, path);
	if (!stream)
		return -errno;
	for (unsigned i = 0; i < FDS_MAX && (e = readdir(stream)); i++) {
		struct stat st;

		if (e->d_name[0] == '.' || fstatat(dirfd(stream), e->d_name, &st, 0) < 0)
			continue;
		found |= st.st_dev == device && st.st_ino == inode;
		if (S_ISSOCK(st.st_mode) && s.n < SOCKETS_MAX)
			s.inodes[s.n++] = st.st_ino;
	}
	*ret = s;
	return found;
}

/* -ESRCH when there is none, -EACCES when there is one that may not be looked at. */
static int find_process(int proc_fd, dev_t device, ino_t inode, uint32_t *ret_pid, Sockets *ret)
{
	_cleanup_(closedirp) DIR *stream = open_stream(proc_fd, ".");
	int result = -ESRCH;
	struct dirent *e;

	if (!stream)
		return -errno;
	while ((e = readdir(stream))) {
		uint32_t pid;
		int r;

		if (parse_u32(span_of(e->d_name), &pid) < 0 || !is_seccompd(proc_fd, pid))
			continue;
		r = has_open(proc_fd, pid, device, inode, ret);
		if (r > 0) {
			*ret_pid = pid;
			return 0;
		}
		if (r < 0)
			result = -EACCES;
	}
	return result;
}

/* ---- its socket ---- */

typedef struct Search {
	const Sockets *sockets;
	DoctorDaemon *daemon;
	bool answered;
} Search;

static bool is_its_own(const Sockets *s, ino_t inode)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->inodes[i] == inode)
			return true;
	return false;
}

/* The attribute's bytes; SPAN_NULL without it. */
static Span find_attribute(Span rest, uint16_t type)
{
	struct rtattr a;

	while (rest.n >= sizeof(a)) {
		memcpy(&a, rest.p, sizeof(a));
		if (a.rta_len < RTA_LENGTH(0) || a.rta_len > rest.n)
			break;
		if (a.rta_type == type)
			return span_make(rest.p + RTA_LENGTH(0), a.rta_len - RTA_LENGTH(0));
		rest = span_from(rest, RTA_ALIGN(a.rta_len));
	}
	return SPAN_NULL;
}

static int on_socket(uint16_t type, Span payload, void *userdata)
{
	struct netlink_diag_msg m;
	Search *s = userdata;
	Span groups, memory, rest;
	uint32_t size;

	if (type != SOCK_DIAG_BY_FAMILY || payload.n < sizeof(m))
		return 0;
	s->answered = true;
	memcpy(&m, payload.p, sizeof(m));
	rest = span_from(payload, NLMSG_ALIGN(sizeof(m)));
	groups = find_attribute(rest, NETLINK_DIAG_GROUPS);
	if (m.ndiag_protocol != NETLINK_AUDIT || !is_its_own(s->sockets, m.ndiag_ino) ||
	    groups.n == 0 || !(groups.p[0] & 1U << (AUDIT_NLGRP_READLOG - 1)))
		return 0;
	s->daemon->on_stream = 1;
	/* The kernel names a socket after the process that bound it. */
	s->daemon->passed = m.ndiag_portid == 1;
	memory = find_attribute(rest, NETLINK_DIAG_MEMINFO);
	if (memory.n >= (SK_MEMINFO_RCVBUF + 1) * sizeof(size)) {
		memcpy(&size, memory.p + SK_MEMINFO_RCVBUF * sizeof(size), sizeof(size));
		s->daemon->receive_buffer = size;
	}
	return 0;
}

static void find_socket(const Sockets *sockets, DoctorDaemon *d)
{
	const struct netlink_diag_req request = {
		.sdiag_family = AF_NETLINK,
		.sdiag_protocol = NETLINK_AUDIT,
		.ndiag_show = NDIAG_SHOW_MEMINFO | NDIAG_SHOW_GROUPS,
	};
	Search s = { .sockets = sockets, .daemon = d };
	int r;

	d->on_stream = 0;
	r = netlink_dump(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP,
			 span_make((const char *)&request, sizeof(request)), on_socket, &s);
	/* The kernel's own socket is always there. */
	if (d->on_stream == 0 && (r < 0 || !s.answered))
		d->on_stream = r < 0 ? r : -ENODATA;
}

void doctor_daemon_look(int proc_fd, dev_t device, ino_t inode, DoctorDaemon *d)
{
	Sockets sockets = { 0 };
	uint32_t number = 0;
	char pid[16];

	d->foreign_pids = d->on_stream = -ENODATA;
	d->process = find_process(proc_fd, device, inode, &number, &sockets);
	if (d->process < 0)
		return;
	snprintf(pid, sizeof(pid), "%" PRIu32, number);
	d->foreign_pids = namespace_is_foreign(proc_fd, pid, NAMESPACE_PID);
	find_socket(&sockets, d);
}
