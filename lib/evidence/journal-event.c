/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/journal-event.h"
#include "evidence/lifetime-list.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "util/parse.h"

#define COUNT_MAX (UINT64_C(1) << 60)

#define NAME(s)                  \
	{                        \
		s, sizeof(s) - 1 \
	}

const Span journal_names[_JOURNAL_NAME_MAX] = {
	[JOURNAL_NAME_TRANSPORT] = NAME("_TRANSPORT"),
	[JOURNAL_NAME_UNIT] = NAME("_SYSTEMD_UNIT"),
	[JOURNAL_NAME_UID] = NAME("_UID"),
	[JOURNAL_NAME_EXE] = NAME("_EXE"),
	[JOURNAL_NAME_COMM] = NAME("_COMM"),
	[JOURNAL_NAME_HOSTNAME] = NAME("_HOSTNAME"),
	[JOURNAL_NAME_MACHINE] = NAME("_MACHINE_ID"),
	[JOURNAL_NAME_MESSAGE_ID] = NAME("MESSAGE_ID"),
	[JOURNAL_NAME_LEDGER] = NAME(SECCOMPD_FIELD_LEDGER),
	[JOURNAL_NAME_WORKLOAD] = NAME(SECCOMPD_FIELD_WORKLOAD),
	[JOURNAL_NAME_PROFILE] = NAME(SECCOMPD_FIELD_PROFILE),
	[JOURNAL_NAME_ARCH_WORD] = NAME(SECCOMPD_FIELD_ARCH_WORD),
	[JOURNAL_NAME_NR] = NAME(SECCOMPD_FIELD_SYSCALL_NR),
	[JOURNAL_NAME_ACTION] = NAME(SECCOMPD_FIELD_ACTION),
	[JOURNAL_NAME_ORIGIN] = NAME(SECCOMPD_FIELD_ORIGIN),
	[JOURNAL_NAME_TOTAL] = NAME(SECCOMPD_FIELD_TOTAL),
	[JOURNAL_NAME_COUNT] = NAME(SECCOMPD_FIELD_COUNT),
	[JOURNAL_NAME_OWN_FILTER] = NAME(SECCOMPD_FIELD_OWN_FILTER),
	[JOURNAL_NAME_FIRST] = NAME(SECCOMPD_FIELD_FIRST),
	[JOURNAL_NAME_LAST] = NAME(SECCOMPD_FIELD_LAST),
	[JOURNAL_NAME_ATTRIBUTION] = NAME(SECCOMPD_FIELD_ATTRIBUTION),
	[JOURNAL_NAME_SERIAL] = NAME(SECCOMPD_FIELD_SERIAL),
	[JOURNAL_NAME_STAGE] = NAME(SECCOMPD_FIELD_STAGE),
	[JOURNAL_NAME_REVISION] = NAME(SECCOMPD_FIELD_REVISION),
	[JOURNAL_NAME_VISIBILITY] = NAME(SECCOMPD_FIELD_VISIBILITY),
	[JOURNAL_NAME_PROFILE_SOURCE] = NAME(SECCOMPD_FIELD_PROFILE_SOURCE),
	[JOURNAL_NAME_DIALECT] = NAME(SECCOMPD_FIELD_DIALECT),
	[JOURNAL_NAME_RUNTIME] = NAME(SECCOMPD_FIELD_RUNTIME),
	[JOURNAL_NAME_HEURISTIC] = NAME(SECCOMPD_FIELD_HEURISTIC),
	[JOURNAL_NAME_CONTAINER] = NAME(SECCOMPD_FIELD_CONTAINER_NAME),
	[JOURNAL_NAME_IMAGE] = NAME(SECCOMPD_FIELD_IMAGE_NAME),
	[JOURNAL_NAME_LOSS] = NAME(SECCOMPD_FIELD_LOSS),
	[JOURNAL_NAME_LOSS_ID] = NAME(SECCOMPD_FIELD_LOSS_ID),
	[JOURNAL_NAME_FROM] = NAME(SECCOMPD_FIELD_FROM),
	[JOURNAL_NAME_TO] = NAME(SECCOMPD_FIELD_TO),
	[JOURNAL_NAME_RUN_ID] = NAME(SECCOMPD_FIELD_RUN_ID),
	[JOURNAL_NAME_BOOT] = NAME(SECCOMPD_FIELD_BOOT),
	[JOURNAL_NAME_MADE_BY] = NAME(SECCOMPD_FIELD_MADE_BY),
	[JOURNAL_NAME_MADE_IN_COUNT] = NAME(SECCOMPD_FIELD_MADE_IN_COUNT),
	[JOURNAL_NAME_MADE_IN] = NAME(SECCOMPD_FIELD_MADE_IN),
	[JOURNAL_NAME_LIFETIMES] = NAME(SECCOMPD_FIELD_LIFETIMES),
	[JOURNAL_NAME_SEQUENCE] = NAME(SECCOMPD_FIELD_SEQUENCE),
	[JOURNAL_NAME_KIND] = NAME(SECCOMPD_FIELD_KIND),
	[JOURNAL_NAME_IMAGE_DIGEST] = NAME(SECCOMPD_FIELD_IMAGE_DIGEST),
	[JOURNAL_NAME_RUNTIME_VERSION] = NAME(SECCOMPD_FIELD_RUNTIME_VERSION),
	[JOURNAL_NAME_LIBSECCOMP] = NAME(SECCOMPD_FIELD_LIBSECCOMP),
	[JOURNAL_NAME_KERNEL] = NAME(SECCOMPD_FIELD_KERNEL),
	[JOURNAL_NAME_ARCHITECTURE] = NAME(SECCOMPD_FIELD_MACHINE),
	[JOURNAL_NAME_CAPABILITIES] = NAME(SECCOMPD_FIELD_CAPABILITIES),
	[JOURNAL_NAME_PROFILE_JSON] = NAME(SECCOMPD_FIELD_PROFILE_JSON),
};

/* ---- who wrote it ---- */

bool journal_is_genuine(JournalFields fields, uint32_t uid)
{
	uint32_t writer;

	return span_is(fields[JOURNAL_NAME_TRANSPORT], "journal") &&
	       span_is(fields[JOURNAL_NAME_UNIT], "seccompd.service") &&
	       parse_u32(fields[JOURNAL_NAME_UID], &writer) == 0 && writer != UINT32_MAX &&
	       (writer <= JOURNAL_SYSTEM_UID_MAX || writer == uid);
}

/* ---- values: 0 or a failure ---- */

static int take_text(Span s, void *to, size_t size)
{
	return span_copy(s, to, size) && s.n > 0 ? 0 : -EINVAL;
}

/* Lower-case letters and hyphens: names of our own. */
static int take_word(Span s, void *to, size_t size)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '-')
			return -EINVAL;
	return take_text(s, to, size);
}

/* Hex digits, and the hyphens of a boot's id. */
static int take_hex(Span s, void *to, size_t size)
{
	for (size_t i = 0; i < s.n; i++)
		if (parse_hex_digit(s.p[i]) < 0 && s.p[i] != '-')
			return -EINVAL;
	return take_text(s, to, size);
}

static int take_id(Span s, void *to, size_t size)
{
	return s.n == JOURNAL_ID_SIZE - 1 ? take_hex(s, to, size) : -EINVAL;
}

static int take_one_of(Span s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(s, words[i]))
			return 0;
	return -EINVAL;
}

static int take_stage(Span s, void *to, size_t size)
{
	static const char *const words[] = { "log", "errno", "kill", "other" };
	int r = take_one_of(s, words, ELEMENTSOF(words));

	return r < 0 ? r : take_text(s, to, size);
}

static int take_visibility(Span s, void *to, size_t size)
{
	static const char *const words[] = { "full", "partial", "blind", "unknown" };
	int r = take_one_of(s, words, ELEMENTSOF(words));

	return r < 0 ? r : take_text(s, to, size);
}

static int take_count(Span s, void *to, size_t size)
{
	uint64_t n;

	(void)size;
	if (parse_u64(s, &n) < 0 || n > COUNT_MAX)
		return -EINVAL;
	*(uint64_t *)to = n;
	return 0;
}

static int take_count_or_unknown(Span s, void *to, size_t size)
{
	if (!span_is(s, "unknown"))
		return take_count(s, to, size);
	*(uint64_t *)to = JOURNAL_COUNT_UNKNOWN;
	return 0;
}

static int take_positive(Span s, void *to, size_t size)
{
	int r = take_count(s, to, size);

	return r < 0 ? r : *(uint64_t *)to > 0 ? 0 : -EINVAL;
}

static int take_row(Span s, void *to, size_t size)
{
	int r = take_positive(s, to, size);

	return r < 0 ? r : *(uint64_t *)to < JOURNAL_ROW_MAX ? 0 : -EINVAL;
}

static int take_i64(Span s, void *to, size_t size)
{
	(void)size;
	return parse_i64(s, to);
}

static int take_u32(Span s, void *to, size_t size)
{
	(void)size;
	return parse_u32(s, to);
}

static int take_arch(Span s, void *to, size_t size)
{
	(void)size;
	return s.n == 8 ? parse_hex_u32(s, to) : -EINVAL;
}

static int take_time(Span s, void *to, size_t size)
{
	usec_t t;

	(void)size;
	if (clock_parse_time(s, &t) < 0 || t == 0 || t > INT64_MAX)
		return -EINVAL;
	*(usec_t *)to = t;
	return 0;
}

static int take_yes_no(Span s, void *to, size_t size)
{
	bool yes = span_is(s, "yes");

	(void)size;
	if (!yes && !span_is(s, "no"))
		return -EINVAL;
	*(bool *)to = yes;
	return 0;
}

static int take_action(Span s, void *to, size_t size)
{
	(void)size;
	return action_from_name(s, to);
}

static int take_origin(Span s, void *to, size_t size)
{
	(void)size;
	for (unsigned i = 0; i < _ORIGIN_MAX; i++)
		if (span_is(s, origin_name((Origin)i))) {
			*(Origin *)to = (Origin)i;
			return 0;
		}
	return -EINVAL;
}

/* That somebody asserted whose calls are in a log is nothing a daemon says. */
static int take_means(Span s, void *to, size_t size)
{
	(void)size;
	for (unsigned i = 0; i < _MEANS_MAX; i++)
		if (i < _MEANS_LIVE_MAX && span_is(s, means_name((Means)i))) {
			*(Means *)to = (Means)i;
			return 0;
		}
	return -EINVAL;
}

static int take_subject_kind(Span s, void *to, size_t size)
{
	bool unit = span_is(s, subject_kind_name(SUBJECT_UNIT));

	(void)size;
	if (!unit && !span_is(s, subject_kind_name(SUBJECT_CONTAINER)))
		return -EINVAL;
	*(SubjectKind *)to = unit ? SUBJECT_UNIT : SUBJECT_CONTAINER;
	return 0;
}

/* The ledger tells one, two and more apart. */
static int take_up_to_three(Span s, void *to, size_t size)
{
	int r = take_u32(s, to, size);

	return r < 0 ? r : *(uint32_t *)to <= 3 ? 0 : -EINVAL;
}

static int take_span(Span s, void *to, bool is_sane)
{
	*(Span *)to = s;
	return is_sane ? 0 : -EINVAL;
}

static int take_lifetimes(Span s, void *to, size_t size)
{
	(void)size;
	return take_span(s, to, lifetime_list_is_sane(s));
}

static int take_makings(Span s, void *to, size_t size)
{
	(void)size;
	return take_span(s, to, making_list_is_sane(s));
}

/* Whoever asks for it reads it as what a stranger wrote. */
static int take_json(Span s, void *to, size_t size)
{
	(void)size;
	return take_span(s, to, s.n > 0 && s.n <= LIFETIME_PROFILE_MAX && !memchr(s.p, '\0', s.n));
}

/* ---- which kind has which fields ---- */

#define OF(kind) (1U << (kind))
#define SIGHTING OF(JOURNAL_SIGHTING)
#define STAGE OF(JOURNAL_STAGE)
#define LOSS OF(JOURNAL_LOSS)
#define WATCHED OF(JOURNAL_WATCHED)
#define LIFETIMES OF(JOURNAL_LIFETIMES)
#define ALL (SIGHTING | STAGE | LOSS | WATCHED | LIFETIMES | OF(JOURNAL_OTHER))

#define AT(member) offsetof(JournalEvent, member), sizeof(((JournalEvent *)0)->member)

static const struct {
	JournalName name;
	int (*take)(Span s, void *to, size_t size);
	size_t offset, size;
	unsigned must, may; /* which kinds have it */
} rules[] = {
	{ JOURNAL_NAME_LEDGER, take_id, AT(ledger), ALL, 0 },
	{ JOURNAL_NAME_MACHINE, take_id, AT(machine), ALL, 0 },
	{ JOURNAL_NAME_HOSTNAME, take_text, AT(hostname), 0, ALL },
	{ JOURNAL_NAME_WORKLOAD, take_text, AT(workload), SIGHTING | STAGE | LIFETIMES, LOSS },
	{ JOURNAL_NAME_PROFILE, take_hex, AT(profile), 0, SIGHTING | STAGE | LIFETIMES },
	{ JOURNAL_NAME_STAGE, take_stage, AT(stage), SIGHTING | STAGE, 0 },
	{ JOURNAL_NAME_ARCH_WORD, take_arch, AT(arch), SIGHTING, 0 },
	{ JOURNAL_NAME_NR, take_i64, AT(nr), SIGHTING, 0 },
	{ JOURNAL_NAME_ACTION, take_action, AT(action), SIGHTING, 0 },
	{ JOURNAL_NAME_ORIGIN, take_origin, AT(origin), SIGHTING, 0 },
	{ JOURNAL_NAME_ATTRIBUTION, take_means, AT(means), SIGHTING, 0 },
	{ JOURNAL_NAME_TOTAL, take_positive, AT(total), SIGHTING, 0 },
	{ JOURNAL_NAME_COUNT, take_positive, AT(count), SIGHTING, 0 },
	{ JOURNAL_NAME_OWN_FILTER, take_count, AT(own_filter), SIGHTING, 0 },
	{ JOURNAL_NAME_FIRST, take_time, AT(first), 0, SIGHTING },
	{ JOURNAL_NAME_LAST, take_time, AT(last), 0, SIGHTING },
	{ JOURNAL_NAME_SERIAL, take_u32, AT(serial), 0, SIGHTING },
	{ JOURNAL_NAME_REVISION, take_positive, AT(revision), STAGE | LOSS, 0 },
	{ JOURNAL_NAME_VISIBILITY, take_visibility, AT(visibility), STAGE, 0 },
	{ JOURNAL_NAME_PROFILE_SOURCE, take_text, AT(profile_source), 0, STAGE },
	{ JOURNAL_NAME_DIALECT, take_text, AT(dialect), 0, STAGE },
	{ JOURNAL_NAME_RUNTIME, take_text, AT(runtime), 0, STAGE | LIFETIMES },
	{ JOURNAL_NAME_HEURISTIC, take_yes_no, AT(heuristic), STAGE, 0 },
	{ JOURNAL_NAME_CONTAINER, take_text, AT(container_name), 0, STAGE },
	{ JOURNAL_NAME_IMAGE, take_text, AT(image), 0, STAGE },
	{ JOURNAL_NAME_LOSS, take_word, AT(loss), LOSS, 0 },
	{ JOURNAL_NAME_LOSS_ID, take_row, AT(row), LOSS, 0 },
	{ JOURNAL_NAME_TOTAL, take_count_or_unknown, AT(total), LOSS, 0 },
	{ JOURNAL_NAME_FROM, take_time, AT(from), WATCHED, LOSS },
	{ JOURNAL_NAME_TO, take_time, AT(to), LOSS | WATCHED, 0 },
	{ JOURNAL_NAME_RUN_ID, take_row, AT(row), WATCHED, 0 },
	{ JOURNAL_NAME_BOOT, take_hex, AT(boot), 0, WATCHED },
	{ JOURNAL_NAME_MADE_BY, take_u32, AT(made_by), 0, SIGHTING },
	{ JOURNAL_NAME_MADE_IN_COUNT, take_up_to_three, AT(made_in_count), 0, SIGHTING },
	{ JOURNAL_NAME_MADE_IN, take_makings, AT(made_in), 0, SIGHTING },
	{ JOURNAL_NAME_LIFETIMES, take_lifetimes, AT(lifetimes), LIFETIMES, 0 },
	{ JOURNAL_NAME_SEQUENCE, take_positive, AT(sequence), LIFETIMES, WATCHED },
	{ JOURNAL_NAME_KIND, take_subject_kind, AT(subject_kind), LIFETIMES, 0 },
	{ JOURNAL_NAME_IMAGE_DIGEST, take_text, AT(image_digest), 0, LIFETIMES },
	{ JOURNAL_NAME_RUNTIME_VERSION, take_text, AT(runtime_version), 0, LIFETIMES },
	{ JOURNAL_NAME_LIBSECCOMP, take_text, AT(libseccomp), 0, LIFETIMES },
	{ JOURNAL_NAME_KERNEL, take_text, AT(kernel), 0, LIFETIMES },
	{ JOURNAL_NAME_ARCHITECTURE, take_text, AT(architecture), 0, LIFETIMES },
	{ JOURNAL_NAME_CAPABILITIES, take_text, AT(capabilities), 0, LIFETIMES },
	{ JOURNAL_NAME_PROFILE_JSON, take_json, AT(profile_json), 0, LIFETIMES },
};

static const struct {
	const char *id;
	JournalEventKind kind;
} kinds[] = {
	{ SECCOMPD_MESSAGE_NEW_SIGHTING, JOURNAL_SIGHTING },
	{ SECCOMPD_MESSAGE_ROLL_UP, JOURNAL_SIGHTING },
	{ SECCOMPD_MESSAGE_STAGE_CHANGED, JOURNAL_STAGE },
	{ SECCOMPD_MESSAGE_EVIDENCE_LOST, JOURNAL_LOSS },
	{ SECCOMPD_MESSAGE_WATCHED, JOURNAL_WATCHED },
	{ SECCOMPD_MESSAGE_LIFETIMES, JOURNAL_LIFETIMES },
};

static JournalEventKind kind_of(Span id)
{
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (span_is(id, kinds[i].id))
			return kinds[i].kind;
	return JOURNAL_OTHER;
}

static int refuse(JournalFault *ret, JournalName name, const char *what)
{
	*ret = (JournalFault){ journal_names[name].p, what };
	return -EBADMSG;
}

static int read_fields(JournalFields fields, JournalEvent *e, JournalFault *ret_fault)
{
	for (size_t i = 0; i < ELEMENTSOF(rules); i++) {
		unsigned kind = OF(e->kind);
		Span s = fields[rules[i].name];

		if (!((rules[i].must | rules[i].may) & kind) || (!s.p && !(rules[i].must & kind)))
			continue;
		if (!s.p)
			return refuse(ret_fault, rules[i].name, "is missing");
		if (rules[i].take(s, (char *)e + rules[i].offset, rules[i].size) < 0)
			return refuse(ret_fault, rules[i].name, "makes no sense");
	}
	return 0;
}

int journal_event_read(JournalFields fields, JournalEvent *ret, JournalFault *ret_fault)
{
	int r;

	*ret = (JournalEvent){ .kind = kind_of(fields[JOURNAL_NAME_MESSAGE_ID]) };
	r = read_fields(fields, ret, ret_fault);
	if (r < 0)
		return r;
	if (ret->count > ret->total)
		return refuse(ret_fault, JOURNAL_NAME_COUNT, "is more than the total");
	if (ret->last > 0 && ret->first > ret->last)
		return refuse(ret_fault, JOURNAL_NAME_FIRST, "is later than the last");
	if (ret->from > ret->to)
		return refuse(ret_fault, JOURNAL_NAME_FROM, "is later than the end");
	return 0;
}
