# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A real terminal (tmux) for shell tests: commands are typed into it, and what stands there is looked
# at. Source it behind tap.sh; whoever begins one ends it.

# SCREEN is a file: what stood there when it was looked at last, of all that came since keys were typed.
terminal_begin() { # DIR TERM SCREEN
	TERMINAL_SCREEN=$3
	TERMINAL=(tmux -S "$1/tmux" -f /dev/null)
	"${TERMINAL[@]}" new-session -d -x 80 -y 50 "TERM=$2 sh" &&
		"${TERMINAL[@]}" set-option -g history-limit 5000 >/dev/null
}

terminal_pid() { # of the server, whose child the shell is
	"${TERMINAL[@]}" display-message -p '#{pid}'
}

terminal_is_over() { # PID
	! kill -0 "$1" 2>/dev/null
}

# The next one may have the same socket, where a server that is still about to end would take it along.
terminal_end() {
	local pid
	pid=$(terminal_pid 2>/dev/null)
	"${TERMINAL[@]}" kill-server
	[ -z "$pid" ] || wait_until 10 terminal_is_over "$pid"
}

terminal_run() { # COMMAND...: as a shell reads it; a line "code=N" follows
	local line
	printf -v line '%q ' "$@"
	"${TERMINAL[@]}" send-keys -l "$line; echo code=\$?" && terminal_type Enter
}

terminal_type() { # KEY...: as tmux names them; what stood there before is gone
	"${TERMINAL[@]}" send-keys -R && "${TERMINAL[@]}" clear-history && "${TERMINAL[@]}" send-keys "$@"
}

terminal_has() { # PATTERN
	"${TERMINAL[@]}" capture-pane -p -S - >"$TERMINAL_SCREEN" 2>/dev/null && grep -qE -- "$1" "$TERMINAL_SCREEN"
}

terminal_shows() { # PATTERN: within some seconds
	wait_until 20 terminal_has "$1"
}
