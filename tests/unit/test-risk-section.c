/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/risk-section: the administrator's own risks. */
#include <errno.h>
#include <string.h>

#include "config/risk-section.h"
#include "tests/unit/unit.h"

static int feed(RiskSettings *s, const char *section, const char *key, const char *value, Diag *d)
{
	return risk_section_take(&(ConfigLine){ "file.conf", 1, section, key, value }, s, d);
}

static void test_the_section_is_taken_and_no_other(void **state)
{
	RiskSettings s = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(feed(&s, "risk", NULL, NULL, &d), 1);
	assert_int_equal(feed(&s, "risk", "keyctl", "critical", &d), 1);
	assert_int_equal(feed(&s, "seccompd", "mount", "low", &d), 0);
	assert_int_equal(s.n, 1);
	assert_int_equal(risk_settings_ask(&s, "keyctl").risk, RISK_CRITICAL);
	assert_int_equal(risk_settings_ask(&s, "mount").risk, RISK_HIGH);
	risk_settings_done(&s);
}

static void test_mistakes_are_named(void **state)
{
	RiskSettings s = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(feed(&s, "risk", "keyctl", "huge", &d), -EINVAL);
	assert_non_null(strstr(d.text, "keyctl=huge"));
	assert_int_equal(feed(&s, "risk", "KeyCtl", "low", &d), -EINVAL);
	assert_non_null(strstr(d.text, "KeyCtl"));
	assert_int_equal(s.n, 0);
}

UNIT_MAIN(cmocka_unit_test(test_the_section_is_taken_and_no_other),
	  cmocka_unit_test(test_mistakes_are_named))
