/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/options.h"
#include "util/buffer.h"
#include "util/similar.h"

/* The name in "--NAME" or "--NAME=VALUE", cut to @size. */
static bool read_long_name(const char *word, char *buf, size_t size)
{
	Span rest, name;

	if (strncmp(word, "--", 2) != 0)
		return false;
	rest = span_of(word + 2);
	span_split(&rest, '=', &name);
	snprintf(buf, size, "%.*s", (int)MIN(name.n, size - 1), name.p ?: "");
	return true;
}

static size_t count_starts(const struct option *options, const char *name)
{
	size_t n = 0;

	for (; options->name; options++)
		n += strncmp(options->name, name, strlen(name)) == 0;
	return n;
}

/* Of a letter among others the word is not known: it is the one before. */
static bool is_value_of(const struct option *options, const char *name, int value)
{
	for (; options->name; options++)
		if (options->val == value && strncmp(options->name, name, strlen(name)) == 0)
			return true;
	return false;
}

static void complain_of_half(const char *verb, const struct option *options, const char *name)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (; options->name; options++)
		if (strncmp(options->name, name, strlen(name)) == 0)
			buffer_printf(&b, " '--%s'", options->name);
	if (buffer_error(&b) == 0 && b.n > 0)
		ctl_complain(verb, "--%s is ambiguous; possibilities:%s", name, b.p);
}

static void complain_of_name(const char *verb, const struct option *options, const char *name)
{
	Similar s = similar_begin(name);
	const char *best = NULL;

	if (count_starts(options, name) > 1) {
		complain_of_half(verb, options, name);
		return;
	}
	for (; options->name; options++)
		if (similar_offer(&s, options->name))
			best = options->name;
	if (best)
		ctl_complain(verb, "there is no option --%s; did you mean --%s?", name, best);
	else
		ctl_complain(verb, "there is no option --%s; --help lists them", name);
}

static void complain_of_letter(const char *verb, const char *letters, int c)
{
	if (strchr(letters, c))
		ctl_complain(verb, "-%c wants a value behind it", c);
	else
		ctl_complain(verb, "there is no option -%c; --help lists them", c);
}

static int complain(const char *verb, char **argv, const char *letters,
		    const struct option *options)
{
	char name[96];

	if (optopt == 0 && read_long_name(argv[optind - 1], name, sizeof(name)))
		complain_of_name(verb, options, name);
	else if (!read_long_name(argv[optind - 1], name, sizeof(name)) ||
		 !is_value_of(options, name, optopt))
		complain_of_letter(verb, letters, optopt);
	else if (strchr(argv[optind - 1], '='))
		ctl_complain(verb, "--%s takes no value", name);
	else
		ctl_complain(verb, "--%s wants a value behind it", name);
	return '?';
}

/* ---- what each verb takes ---- */

#define OPTIONS_MAX 40

static const CommonOptions *common;

void ctl_getopt_common(const CommonOptions *c)
{
	common = c;
}

static const struct option *find(const struct option *options, const char *name)
{
	for (; options->name; options++)
		if (strcmp(options->name, name) == 0)
			return options;
	return NULL;
}

/* The verb's own, and those of all verbs that it has not itself. */
static void join(const struct option *own, struct option all[static OPTIONS_MAX])
{
	size_t n = 0;

	for (const struct option *o = own; o->name && n < OPTIONS_MAX - 1; o++)
		all[n++] = *o;
	for (const struct option *o = common->options; o->name && n < OPTIONS_MAX - 1; o++)
		if (!find(own, o->name))
			all[n++] = *o;
	all[n] = (struct option){ 0 };
}

static bool is_common(int c)
{
	for (const struct option *o = common->options; o->name; o++)
		if (o->val == c)
			return true;
	return false;
}

static int getopt_joined(const char *verb, int argc, char **argv, const char *letters,
			 const struct option *own)
{
	struct option all[OPTIONS_MAX];
	int c;

	join(own, all);
	while (is_common(c = getopt_long(argc, argv, letters, all, NULL)))
		if (common->take(c, optarg) != 0)
			return '?';
	if (c < 0 || c == 'h')
		common->parsed(c == 'h');
	return c == '?' ? complain(verb, argv, letters, all) : c;
}

int ctl_getopt(const char *verb, int argc, char **argv, const char *letters,
	       const struct option *options)
{
	int c;

	opterr = 0;
	if (verb && common)
		return getopt_joined(verb, argc, argv, letters, options);
	c = getopt_long(argc, argv, letters, options, NULL);
	return c == '?' ? complain(verb, argv, letters, options) : c;
}
