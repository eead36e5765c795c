/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/strace-line.h"
#include "util/parse.h"

/* Outside of these years a number is no time of -ttt, but one of -r or a pid. */
#define EPOCH_MIN 946684800ULL
#define EPOCH_MAX 4102444800ULL

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void skip_blanks(Span *s)
{
	while (s->n > 0 && s->p[0] == ' ')
		*s = span_from(*s, 1);
}

static Span take_while(Span *s, bool (*is)(char c))
{
	size_t n = 0;

	while (n < s->n && is(s->p[n]))
		n++;
	*s = span_from(*s, n);
	return span_make(s->p - n, n);
}

/* Moves behind @end, when it is there. */
static bool skip_behind(Span *s, Span end)
{
	ssize_t at = span_find(*s, end);

	if (at < 0)
		return false;
	*s = span_from(*s, (size_t)at + end.n);
	return true;
}

/* ---- what may stand before a call ---- */

static bool is_stamp_char(char c)
{
	return is_digit(c) || c == ':' || c == '.';
}

/* A stamp with a date: seconds, and maybe 3, 6 or 9 digits behind the point. */
static usec_t epoch_of(Span stamp)
{
	uint64_t seconds, fraction = 0;
	Span whole, rest = stamp;

	span_split(&rest, '.', &whole);
	if (parse_u64(whole, &seconds) < 0 || seconds < EPOCH_MIN || seconds > EPOCH_MAX)
		return 0;
	rest = span_first(rest, 6);
	if (rest.n > 0 && parse_u64(rest, &fraction) < 0)
		return 0;
	for (size_t n = rest.n; rest.n > 0 && n < 6; n++)
		fraction *= 10;
	return seconds * USEC_PER_SEC + fraction;
}

/* "1234 " or "1234<comm> ", and without the blank before a bracket that closes. */
static bool take_pid(Span *s, uint32_t *ret)
{
	Span rest = *s, digits = take_while(&rest, is_digit);

	if (parse_u32(digits, ret) < 0 || *ret == 0)
		return false;
	if (rest.n > 0 && rest.p[0] == '<' && !skip_behind(&rest, SPAN_LIT(">")))
		return false;
	*s = rest;
	return true;
}

static bool skip_stamp(Span *s, StraceLine *l)
{
	Span rest = *s, stamp = take_while(&rest, is_stamp_char);
	usec_t time;

	if (stamp.n == 0 || rest.n == 0 || rest.p[0] != ' ')
		return false;
	time = epoch_of(stamp);
	if (time == 0 && !memchr(stamp.p, ':', stamp.n) && !memchr(stamp.p, '.', stamp.n))
		return false;
	if (time > 0)
		l->time = time;
	*s = rest;
	return true;
}

static bool skip_pid(Span *s, StraceLine *l)
{
	Span rest = *s;
	bool bracket = span_skip(&rest, SPAN_LIT("[pid "));

	if (bracket)
		skip_blanks(&rest);
	if (l->pid > 0 || !take_pid(&rest, &l->pid))
		return false;
	if (!span_skip(&rest, bracket ? SPAN_LIT("] ") : SPAN_LIT(" "))) {
		l->pid = 0;
		return false;
	}
	*s = rest;
	return true;
}

/* "(+     0.000014) " of -r, "[ 59] " of -n, "[00007f3c35f2bad7] " of -i, a label. */
static bool skip_group(Span *s)
{
	Span rest = *s;

	if (span_starts(rest, SPAN_LIT("[ Process ")))
		return false;
	if (span_starts(rest, SPAN_LIT("(+ ")) ? !skip_behind(&rest, SPAN_LIT(") "))
	    : span_starts(rest, SPAN_LIT("[")) ? !skip_behind(&rest, SPAN_LIT("] "))
					       : true)
		return false;
	*s = rest;
	return true;
}

static void skip_prefix(Span *s, StraceLine *l)
{
	do
		skip_blanks(s);
	while (skip_stamp(s, l) || skip_pid(s, l) || skip_group(s));
}

/* ---- the line ---- */

/* ") = ", with as many blanks before the sign as strace likes. */
static bool has_result(Span s)
{
	while (s.n > 0) {
		const char *end = memrchr(s.p, ')', s.n);
		Span rest;

		if (!end)
			return false;
		rest = span_make(end + 1, (size_t)(s.p + s.n - end) - 1);
		skip_blanks(&rest);
		if (rest.p > end + 1 && span_starts(rest, SPAN_LIT("= ")))
			return true;
		/* All behind it was looked at, but what could be its own sign. */
		s.n = (size_t)(end - s.p);
	}
	return false;
}

/* To a terminal strace says in the middle of the call that makes a process that there is one; what
 * the call would have said on, or " <unfinished ...>", stands on the next line. */
static bool is_interrupted(Span s)
{
	return span_ends(s, SPAN_LIT(" attached")) &&
	       span_find(s, SPAN_LIT("strace: Process ")) >= 0;
}

/* "<unfinished ...>", "<pid changed to 1234 ...>", "<detached ...>" */
static bool has_no_end(Span s)
{
	return span_ends(s, SPAN_LIT(" ...>"));
}

static StraceKind parse_call(Span s, bool cut, StraceLine *l)
{
	Span rest = s, name = take_while(&rest, is_name_char);

	if (span_skip(&rest, SPAN_LIT("????"))) /* a number that could not be read */
		name = span_first(s, 4);
	if (name.n == 0 || is_digit(name.p[0]) || !span_starts(rest, SPAN_LIT("(")))
		return STRACE_NOT_OURS;
	l->name = name;
	l->unfinished = span_ends(s, SPAN_LIT("<unfinished ...>"));
	l->interrupted = is_interrupted(s);
	return cut || l->interrupted || has_no_end(s) || has_result(rest) ? STRACE_CALL
									  : STRACE_NO_RESULT;
}

static StraceKind parse_resumed(Span s, bool cut, StraceLine *l)
{
	span_skip(&s, SPAN_LIT("<... "));
	l->name = take_while(&s, is_name_char);
	if (l->name.n > 0 && (span_starts(s, SPAN_LIT(" resumed")) || cut))
		return STRACE_RESUMED;
	return STRACE_NOT_OURS;
}

/* "[ Process PID=1234 runs in 32 bit mode. ]": it names the process also where the line does not.
 */
static StraceKind parse_mode(Span s, bool cut, StraceLine *l)
{
	ssize_t end;

	(void)cut;
	span_skip(&s, SPAN_LIT("[ Process PID="));
	if (parse_u32(take_while(&s, is_digit), &l->pid) < 0 ||
	    !span_skip(&s, SPAN_LIT(" runs in ")))
		return STRACE_NOT_OURS;
	end = span_find(s, SPAN_LIT(" mode. ]"));
	l->mode = span_first(s, end < 0 ? 0 : (size_t)end);
	return end < 0 ? STRACE_NOT_OURS : STRACE_MODE;
}

static StraceKind parse_table(Span s, bool cut, StraceLine *l)
{
	(void)cut;
	span_skip(&s, SPAN_LIT("System call usage summary for "));
	if (!span_ends(s, SPAN_LIT(" mode:")))
		return STRACE_NOT_OURS;
	l->mode = span_first(s, s.n - strlen(" mode:"));
	return STRACE_TABLE;
}

/* "Process 1234 attached", as strace said it before version 4.21. */
static StraceKind parse_process(Span s, bool cut, StraceLine *l)
{
	(void)cut;
	(void)l;
	span_skip(&s, SPAN_LIT("Process "));
	return take_while(&s, is_digit).n > 0 && span_starts(s, SPAN_LIT(" ")) ? STRACE_SKIP
									       : STRACE_NOT_OURS;
}

static const struct {
	const char *start;
	StraceKind kind;
	StraceKind (*parse)(Span s, bool cut, StraceLine *l);
} starts[] = {
	{ "<... ", STRACE_RESUMED, parse_resumed },
	{ "<unfinished ...>", STRACE_UNFINISHED, NULL },
	{ "+++ ", STRACE_EXIT, NULL },
	{ "--- ", STRACE_SKIP, NULL },
	{ "strace: ", STRACE_SKIP, NULL },
	{ "Process ", STRACE_SKIP, parse_process },
	{ "[ Process PID=", STRACE_MODE, parse_mode },
	{ "System call usage summary for ", STRACE_TABLE, parse_table },
	{ "> ", STRACE_SKIP, NULL }, /* -k: where it was called */
	{ "| ", STRACE_SKIP, NULL }, /* -e read=, -e write=: the bytes */
};

void strace_line_parse(Span text, bool cut, StraceLine *ret)
{
	StraceLine l = { .kind = STRACE_SKIP };
	Span s = text;

	skip_prefix(&s, &l);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\r'))
		s.n--;
	if (s.n > 0)
		l.kind = STRACE_NOT_OURS;
	for (size_t i = 0; i < ELEMENTSOF(starts); i++)
		if (span_starts(s, span_of(starts[i].start))) {
			l.kind = starts[i].parse ? starts[i].parse(s, cut, &l) : starts[i].kind;
			*ret = l;
			return;
		}
	if (s.n > 0)
		l.kind = parse_call(s, cut, &l);
	*ret = l;
}
