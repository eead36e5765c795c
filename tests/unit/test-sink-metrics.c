/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/metrics and daemon/sink-metrics: what a collector reads is whole, well-formed and true. */
#include <errno.h>
#include <sys/stat.h>

#include "daemon/sink-metrics.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/tally-fixture.h"
#include "util/file.h"

static char folder[64], path[96], temporary[96];

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/seccompd-metrics-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/a.prom", folder);
	snprintf(temporary, sizeof(temporary), "%s/.a.prom.new", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (unlink(path) < 0)
		rmdir(path);
	if (unlink(temporary) < 0)
		rmdir(temporary);
	return rmdir(folder);
}

static char *format(const Metrics *m)
{
	Buffer b = BUFFER_NULL;

	metrics_format(m, &b);
	assert_int_equal(buffer_error(&b), 0);
	return buffer_steal(&b);
}

static bool has_line(const char *text, const char *line)
{
	Span rest = span_of(text), part;

	while (span_split(&rest, '\n', &part))
		if (span_is(part, line))
			return true;
	return false;
}

static void test_figures_are_those_of_the_tally(void **state)
{
	int fd = tally_memory();
	Tally *t = NULL;
	Metrics m = { .new_sightings = 5, .ledger_failing = 1 };
	_cleanup_free_ char *text = NULL;
	TallyTotals *totals;
	TallyCall call;
	uint32_t slot;

	(void)state;
	assert_int_equal(tally_open(fd, 1, &t), 0);
	totals = tally_totals(t);
	totals->records = 12;
	totals->by_means[MEANS_PROC] = 9;
	totals->by_means[MEANS_NONE] = 3;
	totals->by_cause[CAUSE_GONE] = 2;
	totals->by_cause[CAUSE_PID_REUSED] = 1;
	totals->last_record = NOW + 7;
	totals->lineage = (TallyLineage){ .state = TALLY_LINEAGE_ON,
					  .living = 21,
					  .dead = 22,
					  .dropped = 23,
					  .lost = 24,
					  .hits = 25 };
	totals->containers = (TallyContainers){ .running = 31,
						.ended = 32,
						.bytes = 33,
						.evicted = 34,
						.refused = 35,
						.unknown = 36,
						.dropped = 37,
						.watches = 38 };
	totals->state_unreadable = 39;
	for (unsigned i = 0; i < 3; i++) {
		call = make_call(must_subject(t, i % 2, NOW), i, NOW);
		assert_int_equal(tally_count(t, &call, &slot), TALLY_NEW);
	}
	metrics_of_tally(t, &m);
	text = format(&m);
	assert_true(has_line(text, "seccompd_records_total 12"));
	assert_true(has_line(text, "seccompd_attributed_total{means=\"proc\"} 9"));
	assert_true(has_line(text, "seccompd_unattributed_total{cause=\"gone\"} 2"));
	assert_true(has_line(text, "seccompd_unattributed_total{cause=\"pid-reused\"} 1"));
	assert_null(strstr(text, "=\"none\""));
	assert_true(has_line(text, "seccompd_lineage_on 1"));
	assert_true(has_line(text, "seccompd_lineage_processes{state=\"living\"} 21"));
	assert_true(has_line(text, "seccompd_lineage_processes{state=\"ended\"} 22"));
	assert_true(has_line(text, "seccompd_lineage_dropped_total 23"));
	assert_true(has_line(text, "seccompd_lineage_lost_total 24"));
	assert_true(has_line(text, "seccompd_lineage_hits_total 25"));
	assert_true(has_line(text, "seccompd_containers{state=\"running\"} 31"));
	assert_true(has_line(text, "seccompd_containers{state=\"ended\"} 32"));
	assert_true(has_line(text, "seccompd_container_bytes 33"));
	assert_true(has_line(text, "seccompd_containers_evicted_total 34"));
	assert_true(has_line(text, "seccompd_containers_refused_total 35"));
	assert_true(has_line(text, "seccompd_containers_unknown_total 36"));
	assert_true(has_line(text, "seccompd_containers_dropped_total 37"));
	assert_true(has_line(text, "seccompd_cgroup_watches 38"));
	assert_true(has_line(text, "seccompd_state_unreadable_total 39"));
	assert_true(has_line(text, "seccompd_tally_slots 3"));
	assert_true(has_line(text, "seccompd_tally_subjects 2"));
	assert_true(has_line(text, "seccompd_new_sightings_total 5"));
	assert_true(has_line(text, "seccompd_ledger_failing 1"));
	assert_true(has_line(text, "seccompd_last_record_timestamp_seconds 1700000000.000007"));
	assert_true(has_line(text, "seccompd_build_info{version=\"" SECCOMPD_VERSION "\"} 1"));
	tally_free(t);
	close(fd);
}

/* HELP, TYPE, then samples of that family only; each family once. */
static void test_workloads_are_counted_by_stage_and_visibility(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerWorkload w;
	Metrics m = { .stages = { 9 }, .new_by_risk = { [RISK_HIGH] = 4 } };
	_cleanup_free_ char *text = NULL;
	int64_t id;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	for (int i = 0; i < 3; i++) {
		char name[16];

		snprintf(name, sizeof(name), "docker:%d", i);
		w = make_workload(name);
		w.stage = i == 0 ? "log" : "errno";
		w.visibility = i == 0 ? "full" : "blind";
		assert_true(ledger_put_workload(l, &w, &id) >= 0);
	}
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(metrics_of_ledger(l, &m), 0);
	text = format(&m);
	assert_true(has_line(text, "seccompd_workload_stages{stage=\"log\"} 1"));
	assert_true(has_line(text, "seccompd_workload_stages{stage=\"errno\"} 2"));
	assert_true(has_line(text, "seccompd_workload_stages{stage=\"other\"} 0"));
	assert_true(has_line(text, "seccompd_workload_visibility{visibility=\"full\"} 1"));
	assert_true(has_line(text, "seccompd_workload_visibility{visibility=\"blind\"} 2"));
	assert_true(has_line(text, "seccompd_new_sightings_by_risk_total{risk=\"high\"} 4"));
}

static void test_the_text_is_well_formed(void **state)
{
	const char *seen[64];
	size_t n = 0;
	_cleanup_free_ char *text = format(&(Metrics){ 0 });
	char family[128] = "", type[16] = "";
	Span rest = span_of(text), line, word;

	(void)state;
	assert_int_equal(text[strlen(text) - 1], '\n');
	while (span_split(&rest, '\n', &line) && rest.p) {
		if (span_skip(&line, SPAN_LIT("# HELP "))) {
			assert_true(span_split(&line, ' ', &word) && line.n > 10);
			assert_true(span_copy(word, family, sizeof(family)));
			for (size_t i = 0; i < n; i++)
				assert_string_not_equal(seen[i], family);
			assert_true(n < ELEMENTSOF(seen));
			seen[n++] = strdup(family);
			type[0] = '\0';
		} else if (span_skip(&line, SPAN_LIT("# TYPE "))) {
			assert_true(span_split(&line, ' ', &word) && span_is(word, family));
			assert_true(span_copy(line, type, sizeof(type)));
			assert_int_equal(span_ends(word, SPAN_LIT("_total")),
					 strcmp(type, "counter") == 0);
		} else {
			assert_true(type[0] != '\0' && span_skip(&line, span_of(family)));
			if (line.p[0] == '{')
				line = span_from(line, (size_t)span_find(line, SPAN_LIT("}")) + 1);
			assert_true(span_skip(&line, SPAN_LIT(" ")) && line.n > 0);
			assert_int_equal(strspn(line.p, "0123456789."), line.n);
		}
	}
	assert_true(n > 15);
	while (n > 0)
		free((void *)(uintptr_t)seen[--n]);
}

static void test_the_file_is_replaced_and_readable(void **state)
{
	_cleanup_free_ char *text = NULL;
	SinkMetrics s = { 0 };
	Metrics m = { 0 };
	struct stat before, after;
	mode_t mask = umask(0077);
	size_t n;

	(void)state;
	assert_int_equal(file_replace(temporary, SPAN_LIT("left by a crash"), 0600), 0);
	assert_int_equal(sink_metrics_write(&s, path, &m, NOW), 0);
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(before.st_mode & 07777, 0644);
	m.totals.records = 77;
	assert_int_equal(sink_metrics_write(&s, path, &m, NOW), 0);
	umask(mask);
	assert_int_equal(stat(path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino); /* renamed, not rewritten */
	assert_int_equal(file_read_at(AT_FDCWD, path, 1 << 20, false, &text, &n), 0);
	assert_true(has_line(text, "seccompd_records_total 77"));
	assert_int_equal(access(temporary, F_OK), -1);
	assert_int_equal(s.failures, 0);
}

static void test_what_is_no_file_is_left_alone(void **state)
{
	_cleanup_free_ char *text = NULL;
	SinkMetrics s = { 0 };
	Metrics m = { 0 };
	char other[96], name[400];
	struct stat st;

	(void)state;
	snprintf(other, sizeof(other), "%s/other", folder);
	assert_int_equal(file_replace(other, SPAN_LIT("precious"), 0600), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(sink_metrics_write(&s, path, &m, NOW), -EINVAL);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_int_equal(unlink(path), 0);

	/* a link where the temporary file goes is replaced, not followed */
	assert_int_equal(symlink(other, temporary), 0);
	assert_int_equal(sink_metrics_write(&s, path, &m, NOW), 0);
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_int_equal(unlink(path), 0);

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(sink_metrics_write(&s, path, &m, NOW), -EINVAL);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(sink_metrics_write(&s, path, &m, NOW), -EINVAL);
	assert_int_equal(access(temporary, F_OK), -1);

	snprintf(name, sizeof(name), "%s/none/a.prom", folder);
	assert_int_equal(sink_metrics_write(&s, name, &m, NOW), -ENOENT);
	snprintf(name, sizeof(name), "%s/%0252d", folder, 0);
	assert_int_equal(sink_metrics_write(&s, name, &m, NOW), -ENAMETOOLONG);
	assert_int_equal(s.failures, 5);
	text = format(&m);
	assert_true(has_line(text, "seccompd_metrics_write_failures_total 4"));
	unlink(other);
}

static void test_a_write_is_due_every_15_seconds(void **state)
{
	SinkMetrics s = { 0 };

	(void)state;
	assert_true(sink_metrics_is_due(&s, NOW));
	s.last = NOW;
	assert_false(sink_metrics_is_due(&s, NOW));
	assert_false(sink_metrics_is_due(&s, NOW + SINK_METRICS_INTERVAL - 1));
	assert_true(sink_metrics_is_due(&s, NOW + SINK_METRICS_INTERVAL));
	assert_true(sink_metrics_is_due(&s, NOW - 1)); /* the clock was set back */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(TEST(test_figures_are_those_of_the_tally),
	  TEST(test_workloads_are_counted_by_stage_and_visibility),
	  TEST(test_the_text_is_well_formed), TEST(test_the_file_is_replaced_and_readable),
	  TEST(test_what_is_no_file_is_left_alone), TEST(test_a_write_is_due_every_15_seconds))
