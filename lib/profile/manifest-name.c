/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "profile/digest.h"
#include "profile/manifest.h"

#define HASH_SHOWN 8

static bool is_label_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* KIND:NAME, or KIND:PART/PART without a dash, with nothing to leave out: no other workload's name
 * becomes the same. */
static bool is_clear(Span workload)
{
	ssize_t colon = span_find(workload, SPAN_LIT(":"));
	bool before = false, now;

	if (workload.n >= MANIFEST_NAME_SIZE || colon < 0 ||
	    (span_find(workload, SPAN_LIT("/")) >= 0 && span_find(workload, SPAN_LIT("-")) >= 0))
		return false;
	for (size_t i = 0; i < workload.n; i++, before = now) {
		now = is_label_character(workload.p[i]);
		if (!now && (!before || !strchr(":/-", workload.p[i]) ||
			     (workload.p[i] == ':' && (ssize_t)i != colon)))
			return false;
	}
	return before;
}

int manifest_name(const char *workload, char buf[static MANIFEST_NAME_SIZE])
{
	Span name = span_of(workload);
	bool clear = is_clear(name);
	size_t n = 0, max = MANIFEST_NAME_SIZE - 1 - (clear ? 0 : HASH_SHOWN + 1);
	char hash[DIGEST_SIZE];
	int r;

	for (size_t i = 0; i < name.n && n < max; i++)
		if (is_label_character(name.p[i]))
			buf[n++] = name.p[i];
		else if (n > 0 && buf[n - 1] != '-')
			buf[n++] = '-';
	buf[n] = '\0';
	if (clear)
		return 0;
	if (n > 0 && buf[n - 1] == '-')
		n--;
	r = digest_sha256(name, hash);
	if (r < 0)
		return r;
	snprintf(buf + n, MANIFEST_NAME_SIZE - n, "%s%.*s", n > 0 ? "-" : "", HASH_SHOWN, hash);
	return 0;
}
