/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/audit/loss-notice: the kernel's words count, a program's do not. */
#include "audit/loss-notice.h"
#include "tests/unit/unit.h"

static void test_what_the_kernel_says(void **state)
{
	static const struct {
		const char *text;
		LossNotice kind;
		uint32_t total;
	} rows[] = {
		{ "audit: audit_lost=3 audit_rate_limit=0 audit_backlog_limit=64",
		  LOSS_NOTICE_TOTAL, 3 },
		{ "audit: audit_lost=4294967295 audit_rate_limit=0", LOSS_NOTICE_TOTAL,
		  UINT32_MAX },
		{ "audit: audit_lost=7", LOSS_NOTICE_TOTAL, 7 },
		{ "audit: audit_lost=4294967296", LOSS_NOTICE_DROPPED, 0 },
		{ "audit: audit_lost=", LOSS_NOTICE_DROPPED, 0 },
		{ "audit: backlog limit exceeded", LOSS_NOTICE_DROPPED, 0 },
		{ "audit: rate limit exceeded", LOSS_NOTICE_DROPPED, 0 },
		{ "audit: out of memory in audit_log_start", LOSS_NOTICE_DROPPED, 0 },
		/* the readers of its queue are told of nothing that we are */
		{ "audit: kauditd hold queue overflow", LOSS_NOTICE_NONE, 0 },
		{ "audit: kauditd_printk_skb: 21 callbacks suppressed", LOSS_NOTICE_NONE, 0 },
		{ "audit: audit_backlog=65 > audit_backlog_limit=64", LOSS_NOTICE_NONE, 0 },
		{ "audit: type=1326 audit(1.0:1): comm=\"audit_lost=9\"", LOSS_NOTICE_NONE, 0 },
		{ "audit: type=1326 comm=audit: backlog limit exceeded", LOSS_NOTICE_NONE, 0 },
		{ "eth0: audit: audit_lost=3", LOSS_NOTICE_NONE, 0 },
		{ "", LOSS_NOTICE_NONE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		uint32_t total = 0;

		assert_int_equal(loss_notice_read(span_of(rows[i].text), &total), rows[i].kind);
		assert_int_equal(total, rows[i].total);
	}
}

UNIT_MAIN(cmocka_unit_test(test_what_the_kernel_says))
