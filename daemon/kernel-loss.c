/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "audit/loss-notice.h"
#include "daemon/kernel-loss.h"
#include "source/journal-reader.h"
#include "util/parse.h"

/* Without a way it may have opened meanwhile: journald was started. */
#define RETRY_INTERVAL (60 * USEC_PER_SEC)

#define UNCOUNTED UINT64_MAX

/* Of the kernel's log at one look; what is left waits for the next. */
#define MESSAGES_MAX 512

struct KernelLoss {
	KernelLossWay way;
	int socket_fd, kmsg_fd;
	JournalReader *journal;
	usec_t seen; /* when the last entry that was looked at was made; 0 = none yet */
	uint32_t sequence;
	bool has_total;
	uint32_t total;
	usec_t tried;
};

/* ---- counting ---- */

/* Who sets the kernel's counter back makes it begin at 0. */
static uint64_t take_total(KernelLoss *k, uint32_t total)
{
	uint64_t n = !k->has_total ? 0 : total >= k->total ? total - k->total : total;

	k->has_total = true;
	k->total = total;
	return n;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return a == UNCOUNTED || b == UNCOUNTED ? UNCOUNTED : a + b;
}

/* A dropped record makes two lines, of which the count comes first. */
static uint64_t take_line(KernelLoss *k, Span text, bool *counted)
{
	bool knew = k->has_total;
	uint32_t total;
	uint64_t n;

	switch (loss_notice_read(text, &total)) {
	case LOSS_NOTICE_TOTAL:
		*counted = true;
		n = take_total(k, total);
		/* the first that we hear of: it grew by one at least */
		return knew ? n : UNCOUNTED;
	case LOSS_NOTICE_DROPPED:
		return *counted ? 0 : UNCOUNTED;
	default:
		return 0;
	}
}

/* ---- asking the kernel ---- */

static int send_request(KernelLoss *k)
{
	struct nlmsghdr request = { .nlmsg_len = NLMSG_LENGTH(0),
				    .nlmsg_type = AUDIT_GET,
				    .nlmsg_flags = NLM_F_REQUEST,
				    .nlmsg_seq = ++k->sequence };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return sendto(k->socket_fd, &request, request.nlmsg_len, MSG_DONTWAIT,
		      (struct sockaddr *)&kernel, sizeof(kernel)) < 0
		       ? -errno
		       : 0;
}

/* One message from the kernel: 1 with its count, 0 for another, -errno of a refusal. */
static int read_answer(const char *buf, size_t n, uint32_t *ret)
{
	struct nlmsghdr header;
	struct audit_status status = { 0 };
	int error = 0;

	if (n < NLMSG_HDRLEN)
		return 0;
	memcpy(&header, buf, sizeof(header));
	if (header.nlmsg_type == NLMSG_ERROR && n >= NLMSG_HDRLEN + sizeof(error)) {
		memcpy(&error, buf + NLMSG_HDRLEN, sizeof(error));
		return error < 0 ? error : 0;
	}
	if (header.nlmsg_type != AUDIT_GET ||
	    n < NLMSG_HDRLEN + offsetof(struct audit_status, backlog))
		return 0;
	memcpy(&status, buf + NLMSG_HDRLEN, MIN(sizeof(status), n - NLMSG_HDRLEN));
	*ret = status.lost;
	return 1;
}

static int receive_answers(KernelLoss *k, uint64_t *ret)
{
	char buf[1024];
	ssize_t n;

	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t length = sizeof(from);
		uint32_t total;
		int r;

		n = recvfrom(k->socket_fd, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&from,
			     &length);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		r = from.nl_pid == 0 ? read_answer(buf, (size_t)n, &total) : 0;
		if (r < 0)
			return r;
		if (r > 0)
			*ret = add(*ret, take_total(k, total));
	}
}

/* The answer is sent by another thread of the kernel: it is read at the next look. A refusal is
 * there at once. */
static int look_status(KernelLoss *k, uint64_t *ret)
{
	int r = receive_answers(k, ret);

	if (r == 0)
		r = send_request(k);
	return r == 0 ? receive_answers(k, ret) : r;
}

/* What was dropped since somebody asked last is left for the next look to tell. */
static int open_status(KernelLoss *k)
{
	bool knew = k->has_total;
	uint32_t total = k->total;
	uint64_t n = 0;
	int r;

	k->socket_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);
	if (k->socket_fd < 0)
		return -errno;
	r = look_status(k, &n);
	if (knew)
		kernel_loss_resume(k, total);
	return r;
}

/* ---- reading its log ---- */

/* Behind what was looked at before it had to be opened anew, else at its end. */
static int seek_journal(KernelLoss *k)
{
	int r;

	if (k->seen > 0)
		return journal_reader_seek_time(k->journal, k->seen + 1);
	r = journal_reader_seek_tail(k->journal);
	if (r > 0)
		return journal_reader_time(k->journal, &k->seen);
	/* Where there is nothing of the kernel, it is not for us to see. */
	return r < 0 ? r : -ENODATA;
}

static int open_journal(KernelLoss *k)
{
	static const JournalPlace system = { 0 };
	static const Span message = { "MESSAGE", 7 };
	int r = journal_reader_new(&system, &message, 1, &k->journal);

	if (r >= 0)
		r = journal_reader_match(k->journal, SPAN_LIT("_TRANSPORT=kernel"));
	if (r >= 0)
		r = seek_journal(k);
	return MIN(r, 0);
}

static int look_journal(KernelLoss *k, uint64_t *ret)
{
	JournalValues entry;
	bool counted = false;
	int r = journal_reader_process(k->journal);

	for (unsigned i = 0; r >= 0 && i < MESSAGES_MAX; i++) {
		r = journal_reader_next(k->journal, &entry);
		if (r <= 0)
			break;
		if (entry.values[0].p)
			*ret = add(*ret, take_line(k, entry.values[0], &counted));
		(void)journal_reader_time(k->journal, &k->seen);
	}
	return MIN(r, 0);
}

static int open_kmsg(KernelLoss *k)
{
	char first;

	k->kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->kmsg_fd < 0 || lseek(k->kmsg_fd, 0, SEEK_END) < 0)
		return -errno;
	/* What may be opened may yet not be read. */
	if (read(k->kmsg_fd, &first, 0) < 0 && errno != EAGAIN && errno != EINVAL)
		return -errno;
	return 0;
}

/* "6,123,456789,-;message": of the kernel itself when the number is below 8. */
static bool is_of_kernel(Span *line)
{
	Span priority, rest = *line;
	uint32_t n;

	if (!span_split(&rest, ',', &priority) || parse_u32(priority, &n) < 0 || n >= 8)
		return false;
	return span_split(line, ';', &rest) && line->p;
}

static int look_kmsg(KernelLoss *k, uint64_t *ret)
{
	bool counted = false;

	for (unsigned i = 0; i < MESSAGES_MAX; i++) {
		char buf[8192];
		ssize_t n = read(k->kmsg_fd, buf, sizeof(buf));
		Span line = span_make(buf, n > 0 ? (size_t)n : 0), message;

		/* Overwritten before we came: it may have said anything. */
		if (n < 0 && errno == EPIPE) {
			*ret = UNCOUNTED;
			continue;
		}
		if (n <= 0)
			return n < 0 && errno != EAGAIN && errno != EINTR ? -errno : 0;
		if (is_of_kernel(&line) && span_split(&line, '\n', &message))
			*ret = add(*ret, take_line(k, message, &counted));
	}
	return 0;
}

/* ---- the ways ---- */

static const struct {
	const char *name;
	int (*open)(KernelLoss *k);
	int (*look)(KernelLoss *k, uint64_t *ret);
} ways[_KERNEL_LOSS_WAY_MAX] = {
	[KERNEL_LOSS_NO_WAY] = { "none", NULL, NULL },
	[KERNEL_LOSS_STATUS] = { "kernel", open_status, look_status },
	[KERNEL_LOSS_JOURNAL] = { "journal", open_journal, look_journal },
	[KERNEL_LOSS_KMSG] = { "kmsg", open_kmsg, look_kmsg },
};

static void close_all(KernelLoss *k)
{
	closep(&k->socket_fd);
	closep(&k->kmsg_fd);
	k->journal = journal_reader_free(k->journal);
	k->socket_fd = k->kmsg_fd = -1;
	k->way = KERNEL_LOSS_NO_WAY;
}

static void find_way(KernelLoss *k, usec_t now)
{
	k->tried = now;
	for (unsigned i = KERNEL_LOSS_NO_WAY + 1; i < _KERNEL_LOSS_WAY_MAX; i++) {
		close_all(k);
		if (ways[i].open(k) == 0) {
			k->way = (KernelLossWay)i;
			return;
		}
	}
	close_all(k);
}

int kernel_loss_new(KernelLoss **ret)
{
	KernelLoss *k = calloc(1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->socket_fd = k->kmsg_fd = -1;
	find_way(k, 0);
	*ret = k;
	return 0;
}

KernelLoss *kernel_loss_free(KernelLoss *k)
{
	if (!k)
		return NULL;
	close_all(k);
	free(k);
	return NULL;
}

KernelLossWay kernel_loss_way(const KernelLoss *k)
{
	return k->way;
}

const char *kernel_loss_way_name(KernelLossWay w)
{
	return w < _KERNEL_LOSS_WAY_MAX ? ways[w].name : ways[0].name;
}

void kernel_loss_resume(KernelLoss *k, uint32_t total)
{
	k->has_total = true;
	k->total = total;
}

uint64_t kernel_loss_total(const KernelLoss *k)
{
	return k->has_total ? k->total : UINT64_MAX;
}

/* A way that closes in the middle leaves what was said since the last look unsaid. */
uint64_t kernel_loss_look(KernelLoss *k, usec_t now)
{
	uint64_t n = 0;

	if (k->way == KERNEL_LOSS_NO_WAY && (now < k->tried || now - k->tried > RETRY_INTERVAL))
		find_way(k, now);
	if (k->way == KERNEL_LOSS_NO_WAY)
		return 0;
	if (ways[k->way].look(k, &n) < 0)
		find_way(k, now);
	return n;
}
