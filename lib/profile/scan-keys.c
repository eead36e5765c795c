/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys of a scanned document: which stand twice, and the way to a place. */
#include <ctype.h>
#include <errno.h>

#include "profile/scan.h"
#include "util/parse.h"
#include "util/text.h"

typedef struct Key {
	Span text;
	const ScanNode *node;
} Key;

static int compare_keys(const void *a, const void *b)
{
	const Key *x = a, *y = b;
	int r = memcmp(x->text.p, y->text.p, MIN(x->text.n, y->text.n));

	if (r == 0)
		r = (x->text.n > y->text.n) - (x->text.n < y->text.n);
	return r ? r : (x->node > y->node) - (x->node < y->node);
}

/* The next letter of @key in lower case; 0 at its end. */
static char fold_next(Span *key)
{
	static const struct {
		Span bytes;
		char letter;
	} others[] = { { SPAN_LIT("\xc5\xbf"), 's' }, { SPAN_LIT("\xe2\x84\xaa"), 'k' } };
	char c;

	if (key->n == 0)
		return '\0';
	for (size_t i = 0; i < ELEMENTSOF(others); i++)
		if (span_skip(key, others[i].bytes))
			return others[i].letter;
	c = key->p[0];
	*key = span_from(*key, 1);
	return (char)tolower((unsigned char)c);
}

bool scan_key_resembles(Span key, const char *name)
{
	Span rest = key;

	for (const char *p = name; *p; p++)
		if (fold_next(&rest) != tolower((unsigned char)*p))
			return false;
	return rest.n == 0 && !span_is(key, name);
}

int scan_repeated_key(const Scan *s, const ScanNode *object, const ScanNode **ret)
{
	_cleanup_free_ Key *keys = NULL;
	size_t n = 0;

	*ret = NULL;
	if (object->kind != SCAN_OBJECT || object->n_items < 2)
		return 0;
	keys = calloc(object->n_items, sizeof(*keys));
	if (!keys)
		return -ENOMEM;
	SCAN_EACH(s, object, child)
	keys[n++] = (Key){ scan_key(s, child), child };
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < n && !*ret; i++)
		if (span_eq(keys[i - 1].text, keys[i].text))
			*ret = keys[i].node;
	return 0;
}

/* Two readers disagree about a key that stands twice: Go takes the last, yajl the first. */
static int refuse_repeated_key(const Scan *s, const ScanNode *node, Diag *d)
{
	unsigned line, column;
	char key[64];

	scan_place(s->text, node->key_begin, &line, &column);
	text_escape_to(scan_key(s, node), key, sizeof(key));
	return diag_set_at(d, -EBADMSG, line, column,
			   "the key \"%s\" stands twice in one object: which one counts depends "
			   "on the reader",
			   key);
}

int scan_read(Span text, Scan *ret, Diag *d)
{
	_cleanup_scan_ Scan scan = { 0 };
	const ScanNode *repeated;
	int r;

	r = scan_read_loosely(text, &scan, d);
	for (uint32_t i = 0; r == 0 && i < scan.n_nodes; i++) {
		r = scan_repeated_key(&scan, &scan.nodes[i], &repeated);
		if (r == 0 && repeated)
			r = refuse_repeated_key(&scan, repeated, d);
	}
	if (r < 0)
		return r;
	*ret = scan;
	scan = (Scan){ 0 };
	return 0;
}

/* Does @step of a pointer, with ~0 and ~1 in it, name this key? */
static bool step_is(Span step, Span key)
{
	size_t k = 0;

	for (size_t i = 0; i < step.n; i++, k++) {
		char c = step.p[i];

		if (c == '~' && i + 1 < step.n && (step.p[i + 1] == '0' || step.p[i + 1] == '1'))
			c = step.p[++i] == '0' ? '~' : '/';
		if (k >= key.n || key.p[k] != c)
			return false;
	}
	return k == key.n;
}

static const ScanNode *step_into(const Scan *s, const ScanNode *node, Span step)
{
	uint32_t i = 0, want = 0;

	if (node->kind == SCAN_ARRAY && parse_u32(step, &want) < 0)
		return NULL;
	SCAN_EACH(s, node, child)
	if (node->kind == SCAN_ARRAY ? i++ == want : step_is(step, scan_key(s, child)))
		return child;
	return NULL;
}

const ScanNode *scan_at(const Scan *s, const char *pointer)
{
	const ScanNode *node = &s->nodes[0];
	Span rest = span_of(pointer), step;

	if (rest.n == 0)
		return node;
	if (!span_skip(&rest, SPAN_LIT("/")))
		return NULL;
	while (node && span_split(&rest, '/', &step))
		node = step_into(s, node, step);
	return node;
}
