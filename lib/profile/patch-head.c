/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of what stands beside the rules: default action, flags, architectures. */
#include <errno.h>

#include "audit/arch.h"
#include "profile/patch.h"
#include "profile/splice.h"

/* A text that is changed step by step. */
typedef struct Head {
	Buffer text;
	uint32_t at; /* where the profile's object begins: before all changes */
	Scan scan;
	const ScanNode *root;
} Head;

static void head_done(Head *h)
{
	scan_done(&h->scan);
	buffer_done(&h->text);
}

static int rescan(Head *h)
{
	int r;

	scan_done(&h->scan);
	h->root = NULL;
	r = scan_read(buffer_span(&h->text), &h->scan, NULL);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	for (uint32_t i = 0; i < h->scan.n_nodes && !h->root; i++)
		if (h->scan.nodes[i].begin == h->at && h->scan.nodes[i].kind == SCAN_OBJECT)
			h->root = &h->scan.nodes[i];
	return h->root ? 0 : -EINVAL;
}

static int head_init(Head *h, Span text, const Profile *p)
{
	int r;

	*h = (Head){ .at = p->at.begin };
	buffer_add(&h->text, text);
	r = buffer_error(&h->text);
	if (r == 0)
		r = rescan(h);
	return r == 0 && h->root->end != p->at.end ? -EINVAL : r;
}

static int step(Head *h, Buffer *next)
{
	if (buffer_error(next) < 0)
		return buffer_error(next);
	buffer_done(&h->text);
	h->text = *next;
	*next = BUFFER_NULL;
	return rescan(h);
}

static int set_member(Head *h, const char *key, const char *behind, Span value)
{
	const ScanNode *node = scan_member(&h->scan, h->root, key);
	const ScanNode *anchor = scan_member(&h->scan, h->root, behind);
	SpliceStyle style = splice_style(&h->scan, h->root);
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	_cleanup_buffer_ Buffer item = BUFFER_NULL;

	buffer_printf(&item, "\"%s\"", key);
	buffer_add(&item, style.colon);
	buffer_add(&item, value);
	if (buffer_error(&item) < 0)
		return buffer_error(&item);
	if (node)
		splice_replace(&h->scan, node, value, &next);
	else if (anchor)
		splice_insert_after(&h->scan, h->root, anchor, buffer_span(&item), &next);
	else
		splice_append(&h->scan, h->root, buffer_span(&item), &next);
	return step(h, &next);
}

static int drop_member(Head *h, const char *key)
{
	const ScanNode *node = scan_member(&h->scan, h->root, key);
	_cleanup_buffer_ Buffer next = BUFFER_NULL;

	if (!node)
		return 0;
	splice_remove(&h->scan, h->root, node, &next);
	return step(h, &next);
}

static int finish(const Head *h, Buffer *out)
{
	buffer_add(out, buffer_span(&h->text));
	return buffer_error(out);
}

int patch_set_default(Span text, const Profile *p, Action action, int errno_ret, Buffer *out)
{
	_cleanup_(head_done) Head h = { 0 };
	char value[64];
	int r;

	r = head_init(&h, text, p);
	if (r == 0 && p->default_action != action) {
		snprintf(value, sizeof(value), "\"%s\"", action_name(action));
		r = set_member(&h, "defaultAction", "defaultAction", span_of(value));
	}
	/* containers/common: the name beats the number */
	if (r == 0)
		r = drop_member(&h, "defaultErrno");
	if (r == 0 && errno_ret >= 0) {
		snprintf(value, sizeof(value), "%d", errno_ret);
		r = set_member(&h, "defaultErrnoRet", "defaultAction", span_of(value));
	} else if (r == 0)
		r = drop_member(&h, "defaultErrnoRet");
	return r < 0 ? r : finish(&h, out);
}

static bool has_flags(const Profile *p, const char *const *flags, size_t n)
{
	static const char prefix[] = "SECCOMP_FILTER_FLAG_";
	const struct {
		const char *name;
		bool set;
	} known[] = { { "LOG", p->flag_log },
		      { "SPEC_ALLOW", p->flag_spec_allow },
		      { "TSYNC", p->flag_tsync } };
	size_t n_set = 0;

	for (size_t i = 0; i < ELEMENTSOF(known); i++)
		n_set += known[i].set;
	if (n_set != n || p->has_flags != (n > 0))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < ELEMENTSOF(known); k++)
			found |= known[k].set && span_starts(span_of(flags[i]), SPAN_LIT(prefix)) &&
				 strcmp(flags[i] + sizeof(prefix) - 1, known[k].name) == 0;
		if (!found)
			return false;
	}
	return true;
}

int patch_set_flags(Span text, const Profile *p, const char *const *flags, size_t n, Buffer *out)
{
	_cleanup_(head_done) Head h = { 0 };
	_cleanup_buffer_ Buffer value = BUFFER_NULL;
	SpliceStyle style;
	int r;

	r = head_init(&h, text, p);
	if (r < 0)
		return r;
	style = splice_style(&h.scan, h.root);
	buffer_add_char(&value, '[');
	for (size_t i = 0; i < n; i++) {
		buffer_add_str(&value, i > 0 ? "," : "");
		splice_break(&style, 1, i == 0, &value);
		buffer_printf(&value, "\"%s\"", flags[i]);
	}
	splice_break(&style, 0, true, &value);
	buffer_add_char(&value, ']');
	r = buffer_error(&value);
	if (r == 0 && n == 0)
		r = drop_member(&h, "flags");
	else if (r == 0 && !has_flags(p, flags, n))
		r = set_member(&h, "flags",
			       scan_member(&h.scan, h.root, "defaultErrnoRet") ? "defaultErrnoRet"
									       : "defaultAction",
			       buffer_span(&value));
	return r < 0 ? r : finish(&h, out);
}

/* "archMap", where it decides: then "architectures" may not stand beside it. */
static const ScanNode *deciding_map(const Head *h, const Profile *p)
{
	const ScanNode *map = scan_member(&h->scan, h->root, "archMap");

	if (!map || map->kind != SCAN_ARRAY || map->n_items == 0 ||
	    (p->dialect != DIALECT_DOCKER && p->dialect != DIALECT_PODMAN))
		return NULL;
	return map;
}

/* The host's entry of @map; NULL when there is none. */
static const ScanNode *map_entry(const Head *h, const Profile *p, const ScanNode *map)
{
	SCAN_EACH(&h->scan, map, entry)
	{
		_cleanup_free_ char *name = NULL;
		const ScanNode *arch = scan_member(&h->scan, entry, "architecture");
		uint32_t word;

		if (arch && scan_string(&h->scan, arch, &name) == 0 &&
		    arch_from_scmp_name(span_of(name), &word) == 0 && word == p->host_arch)
			return entry;
	}
	return NULL;
}

static bool is_list(const ScanNode *node)
{
	return node && node->kind == SCAN_ARRAY;
}

static int add_mapped(Head *h, const Profile *p, const ScanNode *map, const char *quoted)
{
	const ScanNode *entry = map_entry(h, p, map), *list;
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	char value[256];

	if (!context_arch_map_works(p->dialect, p->host_arch))
		return -ENOENT;
	if (!entry) {
		snprintf(value, sizeof(value),
			 "{\"architecture\": \"%s\", \"subArchitectures\": [%s]}",
			 arch_scmp_name(p->host_arch), quoted);
		splice_append(&h->scan, map, span_of(value), &next);
		return step(h, &next);
	}
	list = scan_member(&h->scan, entry, "subArchitectures");
	if (is_list(list))
		splice_append(&h->scan, list, span_of(quoted), &next);
	else if (list) {
		snprintf(value, sizeof(value), "[%s]", quoted);
		splice_replace(&h->scan, list, span_of(value), &next);
	} else {
		snprintf(value, sizeof(value), "\"subArchitectures\": [%s]", quoted);
		splice_append(&h->scan, entry, span_of(value), &next);
	}
	return step(h, &next);
}

/* A list of architectures that is there, or a new one with the host's own. */
static int add_listed(Head *h, const Profile *p, const char *quoted)
{
	const ScanNode *list = scan_member(&h->scan, h->root, "architectures");
	const ScanNode *map = deciding_map(h, p);
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	char value[128];

	if (map)
		return add_mapped(h, p, map, quoted);
	if (is_list(list) && list->n_items > 0) {
		splice_append(&h->scan, list, span_of(quoted), &next);
		return step(h, &next);
	}
	snprintf(value, sizeof(value), "[\"%s\", %s]", arch_scmp_name(p->host_arch), quoted);
	return set_member(h, "architectures", "defaultAction", span_of(value));
}

int patch_add_arch(Span text, const Profile *p, uint32_t arch, Buffer *out)
{
	_cleanup_(head_done) Head h = { 0 };
	const char *name = arch_scmp_name(arch);
	char quoted[64];
	int r;

	if (!name || !arch_scmp_name(p->host_arch))
		return -EINVAL;
	snprintf(quoted, sizeof(quoted), "\"%s\"", name);
	r = head_init(&h, text, p);
	if (r == 0 && !profile_has_arch(p, arch))
		r = add_listed(&h, p, quoted);
	return r < 0 ? r : finish(&h, out);
}
