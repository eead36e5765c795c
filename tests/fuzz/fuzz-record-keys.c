/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a set of keys: refused, or in order, within the stretch, and the same once written
 * and read again. */
#include "evidence/record-keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STRETCH 415039062U

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_record_keys_ RecordKeys keys = { 0 }, again = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (record_keys_read(span_make((const char *)data, size), STRETCH, &keys) < 0)
		return 0;
	for (size_t i = 0; i < keys.n; i++) {
		must(record_key_stretch(&keys.rows[i]) == STRETCH);
		must(i == 0 || record_key_compare(&keys.rows[i - 1], &keys.rows[i]) < 0);
	}
	record_keys_write(&keys, STRETCH, &b);
	must(buffer_error(&b) == 0 && b.n <= size);
	must(record_keys_read(buffer_span(&b), STRETCH, &again) == 0 && again.n == keys.n);
	for (size_t i = 0; i < keys.n; i++)
		must(record_key_compare(&keys.rows[i], &again.rows[i]) == 0);
	return 0;
}
