# SPDX-License-Identifier: LGPL-2.1-or-later
# What a VM printed (guest/run.sh) as the lines of one TAP test: those of each subject, numbered from
# -v n= on, with its name. A subject that is missing (-v subjects=), has no plan, another number of results than
# planned or another exit status than its results say, and a VM that did not come to its end, are failures.
function result(good, text) {
	printf "%s %d - %s\n", good ? "ok" : "not ok", ++n, text
	if (!good)
		failed++
}
function finish(status, seconds) {
	result(plan != "" && plan == count && status == (bad ? 1 : 0),
		subject ": all of it ran" (seconds == "" ? "" : " (" seconds " s)"))
	if (status == "")
		print "# " subject " did not end"
	else if (plan != count)
		printf "# %s: %d results, %s planned, status %s\n", subject, count, plan == "" ? "none" : plan, status
	ended[subject] = 1
	subject = ""
}
{ sub(/\r$/, "") }
$1 == "VM-BEGIN" {
	if (subject != "")
		finish("")
	subject = $2; plan = ""; count = bad = 0
	next
}
$1 == "VM-END" && $2 == subject && subject != "" { finish($3, $4); next }
$0 == "VM-DONE" { done = 1; next }
subject != "" && /^(not )?ok / {
	good = $1 == "ok"
	text = $0
	sub(/^(not )?ok [0-9]* *(- )?/, "", text)
	count++
	bad += !good
	result(good, subject ": " text)
	next
}
subject != "" && /^1\.\.[0-9]+/ {
	plan = substr($1, 4)
	if (/# SKIP/) {
		text = $0
		sub(/.*# SKIP/, "", text)
		result(1, subject ": all # SKIP" text)
	}
	next
}
/^#/ { print; next }
NF { print "# " $0 }
END {
	if (subject != "")
		finish("")
	split(subjects, wanted, " ")
	for (i = 1; i in wanted; i++)
		if (!(wanted[i] in ended))
			result(0, wanted[i] ": was run")
	result(done, "the VM came to its end")
	exit failed > 0
}
