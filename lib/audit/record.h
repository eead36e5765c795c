/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * One SECCOMP record (audit type 1326) as the kernel wrote it. Grammar: kernel/auditsc.c
 * audit_seccomp(), see docs/ARCHITECTURE.md "Record". Parsed from the right, because the label
 * (subj=) is the one field that is neither quoted nor escaped: nothing in it can forge a field.
 *
 * No allocation: the spans point into the caller's text. Linear in the input.
 */
#include "util/span.h"

enum {
	RECORD_HAS_STAMP = 1 << 0,
	RECORD_HAS_AUID = 1 << 1,
	RECORD_HAS_UID = 1 << 2,
	RECORD_HAS_GID = 1 << 3,
	RECORD_HAS_SES = 1 << 4,
	RECORD_HAS_SUBJ = 1 << 5,
	RECORD_HAS_PID = 1 << 6,
	RECORD_HAS_COMM = 1 << 7,
	RECORD_HAS_EXE = 1 << 8,
	RECORD_HAS_SIG = 1 << 9,
	RECORD_HAS_ARCH = 1 << 10,
	RECORD_HAS_NR = 1 << 11,
	RECORD_HAS_COMPAT = 1 << 12,
	RECORD_HAS_IP = 1 << 13,
	RECORD_HAS_CODE = 1 << 14,
};

typedef struct Record {
	uint32_t has; /* RECORD_HAS_* */
	uint32_t serial;
	uint64_t sec;
	uint32_t msec;
	uint32_t auid, uid, gid, ses;
	int32_t pid;  /* thread-group id in the init pid namespace */
	int32_t sig;
	Span subj;    /* raw, an AppArmor label keeps its leading '=' */
	Span comm;    /* raw: "quoted", hex, or (null) */
	Span exe;     /* the same */
	uint32_t arch; /* AUDIT_ARCH_* word */
	int32_t compat;
	int64_t nr;   /* as printed: x32 keeps bit 30, -1 is possible */
	uint64_t ip;
	uint32_t code; /* action and, on old kernels, its data */
} Record;

/*
 * Parses the fields behind the "audit(sec.ms:serial): " stamp. Sets everything but the stamp.
 * Returns 0, or -EBADMSG with a static text in *ret_reason that says what is wrong.
 */
int record_parse(Span body, Record *ret, const char **ret_reason);

/*
 * The bytes of a comm= or exe= value: quotes removed or hex decoded, cut to @size - 1,
 * NUL-terminated (hostile: may hold any byte but NUL). Returns the length, or -ENODATA for (null)
 * and for an absent value, -EBADMSG for neither form.
 */
int record_text(Span raw, char *buf, size_t size);
