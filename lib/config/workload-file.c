/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "config/workload-file.h"
#include "util/file.h"
#include "util/text.h"

#define HEAD                                                                                 \
	"# Kept by seccompctl(1) for one workload. Comments, and sections that it does not " \
	"know,\n"                                                                            \
	"# stay as they are.\n\n"

/* ---- names ---- */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == ':' || c == '_' || c == '.';
}

char *workload_file_base(const char *workload, char buf[static WORKLOAD_FILE_BASE_SIZE])
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (const char *p = workload; *p; p++)
		if (*p == '/')
			buffer_add_char(&b, '-');
		else if (is_plain(*p) && !(*p == '.' && p == workload))
			buffer_add_char(&b, *p);
		else
			buffer_printf(&b, "\\x%02x", (unsigned char)*p);
	return text_fit(buffer_span(&b), buf, WORKLOAD_FILE_BASE_SIZE - 2);
}

/* One that we gave: it leads to nowhere else. */
static bool is_kept_name(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!is_plain(*p) && *p != '-')
			return false;
	return name[0] != '\0' && name[0] != '.' && strlen(name) < 128;
}

/* ---- opening ---- */

static int fail(const char *path, int r, const char *doing, Diag *d)
{
	return diag_set(d, r, "cannot %s %s: %s", doing, path, strerror(-r));
}

static int make_folder(const char *path, Diag *d)
{
	return mkdir(path, 0755) < 0 && errno != EEXIST ? fail(path, -errno, "make", d) : 0;
}

static int open_folder(WorkloadFile *f, const char *dir, bool change, Diag *d)
{
	int r = 0;

	if (change)
		r = make_folder(dir, d);
	if (r == 0 && change)
		r = make_folder(f->folder, d);
	if (r < 0)
		return r;
	f->folder_fd = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (f->folder_fd < 0)
		return errno == ENOENT && !change ? 0 : fail(f->folder, -errno, "open", d);
	if (!change || flock(f->folder_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return fail(f->folder, -errno, "lock", d);
	return diag_set(d, -EBUSY,
			"another seccompctl is changing %s at this moment: try again when it is "
			"done",
			f->path);
}

static int set_paths(WorkloadFile *f, const char *dir, const char *workload)
{
	char base[WORKLOAD_FILE_BASE_SIZE];

	workload_file_base(workload, base);
	if (asprintf(&f->path, "%s/%s.conf", dir, base) < 0)
		f->path = NULL;
	if (asprintf(&f->folder, "%s/%s.d", dir, base) < 0)
		f->folder = NULL;
	f->name = strdup(workload);
	return f->path && f->folder && f->name ? 0 : -ENOMEM;
}

/* A file of two workloads' would mix their histories: a hash may collide, and files are copied. */
static int check_name(const WorkloadFile *f, const SectionText *parts, Diag *d)
{
	const Section *s = section_find(parts, "workload");
	const char *name = s ? section_get(s, "Name") : NULL;

	if ((parts->n == 0 && parts->n_complaints == 0) || (name && strcmp(name, f->name) == 0))
		return 0;
	/* A link may have led to something else altogether, which must not be written to. */
	if (parts->n == 0)
		return diag_set_at(d, -EBADMSG, parts->complaints[0].line, 0,
				   "it is no file of a workload: it has no section [workload]");
	if (!name)
		return diag_set_at(d, -EBADMSG, s ? s->line : 1, 0,
				   "it does not say whose it is: \"Name=\" is missing in section "
				   "[workload]");
	return diag_set_at(d, -EBADMSG, s->line, 0, "it is the file of workload %s, not of %s",
			   name, f->name);
}

static int take_text(WorkloadFile *f, Span text, Diag *d)
{
	_cleanup_section_text_ SectionText parts = { 0 };
	_cleanup_buffer_ Buffer copy = BUFFER_NULL;
	int r;

	r = section_text_read(text, &parts);
	if (r < 0)
		return r == -ENOMEM ? r : diag_set(d, r, "%s is larger than 1 MiB", f->path);
	r = check_name(f, &parts, d);
	if (r < 0)
		return r;
	buffer_add(&copy, text);
	if (buffer_error(&copy) < 0)
		return buffer_error(&copy);
	section_text_done(&f->parts);
	buffer_done(&f->text);
	f->parts = parts;
	f->text = copy;
	parts = (SectionText){ 0 };
	copy = BUFFER_NULL;
	return 0;
}

static int read_file(WorkloadFile *f, Diag *d)
{
	_cleanup_free_ char *text = NULL;
	size_t n;
	int r;

	r = file_read_at(AT_FDCWD, f->path, SECTION_TEXT_MAX, true, &text, &n);
	if (r == -ENOENT)
		return 0;
	return r < 0 ? fail(f->path, r, "read", d) : take_text(f, span_make(text, n), d);
}

int workload_file_open(const char *dir, const char *workload, bool change, WorkloadFile *ret,
		       Diag *d)
{
	_cleanup_workload_file_ WorkloadFile f = { .folder_fd = -1 };
	int r;

	r = set_paths(&f, dir, workload);
	if (r == 0)
		r = open_folder(&f, dir, change, d);
	if (r == 0)
		r = read_file(&f, d);
	if (r == -ENOMEM)
		diag_set(d, r, "out of memory");
	if (r < 0)
		return r;
	*ret = f;
	f = (WorkloadFile){ .folder_fd = -1 };
	return 0;
}

void workload_file_close(WorkloadFile *f)
{
	if (f->folder_fd >= 0)
		close(f->folder_fd);
	section_text_done(&f->parts);
	buffer_done(&f->text);
	free(f->path);
	free(f->folder);
	free(f->name);
	*f = (WorkloadFile){ .folder_fd = -1 };
}

/* ---- changing ---- */

int workload_file_save(WorkloadFile *f, Span text, Diag *d)
{
	_cleanup_section_text_ SectionText parts = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	r = section_text_read(text, &parts);
	if (r < 0)
		return diag_set(d, r, "%s would be too large", f->path);
	if (!section_find(&parts, "workload")) {
		buffer_add_str(&b, text.n == 0 || text.p[0] == '[' ? HEAD : "");
		buffer_add_str(&b, "[workload]\n");
		section_write_key(&b, "Name", span_of(f->name));
		buffer_add_char(&b, '\n');
	}
	buffer_add(&b, text);
	r = buffer_error(&b);
	if (r == 0)
		r = file_replace(f->path, buffer_span(&b), 0644);
	if (r < 0)
		return fail(f->path, r, "write", d);
	return take_text(f, buffer_span(&b), d);
}

int workload_file_keep(const WorkloadFile *f, const char *name, Span bytes, Diag *d)
{
	_cleanup_close_ int fd = -1;
	int r;

	if (!is_kept_name(name))
		return fail(name, -EINVAL, "keep", d);
	fd = openat(f->folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return fail(f->folder, -errno, "keep a profile in", d);
	r = file_write_all(fd, bytes);
	if (r == 0 && (fsync(fd) < 0 || fsync(f->folder_fd) < 0))
		r = -errno;
	if (r == 0)
		return 0;
	unlinkat(f->folder_fd, name, 0);
	return fail(f->folder, r, "keep a profile in", d);
}

int workload_file_kept(const WorkloadFile *f, const char *name, char **ret, size_t *ret_n, Diag *d)
{
	char shown[160];
	int r;

	r = is_kept_name(name) && f->folder_fd >= 0
		    ? file_read_at(f->folder_fd, name, WORKLOAD_FILE_KEPT_MAX, false, ret, ret_n)
		    : -ENOENT;
	if (r >= 0)
		return 0;
	return diag_set(d, r, "cannot read the kept profile %s/%s: %s", f->folder,
			text_escape_to(span_of(name), shown, sizeof(shown)), strerror(-r));
}

void workload_file_forget(const WorkloadFile *f, const char *name)
{
	if (is_kept_name(name))
		unlinkat(f->folder_fd, name, 0);
}
