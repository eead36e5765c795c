/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/eventfd.h>

#include "daemon/queue.h"

struct Queue {
	int fd;
	uint32_t head, tail; /* head: next to pop; tail: next to push; free-running */
	QueueExample items[QUEUE_LENGTH];
};

int queue_new(Queue **ret)
{
	_cleanup_(queue_freep) Queue *q = calloc(1, sizeof(*q));

	if (!q)
		return -ENOMEM;
	q->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (q->fd < 0)
		return -errno;
	*ret = STEAL(q);
	return 0;
}

Queue *queue_free(Queue *q)
{
	if (!q)
		return NULL;
	if (q->fd >= 0)
		close(q->fd);
	free(q);
	return NULL;
}

int queue_fd(const Queue *q)
{
	return q->fd;
}

bool queue_has_room(const Queue *q)
{
	return q->tail - __atomic_load_n(&q->head, __ATOMIC_ACQUIRE) < QUEUE_LENGTH;
}

bool queue_push(Queue *q, const QueueExample *e)
{
	uint32_t tail = q->tail;
	uint64_t one = 1;

	if (!queue_has_room(q))
		return false;
	q->items[tail % QUEUE_LENGTH] = *e;
	__atomic_store_n(&q->tail, tail + 1, __ATOMIC_RELEASE);
	/* The counter cannot overflow in practice, and a full one is readable anyway. */
	return write(q->fd, &one, sizeof(one)) == sizeof(one) || errno == EAGAIN;
}

void queue_acknowledge(Queue *q)
{
	uint64_t value;

	/* Nothing to read means nothing to acknowledge. */
	if (read(q->fd, &value, sizeof(value)) < 0)
		return;
}

bool queue_pop(Queue *q, QueueExample *ret)
{
	uint32_t head = q->head;

	if (head == __atomic_load_n(&q->tail, __ATOMIC_ACQUIRE))
		return false;
	*ret = q->items[head % QUEUE_LENGTH];
	__atomic_store_n(&q->head, head + 1, __ATOMIC_RELEASE);
	return true;
}
