/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "state/cgroup-watch.h"
#include "who/cgroup.h"

/* Kubernetes' containers are four deep, five inside of a prefix. */
#define DEPTH_MAX 10
#define HIERARCHIES_MAX 2

#define WATCH_MASK (IN_CREATE | IN_DELETE | IN_ONLYDIR)

/* A directory: its path, "" for a hierarchy's own. */
typedef struct Node {
	int wd;
	uint8_t hierarchy, depth;
	bool by_service; /* some service made it, below its own cgroup */
	char *path;
} Node;

struct CgroupWatch {
	CgroupWatchSetup setup;
	int hierarchies[HIERARCHIES_MAX];
	size_t n_hierarchies;
	Node *nodes; /* by wd, which the kernel counts upwards */
	size_t n_nodes, allocated, n_by_service;
	CgroupWatchStats stats;
};

/* ---- the nodes ---- */

static size_t lower_bound(const CgroupWatch *w, int wd)
{
	size_t from = 0, to = w->n_nodes;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (w->nodes[middle].wd < wd)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static Node *find_node(CgroupWatch *w, int wd)
{
	size_t at = lower_bound(w, wd);

	return at < w->n_nodes && w->nodes[at].wd == wd ? &w->nodes[at] : NULL;
}

static int insert_node(CgroupWatch *w, const Node *node)
{
	size_t at = lower_bound(w, node->wd);

	if (w->n_nodes == w->allocated) {
		size_t n = w->allocated ? 2 * w->allocated : 64;
		Node *more = reallocarray(w->nodes, n, sizeof(*more));

		if (!more)
			return -ENOMEM;
		w->nodes = more;
		w->allocated = n;
	}
	memmove(w->nodes + at + 1, w->nodes + at, (w->n_nodes - at) * sizeof(*w->nodes));
	w->nodes[at] = *node;
	w->n_nodes++;
	w->n_by_service += node->by_service;
	return 0;
}

static void remove_node(CgroupWatch *w, Node *node)
{
	size_t at = (size_t)(node - w->nodes);

	w->n_by_service -= node->by_service;
	free(node->path);
	w->n_nodes--;
	memmove(node, node + 1, (w->n_nodes - at) * sizeof(*w->nodes));
}

/* ---- what a directory is ---- */

typedef enum Place {
	PLACE_FOLLOW,
	PLACE_FOLLOW_SERVICE, /* what is below it, a service makes */
	PLACE_CONTAINER,
	PLACE_LEAVE,
} Place;

static Place place_of(Span path)
{
	CgroupIdentity id;

	cgroup_identify_path(path, &id);
	if (id.uid != UINT32_MAX)
		return PLACE_LEAVE;
	if (id.container)
		return PLACE_CONTAINER;
	switch (id.kind) {
	case CGROUP_NONE:
	case CGROUP_POD:
	case CGROUP_POD_ROOT:
	case CGROUP_JOB:
	case CGROUP_UNKNOWN:
	case CGROUP_USER_SLICE: /* user.slice itself, and slices of that name below others */
		return PLACE_FOLLOW;
	case CGROUP_HOST_SERVICE:
		return span_ends(path, SPAN_LIT(".slice")) ? PLACE_FOLLOW : PLACE_FOLLOW_SERVICE;
	default:
		return PLACE_LEAVE;
	}
}

static bool is_told(Span path, Place place)
{
	CgroupIdentity id;

	if (place == PLACE_CONTAINER || cgroup_identify_unit(path, &id))
		return true;
	return place != PLACE_LEAVE && cgroup_is_open(&id);
}

static void report(CgroupWatch *w, CgroupEvent event, Span path)
{
	w->setup.event(event, path, w->setup.userdata);
}

/* ---- adding ---- */

static int watch_fd(CgroupWatch *w, int dir_fd)
{
	char path[40];
	int wd;

	/* inotify takes no descriptor but by its name. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir_fd);
	wd = inotify_add_watch(w->setup.inotify_fd, path, WATCH_MASK);
	return wd < 0 ? -errno : wd;
}

static bool is_watched(const CgroupWatch *w, const Node *like)
{
	for (size_t i = 0; i < w->n_nodes; i++)
		if (w->nodes[i].hierarchy == like->hierarchy &&
		    strcmp(w->nodes[i].path, like->path) == 0)
			return true;
	return false;
}

static bool has_room(const CgroupWatch *w, const Node *node)
{
	if (w->n_nodes < w->setup.watches_max &&
	    (!node->by_service || w->n_by_service < w->setup.watches_max / 2))
		return true;
	return is_watched(w, node);
}

static int follow(CgroupWatch *w, int parent_fd, const char *name, const Node *node,
		  CgroupEvent as);

/* A directory below @parent. 0, also when it is gone again or not followed; -ENOMEM. */
static int look_at(CgroupWatch *w, int parent_fd, const Node *parent, const char *name,
		   CgroupEvent as)
{
	Node child = { .hierarchy = parent->hierarchy, .depth = (uint8_t)(parent->depth + 1) };
	_cleanup_free_ char *path = NULL;
	Place place;

	if (strlen(parent->path) + strlen(name) + 2 > CGROUP_PATH_MAX) {
		w->stats.unwatched++;
		return 0;
	}
	if (asprintf(&path, "%s/%s", parent->path, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	place = place_of(span_of(path));
	if (is_told(span_of(path), place))
		report(w, as, span_of(path));
	if (place == PLACE_CONTAINER || place == PLACE_LEAVE)
		return 0;
	child.by_service =
		parent->by_service || place_of(span_of(parent->path)) == PLACE_FOLLOW_SERVICE;
	child.path = path;
	if (child.depth > DEPTH_MAX || !has_room(w, &child)) {
		w->stats.unwatched++;
		return 0;
	}
	return follow(w, parent_fd, name, &child, as);
}

static bool is_directory(int dir_fd, const struct dirent *e)
{
	struct stat st;

	if (e->d_name[0] == '.' && (e->d_name[1] == '\0' || strcmp(e->d_name, "..") == 0))
		return false;
	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_DIR;
	return fstatat(dir_fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* What came between the directory's making and its watch is found here, or by both. */
static int look_inside(CgroupWatch *w, int dir_fd, const Node *node, CgroupEvent as)
{
	int copy = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *e;

	if (!dir) {
		closep(&copy);
		return 0;
	}
	while (r == 0 && (e = readdir(dir)))
		if (is_directory(dir_fd, e))
			r = look_at(w, dir_fd, node, e->d_name, as);
	closedir(dir);
	return r;
}

/* The watch first, then the look inside: the other way round would leave a gap. */
static int follow(CgroupWatch *w, int parent_fd, const char *name, const Node *node, CgroupEvent as)
{
	_cleanup_close_ int fd = -1;
	Node copy = *node;
	int r;

	fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	copy.wd = watch_fd(w, fd);
	if (copy.wd < 0) {
		w->stats.unwatched++;
		return copy.wd == -ENOMEM ? -ENOMEM : 0;
	}
	if (!find_node(w, copy.wd)) {
		copy.path = strdup(node->path);
		r = copy.path ? insert_node(w, &copy) : -ENOMEM;
		if (r < 0) {
			free(copy.path);
			return r;
		}
	}
	return look_inside(w, fd, node, as);
}

/* ---- everything, anew ---- */

static const char *below_root(const char *path)
{
	return path[0] ? path + 1 : ".";
}

/* Watches stay where they are: taking them off would fill the kernel's queue with words of it. */
static void forget_gone(CgroupWatch *w)
{
	for (size_t i = w->n_nodes; i-- > 0;) {
		const Node *node = &w->nodes[i];

		if (faccessat(w->hierarchies[node->hierarchy], below_root(node->path), F_OK, 0) < 0)
			remove_node(w, &w->nodes[i]);
	}
}

int cgroup_watch_scan(CgroupWatch *w)
{
	char top[] = "";
	int r = 0;

	forget_gone(w);
	report(w, CGROUP_SCAN_BEGINS, SPAN_NULL);
	for (size_t i = 0; r == 0 && i < w->n_hierarchies; i++)
		r = follow(w, w->hierarchies[i], ".",
			   &(Node){ .hierarchy = (uint8_t)i, .path = top }, CGROUP_FOUND);
	if (r == 0)
		report(w, CGROUP_SCAN_ENDS, SPAN_NULL);
	return r;
}

/* ---- events ---- */

static int on_made(CgroupWatch *w, const Node *node, const char *name)
{
	_cleanup_close_ int fd = -1;
	Node parent = *node; /* because the nodes move; the path stays where it is */

	fd = openat(w->hierarchies[node->hierarchy], below_root(node->path),
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	/* A container's parent may be gone with it: its name is enough to tell. */
	return look_at(w, fd, &parent, name, CGROUP_APPEARED);
}

static void on_gone(CgroupWatch *w, const Node *node, const char *name)
{
	char path[CGROUP_PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s", node->path, name);
	Span whole;

	if (n < 0 || (size_t)n >= sizeof(path))
		return;
	whole = span_make(path, (size_t)n);
	if (is_told(whole, place_of(whole)))
		report(w, CGROUP_VANISHED, whole);
}

static int take_event(CgroupWatch *w, const struct inotify_event *e)
{
	Node *node = find_node(w, e->wd);

	if (!node)
		return 0;
	if (e->mask & IN_IGNORED) {
		remove_node(w, node);
		return 0;
	}
	if (!(e->mask & IN_ISDIR) || e->len == 0)
		return 0;
	if (e->mask & IN_CREATE)
		return on_made(w, node, e->name);
	on_gone(w, node, e->name);
	return 0;
}

int cgroup_watch_read(CgroupWatch *w)
{
	char buf[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *e;
	ssize_t n;
	int r = 0;

	n = read(w->setup.inotify_fd, buf, sizeof(buf));
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	for (const char *p = buf; r == 0 && p < buf + n; p += sizeof(*e) + e->len) {
		e = (const struct inotify_event *)(const void *)p;
		if (e->mask & IN_Q_OVERFLOW) {
			w->stats.overflows++;
			return cgroup_watch_scan(w);
		}
		r = take_event(w, e);
	}
	return r;
}

/* ---- beginning and end ---- */

static int add_hierarchy(CgroupWatch *w, const char *name)
{
	int fd = openat(w->setup.cgroup_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -errno;
	w->hierarchies[w->n_hierarchies++] = fd;
	return 0;
}

/* All that runtimes make stands in the unified hierarchy, and before it came, in every one of v1:
 * there the service manager's own is the one that nothing leaves out. */
static int open_hierarchies(CgroupWatch *w)
{
	static const char *const v1[] = { "systemd", "openrc", "pids", "memory", "freezer", "cpu" };

	if (faccessat(w->setup.cgroup_fd, "cgroup.controllers", F_OK, 0) == 0)
		return add_hierarchy(w, ".");
	(void)add_hierarchy(w, "unified");
	for (size_t i = 0; i < ELEMENTSOF(v1); i++)
		if (add_hierarchy(w, v1[i]) == 0)
			break;
	return w->n_hierarchies > 0 ? 0 : -ENOENT;
}

int cgroup_watch_new(const CgroupWatchSetup *setup, CgroupWatch **ret)
{
	_cleanup_(cgroup_watch_freep) CgroupWatch *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->setup = *setup;
	if (w->setup.watches_max == 0)
		w->setup.watches_max = CGROUP_WATCHES_MAX;
	r = open_hierarchies(w);
	if (r == 0)
		r = cgroup_watch_scan(w);
	if (r < 0)
		return r;
	*ret = STEAL(w);
	return 0;
}

CgroupWatch *cgroup_watch_free(CgroupWatch *w)
{
	if (!w)
		return NULL;
	for (size_t i = 0; i < w->n_nodes; i++) {
		(void)inotify_rm_watch(w->setup.inotify_fd, w->nodes[i].wd);
		free(w->nodes[i].path);
	}
	free(w->nodes);
	for (size_t i = 0; i < w->n_hierarchies; i++)
		close(w->hierarchies[i]);
	free(w);
	return NULL;
}

CgroupWatchStats cgroup_watch_stats(const CgroupWatch *w)
{
	CgroupWatchStats stats = w->stats;

	stats.watches = (uint32_t)w->n_nodes;
	return stats;
}
