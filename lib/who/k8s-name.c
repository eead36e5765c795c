/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How Kubernetes makes these names: SafeEncodeString() in apimachinery's util/rand, GenerateName in
 * apiserver's names package (58 bytes of the base at most, then 5 random ones), getPodName() of the
 * StatefulSet controller, getJobName() of the CronJob controller (minutes since the epoch, before
 * 1.21 seconds), and generatePodName() of the kubelet for static pods.
 */
#include "util/parse.h"
#include "who/k8s-name.h"

#define SAFE "bcdfghjklmnpqrstvwxz2456789"
#define DIGITS "0123456789"
#define RANDOM_LENGTH 5
#define BASE_MAX 58

/* A hash is a 32-bit number, each digit replaced by a letter: 99 % have 8 digits and more. */
#define HASH_LENGTH_MIN 7
#define HASH_LENGTH_MAX 10
#define ORDINAL_LENGTH_MAX 5
#define CRON_LENGTH_MIN 8
#define CRON_LENGTH_MAX 10

/* How many bytes at the end of @s are of @alphabet. */
static size_t tail_of(Span s, const char *alphabet)
{
	size_t n = 0;

	while (n < s.n && strchr(alphabet, s.p[s.n - 1 - n]))
		n++;
	return n;
}

/* Takes "-TAIL" off @s when TAIL is of @alphabet and has so many bytes, and something is left. */
static bool cut(Span *s, const char *alphabet, size_t least, size_t most)
{
	size_t n = tail_of(*s, alphabet);

	if (n < least || n > most || n + 1 >= s->n || s->p[s->n - n - 1] != '-')
		return false;
	s->n -= n + 1;
	return true;
}

static bool cut_text(Span *s, Span tail)
{
	if (tail.n == 0 || tail.n + 1 >= s->n || !span_ends(*s, tail) ||
	    s->p[s->n - tail.n - 1] != '-')
		return false;
	s->n -= tail.n + 1;
	return true;
}

/* A base of 58 bytes fills the name, so that no dash need stand before the random bytes. */
static bool is_full(Span name)
{
	return name.n == BASE_MAX + RANDOM_LENGTH && tail_of(name, SAFE) >= RANDOM_LENGTH;
}

static bool cut_random(Span *name)
{
	if (cut(name, SAFE, RANDOM_LENGTH, RANDOM_LENGTH))
		return true;
	if (!is_full(*name))
		return false;
	name->n = BASE_MAX;
	while (name->n > 1 && name->p[name->n - 1] == '-')
		name->n--;
	return true;
}

static bool cut_ordinal(Span *name)
{
	size_t n = tail_of(*name, DIGITS);

	return (n <= 1 || name->p[name->n - n] != '0') && cut(name, DIGITS, 1, ORDINAL_LENGTH_MAX);
}

static bool cut_time(Span *name)
{
	return cut(name, DIGITS, CRON_LENGTH_MIN, CRON_LENGTH_MAX);
}

/* ---- with labels ---- */

static bool by_template_hash(const K8sPod *pod, Span *ret, _unused_ bool *ret_guessed)
{
	Span hash = span_of(labels_get(pod->labels, "pod-template-hash")), name = pod->name;
	size_t least = is_full(name) ? 1 : hash.n;

	if (hash.n == 0 || !cut_random(&name))
		return false;
	/* a full base may have lost the end of the hash */
	for (size_t n = hash.n; n >= least; n--)
		if (cut_text(&name, span_first(hash, n))) {
			*ret = name;
			return true;
		}
	return false;
}

static bool by_stateful_set(const K8sPod *pod, Span *ret, _unused_ bool *ret_guessed)
{
	const char *self = labels_get(pod->labels, "statefulset.kubernetes.io/pod-name");

	*ret = pod->name;
	return self && span_is(pod->name, self) && cut_ordinal(ret);
}

/* Whether a person or a CronJob ended the job's name with a number is a guess again. */
static bool by_job(const K8sPod *pod, Span *ret, bool *ret_guessed)
{
	const char *job = labels_get(pod->labels, "batch.kubernetes.io/job-name")
				  ?: labels_get(pod->labels, "job-name");
	Span name = span_of(job);

	if (name.n == 0 || !span_starts(pod->name, name) || name.n >= pod->name.n)
		return false;
	*ret = span_first(pod->name, name.n);
	*ret_guessed = cut_time(ret);
	return true;
}

static bool by_daemon_set(const K8sPod *pod, Span *ret, _unused_ bool *ret_guessed)
{
	*ret = pod->name;
	return labels_get(pod->labels, "controller-revision-hash") && cut_random(ret);
}

/* ---- by the name's form alone ---- */

static bool guess_node(const K8sPod *pod, Span *ret, bool *ret_guessed)
{
	Span node = span_of(pod->node);
	ssize_t dot = span_find(node, SPAN_LIT("."));

	*ret = pod->name;
	*ret_guessed =
		cut_text(ret, node) || (dot > 0 && cut_text(ret, span_first(node, (size_t)dot)));
	return *ret_guessed;
}

/* Deployment, CronJob; DaemonSet or Job. */
static bool guess_random(const K8sPod *pod, Span *ret, bool *ret_guessed)
{
	*ret = pod->name;
	if (!cut_random(ret))
		return false;
	(void)(cut(ret, SAFE, is_full(pod->name) ? 1 : HASH_LENGTH_MIN, HASH_LENGTH_MAX) ||
	       cut_time(ret));
	*ret_guessed = true;
	return true;
}

static bool guess_ordinal(const K8sPod *pod, Span *ret, bool *ret_guessed)
{
	*ret = pod->name;
	*ret_guessed = cut_ordinal(ret);
	return *ret_guessed;
}

Span k8s_workload(const K8sPod *pod, bool *ret_guessed)
{
	static bool (*const ways[])(const K8sPod *pod, Span *ret, bool *ret_guessed) = {
		by_template_hash, by_stateful_set, by_job,        by_daemon_set,
		guess_node,       guess_random,    guess_ordinal,
	};
	Span found;

	*ret_guessed = false;
	for (size_t i = 0; i < ELEMENTSOF(ways); i++)
		if (ways[i](pod, &found, ret_guessed))
			return found;
	*ret_guessed = false;
	return pod->name;
}
