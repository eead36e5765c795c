/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * actions CAPTURE [COPY]: makes one SECCOMP record of every kind on the running kernel, each in a
 * child of its own, and prints "KIND PID" for each child. What the kernel's audit stream says
 * meanwhile goes to the file CAPTURE, one line "type=1326 msg=PAYLOAD" per record. COPY is a copy
 * of this program whose name holds a space; it is executed for the kind "exe".
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "tell the audit word of this architecture"
#endif

#define X32_BIT 0x40000000U
#define I386_GETSID 147
#define IDLE_MS 500 /* a stream that says nothing for so long has said it all */

#define CALL_SECONDS 10 /* nobody waits longer for a supervisor's answer */

typedef struct Kind {
	const char *name;
	uint32_t action; /* of the filter; UINT32_MAX for strict mode */
	uint32_t arch, nr;
	const char *comm;
	bool quiet;      /* the filter has no log flag */
	uint32_t answer; /* of the supervisor that SECCOMP_RET_USER_NOTIF asks */
} Kind;

static const Kind kinds[] = {
	{ "log", SECCOMP_RET_LOG, NATIVE, SYS_getsid, NULL },
	{ "errno", SECCOMP_RET_ERRNO | EPERM, NATIVE, SYS_getsid, NULL },
	{ "trap", SECCOMP_RET_TRAP, NATIVE, SYS_getsid, NULL },
	{ "trace", SECCOMP_RET_TRACE, NATIVE, SYS_getsid, NULL },
	{ "user-notif", SECCOMP_RET_USER_NOTIF, NATIVE, SYS_getsid, NULL },
	{ .name = "user-notif-continued",
	  .action = SECCOMP_RET_USER_NOTIF,
	  .arch = NATIVE,
	  .nr = SYS_getsid,
	  .answer = SECCOMP_USER_NOTIF_FLAG_CONTINUE },
	{ .name = "errno-quiet",
	  .action = SECCOMP_RET_ERRNO | EPERM,
	  .arch = NATIVE,
	  .nr = SYS_getsid,
	  .quiet = true },
	{ "kill-thread", SECCOMP_RET_KILL_THREAD, NATIVE, SYS_getsid, NULL },
	{ "kill-process", SECCOMP_RET_KILL_PROCESS, NATIVE, SYS_getsid, NULL },
	{ "unknown", 0x12340000, NATIVE, SYS_getsid, NULL },
	{ "strict", UINT32_MAX, NATIVE, SYS_getsid, NULL },
	{ "minus-one", SECCOMP_RET_LOG, NATIVE, UINT32_MAX, NULL },
	{ "comm", SECCOMP_RET_LOG, NATIVE, SYS_getsid, "a b\"c" },
	{ "comm-utf8", SECCOMP_RET_LOG, NATIVE, SYS_getsid, "na\xc3\xafve" },
	{ "comm-forged", SECCOMP_RET_LOG, NATIVE, SYS_getsid, "x\" pid=1 sig=9" },
	{ "exe", SECCOMP_RET_LOG, NATIVE, SYS_getsid, NULL },
#if defined(__x86_64__)
	{ "x32", SECCOMP_RET_LOG, NATIVE, SYS_getsid | X32_BIT, NULL },
	{ "int80", SECCOMP_RET_LOG, AUDIT_ARCH_I386, I386_GETSID, NULL },
#endif
};

static void fail(const char *what)
{
	fprintf(stderr, "actions: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Returns the supervisor's descriptor where the action asks one. */
static int load_filter(const Kind *k)
{
	unsigned flags =
		(k->quiet ? 0 : SECCOMP_FILTER_FLAG_LOG) |
		(k->action == SECCOMP_RET_USER_NOTIF ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0);
	long r;

	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k->arch, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k->nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, k->action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		fail("no_new_privs");
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (r < 0)
		fail("the filter cannot be loaded");
	return (int)r;
}

/* Answers one call: with ENOSYS, or that it may go on. */
static void supervise(int listener, uint32_t answer)
{
	struct seccomp_notif request = { 0 };
	struct seccomp_notif_resp response = { 0 };

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
		fail("no call to judge");
	response.id = request.id;
	response.flags = answer;
	response.error = answer == 0 ? -ENOSYS : 0;
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) < 0)
		fail("the call cannot be answered");
	_exit(0);
}

/* A child judges the call of its parent, of whom the record tells. */
static void run_supervised(const Kind *k, int listener)
{
	pid_t pid = fork();
	bool refused;
	int status;

	if (pid < 0)
		fail("fork");
	alarm(CALL_SECONDS);
	if (pid == 0)
		supervise(listener, k->answer);
	close(listener);
	refused = syscall((int32_t)k->nr, 0) < 0 && errno == ENOSYS;
	if (waitpid(pid, &status, 0) != pid || status != 0 || refused != (k->answer == 0))
		fail("the supervisor's answer did not hold");
	_exit(0);
}

static void make_call(const Kind *k)
{
#if defined(__x86_64__)
	if (k->arch == AUDIT_ARCH_I386) {
		long result = k->nr;

		__asm__ volatile("int $0x80"
				 : "+a"(result)
				 : "b"(0)
				 : "memory", "r8", "r9", "r10", "r11");
		return;
	}
#endif
	syscall((int32_t)k->nr, 0);
}

static void run_kind(const Kind *k)
{
	if (k->comm)
		prctl(PR_SET_NAME, k->comm, 0, 0, 0);
	if (k->action == UINT32_MAX)
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
	else {
		int listener = load_filter(k);

		if (k->action == SECCOMP_RET_USER_NOTIF)
			run_supervised(k, listener);
	}
	make_call(k);
	/* exit_group is no call of strict mode. */
	syscall(SYS_exit, 0);
}

static void start_kind(const Kind *k, const char *copy)
{
	int status;
	pid_t pid;

	if (strcmp(k->name, "exe") == 0 && !copy)
		return;
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0 && strcmp(k->name, "exe") == 0) {
		execl(copy, copy, "--log", (char *)NULL);
		fail(copy);
	}
	if (pid == 0)
		run_kind(k);
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		exit(1);
	printf("%s %d\n", k->name, pid);
}

static int listen_to_audit(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("the audit stream cannot be joined");
	return fd;
}

static void capture(int fd, const char *path)
{
	static char message[16384] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	FILE *f = fopen(path, "we");

	if (!f)
		fail(path);
	while (poll(&p, 1, IDLE_MS) > 0) {
		const struct nlmsghdr *head = (const struct nlmsghdr *)message;
		ssize_t n = recv(fd, message, sizeof(message), 0);

		if (n < 0)
			fail("the audit stream cannot be read");
		if ((size_t)n < sizeof(*head) || head->nlmsg_type != 1326)
			continue;
		fprintf(f, "type=1326 msg=%.*s\n", (int)((size_t)n - sizeof(*head)),
			message + sizeof(*head));
	}
	if (fclose(f) != 0)
		fail(path);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc == 2 && strcmp(argv[1], "--log") == 0)
		run_kind(&kinds[0]);
	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: actions CAPTURE [COPY]\n");
		return 2;
	}
	fd = listen_to_audit();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		start_kind(&kinds[i], argc > 2 ? argv[2] : NULL);
	capture(fd, argv[1]);
	return 0;
}
