/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "ctl/report-page.h"
#include "profile/digest.h"
#include "util/parse.h"

/* Lines of report-style.css and report-script.js, made by make. */
static const char *const style[] = {
#include "ctl/report-style.inc"
};

static const char *const script[] = {
#include "ctl/report-script.inc"
};

static void add_lines(Buffer *b, const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buffer_add_str(b, lines[i]);
}

/* ---- the policy ---- */

#define SHA256_BYTES 32

static void put_base64(Buffer *b, const unsigned char *p, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t word = (uint32_t)p[i] << 16;

		word |= i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0;
		word |= i + 2 < n ? p[i + 2] : 0;
		for (unsigned k = 0; k < 4; k++)
			buffer_add_char(b, i + k > n ? '=' : digits[word >> (18 - 6 * k) & 0x3f]);
	}
}

/* 'sha256-BASE64', as a policy names a text. */
static int put_source(Buffer *b, const char *const *lines, size_t n)
{
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	unsigned char bytes[SHA256_BYTES];
	char hex[DIGEST_SIZE];
	int r;

	add_lines(&text, lines, n);
	r = buffer_error(&text) ?: digest_sha256(buffer_span(&text), hex);
	if (r < 0)
		return r;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(parse_hex_digit(hex[2 * i]) << 4 |
					   parse_hex_digit(hex[2 * i + 1]));
	buffer_add_str(b, "'sha256-");
	put_base64(b, bytes, sizeof(bytes));
	buffer_add_char(b, '\'');
	return 0;
}

static int put_policy(Buffer *b)
{
	int r;

	buffer_add_str(b, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
			  "'none'; style-src ");
	r = put_source(b, style, ELEMENTSOF(style));
	buffer_add_str(b, "; script-src ");
	if (r == 0)
		r = put_source(b, script, ELEMENTSOF(script));
	buffer_add_str(b, "; base-uri 'none'; form-action 'none'\">\n");
	return r;
}

/* ---- the frame ---- */

/* The fillings of what was not watched, and of what was lost: stripes, not colours alone. */
static const char patterns[] =
	"<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
	"<pattern id=\"unwatched\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
	"patternTransform=\"rotate(45)\"><rect class=\"p0\" width=\"6\" height=\"6\"/>"
	"<rect class=\"p1\" width=\"1.5\" height=\"6\"/></pattern>"
	"<pattern id=\"lost\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
	"patternTransform=\"rotate(-45)\"><rect class=\"p2\" width=\"5\" height=\"5\"/>"
	"<rect class=\"p3\" width=\"2\" height=\"5\"/></pattern>"
	"</defs></svg>\n";

int report_page_begin(Buffer *b, Span title)
{
	int r;

	buffer_add_str(b,
		       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	r = put_policy(b);
	if (r < 0)
		return r;
	buffer_add_str(b,
		       "<meta name=\"viewport\" content=\"width=device-width, "
		       "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	html_text(b, title);
	buffer_add_str(b, "</title>\n<style>");
	add_lines(b, style, ELEMENTSOF(style));
	buffer_add_str(b, "</style>\n</head>\n<body>\n");
	buffer_add_str(b, patterns);
	buffer_add_str(b, "<main>\n");
	return 0;
}

void report_page_end(Buffer *b, usec_t made)
{
	buffer_add_str(b, "</main>\n<footer><p>Made ");
	html_time(b, made);
	html_printf(b, " by seccompctl %s. All times are UTC.", SECCOMPD_VERSION);
	buffer_add_str(b, " This file is whole: it loads nothing, and sends nothing.</p></footer>\n"
			  "<script>");
	add_lines(b, script, ELEMENTSOF(script));
	buffer_add_str(b, "</script>\n</body>\n</html>\n");
}

void report_section_begin(Buffer *b, const char *id, const char *heading, const char *note)
{
	buffer_printf(b, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<header><h2 id=\"h-%s\">",
		      id, id, id);
	html_str(b, heading);
	buffer_add_str(b, "</h2>");
	if (note) {
		buffer_add_str(b, "<p class=\"note\">");
		html_str(b, note);
		buffer_add_str(b, "</p>");
	}
	buffer_add_str(b, "</header>\n");
}

void report_section_end(Buffer *b)
{
	buffer_add_str(b, "</section>\n");
}

/* ---- small parts ---- */

void report_badge(Buffer *b, ReportTone tone, const char *word)
{
	static const struct {
		const char *name, *sign;
	} looks[_REPORT_TONE_MAX] = {
		[REPORT_PLAIN] = { "plain", "" },
		[REPORT_GOOD] = { "good", "\xe2\x9c\x93" }, /* a tick */
		[REPORT_WARN] = { "warn", "\xe2\x96\xb2" }, /* a triangle */
		[REPORT_BAD] = { "bad", "\xe2\x9c\x95" },   /* a cross */
		[REPORT_UNKNOWN] = { "unknown", "?" },
	};

	buffer_printf(b, "<span class=\"badge %s\">", looks[tone].name);
	if (looks[tone].sign[0])
		buffer_printf(b, "<i aria-hidden=\"true\">%s</i>", looks[tone].sign);
	html_str(b, word);
	buffer_add_str(b, "</span>");
}

void report_figure(Buffer *b, const char *label, const char *value, const char *note)
{
	buffer_add_str(b, "<div><dt>");
	html_str(b, label);
	buffer_printf(b, "</dt><dd><b>%s</b>", value);
	if (note && note[0]) {
		buffer_add_str(b, "<span>");
		html_sentence(b, note);
		buffer_add_str(b, "</span>");
	}
	buffer_add_str(b, "</dd></div>\n");
}

void report_table_begin(Buffer *b, const char *kind, const char *caption,
			const ReportColumn *columns, size_t n)
{
	buffer_printf(b, "<div class=\"scroll\"><table class=\"data %s\">\n<caption>", kind);
	html_str(b, caption);
	buffer_add_str(b, "</caption>\n<thead><tr>");
	for (size_t i = 0; i < n; i++) {
		buffer_printf(b, "<th scope=\"col\"%s>", columns[i].number ? " class=\"n\"" : "");
		html_str(b, columns[i].title);
		buffer_add_str(b, "</th>");
	}
	buffer_add_str(b, "</tr></thead>\n<tbody>\n");
}

void report_table_end(Buffer *b)
{
	buffer_add_str(b, "</tbody></table></div>\n");
}

void report_cell_count(Buffer *b, uint64_t n)
{
	buffer_printf(b, "<td class=\"n\" data-v=\"%" PRIu64 "\">", n);
	html_count(b, n);
	buffer_add_str(b, "</td>");
}

void report_cell_time(Buffer *b, usec_t t)
{
	buffer_printf(b, "<td class=\"t\" data-v=\"%" PRIu64 "\">", t);
	html_time(b, t);
	buffer_add_str(b, "</td>");
}

void report_cell_name(Buffer *b, Span s)
{
	buffer_add_str(b, "<td>");
	html_name(b, s);
	buffer_add_str(b, "</td>");
}

void report_cell_str(Buffer *b, const char *s)
{
	buffer_add_str(b, "<td>");
	html_str(b, s);
	buffer_add_str(b, "</td>");
}
