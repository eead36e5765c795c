/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From a pod's name to the name of what made the pod: a Deployment's pods are called
 * NAME-<template hash>-<5 random>, a StatefulSet's NAME-<ordinal>, and so on.
 */
#include "who/labels.h"

typedef struct K8sPod {
	Span name;
	const Labels *labels; /* NULL: not known */
	const char *node;     /* this host's name; a static pod's ends with it. NULL: not known */
} K8sPod;

/*
 * The part of the pod's name that is its maker's. With *ret_guessed false, labels that controllers
 * set on their pods say so; with true, only the form of the name does. A name of no known form is
 * returned whole, and that is no guess.
 */
Span k8s_workload(const K8sPod *pod, bool *ret_guessed);
