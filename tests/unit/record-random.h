/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Random records, and their text as the kernel prints it. The same seed gives the same ones. */
#include <inttypes.h>

#include "audit/record.h"
#include "util/buffer.h"
#include "util/hash.h"

typedef struct Random {
	uint64_t state;
} Random;

static inline uint64_t random_u64(Random *r)
{
	return hash_u64(r->state += 0x9e3779b97f4a7c15ULL);
}

static inline uint64_t random_below(Random *r, uint64_t n)
{
	return random_u64(r) % n;
}

static inline bool random_one_in(Random *r, unsigned n)
{
	return random_below(r, n) == 0;
}

/* Numbers of all lengths, so that each count of digits comes up. */
static inline uint64_t random_number(Random *r, uint64_t max)
{
	uint64_t value = random_u64(r) >> random_below(r, 64);

	return random_one_in(r, 8) ? max : value & max;
}

/* What audit_log_untrustedstring() makes of a string. */
static inline void random_untrusted(Random *r, Buffer *b, size_t max)
{
	size_t n = random_below(r, max + 1);
	bool hex = random_one_in(r, 3);

	if (!hex)
		buffer_add_char(b, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned plain = '!' + (unsigned)random_below(r, '~' - '!' + 1);

		if (hex)
			buffer_printf(b, "%02X", 1 + (unsigned)random_below(r, 255));
		else
			buffer_add_char(b, (char)(plain == '"' ? 'a' : plain));
	}
	if (!hex)
		buffer_add_char(b, '"');
	else if (n == 0)
		buffer_add_str(b, "20");
}

/* A label of any bytes that may stand in one: words, forged fields, control bytes. No text of it
 * holds NUL or a line end, neither starts nor ends with a blank, and none ends with a number behind
 * "ppid=". */
static inline void random_label(Random *r, Buffer *b)
{
	static const char *const pieces[] = {
		"=docker-default (enforce)",
		"pid=1",
		"ppid=x",
		"ppid=12 pid=",
		"comm=\"nginx\"",
		"exe=\"/x\"",
		"sig=0 arch=c000003e syscall=59",
		"compat=0 ip=0x0 code=0x0",
		("pid=1 comm=\"a\" exe=\"/x\" sig=0 arch=c000003e syscall=59 compat=0 ip=0x0 "
		 "code=0x0"),
		"subj=y",
		"auid=0 uid=0 gid=0 ses=1",
		"type=SECCOMP msg=audit(1.000:1): ",
		"audit(1.000:1):",
		"\x1d",
		"\xff\xc3",
		"AUID=\"root\"",
		"u:r:x:s0:c1,c2",
		"p//null-/bin/a b",
		" ",
		"...",
	};
	size_t n = random_below(r, 5);

	buffer_add_char(b, '?');
	for (size_t i = 0; i < n; i++)
		buffer_printf(b, "%s%s", random_one_in(r, 4) ? "" : " ",
			      pieces[random_below(r, ELEMENTSOF(pieces))]);
	buffer_add_char(b, ')');
}

/* Code as today's kernels print it: 0, or an action that no cut of it resembles. */
static inline uint32_t random_code(Random *r)
{
	static const uint32_t codes[] = { 0,          0x30000,    0x50000,    0x50016,   0x7fc00000,
					  0x7ff00000, 0x7ffc0000, 0x80000000, 0x12340000 };

	return codes[random_below(r, ELEMENTSOF(codes))];
}

/* Fills @r and appends its fields to @b; the spans are set when all is appended, since the text
 * moves. @label may be NULL for none. */
static inline void random_record(Random *rnd, bool with_label, Buffer *b, Record *r)
{
	size_t subj = 0, subj_n = 0, comm, comm_n, exe, exe_n;

	*r = (Record){ .has = (RECORD_HAS_CODE * 2 - 1) &
			      ~(RECORD_HAS_STAMP | (with_label ? 0 : RECORD_HAS_SUBJ)) };
	r->auid = (uint32_t)random_number(rnd, UINT32_MAX);
	r->uid = (uint32_t)random_number(rnd, UINT32_MAX);
	r->gid = (uint32_t)random_number(rnd, UINT32_MAX);
	r->ses = (uint32_t)random_number(rnd, UINT32_MAX);
	r->pid = (int32_t)random_number(rnd, INT32_MAX);
	r->sig = (int32_t)random_below(rnd, 65);
	r->arch = (uint32_t)random_number(rnd, UINT32_MAX);
	r->nr = random_one_in(rnd, 8) ? -1 : (int64_t)random_number(rnd, INT64_MAX);
	r->compat = (int32_t)random_below(rnd, 2);
	r->ip = random_number(rnd, UINT64_MAX);
	r->code = random_code(rnd);
	buffer_printf(b, "auid=%" PRIu32 " uid=%" PRIu32 " gid=%" PRIu32 " ses=%" PRIu32, r->auid,
		      r->uid, r->gid, r->ses);
	if (with_label) {
		buffer_add_str(b, " subj=");
		subj = b->n;
		random_label(rnd, b);
		subj_n = b->n - subj;
	}
	buffer_printf(b, " pid=%" PRId32 " comm=", r->pid);
	comm = b->n;
	random_untrusted(rnd, b, 15);
	comm_n = b->n - comm;
	buffer_add_str(b, " exe=");
	exe = b->n;
	if (random_one_in(rnd, 16))
		buffer_add_str(b, "(null)");
	else
		random_untrusted(rnd, b, random_one_in(rnd, 100) ? 4095 : 60);
	exe_n = b->n - exe;
	buffer_printf(b,
		      " sig=%" PRId32 " arch=%" PRIx32 " syscall=%" PRId64 " compat=%" PRId32
		      " ip=0x%" PRIx64 " code=0x%" PRIx32,
		      r->sig, r->arch, r->nr, r->compat, r->ip, r->code);
	r->subj = with_label ? span_make(b->p + subj, subj_n) : SPAN_NULL;
	r->comm = span_make(b->p + comm, comm_n);
	r->exe = span_make(b->p + exe, exe_n);
}

/* Are all fields but the stamp the same? */
static inline bool random_same(const Record *a, const Record *b)
{
	return (a->has & ~(uint32_t)RECORD_HAS_STAMP) == (b->has & ~(uint32_t)RECORD_HAS_STAMP) &&
	       a->auid == b->auid && a->uid == b->uid && a->gid == b->gid && a->ses == b->ses &&
	       a->pid == b->pid && a->sig == b->sig && a->arch == b->arch && a->nr == b->nr &&
	       a->compat == b->compat && a->ip == b->ip && a->code == b->code &&
	       span_eq(a->subj, b->subj) && span_eq(a->comm, b->comm) && span_eq(a->exe, b->exe);
}
