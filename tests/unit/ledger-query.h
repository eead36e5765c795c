/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A ledger asked by SQL, behind the back of all that is tested. */
#include <sqlite3.h>
#include <stdio.h>

#include "tests/unit/unit.h"
#include "util/buffer.h"

/* Adds the rows of @text to @ret (NULL: none are wanted), a line each, with "|" behind each column.
 * @attached is another ledger, "own" in @text, or NULL. */
static inline void ledger_query(const char *path, const char *attached, const char *text,
				Buffer *ret)
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db = NULL;
	char attach[256];

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (attached) {
		snprintf(attach, sizeof(attach), "ATTACH '%s' AS own", attached);
		assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
	}
	if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	while (sqlite3_step(s) == SQLITE_ROW && ret) {
		for (int c = 0; c < sqlite3_column_count(s); c++)
			buffer_printf(ret, "%s|",
				      (const char *)sqlite3_column_text(s, c) ?: "NULL");
		buffer_add_char(ret, '\n');
	}
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	sqlite3_close(db);
	if (ret)
		assert_int_equal(buffer_error(ret), 0);
}
