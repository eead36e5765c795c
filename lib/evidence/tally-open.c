/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Taking a tally over, and looking at one. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "evidence/tally-private.h"

/* The whole file; l_pid must be 0 for these. */
static int lock_file(int fd, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
		return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
	return 0;
}

/* Asks without taking: a client must never be in the way of a daemon that starts. */
static int lock_is_held(int fd, bool *ret)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
		return -errno;
	*ret = lock.l_type != F_UNLCK;
	return 0;
}

static int file_size(int fd, uint64_t *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EBADMSG;
	*ret = (uint64_t)st.st_size;
	return 0;
}

static int map_file(Tally *t, int protection)
{
	char *p = mmap(NULL, TALLY_FILE_SIZE, protection, MAP_SHARED, t->fd, 0);

	if (p == MAP_FAILED)
		return -errno;
	t->header = (TallyHeader *)(void *)p;
	t->subjects = (TallySubject *)(void *)(p + TALLY_SUBJECTS_OFFSET);
	t->slots = (TallySlot *)(void *)(p + TALLY_SLOTS_OFFSET);
	return 0;
}

static int make_id(char id[static TALLY_ID_SIZE])
{
	uint8_t bytes[(TALLY_ID_SIZE - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -errno;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

/* An empty file, or one whose maker died before it stored the magic. */
static int make_header(Tally *t)
{
	TallyHeader h = {
		.version = TALLY_VERSION,
		.subject_size = sizeof(TallySubject),
		.slot_size = sizeof(TallySlot),
		.max_subjects = TALLY_SUBJECTS,
		.max_slots = TALLY_SLOTS,
	};
	int r;

	if (fallocate(t->fd, 0, 0, TALLY_PAGE) < 0 && errno != EOPNOTSUPP && errno != ENOSYS)
		return -errno;
	r = make_id(h.id);
	if (r < 0)
		return r;
	tally_store_words(t->header, &h, sizeof(h));
	tally_put64(&t->header->magic, TALLY_MAGIC);
	return 0;
}

static int check_header(const TallyHeader *h)
{
	if (h->magic != TALLY_MAGIC)
		return -EBADMSG;
	if (h->version != TALLY_VERSION)
		return -EPROTONOSUPPORT;
	return tally_header_is_sane(h) ? 0 : -EBADMSG;
}

static void init_tables(Tally *t)
{
	t->subject_table = (TallyTable){
		.max = TALLY_SUBJECTS,
		.n_used = &t->header->n_subjects,
		.offset = TALLY_SUBJECTS_OFFSET,
		.size = sizeof(TallySubject),
	};
	t->slot_table = (TallyTable){
		.max = TALLY_SLOTS,
		.n_used = &t->header->n_slots,
		.offset = TALLY_SLOTS_OFFSET,
		.size = sizeof(TallySlot),
	};
	t->last_subject = t->last_slot = UINT32_MAX;
}

static int size_file(int fd)
{
	uint64_t size;
	int r;

	r = file_size(fd, &size);
	if (r < 0)
		return r;
	if (size == 0)
		return ftruncate(fd, (off_t)TALLY_FILE_SIZE) < 0 ? -errno : 0;
	return size < sizeof(TallyHeader) ? -EBADMSG : 0;
}

/* The version stands before the size: another version's file has another size. */
static int check_or_make(Tally *t)
{
	TallyHeader h = { 0 };
	uint64_t size = 0;
	ssize_t n;
	int r;

	r = file_size(t->fd, &size);
	if (r < 0)
		return r;
	n = pread(t->fd, &h, sizeof(h), 0);
	if (n < 0)
		return -errno;
	if (size == TALLY_FILE_SIZE && h.magic == 0)
		return t->view ? -ENODATA : 1;
	r = check_header(&h);
	if (r < 0)
		return r;
	return size == TALLY_FILE_SIZE ? 0 : -EBADMSG;
}

static int take_over(Tally *t)
{
	int r, fresh;

	r = size_file(t->fd);
	if (r < 0)
		return r;
	fresh = check_or_make(t);
	if (fresh < 0)
		return fresh;
	r = map_file(t, PROT_READ | PROT_WRITE);
	if (r < 0)
		return r;
	if (fresh) {
		r = make_header(t);
		if (r < 0)
			return r;
	}
	memcpy(t->id, t->header->id, sizeof(t->id));
	t->header->totals.source[sizeof(t->header->totals.source) - 1] = 0;
	init_tables(t);
	return tally_rebuild(t);
}

int tally_open(int fd, uint64_t seed, Tally **ret)
{
	_cleanup_(tally_freep) Tally *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return -ENOMEM;
	t->fd = -1;
	r = lock_file(fd, F_WRLCK);
	if (r < 0)
		return r;
	t->fd = fd;
	t->seed = seed;
	r = take_over(t);
	if (r < 0)
		return r;
	*ret = STEAL(t);
	return 0;
}

int tally_view(int fd, Tally **ret, bool *ret_running)
{
	_cleanup_(tally_freep) Tally *t = calloc(1, sizeof(*t));
	uint64_t size = 0;
	bool running = false;
	int r;

	if (!t)
		return -ENOMEM;
	t->fd = fd;
	t->view = true;
	r = file_size(fd, &size);
	if (r == 0 && size == 0)
		r = -ENODATA;
	if (r == 0)
		r = check_or_make(t);
	if (r == 0)
		r = map_file(t, PROT_READ);
	if (r == 0)
		r = lock_is_held(fd, &running);
	if (r < 0)
		return r;
	memcpy(t->id, t->header->id, sizeof(t->id));
	t->id[sizeof(t->id) - 1] = 0;
	*ret_running = running;
	*ret = STEAL(t);
	return 0;
}

Tally *tally_free(Tally *t)
{
	if (!t)
		return NULL;
	if (t->header)
		munmap(t->header, TALLY_FILE_SIZE);
	tally_index_done(&t->subject_table.index);
	tally_index_done(&t->slot_table.index);
	free(t->subject_table.free);
	free(t->slot_table.free);
	if (!t->view && t->fd >= 0)
		(void)lock_file(t->fd, F_UNLCK);
	free(t);
	return NULL;
}
