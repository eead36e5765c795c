/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What keeps calls from being seen, or containers from being held: judged from facts that somebody
 * else has gathered. What could not be found out is a finding as well: silence must never read as
 * "all is well".
 */
#include "profile/stage.h"
#include "state/namespaces.h"
#include "state/proc.h"
#include "util/clock.h"

/* ---- findings ---- */

typedef enum DoctorSeverity {
	DOCTOR_NOTE,    /* good to know */
	DOCTOR_WARNING, /* evidence may be missing, or a container is held less than it seems */
	DOCTOR_UNKNOWN, /* it could not be found out, and it matters */
	DOCTOR_ERROR,   /* a workload is not seen, or not held */
	_DOCTOR_SEVERITY_MAX,
} DoctorSeverity;

typedef struct DoctorFinding {
	DoctorSeverity severity;
	char code[4];      /* "D01"; each is described in seccompctl-doctor(7) and never changes */
	const char *title; /* of the code, two or three words; static */
	const char *meaning; /* of the code, sentences; static */
	char *workload;      /* NULL: about the host, or about many */
	unsigned containers; /* of the workload, that have it */
	char *message;       /* one sentence without a full stop, safe to show */
	char *command;       /* that a shell takes as it is, or NULL */
	char *edit;          /* what else is to be done, by hand; or NULL */
} DoctorFinding;

typedef struct DoctorReport {
	DoctorFinding *findings; /* the gravest first once it is sorted, then by code */
	size_t n, allocated;
	size_t counts[_DOCTOR_SEVERITY_MAX];
} DoctorReport;

void doctor_report_done(DoctorReport *r);
#define _cleanup_doctor_report_ _cleanup_(doctor_report_done)

void doctor_report_sort(DoctorReport *r);

/* "note", "warning", "unknown", "error". */
const char *doctor_severity_name(DoctorSeverity s) _const_;

/* ---- the host ---- */

typedef struct DoctorText {
	Span text;
	int error; /* -errno: it could not be read */
} DoctorText;

/* seccompd itself. All but .running and .fault count only while it runs. */
typedef struct DoctorDaemon {
	int running;             /* 1, 0, or -errno */
	const char *fault;       /* why that cannot be told, or NULL */
	const char *source;      /* "netlink", "file:/var/log/kern.log"... */
	const char *lineage;     /* why it keeps no history of processes, or NULL */
	int process;             /* 0 when its process was found, or -errno */
	int foreign_pids;        /* 1 when it is in another pid namespace, 0, -errno */
	int on_stream;           /* 1 when it listens to the host's audit stream, 0, -errno */
	bool passed;             /* systemd holds its socket */
	uint64_t receive_buffer; /* bytes as the kernel counts them; 0 not known */
} DoctorDaemon;

/* How many entries journald takes; a burst or an interval of 0 is no limit. */
typedef struct DoctorJournal {
	bool known;
	int error; /* -errno: some of its configuration cannot be read */
	uint64_t burst;
	usec_t interval;
} DoctorJournal;

/* Of the containers, by who loaded their filter. */
typedef struct DoctorRuntimes {
	size_t runc, crun, unnamed; /* containers */
	uint32_t runc_version;      /* context_version(); 0 not known */
} DoctorRuntimes;

typedef struct DoctorHost {
	const char *seccompctl; /* as it is to be called: with the options that it was given */
	const char *seccompd;   /* likewise, where systemd does not start it */
	const char *config;     /* the configuration's path */
	bool has_systemd;
	DoctorText actions_logged, cmdline;
	const Span *rules; /* of the kernel's audit system, as it tells them */
	size_t n_rules;
	int rules_error;
	int foreign[_NAMESPACE_KIND_MAX]; /* of the one that asks: namespace_is_foreign() */
	DoctorDaemon daemon;
	DoctorJournal journal;
	DoctorRuntimes runtimes;
	int state_error; /* of the container runtimes; -errno when some of it cannot be read */
	const char *state_fault;
	int units_error;
	size_t blind_units;
	const char *ledger_fault; /* why it cannot be read, or NULL */
	bool ledger_denied;       /* because of who asks */
} DoctorHost;

/* Adds what is to be said of it. -ENOMEM. */
int doctor_host(const DoctorHost *h, DoctorReport *r);

/* ---- a container ---- */

/* What a filter that a runtime was given comes to. */
typedef struct DoctorFilter {
	bool known;
	bool confines;          /* is there a call that it refuses, kills or records? */
	unsigned unbound;       /* filters on arguments that a 32-bit program gets around */
	char unbound_text[384]; /* what lint says of the first of them */
} DoctorFilter;

/* @applied is OCI JSON. What cannot be read leaves .known false. -ENOMEM. */
int doctor_filter_read(Span applied, uint32_t host_arch, DoctorFilter *ret);

typedef struct DoctorContainer {
	const char *workload, *name; /* any bytes */
	const char *engine;          /* "docker", "podman", "containerd"... */
	const char *seccompctl;      /* as DoctorHost's */
	bool state_known;            /* does its runtime's state tell which filter it was given? */
	bool given;                  /* it tells of one, whatever that holds */
	bool unconfined;             /* the filter that it was given is none, or there is none */
	Stage stage;
	Visibility visibility;
	const DoctorFilter *filter; /* or NULL */
	int process;          /* 0 when its first process was read; -ESRCH it has ended, -errno */
	ProcConfinement held; /* by the kernel, then */
	bool privileged;
	bool files_known;    /* were the files of profiles compared with its filter? */
	size_t n_files;      /* that mean the same */
	const char *files;   /* their names when there are several, safe to show */
	const char *no_file; /* where was looked when there is none, safe to show */
} DoctorContainer;

/* The same. What instances of one workload have in common is said once, when they come one after
 * the other. */
int doctor_container(const DoctorContainer *c, DoctorReport *r);

/* Does nothing hold it? By the kernel's word where there is one. 1, 0, -ENODATA. */
int doctor_is_unconfined(const DoctorContainer *c);
