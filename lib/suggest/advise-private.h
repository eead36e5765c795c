/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the steps of advise(). Not for other modules. */
#include "suggest/advise.h"

/* A step settles the call (true) or leaves it to the next. */
typedef bool (*Step)(const Advisor *a, SuggestCall *call);

/* Always true. */
bool advise_settle(SuggestCall *call, Advice advice, const char *fmt, ...) _printf_(3, 4);

RiskFact advise_risk(const Advisor *a, const SuggestCall *call);

/* The first rule in force for @name with (or without) arguments. */
const ProfileRule *advise_rule_for(const Profile *p, const char *name, bool with_args);

/* The first rule in force, without arguments, that names the call and does not allow it. */
const ProfileRule *advise_denial(const Advisor *a, const SuggestCall *call);

/* Is there a rule that would allow it, were it not for one before? */
bool advise_allows_behind(const Profile *p, const char *name);

/* Does a rule before @rule, whose conditions do not hold here, allow it? Then that is what the
 * owner says of it, unless @rule has conditions as well: it is the other half. */
bool advise_has_gate_before(const Profile *p, const ProfileRule *rule, const char *name);

/* By what a person decided (advise-decision.c): asked before every step that doubts the call, its
 * risk or who made it. The first takes the decisions that keep it out of the profile. */
bool advise_decided_against(const Advisor *a, SuggestCall *call);
bool advise_decided(const Advisor *a, SuggestCall *call);

/* By what stands in the profile (advise-rule.c). */
bool advise_argument_rule(const Advisor *a, SuggestCall *call);
bool advise_gated(const Advisor *a, SuggestCall *call);
bool advise_denied_conditionally(const Advisor *a, SuggestCall *call);
bool advise_supervised(const Advisor *a, SuggestCall *call);
bool advise_multiplexer(const Advisor *a, SuggestCall *call);
bool advise_probe(const Advisor *a, SuggestCall *call);

/* By the older calls that programs fall back to (advise-fallback.c). */
bool advise_answered(const Advisor *a, SuggestCall *call);
bool advise_fallback(const Advisor *a, SuggestCall *call);

/* By what the call is (advise-risk.c). */
bool advise_kernel_unknown(const Advisor *a, SuggestCall *call);
bool advise_critical(const Advisor *a, SuggestCall *call);
bool advise_high(const Advisor *a, SuggestCall *call);
bool advise_safe_by_arguments(const Advisor *a, SuggestCall *call);
bool advise_allow(const Advisor *a, SuggestCall *call);
