/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/envelope.h"
#include "tests/unit/unit.h"

static void test_the_leftmost_head_decides(void **state)
{
	static const struct {
		const char *text;
		EnvelopeType type;
	} rows[] = {
		{ "type=SECCOMP msg=audit(1.2:3): x", ENVELOPE_SECCOMP },
		{ "type=1326 audit(1.2:3): x", ENVELOPE_SECCOMP },
		{ "type=1326 msg=audit(1.2:3): x", ENVELOPE_SECCOMP },
		{ "type=UNKNOWN[1326] msg=audit(1.2:3): x", ENVELOPE_SECCOMP },
		{ "h audit[1]: SECCOMP auid=1", ENVELOPE_SECCOMP },
		{ "h test[1]: SECCOMP auid=1", ENVELOPE_SECCOMP },
		{ "SECCOMP auid=1", ENVELOPE_SECCOMP },
		{ "audit(1.2:3): auid=1", ENVELOPE_UNTYPED },
		{ "type=1326", ENVELOPE_SECCOMP },
		{ "type=USER_CMD msg=audit(1.2:3): type=SECCOMP msg=audit(1.2:3): x",
		  ENVELOPE_OTHER },
		{ "h audit[1]: USER_CMD pid=1 msg='type=SECCOMP msg=audit(1.2:3):'",
		  ENVELOPE_OTHER },
		{ "h audit: USER_CMD pid=1 msg='x: SECCOMP auid=1'", ENVELOPE_OTHER },
		{ "audit: type=1400 audit(1.2:3): x type=1326 audit(1.2:3): y", ENVELOPE_OTHER },
		{ "type=1701 audit(1.2:3): x", ENVELOPE_OLD },
		{ "subtype=1326 audit(1.2:3): x", ENVELOPE_NONE },
		{ "type=SECCOMPX msg=audit(1.2:3): x", ENVELOPE_OTHER },
		{ "type=else, then type=1326 audit(1.2:3): x", ENVELOPE_SECCOMP },
		{ "the SECCOMP auid=1", ENVELOPE_NONE },
		{ "audit[1: SECCOMP auid", ENVELOPE_NONE },
		{ "audit: initializing netlink subsys", ENVELOPE_NONE },
		{ "", ENVELOPE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		Envelope e;

		envelope_find(span_of(rows[i].text), &e);
		if (e.type != rows[i].type)
			fail_msg("%s: type %d", rows[i].text, (int)e.type);
	}
}

static void test_stamps_are_read_or_called_damaged(void **state)
{
	static const struct {
		const char *text, *rest;
		StampForm form;
		Stamp stamp;
	} rows[] = {
		{ "audit(1795309685.233:220761): auid",
		  "auid",
		  STAMP_EPOCH,
		  { 1795309685, 233, 220761 } },
		{ "audit(114.040:4294967295): a", "a", STAMP_EPOCH, { 114, 40, UINT32_MAX } },
		{ "audit(1.002:3) : a", "a", STAMP_EPOCH, { 1, 2, 3 } },
		{ "audit(1.002:3):", "", STAMP_EPOCH, { 1, 2, 3 } },
		{ "audit(03/04/2025 07:39:37.599:201) : a", "a", STAMP_INTERPRETED, { 0, 0, 201 } },
		{ "audit(Mi 16 Apr 2025 05:16:56.598:8) : a", "a", STAMP_INTERPRETED, { 0, 0, 8 } },
		{ "audit(...) : a", "a", STAMP_ELIDED, { 0 } },
		{ "audit(1.002:4294967296): a", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit(18446744073709551615.002:1): a", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit(1.0020:1): a", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit(1:1): a", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit(-1.002:1): a", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit(1.002:1) a", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit(1.002:1", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit(03/04/2025 07:39:37.599:) : a", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit()", NULL, STAMP_DAMAGED, { 0 } },
		{ "audit", NULL, STAMP_DAMAGED, { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		Span text = span_of(rows[i].text);
		Stamp stamp = { 0 };

		if (envelope_stamp(&text, &stamp) != rows[i].form)
			fail_msg("%s", rows[i].text);
		assert_true(span_is(text, rows[i].rest ?: rows[i].text));
		assert_int_equal(stamp.sec, rows[i].stamp.sec);
		assert_int_equal(stamp.msec, rows[i].stamp.msec);
		assert_int_equal(stamp.serial, rows[i].stamp.serial);
	}
}

static void test_loss_notices_are_known(void **state)
{
	static const char *const notices[] = {
		"[1.0] audit: kauditd_printk_skb: 21 callbacks suppressed",
		/* Linux 3.8 to 4.10. */
		"[   12.345678] audit_printk_skb: 240 callbacks suppressed",
		"audit: audit_lost=3 audit_rate_limit=0 audit_backlog_limit=64",
		"Jan  1 00:00:00 h kernel: audit: audit_backlog=65 > audit_backlog_limit=64",
		"audit: backlog limit exceeded",
		"audit: rate limit exceeded",
		"audit: kauditd hold queue overflow",
		"audit: kauditd retry queue overflow",
		"audit: out of memory in audit_log_start",
	};
	static const char *const others[] = {
		"net_ratelimit: 21 callbacks suppressed",
		"audit: initialized",
		"rate limit exceeded",
		"my queue overflow",
		"kauditd",
		"audit: audit_backlog_limit=64",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(notices); i++)
		assert_true(envelope_is_loss_notice(span_of(notices[i])));
	for (size_t i = 0; i < ELEMENTSOF(others); i++)
		assert_false(envelope_is_loss_notice(span_of(others[i])));
	assert_false(envelope_is_loss_notice(SPAN_NULL));
}

UNIT_MAIN(cmocka_unit_test(test_the_leftmost_head_decides),
	  cmocka_unit_test(test_stamps_are_read_or_called_damaged),
	  cmocka_unit_test(test_loss_notices_are_known))
