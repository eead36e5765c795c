/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include "daemon/log.h"
#include "daemon/manager.h"
#include "daemon/open-protocol.h"
#include "seccompd/exit-codes.h"
#include "source/bus-error.h"

#define CONFIG_FILE SECCOMPD_SYSCONF_DIR "/seccompd/seccompd.conf"

static const char *arg_config;
static const char *arg_ledger;
static const char *arg_source;
static const char *arg_opener = OPEN_SOCKET;
static bool arg_once;
static bool arg_no_journal;

static void print_help(void)
{
	puts("seccompd [OPTION...]\n"
	     "\n"
	     "Listens to the kernel's audit stream for SECCOMP records, finds the container that "
	     "made\n"
	     "each call, and keeps the evidence. seccompctl(1) reads it.\n"
	     "\n"
	     "  --config FILE     read FILE and FILE.d/*.conf instead of " CONFIG_FILE "\n"
	     "  --ledger FILE     keep the ledger in FILE, and the live counters in FILE.tally\n"
	     "  --source SOURCE   netlink (default), auditd, journal, file:PATH, or - for\n"
	     "                    standard input\n"
	     "  --once            end at the end of the file or pipe\n"
	     "  --opener SOCKET   where seccompd-open(8) is asked when capabilities are missing\n"
	     "  --no-journal      write no journal entries\n"
	     "  --help            show this help\n"
	     "  --version         show the version\n"
	     "\n"
	     "See seccompd(8) and seccompd.conf(5).");
}

enum {
	OPT_CONFIG = 256,
	OPT_LEDGER,
	OPT_SOURCE,
	OPT_ONCE,
	OPT_OPENER,
	OPT_NO_JOURNAL,
	OPT_HELP,
	OPT_VERSION
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "ledger", required_argument, NULL, OPT_LEDGER },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "once", no_argument, NULL, OPT_ONCE },
	{ "opener", required_argument, NULL, OPT_OPENER },
	{ "no-journal", no_argument, NULL, OPT_NO_JOURNAL },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* What is left empty names nothing, and no socket has a longer name. */
static int check_options(void)
{
	const struct {
		const char *option, *value;
	} given[] = { { "--config", arg_config },
		      { "--ledger", arg_ledger },
		      { "--source", arg_source },
		      { "--opener", arg_opener } };
	const size_t max = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	for (size_t i = 0; i < ELEMENTSOF(given); i++)
		if (given[i].value && given[i].value[0] == '\0') {
			log_line(LOG_ERR, "%s is empty", given[i].option);
			return -EINVAL;
		}
	if (strlen(arg_opener) <= max)
		return 0;
	log_line(LOG_ERR, "--opener %.64s... has %zu bytes, a socket's path at most %zu",
		 arg_opener, strlen(arg_opener), max);
	return -EINVAL;
}

/* 0 = go on, 1 = done, -EINVAL = usage error, which was said. */
static int parse_argv(int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		switch (c) {
		case OPT_CONFIG:
			arg_config = optarg;
			break;
		case OPT_LEDGER:
			arg_ledger = optarg;
			break;
		case OPT_SOURCE:
			arg_source = optarg;
			break;
		case OPT_ONCE:
			arg_once = true;
			break;
		case OPT_OPENER:
			arg_opener = optarg;
			break;
		case OPT_NO_JOURNAL:
			arg_no_journal = true;
			break;
		case OPT_HELP:
			print_help();
			return 1;
		case OPT_VERSION:
			puts("seccompd " SECCOMPD_VERSION);
			return 1;
		default:
			return -EINVAL;
		}
	if (optind == argc)
		return check_options();
	log_line(LOG_ERR, "\"%s\" is no option, see seccompd --help", argv[optind]);
	return -EINVAL;
}

static ConfigOrigin origin_of_config(void)
{
	return (ConfigOrigin){ .file = arg_config ? arg_config : CONFIG_FILE,
			       .must_exist = arg_config != NULL,
			       .ledger = arg_ledger,
			       .source = arg_source,
			       .no_journal = arg_no_journal };
}

static int run(const ConfigOrigin *origin, Config *config)
{
	_cleanup_(manager_freep) Manager *m = NULL;
	Diag d = { 0 };
	int r;

	r = manager_new(&(ManagerOptions){ .config = config,
					   .origin = origin,
					   .once = arg_once,
					   .opener = arg_opener },
			&m, &d);
	if (r < 0) {
		log_line(LOG_ERR, "%s", d.text);
		sd_notifyf(0, "STATUS=%s\nERRNO=%d", d.text, -r);
		return r;
	}
	return manager_run(m);
}

/*
 * A closed standard descriptor would be given to the next file that is opened, and messages would
 * go into the ledger's lock or the audit socket. The wrong way round, so that using it is an error.
 */
static void fill_standard_fds(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Of a journal's file nothing is lost. Nothing can be saved from a page of our own that is gone;
 * the next start can tell what was lost with it. */
static void on_cut_file(int signal, siginfo_t *info, void *context)
{
	static const char text[] =
		"seccompd: a file in use was cut off by another program (the tally, or the "
		"ledger's index); ending, the next start goes on with what is left and says what "
		"is lost\n";
	ssize_t n;

	(void)signal;
	(void)context;
	if (bus_error_take(info))
		return;
	n = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)n;
	_exit(EXIT_FAILURE);
}

static void watch_for_cut_files(void)
{
	const struct sigaction action = { .sa_sigaction = on_cut_file, .sa_flags = SA_SIGINFO };

	(void)sigaction(SIGBUS, &action, NULL);
}

/* glibc's own first thresholds, held: by itself it raises both by what was freed once, up to some
 * tens of MiB that then stay with us. */
static void give_memory_back(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, 128 << 10);
	(void)mallopt(M_TRIM_THRESHOLD, 128 << 10);
}

int main(int argc, char **argv)
{
	_cleanup_config_ Config config = { 0 };
	ConfigOrigin origin;
	Diag d = { 0 };
	int r;

	fill_standard_fds();
	log_begin();
	give_memory_back();
	watch_for_cut_files();
	r = parse_argv(argc, argv);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_USAGE : EXIT_SUCCESS;
	origin = origin_of_config();
	if (config_load(&origin, &config, &d) < 0) {
		log_line(LOG_ERR, "%s", d.text);
		return SECCOMPD_EXIT_USAGE;
	}
	return run(&origin, &config) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
