/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tally's file of strange bytes: opening, viewing, copying and counting on must stay within
 * bounds. The first byte is a mode. 0: the rest is the file. Otherwise the rest are patches to a
 * good file, each { area, offset (2), length, bytes }; mode 2 makes the entries' hashes right
 * again, so that what stands behind that check is reached as well.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "evidence/tally-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(x)                  \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

static void count_some(Tally *t)
{
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	uint32_t who, slot;

	for (unsigned i = 0; i < 24; i++) {
		TallyCall c = { .arch = 0xc000003e, .nr = i, .action = ACTION_LOG, .time = i + 1 };

		snprintf(key.name, sizeof(key.name), "c%u", i % 6);
		if (tally_subject(t, &key, SPAN_LIT("/docker/c"), i + 1, &who) < 0)
			continue;
		c.subject = who;
		(void)tally_count(t, &c, &slot);
	}
}

static void look_at_all(const Tally *t)
{
	TallySubject subject;
	TallySlot s;

	for (uint32_t i = 0; i < tally_n_slots(t); i++) {
		if (tally_slot_copy(t, i, &s) < 0)
			continue;
		MUST(s.subject < TALLY_SUBJECTS && s.folded <= s.total && s.first <= s.last);
		MUST(s.action < _ACTION_MAX && s.origin < _ORIGIN_MAX && s.means < _MEANS_LIVE_MAX);
	}
	for (uint32_t i = 0; i < tally_n_subjects(t); i++) {
		if (tally_subject_copy(t, i, &subject) < 0)
			continue;
		MUST((unsigned)subject.key.kind < _SUBJECT_KIND_MAX);
		MUST((unsigned)subject.key.cause < _CAUSE_MAX);
		MUST(strnlen(subject.key.name, SUBJECT_KEY_MAX) < SUBJECT_KEY_MAX);
		MUST(strnlen(subject.key.runtime, 16) < 16);
		MUST(strnlen(subject.cgroup, TALLY_CGROUP_MAX) < TALLY_CGROUP_MAX);
	}
	MUST(strnlen(tally_id(t), TALLY_ID_SIZE) == TALLY_ID_SIZE - 1);
	MUST(strnlen(tally_totals_view(t)->source, 64) < 64);
}

static void patch(int fd, Span s)
{
	static const size_t areas[] = { 0, TALLY_SUBJECTS_OFFSET, TALLY_SLOTS_OFFSET };

	while (s.n >= 4) {
		const uint8_t *p = (const uint8_t *)s.p;
		size_t n = MIN((size_t)p[3], s.n - 4);
		off_t at = (off_t)(areas[p[0] % ELEMENTSOF(areas)] + (p[1] | (size_t)p[2] << 8));

		MUST(pwrite(fd, s.p + 4, n, at) == (ssize_t)n);
		s = span_from(s, 4 + n);
	}
}

static void mend(int fd)
{
	TallySubject subject;
	TallySlot s;

	for (size_t i = 0; i < 32; i++) {
		off_t at = (off_t)(TALLY_SUBJECTS_OFFSET + i * sizeof(subject));

		MUST(pread(fd, &subject, sizeof(subject), at) == sizeof(subject));
		subject.check = tally_subject_check(&subject);
		MUST(pwrite(fd, &subject, sizeof(subject), at) == sizeof(subject));
		at = (off_t)(TALLY_SLOTS_OFFSET + i * sizeof(s));
		MUST(pread(fd, &s, sizeof(s), at) == sizeof(s));
		s.check = tally_slot_check(&s);
		MUST(pwrite(fd, &s, sizeof(s), at) == sizeof(s));
	}
}

static void make_file(int fd, Span input)
{
	uint8_t mode = (uint8_t)input.p[0] % 3;
	Tally *t;

	input = span_from(input, 1);
	if (mode == 0) {
		MUST(pwrite(fd, input.p, input.n, 0) == (ssize_t)input.n);
		MUST(ftruncate(fd, (off_t)TALLY_FILE_SIZE) == 0);
		return;
	}
	MUST(tally_open(fd, 1, &t) == 0);
	count_some(t);
	tally_free(t);
	patch(fd, input);
	if (mode == 2)
		mend(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_close_ int fd = memfd_create("tally", MFD_CLOEXEC);
	_cleanup_(tally_freep) Tally *view = NULL, *t = NULL;
	bool running;

	MUST(fd >= 0);
	if (size == 0 || size > 8192)
		return 0;
	make_file(fd, span_make((const char *)data, size));
	if (tally_view(fd, &view, &running) == 0)
		look_at_all(view);
	if (tally_open(fd, 2, &t) < 0)
		return 0;
	look_at_all(t);
	count_some(t);
	look_at_all(t);
	return 0;
}
