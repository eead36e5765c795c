/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/kernel-loss: what the kernel says it dropped is counted once, by whichever way it says so.
 * The file itself is part of the test: its ways are the machine's, but for those made here. */
#include "daemon/kernel-loss.c"
#include "tests/unit/unit.h"

static KernelLoss make(KernelLossWay way)
{
	return (KernelLoss){ .way = way, .socket_fd = -1, .kmsg_fd = -1 };
}

/* ---- its count ---- */

static void test_a_count_that_grows_is_lost_once(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_STATUS);

	(void)state;
	assert_true(kernel_loss_total(&k) == UINT64_MAX);
	/* what was lost before anybody asked is not of this run */
	assert_true(take_total(&k, 7) == 0);
	assert_true(take_total(&k, 7) == 0);
	assert_true(take_total(&k, 10) == 3);
	assert_true(kernel_loss_total(&k) == 10);
	/* set back by somebody */
	assert_true(take_total(&k, 4) == 4);
	/* over a restart of ours in the same boot */
	k = make(KERNEL_LOSS_STATUS);
	kernel_loss_resume(&k, 10);
	assert_true(take_total(&k, 12) == 2);
}

/* An answer of the kernel's, as long as kernels of different age make it. */
static size_t make_answer(char *buf, uint16_t type, uint32_t lost, size_t length)
{
	struct nlmsghdr header = { .nlmsg_len = (uint32_t)(NLMSG_HDRLEN + length),
				   .nlmsg_type = type };
	struct audit_status status = { .lost = lost };

	memcpy(buf, &header, sizeof(header));
	memcpy(buf + NLMSG_HDRLEN, &status, sizeof(status));
	return NLMSG_HDRLEN + length;
}

static void test_only_an_answer_has_a_count(void **state)
{
	char buf[256] = "";
	uint32_t total = 0;
	int error = -EPERM;
	size_t n;

	(void)state;
	n = make_answer(buf, AUDIT_GET, 5, sizeof(struct audit_status));
	assert_int_equal(read_answer(buf, n, &total), 1);
	assert_int_equal(total, 5);
	/* an older kernel says less, but as much as is asked for */
	n = make_answer(buf, AUDIT_GET, 6, offsetof(struct audit_status, backlog));
	assert_int_equal(read_answer(buf, n, &total), 1);
	assert_int_equal(total, 6);
	assert_int_equal(read_answer(buf, n - 1, &total), 0);
	assert_int_equal(read_answer(buf, NLMSG_HDRLEN - 1, &total), 0);
	assert_int_equal(read_answer(buf, 0, &total), 0);
	n = make_answer(buf, AUDIT_USER, 9, sizeof(struct audit_status));
	assert_int_equal(read_answer(buf, n, &total), 0);
	n = make_answer(buf, NLMSG_ERROR, 0, sizeof(error));
	memcpy(buf + NLMSG_HDRLEN, &error, sizeof(error));
	assert_int_equal(read_answer(buf, n, &total), -EPERM);
	error = 0;
	memcpy(buf + NLMSG_HDRLEN, &error, sizeof(error));
	assert_int_equal(read_answer(buf, n, &total), 0);
	assert_int_equal(total, 6);
}

static void make_pair(int ends[2])
{
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
}

static void test_all_answers_that_wait_are_taken(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_STATUS);
	char buf[256] = "";
	uint64_t lost = 0;
	int ends[2];

	(void)state;
	make_pair(ends);
	k.socket_fd = ends[0];
	for (uint32_t total = 2; total <= 6; total += 2)
		assert_true(send(ends[1], buf,
				 make_answer(buf, AUDIT_GET, total, sizeof(struct audit_status)),
				 0) > 0);
	assert_int_equal(receive_answers(&k, &lost), 0);
	assert_true(lost == 4 && kernel_loss_total(&k) == 6);
	assert_int_equal(receive_answers(&k, &lost), 0);
	assert_true(lost == 4);
	close(ends[1]);
	close_all(&k);
}

/* The answer to a look is taken at the next. */
static void test_each_look_asks_once(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_STATUS);
	struct nlmsghdr request;
	char buf[256] = "";
	int ends[2];

	(void)state;
	make_pair(ends);
	k.socket_fd = ends[0];
	kernel_loss_resume(&k, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_true(kernel_loss_look(&k, i) == (i > 0));
		assert_int_equal(recv(ends[1], &request, sizeof(request), 0), sizeof(request));
		assert_true(request.nlmsg_type == AUDIT_GET && request.nlmsg_seq == i + 1);
		assert_true(recv(ends[1], &request, sizeof(request), 0) < 0);
		assert_true(send(ends[1], buf,
				 make_answer(buf, AUDIT_GET, 4 + i, sizeof(struct audit_status)),
				 0) > 0);
	}
	close(ends[1]);
	close_all(&k);
}

/* ---- its log ---- */

static uint64_t read_lines(KernelLoss *k, const char *const *lines)
{
	uint64_t lost = 0;
	int ends[2];

	make_pair(ends);
	k->kmsg_fd = ends[0];
	for (size_t i = 0; lines[i]; i++)
		assert_true(send(ends[1], lines[i], strlen(lines[i]), 0) > 0);
	lost = kernel_loss_look(k, 1);
	assert_int_equal(k->way, KERNEL_LOSS_KMSG);
	close(ends[1]);
	closep(&k->kmsg_fd);
	k->kmsg_fd = -1;
	return lost;
}

#define LINES(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static void test_the_log_is_counted_by_what_it_says(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_KMSG);

	(void)state;
	assert_true(read_lines(&k, LINES("6,1,1,-;eth0: link is up")) == 0);
	/* the first that is heard of: it grew, nobody knows by how much */
	assert_true(read_lines(&k, LINES("4,2,2,-;audit: audit_lost=5 audit_rate_limit=0",
					 "3,3,2,-;audit: backlog limit exceeded")) == UNCOUNTED);
	/* one record, two lines */
	assert_true(read_lines(&k, LINES("4,4,3,-;audit: audit_lost=6 audit_rate_limit=0",
					 "3,5,3,-;audit: backlog limit exceeded")) == 1);
	assert_true(read_lines(&k, LINES("4,6,4,-;audit: audit_lost=8",
					 "4,7,4,-;audit: audit_lost=9")) == 3);
	/* printed less often than it happens */
	assert_true(read_lines(&k, LINES("3,8,5,-;audit: rate limit exceeded")) == UNCOUNTED);
}

static void test_what_a_program_writes_there_is_nothing(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_KMSG);

	(void)state;
	kernel_loss_resume(&k, 5);
	assert_true(read_lines(&k, LINES("12,1,1,-;audit: audit_lost=99",
					 "11,2,1,-;audit: backlog limit exceeded",
					 "6,3,1,-;x\n audit: audit_lost=99", "audit: audit_lost=99",
					 "6;audit: audit_lost=99", ";", "x,1;audit: audit_lost=9",
					 "6,4,1,-;audit: audit_lost=5")) == 0);
	assert_true(kernel_loss_total(&k) == 5);
}

/* ---- the ways ---- */

static void test_a_way_that_breaks_is_left_and_what_it_said_is_kept(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_STATUS);
	char buf[256] = "";
	int ends[2], error = -EPERM;
	size_t n;

	(void)state;
	make_pair(ends);
	k.socket_fd = ends[0];
	kernel_loss_resume(&k, 1);
	assert_true(send(ends[1], buf, make_answer(buf, AUDIT_GET, 4, sizeof(struct audit_status)),
			 0) > 0);
	n = make_answer(buf, NLMSG_ERROR, 0, sizeof(error));
	memcpy(buf + NLMSG_HDRLEN, &error, sizeof(error));
	assert_true(send(ends[1], buf, n, 0) > 0);
	assert_true(kernel_loss_look(&k, 1) == 3);
	assert_int_equal(recv(ends[1], buf, sizeof(buf), 0), 0);
	assert_true(kernel_loss_total(&k) == 4);
	close(ends[1]);
	close_all(&k);
}

/* Opened anew, the kernel has counted on meanwhile: that is not to be forgotten. */
static void test_what_was_dropped_between_two_ways_is_told_by_the_second(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_NO_WAY);
	int r;

	(void)state;
	kernel_loss_resume(&k, 4000000000U);
	r = open_status(&k);
	assert_true(kernel_loss_total(&k) == 4000000000U);
	close_all(&k);
	if (r < 0)
		print_message("# the kernel's count is not for us: %s\n", strerror(-r));
}

static void test_without_a_way_one_is_looked_for_now_and_then(void **state)
{
	KernelLoss k = make(KERNEL_LOSS_NO_WAY);

	(void)state;
	k.tried = 100 * USEC_PER_SEC;
	assert_true(kernel_loss_look(&k, k.tried + RETRY_INTERVAL) == 0);
	assert_true(k.tried == 100 * USEC_PER_SEC);
	(void)kernel_loss_look(&k, k.tried + RETRY_INTERVAL + 1);
	assert_true(k.tried == 100 * USEC_PER_SEC + RETRY_INTERVAL + 1);
	close_all(&k);
	/* the clock was set back */
	(void)kernel_loss_look(&k, 5);
	assert_true(k.tried == 5);
	close_all(&k);
}

static void test_each_way_has_its_name(void **state)
{
	(void)state;
	assert_string_equal(kernel_loss_way_name(KERNEL_LOSS_NO_WAY), "none");
	assert_string_equal(kernel_loss_way_name(KERNEL_LOSS_STATUS), "kernel");
	assert_string_equal(kernel_loss_way_name(KERNEL_LOSS_JOURNAL), "journal");
	assert_string_equal(kernel_loss_way_name(KERNEL_LOSS_KMSG), "kmsg");
	assert_string_equal(kernel_loss_way_name(_KERNEL_LOSS_WAY_MAX), "none");
}

UNIT_MAIN(cmocka_unit_test(test_a_count_that_grows_is_lost_once),
	  cmocka_unit_test(test_only_an_answer_has_a_count),
	  cmocka_unit_test(test_all_answers_that_wait_are_taken),
	  cmocka_unit_test(test_each_look_asks_once),
	  cmocka_unit_test(test_the_log_is_counted_by_what_it_says),
	  cmocka_unit_test(test_what_a_program_writes_there_is_nothing),
	  cmocka_unit_test(test_a_way_that_breaks_is_left_and_what_it_said_is_kept),
	  cmocka_unit_test(test_what_was_dropped_between_two_ways_is_told_by_the_second),
	  cmocka_unit_test(test_without_a_way_one_is_looked_for_now_and_then),
	  cmocka_unit_test(test_each_way_has_its_name))
