# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Pages whose commands are run: $PAGE is cut into steps, and each line of those is run as it stands, with
# the programs in $E2E_DIR/commands before others.

# ---- the programs and the daemon --------------------------------------------------------------

# As people type them; what is added is where they run, and that nothing has a network.
make_commands() {
	mkdir "$E2E_DIR/commands"
	cat >"$E2E_DIR/commands/podman" <<-END
		#!/bin/bash
		export PATH=$PATH
		verb=\$1
		shift
		[ \$verb != run ] || set -- --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 "\$@"
		exec podman --root $E2E_DIR/podman --runroot $E2E_DIR/podman-run --tmpdir $E2E_DIR/podman-tmp \\
			--storage-driver vfs --runtime runc --cgroup-manager=cgroupfs --events-backend=file \$verb "\$@"
	END
	cat >"$E2E_DIR/commands/seccompctl" <<-END
		#!/bin/bash
		export PATH=$PATH
		exec $SECCOMPCTL --config $E2E_DIR/seccompd.conf --ledger $E2E_DIR/ledger.db "\$@"
	END
	chmod +x "$E2E_DIR/commands/"*
}

start_page_seccompd() {
	write_config
	sed -i "s|^Source=|WorkloadsDir=$E2E_DIR/workloads.d\n&|" "$E2E_DIR/seccompd.conf"
	start_seccompd --no-journal || bail "seccompd does not start"
}

# ---- the blocks -------------------------------------------------------------------------------

# A folder of steps: NNN.SECTION.run with commands, NNN.SECTION.file.NAME, NNN.not with the reason.
cut_blocks() {
	mkdir "$E2E_DIR/steps"
	awk -v dir="$E2E_DIR/steps" '
		/^<!-- (run|file|not run): .* -->$/ { mark = $0; sub(/^<!-- /, "", mark); sub(/ -->$/, "", mark); next }
		/^```/ && inside { inside = 0; mark = ""; next }
		/^```/ {
			inside = 1; n++
			split(mark, word, " ")
			name = sprintf("%s/%03d.", dir, n)
			if (mark ~ /^run: /) name = name word[2] ".run"
			else if (mark ~ /^file: /) name = name word[2] ".file." word[3]
			else { name = name "not"; print mark ? mark : "unmarked" >name; next }
			printf "" >name
			next
		}
		inside && name !~ /not$/ { print >name }' "$PAGE"
}

# What was called before is in the ledger, once something that was called behind it is.
marker=$OWN_CALL
unread=no

marker_is_read() {
	local workload
	for workload in "host:$(readlink -f "$CALLS")" unattributed; do
		count_is "$workload" "$marker" 1 && return
	done
	return 1
}

settle() {
	marker=$((marker + 1))
	"$CALLS" flood 1 "$marker" && wait_until 20 marker_is_read
	unread=no
}

# 1 and 5 are answers of those that ask, not failures.
is_answer() { # STATUS LINE
	case $2 in
	*"seccompctl suggest"* | *"seccompctl gate"* | *"seccompctl diff"*) [ "$1" = 0 ] || [ "$1" = 1 ] || [ "$1" = 5 ] ;;
	*) [ "$1" = 0 ] ;;
	esac
}

run_line() { # SECTION LINE
	case $2 in
	*"seccompctl promote"* | *"seccompctl demote"*) ;;
	*seccompctl*) [ "$unread" = no ] || settle ;;
	*) unread=yes ;;
	esac
	(cd "$E2E_DIR/$1" && PATH=$E2E_DIR/commands:$PATH bash -c "$2") >"$E2E_DIR/out" 2>&1 </dev/null
	local status=$?
	if is_answer "$status" "$2"; then
		ok "$1: $2"
	else
		not_ok "$1: $2" "status $status: $(tail -n 12 "$E2E_DIR/out")"
	fi
}

run_section() { # SECTION
	local step line
	mkdir -p "$E2E_DIR/$1"
	for step in "$E2E_DIR/steps/"*".$1."*; do
		case $step in
		*.file.*)
			cp "$step" "$E2E_DIR/$1/${step##*.file.}"
			# the services of this test have no network either, and their program no handler for SIGTERM
			sed -i 's/^    image: .*/&\n    network_mode: none\n    stop_grace_period: 0s/' "$E2E_DIR/$1/${step##*.file.}"
			;;
		*.run)
			while IFS= read -r line; do run_line "$1" "$line"; done <"$step"
			;;
		esac
	done
}
