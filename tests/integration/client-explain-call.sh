#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl explain --syscall: the whole of Docker's list of significant blocked calls has an answer.
. "${srcdir:?}/tests/integration/client-lib.sh"

calls="acct add_key bpf clock_adjtime clock_settime clone create_module delete_module finit_module
get_kernel_syms get_mempolicy init_module ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie
mbind mount move_pages nfsservctl open_by_handle_at perf_event_open personality pivot_root process_vm_readv
process_vm_writev ptrace query_module quotactl reboot request_key set_mempolicy setns settimeofday stime
swapon swapoff sysfs _sysctl umount umount2 unshare uselib userfaultfd ustat vm86 vm86old io_uring_setup
io_uring_enter io_uring_register"
bad=
for call in $calls; do
	run explain --syscall "$call"
	[ "$status" -eq 0 ] && grep -q "^$call: .* risk" "$work/out" && grep -q '^Why  ' "$work/out" &&
		grep -q '^Docker  ' "$work/out" && grep -q '^Podman  ' "$work/out" &&
		grep -q '^Instead  *[A-Z].*\.$' "$work/out" || bad+=" $call"
done
is "each has a reason, what the default profiles do, and what to do instead" "$bad" ""

exits "mount" 0 explain --syscall mount
has "is opened by a capability under Docker" '^Docker .* containers with CAP_SYS_ADMIN$'
has "and the kernel asks for it, too" '^Kernel .* CAP_SYS_ADMIN'
exits "a call that every container may make" 0 explain --syscall read
has "has nothing against it" 'nothing speaks against allowing it'
exits "for programs" 0 explain --syscall bpf --json
has_keys "the keys" 1 "syscall numbers risk why kernel kernel_capabilities docker docker_capabilities podman podman_capabilities instead gone"
has "the capabilities are a list" '"docker":"capability","docker_capabilities":\["CAP_SYS_ADMIN","CAP_BPF"\]'
printf '[risk]\nkeyctl=critical\n' >"$work/seccompd.conf"
exits "the administrator's own risk" 0 --config "$work/seccompd.conf" explain --syscall keyctl
has "counts" '^keyctl: critical risk$'

fails "a call that does not exist" 2 'no system call "mout"; did you mean "mount"?' explain --syscall mout
fails "a hostile one" 2 'no system call "x.x1B' explain --syscall $'x\x1b[2J'
fails "none" 2 'name a system call' explain
exits "help" 0 explain --help
has "names the option" '--syscall NAME'
done_testing
