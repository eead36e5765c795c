/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/random.h>

#include "audit/action.h"
#include "audit/arch.h"
#include "audit/duplicate.h"
#include "audit/line.h"
#include "audit/syscall.h"
#include "ctl/ctl.h"
#include "ctl/decode-rows.h"
#include "ctl/decode-summary.h"
#include "ctl/log-file.h"
#include "ctl/progress.h"
#include "profile/json-line.h"
#include "seccompd/exit-codes.h"
#include "source/byte-reader.h"
#include "source/log-reader.h"
#include "util/text.h"

static const char help[] =
	"seccompctl decode [--json] [--summary] [FILE...]\n\n"
	"Reads logs (of auditd, the kernel, syslog or the journal, there also -o json and\n"
	"-o export; also packed by gzip or xz; standard input without FILE or for \"-\") and "
	"prints each SECCOMP record, each one that "
	"is\n"
	"damaged, and each notice of lost records. Lines of other types are counted in the totals "
	"on\n"
	"standard error.\n\n"
	"  --json     One JSON object per line of input, also for lines that are no records; of\n"
	"             several FILEs, each says which\n"
	"  --summary  Counts the records by program, architecture, call and action instead, the\n"
	"             same record once; with --json one object per count\n"
	"  --help     This text\n";

/* Not an exit code: standard output is gone, so there is no use in going on. */
#define DECODE_NO_OUTPUT 1000

/* One line of input in the form that both outputs print; absent text has a NULL .p. */
typedef struct Decoded {
	Span file; /* named only where there are several */
	uint64_t number;
	Line line;
	bool has_serial;
	uint32_t arch; /* x32 told apart */
	Span comm, exe;
	const char *syscall;
	char time[32], ip[20], code[12], arch_word[12];
	char comm_text[512], exe_text[8192], name[SYSCALL_NAME_MAX];
} Decoded;

typedef struct Decoder {
	bool json;
	DecodeRows rows;
	uint64_t counts[_LINE_STATUS_MAX];
	DecodeSummary *summary; /* NULL: lines are printed */
	DuplicateWindow *window;
	Progress progress;
	uint64_t lines, read; /* of the files before this one; bytes of them */
	Decoded decoded;
	bool no_output;
} Decoder;

static Span text_of(const Line *l, Span raw, char *buf, size_t size)
{
	int n;

	if (l->interpreted)
		return raw;
	n = record_text(raw, buf, size);
	return n < 0 ? SPAN_NULL : span_make(buf, (size_t)n);
}

/* Everything that needs to be spelled out. A line that is no record keeps its stamp if it was a
 * damaged record, and nothing else. */
static void spell_out(Decoded *d)
{
	const Record *r = &d->line.record;

	d->comm = d->exe = SPAN_NULL;
	d->syscall = NULL;
	d->time[0] = '\0';
	d->has_serial = false;
	if (d->line.status == LINE_SKIP)
		return;
	d->has_serial = d->line.has_stamp || (d->line.interpreted && r->serial > 0);
	if (d->line.has_stamp)
		snprintf(d->time, sizeof(d->time), "%" PRIu64 ".%03" PRIu32, r->sec, r->msec);
	if (d->line.status == LINE_REJECT)
		return;
	d->comm = text_of(&d->line, r->comm, d->comm_text, sizeof(d->comm_text));
	d->exe = text_of(&d->line, r->exe, d->exe_text, sizeof(d->exe_text));
	d->arch = arch_of_call(r->arch, r->nr);
	if ((r->has & RECORD_HAS_ARCH) && syscall_name(r->arch, r->nr, d->name) == 0)
		d->syscall = d->name;
	snprintf(d->ip, sizeof(d->ip), "0x%" PRIx64, r->ip);
	snprintf(d->code, sizeof(d->code), "0x%" PRIx32, r->code);
	snprintf(d->arch_word, sizeof(d->arch_word), "%" PRIx32, r->arch);
}

static void add_int(JsonLine *j, const char *key, bool known, int64_t value)
{
	if (known)
		json_line_int(j, key, value);
	else
		json_line_null(j, key);
}

static int print_json(const Decoded *d)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const Record *r = &d->line.record;
	uint32_t has = d->line.status == LINE_RECORD ? r->has : 0;
	bool record = d->line.status == LINE_RECORD;

	if (d->file.p)
		json_line_text(j, "file", d->file);
	json_line_uint(j, "line", d->number);
	json_line_str(j, "status", line_status_name(d->line.status));
	json_line_str(j, "reason", d->line.reason);
	json_line_str(j, "time", d->time[0] != '\0' ? d->time : NULL);
	add_int(j, "serial", d->has_serial, r->serial);
	add_int(j, "pid", has & RECORD_HAS_PID, r->pid);
	add_int(j, "uid", has & RECORD_HAS_UID, r->uid);
	json_line_text(j, "comm", d->comm);
	json_line_text(j, "exe", d->exe);
	json_line_text(j, "subj", has & RECORD_HAS_SUBJ ? r->subj : SPAN_NULL);
	add_int(j, "sig", has & RECORD_HAS_SIG, r->sig);
	json_line_str(j, "arch",
		      !record                   ? NULL
		      : (has & RECORD_HAS_ARCH) ? arch_name(d->arch)
						: "unknown");
	json_line_str(j, "arch_word", has & RECORD_HAS_ARCH ? d->arch_word : NULL);
	add_int(j, "nr", has & RECORD_HAS_NR, r->nr);
	json_line_str(j, "syscall", d->syscall);
	add_int(j, "compat", has & RECORD_HAS_COMPAT, r->compat);
	json_line_str(j, "ip", has & RECORD_HAS_IP ? d->ip : NULL);
	json_line_str(j, "code", has & RECORD_HAS_CODE ? d->code : NULL);
	json_line_str(j, "action",
		      has & RECORD_HAS_CODE ? action_name(action_of_code(r->code)) : NULL);
	json_line_bool(j, "interpreted", d->line.interpreted);
	return json_line_write(j, stdout);
}

static Span or_dash(Span s)
{
	return s.p ? s : SPAN_LIT("-");
}

static void put_number(DecodeRows *rows, bool known, int64_t value)
{
	char number[32];

	snprintf(number, sizeof(number), "%" PRId64, value);
	decode_rows_cell(rows, span_of(known ? number : "-"));
}

static int print_row(DecodeRows *rows, const Decoded *d)
{
	const Record *r = &d->line.record;
	uint32_t has = d->line.status == LINE_RECORD ? r->has : 0;
	const char *action = has & RECORD_HAS_CODE ? action_name(action_of_code(r->code)) : "-";
	char status[256];

	decode_rows_cell(rows, span_of(d->time[0] != '\0' ? d->time : "-"));
	put_number(rows, d->has_serial, r->serial);
	put_number(rows, has & RECORD_HAS_PID, r->pid);
	decode_rows_cell(rows, or_dash(d->comm));
	decode_rows_cell(rows, or_dash(d->exe));
	decode_rows_cell(rows, span_of(has & RECORD_HAS_ARCH ? arch_name(d->arch) : "-"));
	if (d->syscall)
		decode_rows_cell(rows, span_of(d->syscall));
	else
		put_number(rows, has & RECORD_HAS_NR, r->nr);
	decode_rows_cell(rows, span_of(action));
	snprintf(status, sizeof(status), "%s%s%s", line_status_name(d->line.status),
		 d->line.reason ? ": " : "",
		 d->line.reason
			 ?: d->line.interpreted ? " (interpreted)"
						: "");
	decode_rows_cell(rows, span_of(status));
	return ferror(stdout) ? -EIO : 0;
}

static int print_line(Decoder *decoder, const Line *line)
{
	Decoded *d = &decoder->decoded;

	if (!decoder->json && line->status == LINE_SKIP && strcmp(line->reason, "loss-notice") != 0)
		return 0;
	d->line = *line;
	spell_out(d);
	if (decoder->json)
		return print_json(d);
	return print_row(&decoder->rows, d);
}

/* One line of input, or one entry of a journal. */
static void take_line(Line *line, void *userdata)
{
	Decoder *decoder = userdata;

	/* Nobody would see it. */
	if (decoder->no_output)
		return;
	decoder->decoded.number++;
	if (decoder->summary)
		duplicate_mark(decoder->window, line);
	decoder->counts[line->status]++;
	if (!decoder->summary)
		decoder->no_output = print_line(decoder, line) < 0;
	else if (line->status == LINE_RECORD)
		decode_summary_add(decoder->summary, line);
}

static int decode_fd(Decoder *decoder, int fd)
{
	_cleanup_(log_reader_freep) LogReader *log = NULL;
	int r = log_reader_new(fd, false, &log);

	if (r < 0)
		return r;
	decoder->decoded.number = 0;
	do {
		/* What came through a pipe is shown before waiting for more. */
		if (fflush(stdout) != 0)
			decoder->no_output = true;
		r = log_reader_step(log, take_line, decoder);
		progress_show(&decoder->progress, decoder->read + log_reader_position(log),
			      decoder->lines + decoder->decoded.number);
	} while (r == LOG_MORE && !decoder->no_output);
	decoder->read += log_reader_position(log);
	decoder->lines += decoder->decoded.number;
	return decoder->no_output ? DECODE_NO_OUTPUT : r;
}

static int decode_file(Decoder *decoder, const char *name)
{
	bool standard_input = strcmp(name, "-") == 0;
	_cleanup_close_ int fd = -1;
	int r;

	if (!standard_input) {
		fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return ctl_fail(SECCOMPD_EXIT_INPUT, "decode", "%s cannot be opened: %s",
					name, strerror(errno));
	}
	r = decode_fd(decoder, standard_input ? STDIN_FILENO : fd);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "decode", "%s cannot be read: %s",
				standard_input ? "standard input" : name, byte_reader_error(r));
	return r;
}

/* Every file, also behind one that cannot be read. */
static int decode_files(Decoder *decoder, char *const *files, int n, bool color)
{
	int code = SECCOMPD_EXIT_OK;

	progress_start(&decoder->progress, "lines",
		       log_files_size((const char *const *)files, (size_t)n), decoder->summary);
	for (int i = 0; i < n; i++) {
		int r;

		if (n > 1)
			decoder->decoded.file = span_of(files[i]);
		r = decode_file(decoder, files[i]);

		if (r == DECODE_NO_OUTPUT)
			return r;
		code = MAX(code, r);
	}
	progress_end(&decoder->progress);
	if (decoder->summary && decode_summary_print(decoder->summary, decoder->json, color) < 0)
		return DECODE_NO_OUTPUT;
	return fflush(stdout) != 0 ? DECODE_NO_OUTPUT : code;
}

static int start_summary(Decoder *decoder)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return -errno;
	decoder->window = calloc(1, sizeof(*decoder->window));
	decoder->summary = decode_summary_new(seed);
	return decoder->window && decoder->summary ? 0 : -ENOMEM;
}

static Decoder *decoder_free(Decoder *decoder)
{
	decode_summary_free(decoder->summary);
	free(decoder->window);
	free(decoder);
	return NULL;
}
DEFINE_CLEANUP(Decoder, decoder_free);

int verb_decode(Ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "summary", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	static char standard_input[] = "-", *const default_files[] = { standard_input };
	char *const *files = default_files;
	_cleanup_(decoder_freep) Decoder *decoder = calloc(1, sizeof(*decoder));
	bool summary = false;
	int c, n = 1, code;

	if (!decoder)
		return ctl_fail_memory("decode");
	while ((c = ctl_getopt("decode", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'j':
			decoder->json = true;
			break;
		case 's':
			summary = true;
			break;
		case 'h':
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (optind < argc) {
		files = argv + optind;
		n = argc - optind;
	}
	if (summary && start_summary(decoder) < 0)
		return ctl_fail_memory("decode");
	code = decode_files(decoder, files, n, ctl->color);
	if (code == DECODE_NO_OUTPUT && !ferror(stdout) && fflush(stdout) == 0)
		return ctl_fail_memory("decode");
	if (code == DECODE_NO_OUTPUT)
		return SECCOMPD_EXIT_INPUT; /* main() says so, for every verb */
	fprintf(stderr, "%" PRIu64 " %s, %" PRIu64 " skipped, %" PRIu64 " rejected\n",
		decoder->counts[LINE_RECORD],
		text_plural(decoder->counts[LINE_RECORD], "record", "records"),
		decoder->counts[LINE_SKIP], decoder->counts[LINE_REJECT]);
	return code;
}
