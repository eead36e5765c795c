/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A log in any form that we know, packed or not, to decoded lines: lines of text, the journal's "-o
 * json" (line by line, among others as well) and its "-o export" (told by its first bytes).
 */
#include "source/line-reader.h"

#include "audit/line.h"

typedef struct LogReader LogReader;

/* @fd stays the caller's. With @never_wait a step gives -EAGAIN rather than wait for more bytes. 0
 * or -ENOMEM. */
int log_reader_new(int fd, bool never_wait, LogReader **ret);
LogReader *log_reader_free(LogReader *l);
DEFINE_CLEANUP(LogReader, log_reader_free);

/* Takes a line, or an entry of a journal, that lives until it returns. */
typedef void (*LogSink)(Line *line, void *userdata);

#define LOG_END 0
#define LOG_MORE 1

/* Reads once and hands on what has become whole. LOG_MORE, LOG_END, or -errno as of
 * byte_reader_read(); an entry or line that was cut by an error is not handed on. */
int log_reader_step(LogReader *l, LogSink sink, void *userdata);

/* Bytes taken from the descriptor so far. */
uint64_t log_reader_position(const LogReader *l) _pure_;

/* For who reads lines by itself. @scratch has LINE_READER_MAX bytes that live as long as *ret,
 * @memo what it had better remember. */
void log_line_decode(const LineText *text, char *scratch, RecordMemo *memo, Line *ret);

#define LOG_HEAD_MAX 16 /* bytes that tell the form */

/* Do these first bytes say that the file is not made of lines: packed, or an export? */
bool log_is_wrapped(Span head) _pure_;
