/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Docker and Podman name a container that got no name ADJECTIVE_SURNAME, with a digit when that is
 * taken. The adjectives are few enough to know; a surname is any word.
 */
#include "who/workload.h"

/* Sorted, for the binary search. */
static const char *const adjectives[] = {
	"admiring",      "adoring",     "affectionate", "agitated",    "amazing",       "angry",
	"awesome",       "beautiful",   "blissful",     "bold",        "boring",        "brave",
	"busy",          "charming",    "clever",       "cocky",       "compassionate", "competent",
	"condescending", "confident",   "cool",         "cranky",      "crazy",         "dazzling",
	"determined",    "distracted",  "dreamy",       "eager",       "ecstatic",      "elastic",
	"elated",        "elegant",     "eloquent",     "epic",        "exciting",      "fervent",
	"festive",       "flamboyant",  "focused",      "friendly",    "frosty",        "funny",
	"gallant",       "gifted",      "goofy",        "gracious",    "great",         "happy",
	"hardcore",      "heuristic",   "hopeful",      "hungry",      "infallible",    "inspiring",
	"intelligent",   "interesting", "jolly",        "jovial",      "keen",          "kind",
	"laughing",      "loving",      "lucid",        "magical",     "modest",        "musing",
	"mystifying",    "naughty",     "nervous",      "nice",        "nifty",         "nostalgic",
	"objective",     "optimistic",  "peaceful",     "pedantic",    "pensive",       "practical",
	"priceless",     "quirky",      "quizzical",    "recursing",   "relaxed",       "reverent",
	"romantic",      "sad",         "serene",       "sharp",       "silly",         "sleepy",
	"stoic",         "strange",     "stupefied",    "suspicious",  "sweet",         "tender",
	"thirsty",       "trusting",    "unruffled",    "upbeat",      "vibrant",       "vigilant",
	"vigorous",      "wizardly",    "wonderful",    "xenodochial", "youthful",      "zealous",
	"zen",
};

static int compare_word(const void *key, const void *member)
{
	const Span *word = key;
	const char *s = *(const char *const *)member;
	int r = strncmp(word->p, s, word->n);

	return r ? r : -(s[word->n] != '\0');
}

static bool is_lower_word(Span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'a' || s.p[i] > 'z')
			return false;
	return s.n > 0;
}

static bool is_id(Span s)
{
	if (s.n != 12 && s.n != 64)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!memchr("0123456789abcdef", s.p[i],
			    16)) /* NOLINT: it is looked through, not copied */
			return false;
	return true;
}

bool workload_name_is_generated(const char *name)
{
	Span word, rest = span_of(name);

	if (is_id(rest))
		return true;
	if (!span_split(&rest, '_', &word) || !rest.p || word.n == 0)
		return false;
	if (rest.n > 1 && rest.p[rest.n - 1] >= '0' && rest.p[rest.n - 1] <= '9')
		rest.n--;
	return is_lower_word(rest) && is_lower_word(word) &&
	       bsearch(&word, adjectives, ELEMENTSOF(adjectives), sizeof(adjectives[0]),
		       compare_word);
}
