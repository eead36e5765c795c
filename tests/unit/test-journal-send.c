/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/journal-send and journal-message: what arrives at the other end, and that nobody there, or
 * one who does not read, holds up nothing. */
#include <fcntl.h>
#include <pthread.h>
#include <time.h>

#include "daemon/journal-message.h"
#include "daemon/journal-send.h"
#include "tests/unit/fake-journal.h"

static char received[1 << 20];

static int open_sender(const FakeJournal *j)
{
	int fd = -1;

	assert_int_equal(journal_connect(j->path, &fd), 0);
	return fd;
}

static void assert_field(size_t n, const char *name, const char *wanted)
{
	char value[4096];
	const char *got = fake_journal_field(received, n, name, value, sizeof(value));

	if (!wanted) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got, wanted);
}

static void test_values_arrive_as_they_are(void **state)
{
	_cleanup_fake_journal_ FakeJournal j;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_close_ int fd = -1;
	int patience = 0;
	size_t n;

	(void)state;
	fake_journal_make(&j);
	fd = open_sender(&j);
	journal_message_begin(&b, "00112233445566778899aabbccddeeff", 4, "ab", "%s did it",
			      "a\nMESSAGE=forged");
	journal_message_add(&b, "TEXT", "two\nlines=\nX=1");
	journal_message_add(&b, "NONE", "");
	journal_message_add(&b, "NULL", NULL);
	journal_message_add_number(&b, "NUMBER", -5);
	journal_message_add_bool(&b, "YES", true);
	journal_message_add_bool(&b, "NO", false);
	journal_message_add_time(&b, "NEVER", 0);
	journal_message_add_time(&b, "TIME", 1700000000123456);
	journal_message_add_unit(&b, "user@1000.service/app.service");
	journal_message_add_k8s(&b, "k8s:shop/web/nginx");
	assert_int_equal(buffer_error(&b), 0);
	assert_int_equal(journal_send(fd, buffer_span(&b), &patience), 0);
	n = fake_journal_receive(&j, received, sizeof(received));
	assert_field(n, "MESSAGE", "a\\x0AMESSAGE=forged did it");
	assert_field(n, "MESSAGE_ID", "00112233445566778899aabbccddeeff");
	assert_field(n, "PRIORITY", "4");
	assert_field(n, "SECCOMP_LEDGER", "ab");
	assert_field(n, "TEXT", "two\nlines=\nX=1");
	assert_field(n, "X", NULL);
	assert_field(n, "NONE", NULL);
	assert_field(n, "NULL", NULL);
	assert_field(n, "NUMBER", "-5");
	assert_field(n, "YES", "yes");
	assert_field(n, "NO", "no");
	assert_field(n, "NEVER", NULL);
	assert_field(n, "TIME", "2023-11-14T22:13:20.123456Z");
	assert_field(n, "OBJECT_SYSTEMD_UNIT", "user@1000.service");
	assert_field(n, "OBJECT_SYSTEMD_USER_UNIT", "app.service");
	assert_field(n, "K8S_NAMESPACE", "shop");
	assert_field(n, "K8S_CONTAINER", "nginx");
}

static void test_a_buffer_serves_many_entries(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char value[32];

	(void)state;
	journal_message_begin(&b, "1", 6, "first", "x");
	journal_message_add_unit(&b, "a.service");
	journal_message_begin(&b, "2", 6, "second", "y");
	journal_message_add_k8s(&b, "docker:a/b/c");
	assert_string_equal(fake_journal_field(b.p, b.n, "SECCOMP_LEDGER", value, sizeof(value)),
			    "second");
	assert_null(fake_journal_field(b.p, b.n, "OBJECT_SYSTEMD_UNIT", value, sizeof(value)));
	assert_null(fake_journal_field(b.p, b.n, "K8S_NAMESPACE", value, sizeof(value)));
}

static void test_what_no_datagram_holds_goes_as_a_sealed_file(void **state)
{
	_cleanup_fake_journal_ FakeJournal j;
	_cleanup_free_ char *large = malloc(600000);
	_cleanup_close_ int fd = -1;
	int patience = 0;

	(void)state;
	assert_non_null(large);
	memset(large, 'x', 600000);
	memcpy(large, "LARGE=", 6);
	large[599999] = '\n';
	fake_journal_make(&j);
	fd = open_sender(&j);
	assert_int_equal(journal_send(fd, span_make(large, 600000), &patience), 0);
	assert_int_equal(fake_journal_receive(&j, received, sizeof(received)), 600000);
	assert_memory_equal(received, large, 600000);
}

static void test_nobody_listens(void **state)
{
	_cleanup_fake_journal_ FakeJournal j;
	_cleanup_close_ int fd = -1;
	int patience = 1000, other = -1;

	(void)state;
	fake_journal_make(&j);
	fd = open_sender(&j);
	/* killed: the path is there, the listener is not */
	fake_journal_end(&j, true);
	assert_int_equal(journal_send(fd, SPAN_LIT("A=1\n"), &patience), -ECONNREFUSED);
	assert_int_equal(journal_connect(j.path, &other), -ECONNREFUSED);
	assert_int_equal(unlink(j.path), 0);
	assert_int_equal(journal_connect(j.path, &other), -ENOENT);
	assert_int_equal(other, -1);
	assert_int_equal(patience, 1000);
	fake_journal_listen(&j);
}

static unsigned fill(int fd, int *patience)
{
	unsigned n = 0;
	int r;

	while ((r = journal_send(fd, SPAN_LIT("A=1\n"), patience)) == 0)
		n++;
	assert_int_equal(r, -EAGAIN);
	return n;
}

static void test_a_full_queue_is_waited_for_as_long_as_was_said(void **state)
{
	_cleanup_fake_journal_ FakeJournal j;
	_cleanup_close_ int fd = -1;
	int patience = 0;

	(void)state;
	fake_journal_make(&j);
	fd = open_sender(&j);
	assert_true(fill(fd, &patience) > 0);
	patience = 60;
	assert_int_equal(fill(fd, &patience), 0);
	assert_int_equal(patience, 0);
}

/* The first thread's: that of the process. */
static bool sender_sleeps(void)
{
	char name[64], state = '?';
	FILE *f;

	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", getpid());
	f = fopen(name, "re");
	if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (f)
		fclose(f);
	return state == 'S';
}

static void *read_one_later(void *userdata)
{
	char small[64];

	/* Not at all, and the sender's patience comes to its end. */
	while (!sender_sleeps())
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	assert_true(fake_journal_receive(userdata, small, sizeof(small)) > 0);
	return NULL;
}

static void test_who_reads_again_gets_the_next(void **state)
{
	_cleanup_fake_journal_ FakeJournal j;
	_cleanup_close_ int fd = -1;
	int patience = 0;
	pthread_t thread;

	(void)state;
	fake_journal_make(&j);
	fd = open_sender(&j);
	(void)fill(fd, &patience);
	patience = 20000;
	assert_int_equal(pthread_create(&thread, NULL, read_one_later, &j), 0);
	assert_int_equal(journal_send(fd, SPAN_LIT("B=2\n"), &patience), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(patience > 0 && patience < 20000); /* it has waited, and not to the end */
}

UNIT_MAIN(cmocka_unit_test(test_values_arrive_as_they_are),
	  cmocka_unit_test(test_a_buffer_serves_many_entries),
	  cmocka_unit_test(test_what_no_datagram_holds_goes_as_a_sealed_file),
	  cmocka_unit_test(test_nobody_listens),
	  cmocka_unit_test(test_a_full_queue_is_waited_for_as_long_as_was_said),
	  cmocka_unit_test(test_who_reads_again_gets_the_next))
