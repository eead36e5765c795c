/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From the reader to the writer: what a counter cannot hold. Bounded, one producer, one consumer;
 * a full queue drops (the producer counts it) and never waits.
 */
#include "util/clock.h"

#define QUEUE_LENGTH 1024
#define QUEUE_COMM_MAX 64
#define QUEUE_EXE_MAX 512

/* One call worth showing: the first of a slot, or one by another process. */
typedef struct QueueExample {
	uint32_t slot, generation;
	int32_t pid;
	uint32_t serial;
	uint64_t ip;
	usec_t time;
	char comm[QUEUE_COMM_MAX]; /* decoded bytes; "" when there was none */
	char exe[QUEUE_EXE_MAX];
} QueueExample;

typedef struct Queue Queue;

int queue_new(Queue **ret);
Queue *queue_free(Queue *q);
DEFINE_CLEANUP(Queue, queue_free);

/* Readable while the queue may hold something. Owned by the queue. */
int queue_fd(const Queue *q);

/* For who pushes. */
bool queue_has_room(const Queue *q);

/* False when full. */
bool queue_push(Queue *q, const QueueExample *e);

/* Clears the readiness of queue_fd(); call before popping. */
void queue_acknowledge(Queue *q);

bool queue_pop(Queue *q, QueueExample *ret);
