/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * One entry as journald's native protocol wants it. Values are given as they are; only MESSAGE is
 * for people, and escaped. Field names: include/seccompd/journal-fields.h.
 */
#include "util/buffer.h"
#include "util/clock.h"

/* Larger than any entry of ours can become. */
#define JOURNAL_MESSAGE_MAX ((size_t)256 << 10)

/* Starts an entry: message id, priority of syslog(3), the ledger's id, and the sentence, in which
 * what strangers wrote is escaped here. */
void journal_message_begin(Buffer *b, const char *id, int priority, const char *ledger,
			   const char *fmt, ...) _printf_(5, 6);

/* An empty or missing value is left out: a field that is there says something. */
void journal_message_add(Buffer *b, const char *name, const char *value);
void journal_message_add_number(Buffer *b, const char *name, int64_t value);
void journal_message_add_bool(Buffer *b, const char *name, bool value);
/* 0, not known, is left out. */
void journal_message_add_time(Buffer *b, const char *name, usec_t value);

/* The fields by which systemd finds entries about a unit; "user@1000.service/UNIT" is one of a
 * user's manager. */
void journal_message_add_unit(Buffer *b, const char *unit);

/* Namespace and container of a workload "k8s:NAMESPACE/WORKLOAD/CONTAINER"; of others nothing. */
void journal_message_add_k8s(Buffer *b, const char *workload);
