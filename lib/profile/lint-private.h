/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the parts of lint(): the profile as it is written, and how to report on it. Not for
 * other modules. */
#include "profile/lint.h"
#include "profile/profile.h"
#include "profile/scan.h"

/* The numbers are the codes. */
typedef enum LintCode {
	LINT_DOCUMENT = 1,
	LINT_KEY,
	LINT_TWO_FORMS,
	LINT_IGNORED_KEY,
	LINT_OLD_NAME,
	LINT_ERRNO,
	LINT_FLAGS,
	LINT_START,
	LINT_CONFLICT,
	LINT_ERASED,
	LINT_COMPARISON,
	LINT_REPEATED_ARGUMENT,
	LINT_NAME,
	LINT_ARCHITECTURE,
	LINT_STUB,
	LINT_FALLBACK,
	LINT_KILL,
	LINT_RUNTIME,
	LINT_SIZE,
	LINT_MULTIPLEXED,
	LINT_CLONE_ORDER,
	LINT_MIN_KERNEL,
	LINT_JSON,
	LINT_VALUE,
	LINT_BLIND,
	LINT_RISK,
	LINT_DEFAULT_AGAIN,
	LINT_DUPLICATE,
	LINT_UNKNOWN_KEY,
	LINT_NOTIFY,
	LINT_CONDITION,
	LINT_BASE,
	LINT_LOGGED,
	_LINT_CODE_MAX,
} LintCode;

/* What the readers and runtimes of a dialect do. */
typedef struct LintReader {
	bool conditions;  /* includes, excludes */
	bool min_kernel;  /* and minKernel in them */
	bool errno_names; /* errno, defaultErrno */
	bool converts;    /* name, archMap: they write the names and architectures anew */
	bool manifest;    /* the profile may be the "spec" of one, with the limits of that */
	bool runc, crun;  /* it is an error when these refuse the profile */
	bool often_runc, often_crun; /* they are used as well */
} LintReader;

typedef struct LintArg {
	const ScanNode *node;
	uint64_t index, value, value_two;
	ProfileOp op;
} LintArg;

typedef struct LintAction {
	const ScanNode *node; /* the action's name; NULL: there is none that is valid */
	Action action;
	uint32_t data;
} LintAction;

typedef struct LintRule {
	const ScanNode *node;
	const ScanNode *includes, *excludes; /* those that are not empty and that are evaluated */
	LintAction action;
	size_t first_arg, n_args; /* in .args of the Lint */
	bool counts;              /* it is valid, and not left out because it equals the default */
} LintRule;

typedef struct LintCall {
	const char *name; /* escapes resolved */
	const ScanNode *node;
	uint32_t rule;
} LintCall;

typedef struct LintArch {
	uint32_t word;
	const ScanNode *node;
} LintArch;

typedef struct LintRaw LintRaw;

typedef struct Lint {
	const LintInput *in;
	const LintReader *reader;
	Scan scan;
	const ScanNode *root; /* the profile's object */
	int error;            /* sticky: -ENOMEM */

	LintAction fallback; /* defaultAction */
	bool flag_log, flag_spec_allow;
	bool has_base; /* rules come from elsewhere as well */
	const ScanNode *flags, *listener;
	LintRule *rules;
	size_t n_rules;
	LintArg *args;
	size_t n_args, args_allocated;
	LintCall *calls; /* by name, then in the order of the text */
	size_t n_calls, calls_allocated;
	LintArch *arches; /* of "architectures", or of all of archMap where that is evaluated */
	size_t n_arches, arches_allocated;
	char **owned; /* names with escapes */
	size_t n_owned, owned_allocated;

	uint32_t *line_ends; /* offsets */
	uint32_t n_line_ends;
	LintRaw *raw; /* findings as yet without places */
	size_t n_raw, raw_allocated;
	size_t dropped[_LINT_CODE_MAX];
	LintSeverity dropped_severity[_LINT_CODE_MAX];
	size_t reported[_LINT_CODE_MAX];
} Lint;

/* lint-report.c */
void lint_say(Lint *l, LintCode code, LintSeverity severity, const ScanNode *at, const char *fmt,
	      ...) _printf_(5, 6);

/* Is there an error of this code about @node or something in it? */
bool lint_has_error(const Lint *l, LintCode code, const ScanNode *node) _pure_;
void lint_say_place(Lint *l, LintCode code, const Diag *d);
int lint_find_lines(Lint *l);
unsigned lint_line(const Lint *l, const ScanNode *node) _pure_;
int lint_finish(Lint *l, LintReport *ret);
void lint_forget(Lint *l);
void *lint_grow(Lint *l, void *array, size_t n, size_t *allocated, size_t size);

/* lint-read.c: fills the Lint, and says what is no valid value. */
void lint_read(Lint *l);

/* lint-rule.c: "syscalls". */
void lint_read_rules(Lint *l, const ScanNode *list);

/* lint-value.c: single values. */
typedef struct LintKey {
	const char *name;
	unsigned kinds; /* 1 << ScanKind */
} LintKey;
#define LINT_KIND(k) (1U << (k))

/* Every member of @object against the table: its spelling and its kind. False when one has the
 * wrong kind. */
bool lint_keys(Lint *l, const ScanNode *object, const LintKey *keys, size_t n, const char *what);

/* The member with a value of this kind, else NULL. */
const ScanNode *lint_member(Lint *l, const ScanNode *object, const char *key, ScanKind kind);

/* The text of a string; NULL when it is none (then that has been said). Lives as long as @l. */
const char *lint_text(Lint *l, const ScanNode *node, const char *what);

/* False when it is no whole number up to @max (then that has been said). */
bool lint_number(Lint *l, const ScanNode *node, uint64_t max, uint64_t *ret);

/* An action and its errno. */
void lint_action(Lint *l, const ScanNode *object, const char *action_key, const char *ret_key,
		 const char *errno_key, LintAction *ret);

/* error when one of the dialect's own runtimes refuses it, warning when another that is used does.
 */
LintSeverity lint_refused(const Lint *l, bool by_runc, bool by_crun) _pure_;

bool lint_is_empty(const ScanNode *node) _pure_;

/* lint-query.c */

/* The calls of this name; *ret_n may be 0. */
const LintCall *lint_find(const Lint *l, const char *name, size_t *ret_n);
const LintRule *lint_rule_of(const Lint *l, const LintCall *call) _pure_;

/* Does an answer let the call happen? */
bool lint_lets(Action a) _const_;

/* Is @name let through for some arguments and under some condition, by a rule or by default? */
bool lint_allows(const Lint *l, const char *name) _pure_;

/* Is the rule there whenever that other one is? */
bool lint_always_with(const Lint *l, const LintRule *rule, const LintRule *other) _pure_;

/* Does the rule give the default action again? Runtimes leave it out then. */
bool lint_is_default(const Lint *l, const LintRule *rule) _pure_;

/* What runc's stub leaves of the default action: the largest number that is named, -1 without one.
 */
int64_t lint_stub_limit(const Lint *l, const char **ret_name);

/* The checks: lint-condition.c, lint-head.c, lint-pairs.c, lint-args.c, lint-calls.c,
 * lint-names.c, lint-build.c */
void lint_conditions(Lint *l);
void lint_architectures(Lint *l);
void lint_flags(Lint *l);
void lint_blind(Lint *l);
void lint_size(Lint *l);
void lint_default_again(Lint *l);
void lint_logged(Lint *l);
void lint_pairs(Lint *l);
void lint_args(Lint *l);
void lint_clone_order(Lint *l);
void lint_multiplexed(Lint *l);
void lint_start(Lint *l);
void lint_stub(Lint *l);
void lint_fallback(Lint *l);
void lint_runtime(Lint *l);
void lint_risk(Lint *l);
void lint_names(Lint *l);
void lint_build(Lint *l);
