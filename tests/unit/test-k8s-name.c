/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/k8s-name: suffixes that controllers make are taken off, and nothing else. */
#include "tests/unit/unit.h"
#include "who/k8s-name.h"

typedef struct Case {
	const char *pod, *key, *value, *expected;
	bool guessed;
} Case;

static void check(const Case *c, const char *node)
{
	_cleanup_labels_ Labels labels = { 0 };
	K8sPod pod = { span_of(c->pod), &labels, node };
	bool guessed = !c->guessed;
	Span found;

	if (c->key)
		assert_int_equal(labels_add(&labels, span_of(c->key), span_of(c->value)), 0);
	found = k8s_workload(&pod, &guessed);
	if (!span_is(found, c->expected) || guessed != c->guessed)
		fail_msg("%s: %.*s, guessed %d", c->pod, (int)found.n, found.p, guessed);
}

static void test_forms_of_names(void **state)
{
	static const Case cases[] = {
		{ .pod = "web-6d4cf56db6-x7k2p", .expected = "web", .guessed = true },
		{ .pod = "my-web-7d64f4b9c-zxqtn", .expected = "my-web", .guessed = true },
		{ .pod = "report-28904310-x7k2p", .expected = "report", .guessed = true },
		{ .pod = "report-1690000000-x7k2p", .expected = "report", .guessed = true },
		{ .pod = "fluentd-x7k2p", .expected = "fluentd", .guessed = true },
		{ .pod = "postgres-0", .expected = "postgres", .guessed = true },
		{ .pod = "postgres-12", .expected = "postgres", .guessed = true },
		{ .pod = "etcd-node1", .expected = "etcd", .guessed = true },
		{ .pod = "kube-apiserver-node1.example.org",
		  .expected = "kube-apiserver",
		  .guessed = true },
		/* of no such form: vowels, lengths, leading zeros, nothing left */
		{ .pod = "web", .expected = "web" },
		{ .pod = "redis-cache", .expected = "redis-cache" },
		{ .pod = "web-abcde", .expected = "web-abcde" },
		{ .pod = "web-x7k2", .expected = "web-x7k2" },
		{ .pod = "web-x7k2pp", .expected = "web-x7k2pp" },
		{ .pod = "web-X7K2P", .expected = "web-X7K2P" },
		{ .pod = "my-db-x7k2p", .expected = "my-db", .guessed = true },
		{ .pod = "postgres-007", .expected = "postgres-007" },
		{ .pod = "postgres-123456", .expected = "postgres-123456" },
		{ .pod = "x7k2p", .expected = "x7k2p" },
		{ .pod = "-x7k2p", .expected = "-x7k2p" },
		{ .pod = "0", .expected = "0" },
		{ .pod = "node1", .expected = "node1" },
		{ .pod = "", .expected = "" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		check(&cases[i], "node1.example.org");
}

static void test_labels_are_no_guess(void **state)
{
	static const Case cases[] = {
		{ "web-6d4cf56db6-x7k2p", "pod-template-hash", "6d4cf56db6", "web", false },
		{ "postgres-0", "statefulset.kubernetes.io/pod-name", "postgres-0", "postgres",
		  false },
		{ "my-db-x7k2p", "controller-revision-hash", "5b6c", "my-db", false },
		{ "once-x7k2p", "job-name", "once", "once", false },
		{ "once-3-x7k2p", "batch.kubernetes.io/job-name", "once", "once", false },
		/* a CronJob makes its jobs' names, and so may a person */
		{ "report-28904310-x7k2p", "job-name", "report-28904310", "report", true },
		/* labels that do not fit the name say nothing */
		{ "web-6d4cf56db6-x7k2p", "pod-template-hash", "99999", "web", true },
		{ "postgres-0", "statefulset.kubernetes.io/pod-name", "other-0", "postgres", true },
		{ "web", "pod-template-hash", "web", "web", false },
		{ "web", "job-name", "web", "web", false },
		{ "web", "job-name", "", "web", false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		check(&cases[i], NULL);
}

/* The API server cuts the base at 58 bytes, into the hash if need be. */
static void test_names_that_were_cut(void **state)
{
	char pod[80];
	Case c = { .pod = pod, .key = "pod-template-hash", .value = "6d4cf56db6" };

	(void)state;
	/* 50 bytes, a dash, seven of the hash, five random */
	memset(pod, 'a', 50);
	strcpy(pod + 50, "-6d4cf56x7k2p");
	assert_int_equal(strlen(pod), 63);
	c.expected = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	check(&c, NULL);
	c.key = NULL;
	c.guessed = true;
	check(&c, NULL);
	/* one byte shorter it is nobody's form */
	memmove(pod, pod + 1, 63);
	c.expected = pod;
	c.guessed = false;
	check(&c, NULL);
}

UNIT_MAIN(cmocka_unit_test(test_forms_of_names), cmocka_unit_test(test_labels_are_no_guess),
	  cmocka_unit_test(test_names_that_were_cut))
