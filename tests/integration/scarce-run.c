/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs COMMAND once as it is, and then once for each STEP-th of the allocations that it made, of
 * which that one (and FOR - 1 behind it) fails.
 *
 *   scarce-run [--lax] [--step N] [--from N] [--for N] [--failure STATUS] [--fresh DIR] [--after
 * SCRIPT] PRELOAD COMMAND...
 *
 * Each time COMMAND must end as it did, with the same output; or say on standard error what is
 * wrong and end with a status that is STATUS (2) or more (with --lax: with another output). By no
 * signal, and within 20 s. --fresh empties DIR before each run; --after runs SCRIPT (by sh, with
 * the status as $1) behind it, which must succeed. Prints how often which was the case, and each
 * run that was none of both. Status 0 = there was none.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_MAX 20

typedef struct Run {
	int status; /* as waitpid() has it */
	char *out;
	size_t n_out, n_err;
	char err[512];
	unsigned long made;
} Run;

static const char *fresh, *after, *preload;
static char count_file[] = "/tmp/scarce-XXXXXX";
static char *const *command;
static unsigned long length = 1, failure = 2;
static int lax;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void empty_folder(void)
{
	DIR *dir = fresh ? opendir(fresh) : NULL;
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
}

static void set_number(const char *name, unsigned long n)
{
	char text[32];

	snprintf(text, sizeof(text), "%lu", n);
	if (setenv(name, text, 1) < 0)
		_exit(126);
}

static void start(unsigned long at, int out, int err)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	set_number("SCARCE_AT", at);
	set_number("SCARCE_FOR", length);
	setenv("SCARCE_FILE", count_file, 1);
	setenv("LD_PRELOAD", preload, 1);
	alarm(SECONDS_MAX);
	execv(command[0], command);
	_exit(127);
}

static size_t read_all(int fd, char **ret)
{
	struct stat st;
	char *p;

	if (fstat(fd, &st) < 0)
		die("fstat");
	p = calloc(1, (size_t)st.st_size + 1);
	if (!p || pread(fd, p, (size_t)st.st_size, 0) != st.st_size)
		die("pread");
	*ret = p;
	return (size_t)st.st_size;
}

static unsigned long read_count(void)
{
	FILE *f = fopen(count_file, "re");
	unsigned long n = 0;

	if (f && fscanf(f, "%lu", &n) != 1)
		n = 0;
	if (f)
		fclose(f);
	return n;
}

static Run run(unsigned long at)
{
	int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC);
	Run r = { 0 };
	char *text;
	pid_t pid;

	empty_folder();
	pid = fork();
	if (pid == 0)
		start(at, out, err);
	if (out < 0 || err < 0 || pid < 0 || waitpid(pid, &r.status, 0) < 0)
		die("scarce-run");
	r.n_out = read_all(out, &r.out);
	r.n_err = read_all(err, &text);
	snprintf(r.err, sizeof(r.err), "%s", text);
	free(text);
	close(out);
	close(err);
	r.made = read_count();
	return r;
}

static int is_fine_afterwards(int status)
{
	char number[16], line[1024];
	int r;

	if (!after)
		return 1;
	snprintf(number, sizeof(number), "%d", WIFEXITED(status) ? WEXITSTATUS(status) : 255);
	snprintf(line, sizeof(line), "sh -c '%s' after %s", after, number);
	r = system(line);
	return r == 0;
}

static const char *judge(const Run *plain, const Run *r)
{
	int same = r->status == plain->status && r->n_out == plain->n_out &&
		   memcmp(r->out, plain->out, r->n_out) == 0;

	if (WIFSIGNALED(r->status))
		return WTERMSIG(r->status) == SIGALRM ? "did not end" : "was killed";
	if (!is_fine_afterwards(r->status))
		return "left something behind that is not sound";
	if (same || (lax && WEXITSTATUS(r->status) == WEXITSTATUS(plain->status)))
		return NULL;
	if ((unsigned long)WEXITSTATUS(r->status) < failure)
		return "ended well with another output";
	return r->n_err > 0 ? NULL : "failed and said nothing";
}

static unsigned long parse(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || n == 0)
		exit(2);
	return n;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "step", required_argument, NULL, 's' },
		{ "from", required_argument, NULL, 'f' },
		{ "for", required_argument, NULL, 'n' },
		{ "lax", no_argument, NULL, 'l' },
		{ "failure", required_argument, NULL, 'F' },
		{ "fresh", required_argument, NULL, 'd' },
		{ "after", required_argument, NULL, 'a' },
		{ 0 },
	};
	unsigned long step = 1, from = 1, same = 0, failed = 0, bad = 0;
	Run plain;
	int o;

	while ((o = getopt_long(argc, argv, "+", options, NULL)) >= 0)
		switch (o) {
		case 's':
			step = parse(optarg);
			break;
		case 'f':
			from = parse(optarg);
			break;
		case 'n':
			length = parse(optarg);
			break;
		case 'l':
			lax = 1;
			break;
		case 'F':
			failure = parse(optarg);
			break;
		case 'd':
			fresh = optarg;
			break;
		case 'a':
			after = optarg;
			break;
		default:
			return 2;
		}
	if (argc - optind < 2 || mkstemp(count_file) < 0)
		return 2;
	preload = argv[optind];
	command = argv + optind + 1;
	plain = run(0);
	for (unsigned long at = from; at <= plain.made; at += step) {
		Run r = run(at);
		const char *fault = judge(&plain, &r);

		if (fault && bad++ < 20)
			printf("allocation %lu: %s (status %#x): %s\n", at, fault,
			       (unsigned)r.status, r.err);
		if (r.status == plain.status)
			same++;
		else
			failed++;
		free(r.out);
	}
	unlink(count_file);
	printf("%lu allocations, %lu went on, %lu ended with a sentence, %lu faults\n", plain.made,
	       same, failed - (bad < failed ? bad : failed), bad);
	free(plain.out);
	return bad > 0 || plain.made == 0;
}
