/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * make-log N [unlike]: writes N auditd lines of SECCOMP records, about 200 bytes each, to standard
 * output: 50 programs, 40 calls, rising serials, 100 records a second (a program that holds events
 * back for two seconds, as ausearch does, then holds few). As services do, the programs make the
 * same calls again and again; with "unlike" each call is by a process and from a place of its own.
 * The same arguments give the same bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 1000000;
	long unlike = argc > 2 && strcmp(argv[2], "unlike") == 0;
	char line[512];

	for (long i = 0; i < n; i++) {
		long program = i * 7 % 50, millis = i * 10, own = unlike * i;
		int length =
			snprintf(line, sizeof(line),
				 "type=SECCOMP msg=audit(%ld.%03ld:%ld): auid=1000 uid=%ld "
				 "gid=0 ses=3 subj=unconfined pid=%ld comm=\"p%02ld\" "
				 "exe=\"/bin/p%02ld\" sig=0 arch=c000003e syscall=%ld "
				 "compat=0 ip=0x%lx code=0x7ffc0000",
				 1700000000 + millis / 1000, millis % 1000, i + 1, program,
				 1000 + program * 11 + own, program, program, 100 + i * 13 % 40,
				 0x7f0000000000UL + (unsigned long)(program * 4096 + own * 16));

		line[length] = '\n';
		fwrite(line, 1, (size_t)length + 1, stdout);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
