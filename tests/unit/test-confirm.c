/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/confirm: when what was recorded and what was seen agree. */
#include "state/confirm.h"
#include "tests/unit/unit.h"

static void test_both_forms_of_cgroups_path(void **state)
{
	static const struct {
		const char *recorded, *seen;
		PathFit fit;
	} cases[] = {
		{ "/docker/A", "/docker/A", FIT_WHOLE },
		{ "/docker/A/", "/docker/A", FIT_WHOLE },
		{ "/docker/A", "/docker/A/init (deleted)", FIT_WHOLE },
		{ "/docker/A", "/docker/A (deleted)", FIT_WHOLE },
		{ "/docker/A", "/outer/docker/A", FIT_TAIL },
		{ "/docker/A", "/docker/AB/docker/A", FIT_TAIL },
		{ "/docker/A", "/../../docker/A", FIT_TAIL },
		{ "/docker/A", "/docker/AB", FIT_NO },
		{ "/docker/A", "/docker", FIT_NO },
		{ "/docker/A", "/xdocker/A", FIT_NO },
		{ "/libpod_parent/libpod-A", "/docker/A", FIT_NO },
		{ "/A", "/docker/A", FIT_TAIL },
		{ "A", "/docker/A", FIT_TAIL },
		{ "A", "/A", FIT_TAIL },
		{ "system.slice:docker:A", "/system.slice/docker-A.scope", FIT_WHOLE },
		{ "system.slice:docker:A", "/wsl/system.slice/docker-A.scope", FIT_TAIL },
		{ "machine.slice:libpod:A", "/machine.slice/libpod-A.scope/container", FIT_WHOLE },
		{ "a-b.slice:libpod:A", "/a.slice/a-b.slice/libpod-A.scope", FIT_WHOLE },
		{ "a-b.slice:libpod:A", "/a-b.slice/libpod-A.scope", FIT_NO },
		{ "-.slice:libpod:A", "/libpod-A.scope", FIT_WHOLE },
		{ ":runc:A", "/system.slice/runc-A.scope", FIT_WHOLE },
		{ "x.slice::A", "/x.slice/A.scope", FIT_WHOLE },
		{ "x.slice::x-y.slice", "/x.slice/x-y.slice", FIT_WHOLE },
		{ "machine.slice:libpod:A", "/system.slice/libpod-A.scope", FIT_NO },
		{ "system.slice:docker:A", "/system.slice/docker-B.scope", FIT_NO },
		{ "no-slice:docker:A", "/no-slice/docker-A.scope", FIT_NO },
		{ "system.slice:docker:A", "/x/system.slice:docker:A", FIT_TAIL },
		{ "::", "/x", FIT_NO },
		{ "/", "/x", FIT_NO },
		{ "", "/x", FIT_NO },
		{ "/x", NULL, FIT_NO },
		{ "a:b", "/x", FIT_NO },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		if (cgroups_path_fit(cases[i].recorded, span_of(cases[i].seen)) != cases[i].fit)
			fail_msg("%s in %s", cases[i].recorded, cases[i].seen);
}

UNIT_MAIN(cmocka_unit_test(test_both_forms_of_cgroups_path))
