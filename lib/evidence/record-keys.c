/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/record-keys.h"
#include "util/array.h"

#define SHORT 0x80
#define SHORT_PID 0x40
#define SHORT_TIME_MAX 0x3f
#define DISTANCE_BYTES_MAX 5 /* 33 bits and less */

int record_key_compare(const RecordKey *a, const RecordKey *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->serial != b->serial)
		return a->serial < b->serial ? -1 : 1;
	return (a->pid > b->pid) - (a->pid < b->pid);
}

void record_keys_done(RecordKeys *keys)
{
	free(keys->rows);
	*keys = (RecordKeys){ 0 };
}

int record_keys_append(RecordKeys *keys, const RecordKey *k)
{
	RecordKey *rows = array_room(keys->rows, keys->n, &keys->allocated, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	keys->rows = rows;
	keys->rows[keys->n++] = *k;
	return 0;
}

/* ---- joining ---- */

/* The keys of both, once each. */
static int merge(const RecordKeys *a, const RecordKey *b, size_t n, bool *ret_new, RecordKeys *ret)
{
	size_t i = 0, k = 0;
	int r = 0;

	while (r == 0 && (i < a->n || k < n)) {
		const RecordKey *next =
			k == n || (i < a->n && record_key_compare(&a->rows[i], &b[k]) <= 0)
				? &a->rows[i++]
				: &b[k];
		bool is_new = k < n && next == &b[k];

		r = record_keys_append(ret, next);
		for (; k < n && record_key_compare(&b[k], next) == 0; is_new = false)
			ret_new[k++] = is_new;
	}
	return r == 0 && ret->n > RECORD_KEYS_MAX ? -E2BIG : r;
}

/* Nearly always what comes is later than what is there. */
static int join_later(RecordKeys *keys, const RecordKey *more, size_t n, bool *ret_new)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		ret_new[i] = i == 0 || record_key_compare(&more[i - 1], &more[i]) != 0;
		if (ret_new[i])
			r = keys->n == RECORD_KEYS_MAX ? -E2BIG
						       : record_keys_append(keys, &more[i]);
	}
	return r;
}

int record_keys_join(RecordKeys *keys, const RecordKey *more, size_t n, bool *ret_new)
{
	_cleanup_record_keys_ RecordKeys all = { 0 };
	int r;

	if (n == 0 || keys->n == 0 || record_key_compare(&keys->rows[keys->n - 1], more) < 0)
		return join_later(keys, more, n, ret_new);
	all.allocated = keys->n + n + 1;
	all.rows = calloc(all.allocated, sizeof(*all.rows));
	if (!all.rows)
		return -ENOMEM;
	r = merge(keys, more, n, ret_new, &all);
	if (r < 0)
		return r;
	record_keys_done(keys);
	*keys = all;
	all = (RecordKeys){ 0 };
	return 0;
}

/* ---- writing ---- */

static uint64_t fold(int64_t n)
{
	return n < 0 ? ((uint64_t)-n << 1) - 1 : (uint64_t)n << 1;
}

static int64_t unfold(uint64_t n)
{
	return n & 1 ? -(int64_t)((n + 1) >> 1) : (int64_t)(n >> 1);
}

#define ENTRY_MAX (2 + 2 * DISTANCE_BYTES_MAX)

static size_t put_distance(unsigned char *p, uint64_t distance)
{
	size_t n = 0;

	for (; distance >= 0x80; distance >>= 7)
		p[n++] = (unsigned char)(distance | 0x80);
	p[n++] = (unsigned char)distance;
	return n;
}

static size_t put_key(unsigned char *p, const RecordKey *before, const RecordKey *k)
{
	uint64_t time = k->time - before->time, pid = fold((int64_t)k->pid - before->pid);
	uint32_t serial = k->serial - before->serial;
	size_t n = 2;

	if (serial == 1 && time <= SHORT_TIME_MAX) {
		p[0] = (unsigned char)(SHORT | (pid != 0 ? SHORT_PID : 0) | time);
		return 1 + (pid != 0 ? put_distance(p + 1, pid) : 0);
	}
	p[0] = (unsigned char)(time >> 7);
	p[1] = time & 0x7f;
	n += put_distance(p + n, serial);
	return n + put_distance(p + n, pid);
}

void record_keys_write(const RecordKeys *keys, uint64_t stretch, Buffer *out)
{
	RecordKey before = { .time = stretch * RECORD_KEYS_STRETCH };

	for (size_t i = 0; i < keys->n; i++) {
		unsigned char entry[ENTRY_MAX];
		size_t n = put_key(entry, &before, &keys->rows[i]);

		buffer_add(out, span_make((const char *)entry, n));
		before = keys->rows[i];
	}
}

/* ---- reading ---- */

static int take_byte(Span *bytes, uint64_t *ret)
{
	if (bytes->n == 0)
		return -EBADMSG;
	*ret = (unsigned char)bytes->p[0];
	*bytes = span_from(*bytes, 1);
	return 0;
}

static int take_distance(Span *bytes, uint64_t *ret)
{
	uint64_t n = 0, byte = 0x80;
	int r = 0;

	for (unsigned i = 0; r == 0 && byte & 0x80; i++) {
		if (i == DISTANCE_BYTES_MAX)
			return -EBADMSG;
		r = take_byte(bytes, &byte);
		n |= (byte & 0x7f) << (7 * i);
	}
	*ret = n;
	return r;
}

/* Moves @k on to the next key. */
static int take_key(Span *bytes, RecordKey *k)
{
	uint64_t head, time, low = 0, serial = 1, pid = 0;
	int r = take_byte(bytes, &head);

	time = head & SHORT_TIME_MAX;
	if (r == 0 && head & SHORT) {
		if (head & SHORT_PID)
			r = take_distance(bytes, &pid);
	} else if (r == 0) {
		r = take_byte(bytes, &low);
		time = head << 7 | low;
		if (r == 0)
			r = take_distance(bytes, &serial);
		if (r == 0)
			r = take_distance(bytes, &pid);
	}
	if (r < 0 || serial > UINT32_MAX || k->pid + unfold(pid) > INT32_MAX ||
	    k->pid + unfold(pid) < INT32_MIN)
		return -EBADMSG;
	k->time += time;
	k->serial += (uint32_t)serial;
	k->pid = (int32_t)(k->pid + unfold(pid));
	return 0;
}

int record_keys_read(Span bytes, uint64_t stretch, RecordKeys *keys)
{
	RecordKey k = { .time = stretch * RECORD_KEYS_STRETCH }, before;
	size_t n = 0;
	int r = 0;

	for (bool first = true; r == 0 && bytes.n > 0; first = false) {
		before = k;
		r = take_key(&bytes, &k);
		if (r == 0 && (record_key_stretch(&k) != stretch ||
			       (!first && record_key_compare(&before, &k) >= 0)))
			r = -EBADMSG;
		if (r == 0 && n++ == RECORD_KEYS_MAX)
			r = -EBADMSG;
		if (r == 0)
			r = record_keys_append(keys, &k);
	}
	return r;
}
