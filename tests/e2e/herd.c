/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Containers as Docker would make them, many of them and fast, by what can be seen of them alone: a
 * cgroup of that form, a process in it, a file of state; then they are taken away again.
 *
 *   herd containers N EVERY CALL ROOT PARENT...   every EVERYth one makes CALL once
 *   herd wrap CALL PROCS                          forks until its own first child's pid is had by
 *                                                 another one, which makes CALL in the cgroup of
 * PROCS
 *
 * ROOT is Docker's root, PARENT... the folders, one a hierarchy, in which the cgroups come to be.
 * Prints "made N" and "called N", or "pid N". Exit status: 0, 1 when that was not possible, 2 for a
 * usage error.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ID_FORMAT "%08x%056d"
#define PARENTS_MAX 16

/* An engine takes its time to remove what it knows of a container. */
#define STATES_KEPT 500

/* Turns of the whole space of pids, at most: 4,194,304 each. */
#define FORKS_MAX (3L << 22)

/* Logs all numbers that no kernel has. */
static int load_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 10000, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
		       ? -1
		       : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), r = -1;

	if (fd < 0)
		return -1;
	if (write(fd, text, strlen(text)) == (ssize_t)strlen(text))
		r = 0;
	close(fd);
	return r;
}

/* "0" is whoever writes it. */
static int enter(const char *folder)
{
	char path[2048];

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	return write_text(path, "0");
}

/* ---- containers ---- */

static int write_state(const char *root, const char *id, int n)
{
	char path[1024], text[1024];

	snprintf(path, sizeof(path), "%s/containers/%s", root, id);
	if (mkdir(path, 0700) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/containers/%s/config.v2.json", root, id);
	snprintf(text, sizeof(text),
		 "{\"ID\":\"%s\",\"Name\":\"/herd-%d\",\"State\":{\"Running\":true,\"Pid\":0},"
		 "\"Config\":{\"Image\":\"herd\",\"Labels\":{\"com.docker.compose.project\":"
		 "\"herd\",\"com.docker.compose.service\":\"web\"}}}",
		 id, n);
	return write_text(path, text);
}

static void forget_state(const char *root, const char *id)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/containers/%s/config.v2.json", root, id);
	unlink(path);
	snprintf(path, sizeof(path), "%s/containers/%s", root, id);
	rmdir(path);
}

static void folder_of(char *buf, size_t size, const char *parent, const char *id)
{
	snprintf(buf, size, "%s/%s", parent, id);
}

static void live(char **parents, const char *id, long call)
{
	char folder[1024];

	for (; *parents; parents++) {
		folder_of(folder, sizeof(folder), *parents, id);
		if (enter(folder) < 0)
			_exit(3);
	}
	if (call > 0) {
		if (load_filter() < 0)
			_exit(3);
		syscall(call);
		usleep(20000);
	}
	_exit(0);
}

static int one(const char *root, char **parents, int n, long call)
{
	char id[80], folder[1024];
	int status = -1;
	pid_t pid;

	snprintf(id, sizeof(id), ID_FORMAT, (unsigned)getpid(), n);
	if (write_state(root, id, n) < 0)
		return -1;
	for (char **p = parents; *p; p++) {
		folder_of(folder, sizeof(folder), *p, id);
		if (mkdir(folder, 0755) < 0)
			return -1;
	}
	pid = fork();
	if (pid == 0)
		live(parents, id, call);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	for (char **p = parents; *p; p++) {
		folder_of(folder, sizeof(folder), *p, id);
		rmdir(folder);
	}
	if (n >= STATES_KEPT) {
		snprintf(id, sizeof(id), ID_FORMAT, (unsigned)getpid(), n - STATES_KEPT);
		forget_state(root, id);
	}
	return status == 0 ? 0 : -1;
}

static int containers(char **argv)
{
	int n = atoi(argv[0]), every = atoi(argv[1]), made = 0, called = 0;
	long call = atol(argv[2]);

	for (int i = 0; i < n; i++) {
		int calls = every > 0 && i % every == 0;

		if (one(argv[3], argv + 4, i, calls ? call : 0) < 0) {
			perror("herd");
			break;
		}
		made++;
		called += calls;
	}
	printf("made %d\ncalled %d\n", made, called);
	return made == n ? 0 : 1;
}

/* ---- pids that are handed round ---- */

static pid_t child(pid_t wanted, long call, const char *folder)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (wanted != 0 && getpid() == wanted) {
		if (enter(folder) < 0 || load_filter() < 0)
			_exit(3);
		syscall(call);
	}
	_exit(0);
}

/* The first one has its pid from where we are called: it is the host's. */
static int wrap(char **argv)
{
	long call = atol(argv[0]);
	pid_t wanted = 0;

	for (long i = 0; i < FORKS_MAX; i++) {
		pid_t pid = child(wanted, call, argv[1]);
		int status;

		if (pid < 0 || waitpid(pid, &status, 0) < 0)
			return 1;
		if (pid == wanted) {
			printf("pid %d behind %ld others\n", pid, i);
			return status == 0 ? 0 : 1;
		}
		if (wanted == 0)
			wanted = pid;
	}
	return 1;
}

int main(int argc, char **argv)
{
	if (argc >= 7 && argc < 6 + PARENTS_MAX && strcmp(argv[1], "containers") == 0)
		return containers(argv + 2);
	if (argc == 4 && strcmp(argv[1], "wrap") == 0)
		return wrap(argv + 2);
	fprintf(stderr, "usage: herd containers N EVERY CALL ROOT PARENT... | wrap CALL FOLDER\n");
	return 2;
}
