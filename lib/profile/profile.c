/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "profile/reader.h"

static int add_arch(const ProfileReader *r, const ScanNode *node)
{
	_cleanup_free_ char *name = NULL;
	Profile *p = r->profile;
	uint32_t word;
	int n;

	n = reader_string(r, node, "an architecture", &name);
	if (n < 0)
		return n;
	if (arch_from_scmp_name(span_of(name), &word) < 0)
		return reader_fail(r, node, "\"%s\" is no architecture that runtimes know", name);
	for (size_t i = 0; i < p->n_arches; i++)
		if (p->arches[i] == word)
			return 0;
	p->arches[p->n_arches++] = word;
	return 0;
}

static int add_arches(const ProfileReader *r, const ScanNode *list)
{
	Profile *p = r->profile;
	uint32_t *arches;
	int n;

	arches = reallocarray(p->arches, p->n_arches + list->n_items + 1, sizeof(*arches));
	if (!arches)
		return -ENOMEM;
	p->arches = arches;
	SCAN_EACH(r->scan, list, child)
	{
		n = add_arch(r, child);
		if (n < 0)
			return n;
	}
	return 0;
}

/* The host's own entry: that architecture and its sub-architectures. */
static int add_arch_entry(const ProfileReader *r, const ScanNode *entry, bool *ret_found)
{
	static const char *const known[] = { "architecture", "subArchitectures", NULL };
	const ScanNode *main_arch, *subs;
	_cleanup_free_ char *name = NULL;
	uint32_t word;
	int n;

	if (entry->kind != SCAN_OBJECT)
		return reader_fail(r, entry, "an entry of \"archMap\" must be an object, not %s",
				   scan_kind_name(entry->kind));
	n = reader_check_keys(r, entry, known);
	if (n < 0)
		return n;
	n = reader_member(r, entry, "architecture", SCAN_STRING, &main_arch);
	if (n < 0)
		return n;
	if (!main_arch)
		return reader_fail(r, entry, "this entry has no \"architecture\"");
	n = reader_member(r, entry, "subArchitectures", SCAN_ARRAY, &subs);
	if (n < 0)
		return n;
	n = reader_string(r, main_arch, "architecture", &name);
	if (n < 0)
		return n;
	if (arch_from_scmp_name(span_of(name), &word) < 0 || word != r->profile->host_arch)
		return 0;
	*ret_found = true;
	r->profile->arches = calloc(1, sizeof(*r->profile->arches));
	if (!r->profile->arches)
		return -ENOMEM;
	n = add_arch(r, main_arch);
	return n < 0 || !subs ? n : add_arches(r, subs);
}

static int read_arch_map(const ProfileReader *r, const ScanNode *map)
{
	bool found = false;
	int n;

	if (!context_arch_map_works(r->profile->dialect, r->profile->host_arch))
		return 0;
	SCAN_EACH(r->scan, map, entry)
	{
		n = add_arch_entry(r, entry, &found);
		if (n < 0 || found)
			return n;
	}
	return 0;
}

static int read_arches(const ProfileReader *r, const ScanNode *root)
{
	const ScanNode *list, *map;
	int n;

	n = reader_member(r, root, "architectures", SCAN_ARRAY, &list);
	if (n < 0)
		return n;
	map = NULL;
	if (r->profile->dialect == DIALECT_DOCKER || r->profile->dialect == DIALECT_PODMAN)
		n = reader_member(r, root, "archMap", SCAN_ARRAY, &map);
	if (n < 0)
		return n;
	if (list && list->n_items > 0 && map && map->n_items > 0)
		return reader_fail(
			r, map, "the profile has both \"architectures\" and \"archMap\", use one");
	if (map && map->n_items > 0)
		return read_arch_map(r, map);
	return list ? add_arches(r, list) : 0;
}

static int read_flag(const ProfileReader *r, const ScanNode *node)
{
	_cleanup_free_ char *name = NULL;
	Profile *p = r->profile;
	bool killable = false;
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "SECCOMP_FILTER_FLAG_LOG", &p->flag_log },
		{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", &p->flag_spec_allow },
		{ "SECCOMP_FILTER_FLAG_TSYNC", &p->flag_tsync },
		{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", &killable },
	};
	int n;

	n = reader_string(r, node, "a flag", &name);
	if (n < 0)
		return n;
	for (size_t i = 0; i < ELEMENTSOF(flags); i++)
		if (strcmp(flags[i].name, name) == 0) {
			*flags[i].flag = true;
			return 0;
		}
	return reader_fail(r, node, "\"%s\" is no filter flag that runtimes know", name);
}

static int read_flags(const ProfileReader *r, const ScanNode *root)
{
	const ScanNode *list;
	int n;

	n = reader_member(r, root, "flags", SCAN_ARRAY, &list);
	if (n < 0 || !list)
		return n;
	r->profile->has_flags = true;
	SCAN_EACH(r->scan, list, child)
	{
		n = read_flag(r, child);
		if (n < 0)
			return n;
	}
	return 0;
}

static int read_head(const ProfileReader *r, const ScanNode *root)
{
	Profile *p = r->profile;
	const ScanNode *action, *listener;
	int n;

	n = reader_action(r, root, "defaultAction",
			  p->dialect == DIALECT_SPO ? NULL : "defaultErrnoRet", "defaultErrno",
			  &p->default_action, &p->default_data);
	if (n < 0)
		return n;
	action = scan_member(r->scan, root, "defaultAction");
	if (p->default_action == ACTION_USER_NOTIF)
		return reader_fail(r, action, "SCMP_ACT_NOTIFY cannot be the default action");
	n = reader_member(r, root, "listenerPath", SCAN_STRING, &listener);
	if (n < 0)
		return n;
	p->has_listener = listener && listener->end - listener->begin > 2;
	n = read_arches(r, root);
	return n < 0 ? n : read_flags(r, root);
}

/* The operator's manifest: its profile is "spec", which may also stand alone. */
static int find_spec(const ProfileReader *r, const ScanNode **root)
{
	const ScanNode *spec = NULL, *base;
	int n = 0;

	if (r->profile->dialect != DIALECT_SPO || (*root)->kind != SCAN_OBJECT)
		return 0;
	if (scan_member(r->scan, *root, "kind"))
		n = reader_member(r, *root, "spec", SCAN_OBJECT, &spec);
	if (n < 0)
		return n;
	if (spec)
		*root = spec;
	n = reader_member(r, *root, "baseProfileName", SCAN_STRING, &base);
	if (n == 0 && base && base->end - base->begin > 2)
		return reader_fail(r, base,
				   "the operator adds the profile that \"baseProfileName\" names, "
				   "and it is not in this file: merge both first");
	return n;
}

static int read_document(ProfileReader *r, const ScanNode *root)
{
	static const char *const known[] = {
		"defaultAction", "defaultErrnoRet", "defaultErrno",     "architectures", "archMap",
		"flags",         "listenerPath",    "listenerMetadata", "syscalls",      NULL
	};
	const ScanNode *rules;
	int n;

	n = find_spec(r, &root);
	if (n < 0)
		return n;
	r->profile->at = (ProfileExtent){ root->begin, root->end };
	n = reader_recognise(r, root);
	if (n < 0)
		return n;
	n = reader_check_keys(r, root, known);
	if (n < 0)
		return n;
	n = reader_note_ignored(r, root);
	if (n < 0)
		return n;
	n = read_head(r, root);
	if (n < 0)
		return n;
	n = reader_member(r, root, "syscalls", SCAN_ARRAY, &rules);
	return n < 0 || !rules ? n : reader_rules(r, rules);
}

int profile_read(Span text, Dialect dialect, const ProfileContext *context, Profile **ret, Diag *d)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_scan_ Scan scan = { 0 };
	ProfileReader reader;
	int r;

	if (dialect == DIALECT_SYSTEMD)
		return reader_systemd(text, context, ret, d);
	r = scan_read(text, &scan, d);
	if (r == -EBADMSG)
		(void)reader_recognise_text(text, d);
	if (r < 0)
		return r;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->dialect = dialect;
	p->host_arch = context->host_arch;
	p->runtime = context->runtime;
	p->runtime_version = context->runtime_version;
	reader = (ProfileReader){ .scan = &scan, .profile = p, .context = context, .diag = d };
	r = read_document(&reader, &scan.nodes[0]);
	if (r < 0)
		return r;
	*ret = STEAL(p);
	return 0;
}

Profile *profile_free(Profile *p)
{
	if (!p)
		return NULL;
	for (size_t i = 0; i < p->n_rules; i++) {
		for (size_t k = 0; k < p->rules[i].n_names; k++)
			free(p->rules[i].names[k].text);
		free(p->rules[i].names);
		free(p->rules[i].args);
	}
	free(p->rules);
	free(p->ignored);
	free(p->arches);
	free(p);
	return NULL;
}

uint32_t profile_return_word(Action a, uint32_t data)
{
	/* The kernel's SECCOMP_RET_* words; linux/seccomp.h is for the evaluator. */
	static const uint32_t words[_ACTION_MAX] = {
		[ACTION_KILL_PROCESS] = 0x80000000U, [ACTION_KILL_THREAD] = 0,
		[ACTION_TRAP] = 0x00030000U,         [ACTION_ERRNO] = 0x00050000U,
		[ACTION_USER_NOTIF] = 0x7fc00000U,   [ACTION_TRACE] = 0x7ff00000U,
		[ACTION_LOG] = 0x7ffc0000U,          [ACTION_ALLOW] = 0x7fff0000U,
	};

	return (unsigned)a < _ACTION_MAX ? words[a] | (data & 0xffff) : 0;
}

const char *profile_op_name(ProfileOp op)
{
	static const char *const ops[_PROFILE_OP_MAX] = {
		[PROFILE_OP_NE] = "SCMP_CMP_NE",
		[PROFILE_OP_LT] = "SCMP_CMP_LT",
		[PROFILE_OP_LE] = "SCMP_CMP_LE",
		[PROFILE_OP_EQ] = "SCMP_CMP_EQ",
		[PROFILE_OP_GE] = "SCMP_CMP_GE",
		[PROFILE_OP_GT] = "SCMP_CMP_GT",
		[PROFILE_OP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
	};

	return (unsigned)op < _PROFILE_OP_MAX ? ops[op] : "?";
}

bool profile_has_arch(const Profile *p, uint32_t word)
{
	for (size_t i = 0; i < p->n_arches; i++)
		if (p->arches[i] == word)
			return true;
	return word == p->host_arch;
}
