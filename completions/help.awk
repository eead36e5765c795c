# SPDX-License-Identifier: LGPL-2.1-or-later
# The text of "seccompctl --help", or that of a verb, as a table for the shells' completions:
#   verb    NAME                what it does
#   option  NAME     what it does   ARGUMENT   its values, where they are few
#   operand ARGUMENT
# with tabs between them. What a verb takes stands in the usage, before the first empty line; an option's
# own line, further down, has the last word on it. -v verb=VERB says whose text it is.

BEGIN {
	values["--color"] = "auto always never"
	values["--for"] = "docker podman oci kubernetes spo systemd"
	values["top --sort"] = "rate new records name"
	values["--runtime"] = "runc crun"
	values["--severity"] = "error warning note"
	values["gate --to"] = "errno kill"
	values["promote --to"] = "log errno kill audit-all"
	values["demote --to"] = "log errno"
	values["suggest --output"] = "report json diff json-patch profile spo systemd"
	values["promote --output"] = "report diff json profile"
	values["demote --output"] = "diff json profile"
	workloads["--running"] = workloads["--observed"] = workloads["--workload"] = 1
}

function option(name, arg) {
	if (!(name in args))
		order[++n] = name
	if (args[name] == "")
		args[name] = arg
}

# Words that are all capitals stand for what is to be put there.
function placeholder(word) {
	sub(/[.]+$/, "", word)
	return word ~ /^[A-Z]+$/ ? word : ""
}

function usage_line(    count, word, i, arg) {
	count = split($0, word, /[][ |,;()]+/)
	for (i = 1; i <= count; i++) {
		arg = placeholder(word[i + 1])
		if (word[i] ~ /^--?[a-z][a-z-]*$/) {
			option(word[i], arg)
			i += arg != ""
		} else if (placeholder(word[i]) != "")
			print "operand\t" placeholder(word[i])
	}
}

function option_line(    rest, name, count, word, i) {
	name = $1
	rest = substr($0, length(name) + 3)
	option(name)
	args[name] = rest ~ /^ [A-Z]+( |$)/ ? $2 : ""
	if (args[name] != "")
		sub(/^ [A-Z]+/, "", rest)
	sub(/^ +/, "", rest)
	helps[name] = rest
	sub(/( [(]|[.;:] ).*$/, "", helps[name])
	# "--json and --diff are short for two of them"
	count = split(rest, word, /[ ,;()]+/)
	for (i = 1; i <= count; i++)
		if (word[i] ~ /^--[a-z][a-z-]*$/)
			option(word[i])
}

NF == 0 { body = 1; verbs = 0; next }
/^Verbs:$/ { verbs = 1; next }
verbs && /^  [a-z]/ {
	match($0, / [A-Z] ?[a-z]/)
	print "verb\t" $1 "\t" (RSTART ? substr($0, RSTART + 1) : "")
}
!body { usage_line() }
/^  --?[a-z]/ { option_line() }
END {
	option("--help")
	if (helps["--help"] == "")
		helps["--help"] = "Show what it takes"
	for (i = 1; i <= n; i++) {
		name = order[i]
		known = (verb " " name) in values ? values[verb " " name] : values[name]
		print "option\t" name "\t" helps[name] "\t" (name in workloads ? "WORKLOAD" : args[name]) "\t" known
	}
}
