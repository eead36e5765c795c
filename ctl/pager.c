/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/pager.h"
#include "ctl/progress.h"
#include "util/macro.h"

static const char default_pager[] = "if command -v less >/dev/null; then less\n"
				    "elif command -v more >/dev/null; then more\n"
				    "else cat\n"
				    "fi";

static pid_t pager; /* 0: there is none */

/* NULL: none is wanted. */
static const char *find_pager(void)
{
	const char *terminal = getenv("TERM");
	const char *name = getenv("SECCOMPCTL_PAGER") ?: getenv("SYSTEMD_PAGER") ?: getenv("PAGER");

	if (!isatty(STDOUT_FILENO) || !terminal || strcmp(terminal, "dumb") == 0)
		return NULL;
	if (!name)
		return default_pager;
	return name[0] == '\0' || strcmp(name, "cat") == 0 ? NULL : name;
}

/* A key that interrupts is for the pager to judge. One that does not exist read nothing, so that
 * cat has all of it. What is left unread is taken away: the verb comes to its end, and to its exit
 * code. */
static char *write_script(const char *command)
{
	char *script = NULL;

	if (asprintf(&script,
		     "trap : INT QUIT\n%s\n[ $? -ne 127 ] || exec cat\nexec cat >/dev/null\n",
		     command) < 0)
		return NULL;
	return script;
}

/* As systemctl, but lines are folded: tables fit already, and a sentence must not lose its end.
 * The text has names from containers in it, and its reader may be root by grace of sudo: less runs
 * no commands and writes no files, unless the user says LESSSECURE=0. */
static _Noreturn void run_pager(const char *script, int in)
{
	if (dup2(in, STDIN_FILENO) >= 0 &&
	    setenv("LESS", getenv("SYSTEMD_LESS") ?: "FRXMK", true) == 0 &&
	    setenv("LESSCHARSET", "utf-8", false) == 0 && setenv("LESSSECURE", "1", false) == 0)
		execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(127);
}

static void wait_for_pager(void)
{
	int error = errno;

	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	errno = error;
}

/* The pager has the terminal until it ends, whatever ends us. */
static void end_with_pager(int sig)
{
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	wait_for_pager();
	raise(sig); /* SA_RESETHAND: this time it ends us */
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = end_with_pager, .sa_flags = (int)SA_RESETHAND };

	for (size_t i = 0; i < ELEMENTSOF(signals); i++)
		(void)sigaction(signals[i], &action, NULL);
}

void pager_open(void)
{
	const char *command = find_pager();
	_cleanup_free_ char *script = command ? write_script(command) : NULL;
	_cleanup_close_ int in = -1, out = -1;
	int fds[2];

	if (!script || pipe2(fds, O_CLOEXEC) < 0)
		return;
	in = fds[0];
	out = fds[1];
	pager = fork();
	if (pager == 0)
		run_pager(script, in);
	if (pager < 0) {
		pager = 0;
		return;
	}
	catch_signals();
	if (isatty(STDERR_FILENO)) {
		progress_terminal(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
		(void)dup2(out, STDERR_FILENO);
	}
	(void)dup2(out, STDOUT_FILENO);
}

void pager_close(void)
{
	if (pager == 0)
		return;
	(void)fclose(stdout);
	(void)fclose(stderr);
	wait_for_pager();
	pager = 0;
}
