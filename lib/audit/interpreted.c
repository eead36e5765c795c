/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <signal.h>

#include "audit/arch.h"
#include "audit/interpreted.h"
#include "audit/syscall.h"
#include "util/parse.h"

/* The fields from the right. Values are cut out first: the call's name needs the architecture. */
enum {
	CODE,
	IP,
	COMPAT,
	SYSCALL,
	ARCH,
	SIG,
	EXE,
	COMM,
	PID,
	_KEY_MAX,
};

static const struct {
	Span key;
	bool optional;
} keys[_KEY_MAX] = {
	[CODE] = { { " code=", 6 }, false },    [IP] = { { " ip=", 4 }, false },
	[COMPAT] = { { " compat=", 8 }, true }, [SYSCALL] = { { " syscall=", 9 }, false },
	[ARCH] = { { " arch=", 6 }, true },     [SIG] = { { " sig=", 5 }, false },
	[EXE] = { { " exe=", 5 }, true },       [COMM] = { { " comm=", 6 }, false },
	[PID] = { { " pid=", 5 }, false },
};

typedef struct Word {
	const char *word;
	uint32_t value;
} Word;

static const Word code_words[] = {
	{ "log", 0x7ffc0000 },          { "errno", 0x50000 },         { "trap", 0x30000 },
	{ "kill-process", 0x80000000 }, { "kill-thread", 0 },         { "trace", 0x7ff00000 },
	{ "user-notify", 0x7fc00000 },  { "user-notif", 0x7fc00000 }, { "allow", 0x7fff0000 },
};

static const Word signal_words[] = {
	{ "SIG0", 0 },        { "0", 0 },       { "SIGKILL", SIGKILL },
	{ "SIGSYS", SIGSYS }, { "31", SIGSYS }, { "9", SIGKILL },
};

static bool find_in_words(Span text, const Word *words, size_t n, uint32_t *ret)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(text, words[i].word)) {
			*ret = words[i].value;
			return true;
		}
	return false;
}

/* What stands in "unknown-syscall(5600)" between @prefix and the closing parenthesis. */
static bool unwrap(Span text, const char *prefix, Span *ret)
{
	if (!span_skip(&text, span_of(prefix)) || !span_ends(text, SPAN_LIT(")")))
		return false;
	*ret = span_first(text, text.n - 1);
	return true;
}

static bool read_code(Span text, uint32_t *ret)
{
	Span hex;

	if (unwrap(text, "unknown-seccomp-code(0x", &hex))
		return parse_hex_u32(hex, ret) == 0;
	return find_in_words(text, code_words, ELEMENTSOF(code_words), ret);
}

static bool read_arch(Span text, uint32_t *ret)
{
	Span hex;

	if (unwrap(text, "unknown-elf-type(", &hex))
		return parse_hex_u32(hex, ret) == 0;
	/* libaudit has one name for both byte orders of 32-bit ARM. */
	if (span_is(text, "armeb"))
		text = SPAN_LIT("arm");
	return arch_from_name(text, ret) == 0;
}

/* libaudit's name of a call is not always the kernel's: "pread" is pread64, "newfstat" fstat. */
static bool read_syscall(Span text, uint32_t arch, int64_t *ret)
{
	static const struct {
		const char *prefix, *suffix;
	} forms[] = { { "", "" }, { "", "64" }, { "sys_", "" }, { "new", "" } };
	char name[SYSCALL_NAME_MAX + 2];
	Span number;

	if (unwrap(text, "unknown-syscall(", &number))
		return parse_i64(number, ret) == 0;
	for (size_t i = 0; i < ELEMENTSOF(forms); i++) {
		Span stem = text;

		if (!span_skip(&stem, span_of(forms[i].prefix)) || stem.n >= SYSCALL_NAME_MAX)
			continue;
		snprintf(name, sizeof(name), "%.*s%s", (int)stem.n, stem.p, forms[i].suffix);
		if (syscall_number_seen(arch, name, ret) == 0)
			return true;
	}
	return false;
}

static bool read_id(Span text, uint32_t *ret)
{
	static const Word words[] = { { "root", 0 }, { "unset", UINT32_MAX } };

	return find_in_words(text, words, ELEMENTSOF(words), ret) || parse_u32(text, ret) == 0;
}

static void read_head(Span rest, Record *r)
{
	const struct {
		Span key;
		uint32_t flag, *value;
	} ids[] = {
		{ SPAN_LIT("auid="), RECORD_HAS_AUID, &r->auid },
		{ SPAN_LIT("uid="), RECORD_HAS_UID, &r->uid },
		{ SPAN_LIT("gid="), RECORD_HAS_GID, &r->gid },
		{ SPAN_LIT("ses="), RECORD_HAS_SES, &r->ses },
	};
	Span word;

	while (rest.n > 0) {
		if (span_skip(&rest, SPAN_LIT("subj="))) {
			r->subj = rest;
			r->has |= RECORD_HAS_SUBJ;
			return;
		}
		if (!span_split(&rest, ' ', &word))
			return;
		for (size_t i = 0; i < ELEMENTSOF(ids); i++)
			if (span_skip(&word, ids[i].key) && read_id(word, ids[i].value))
				r->has |= ids[i].flag;
	}
}

static bool read_numbers(const Span values[static _KEY_MAX], Record *r)
{
	Span ip = values[IP];

	if (!span_skip(&ip, SPAN_LIT("0x")) || parse_hex_u64(ip, &r->ip) < 0 ||
	    parse_i32(values[PID], &r->pid) < 0)
		return false;
	r->has |= RECORD_HAS_IP | RECORD_HAS_PID | RECORD_HAS_COMM;
	if (values[COMPAT].p) {
		if (parse_i32(values[COMPAT], &r->compat) < 0)
			return false;
		r->has |= RECORD_HAS_COMPAT;
	}
	return true;
}

static void read_words(const Span values[static _KEY_MAX], Record *r)
{
	uint32_t sig;

	r->nr = -1;
	r->code = UINT32_MAX;
	if (read_code(values[CODE], &r->code))
		r->has |= RECORD_HAS_CODE;
	if (values[ARCH].p && read_arch(values[ARCH], &r->arch))
		r->has |= RECORD_HAS_ARCH;
	if (read_syscall(values[SYSCALL], r->arch, &r->nr))
		r->has |= RECORD_HAS_NR;
	if (find_in_words(values[SIG], signal_words, ELEMENTSOF(signal_words), &sig)) {
		r->sig = (int32_t)sig;
		r->has |= RECORD_HAS_SIG;
	}
}

int interpreted_parse(Span body, Record *ret, const char **ret_reason)
{
	Span values[_KEY_MAX] = { 0 };
	Record r = { 0 };

	for (size_t i = 0; i < _KEY_MAX; i++) {
		ssize_t at = span_rfind(body, keys[i].key);

		if (at < 0 && keys[i].optional)
			continue;
		if (at < 0) {
			*ret_reason = "interpreted, with a field missing";
			return -EBADMSG;
		}
		values[i] = span_from(body, (size_t)at + keys[i].key.n);
		body = span_first(body, (size_t)at);
	}
	if (!read_numbers(values, &r)) {
		*ret_reason = "interpreted, with a damaged number";
		return -EBADMSG;
	}
	read_words(values, &r);
	r.comm = values[COMM];
	if (values[EXE].p) {
		r.exe = values[EXE];
		r.has |= RECORD_HAS_EXE;
	}
	read_head(body, &r);
	*ret = r;
	return 0;
}
