/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A strict JSON scan (RFC 8259, no extension) that keeps byte offsets. It is stricter than json-c
 * and Go where they are lax: duplicate keys, invalid UTF-8, comments, trailing commas, a byte order
 * mark, and numbers beyond the range of a double are errors with line and column. CRLF and any
 * indent are fine. Linear in the text (one sort of each object's keys), bounded by the limits
 * below.
 */
#include "util/error.h"
#include "util/span.h"

#define SCAN_SIZE_MAX ((size_t)1 << 20) /* bytes; KEP-6061 has the same limit for profiles */
#define SCAN_DEPTH_MAX 32
#define SCAN_NONE UINT32_MAX

typedef enum ScanKind {
	SCAN_OBJECT,
	SCAN_ARRAY,
	SCAN_STRING,
	SCAN_NUMBER,
	SCAN_TRUE,
	SCAN_FALSE,
	SCAN_NULL,
	_SCAN_KIND_MAX,
} ScanKind;

/* One value. Offsets are into the text; strings and keys include their quotes. */
typedef struct ScanNode {
	ScanKind kind;
	uint32_t begin, end;           /* half open */
	uint32_t key_begin, key_end;   /* both 0 when it is no object's member */
	uint32_t first, next, n_items; /* first child, next sibling (SCAN_NONE = none), children */
} ScanNode;

typedef struct Scan {
	Span text; /* borrowed */
	ScanNode *nodes;
	uint32_t n_nodes, allocated;
} Scan;

/* Node 0 is the document. -EBADMSG with a sentence and its place, -EFBIG above SCAN_SIZE_MAX,
 * -ENOMEM. */
int scan_read(Span text, Scan *ret, Diag *d);

/* The same, but keys may stand twice; who reads on asks for them. */
int scan_read_loosely(Span text, Scan *ret, Diag *d);

/* The first member of @object, in the order of the keys' bytes, whose key stands there before; NULL
 * when none. -ENOMEM. */
int scan_repeated_key(const Scan *s, const ScanNode *object, const ScanNode **ret);
void scan_done(Scan *s);
#define _cleanup_scan_ _cleanup_(scan_done)

/* The member of object @node whose key is written exactly @key (no escapes); NULL when none. */
const ScanNode *scan_member(const Scan *s, const ScanNode *node, const char *key);

/* What a JSON pointer (RFC 6901) names; "" is the document, NULL when there is no such place. */
const ScanNode *scan_at(const Scan *s, const char *pointer);

/* The text between a key's quotes as written. */
Span scan_key(const Scan *s, const ScanNode *node);

/* Is @key written as @name but for the case of its letters? Readers in Go take it then; for them
 * the long s and the Kelvin sign are an s and a k as well. False when both are equal. */
bool scan_key_resembles(Span key, const char *name);

/* A string's value, escapes resolved; the caller frees. -EINVAL for another kind or when it holds
 * a NUL, -ENOMEM. */
int scan_string(const Scan *s, const ScanNode *node, char **ret);

/* A number written as plain digits. -EINVAL for another kind, a fraction, an exponent or a sign;
 * -ERANGE. */
int scan_u64(const Scan *s, const ScanNode *node, uint64_t *ret);

/* 1-based place of a byte offset; the column counts bytes. */
void scan_place(Span text, size_t offset, unsigned *ret_line, unsigned *ret_column);

/* "an object", "a string"... */
const char *scan_kind_name(ScanKind k) _const_;

#define SCAN_EACH(s, node, child)                                                             \
	for (const ScanNode *child = (node)->first == SCAN_NONE ? NULL                        \
								: &(s)->nodes[(node)->first]; \
	     child; child = child->next == SCAN_NONE ? NULL : &(s)->nodes[child->next])
