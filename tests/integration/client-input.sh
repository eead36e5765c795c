#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bad input: one clear sentence, the right exit code, no partial file.
. "${srcdir:?}/tests/integration/client-lib.sh"

db=$work/good.db
"${builddir:?}/tests/integration/make-ledger" "$db" complete || exit 99
echo '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/p.json"

# ---- usage
fails "no verb" 2 'a verb is missing'
fails "an unknown verb has a hint" 2 'did you mean "suggest"' sugest
fails "a hostile verb is escaped" 2 'x1B' $'\e[2J'
fails "a verb with two letters swapped" 2 'did you mean "list"' lits
fails "a verb like none" 2 '--help lists them' frobnicate
fails "an option has a hint" 2 'no option --jsno; did you mean --json' list --jsno
fails "an option like none" 2 'no option --frobnicate; --help lists them' list --frobnicate
fails "a global option, too" 2 'no option --ledgr; did you mean --ledger' --ledgr=x list
fails "an option without its value" 2 '^seccompctl gate: --to wants a value' gate web --to
fails "an option with a value too many" 2 '--json takes no value' list --json=yes
fails "half an option" 2 "--cap is ambiguous; possibilities: '--cap-add' '--cap-drop'" suggest web --cap x
fails "a letter" 2 'no option -z;' list --json -zq
fails "a letter without its value" 2 '-o wants a value' suggest web -o
fails "a hostile option is escaped" 2 'x1B' list --$'\e[2J'
fails "a call has a hint" 2 'no system call "mout"; did you mean "mount"' --ledger "$db" decide docker:web mout deny --why x
exits "--for kubernetes is oci: lint" 0 lint --for kubernetes "$work/p.json"
cp "$work/out" "$work/kubernetes"
exits "and as oci" 0 lint --for oci "$work/p.json"
check "lint says the same" cmp "$work/kubernetes" "$work/out"
exits "diff, too" 0 diff --for kubernetes "$work/p.json" "$work/p.json"
exits "suggest, too" 1 --ledger "$db" suggest docker:web --profile "$work/p.json" --for kubernetes
exits "--help" 0 --help
has "--help lists the verbs" '^  suggest '
exits "--version" 0 --version
for verb in status list show suggest; do
	exits "$verb --help" 0 "$verb" --help
	exits "$verb: an unknown option" 2 "$verb" --nonsense
done
fails "an empty workload" 2 'behind "show" is empty' --ledger "$db" show ''
fails "an empty option" 2 'behind "--ledger" is empty' --ledger '' status
fails "an empty option of a verb" 2 'behind "--profile" is empty' --ledger "$db" suggest docker:web --profile ''
fails "an option and nothing behind it" 2 'behind "--directory="' --ledger "$work/new.db" replay --journal --directory=
exits "--ledger behind the verb" 0 show docker:web --ledger "$db" --json
cp "$work/out" "$work/behind"
exits "before it" 0 --ledger "$db" show docker:web --json
check "is the same" cmp "$work/behind" "$work/out"
exits "the last one counts" 0 --ledger "$work/none.db" show --ledger="$db" docker:web --json
fails "what looks like one behind -- is none" 2 'no workload "--ledger' --ledger "$db" show -- "--ledger=$db"
fails "where no ledger is read there is none" 2 'no option --ledger' lint --ledger "$db" "$work/p.json"
fails "a value is no option" 2 'takes errno or kill, not "--no-pager"' --ledger "$db" gate docker:web --to --no-pager
fails "show wants a workload" 2 'name one workload' --ledger "$db" show
fails "suggest wants a profile" 2 'name it with --profile' --ledger "$db" suggest docker:web
fails "suggest knows its dialects" 2 'docker, podman, oci, kubernetes, spo or systemd' --ledger "$db" suggest docker:web --profile x --for vms
fails "suggest: one form of output" 2 'not both' --ledger "$db" suggest docker:web --profile x --json --diff
fails "list takes no argument" 2 'no argument' --ledger "$db" list x

# ---- workloads
fails "an unknown workload" 2 'no workload "nobody"' --ledger "$db" show nobody
fails "an unknown workload: the closest" 2 'did you mean "docker:web"' --ledger "$db" show dokcer:web
fails "an ambiguous name" 2 'docker:web, podman:web' --ledger "$db" show web
fails "a hostile name" 2 'no workload' --ledger "$db" show $'\e[2J\n'
"$builddir/tests/integration/make-ledger" "$work/lossy.db" lossy || exit 99
fails "unattributed gets no suggestion" 2 'belong to no known workload' \
	--ledger "$work/lossy.db" suggest unattributed --profile "$work/p.json"

# ---- ledgers
head -c 5000 /dev/urandom >"$work/garbage.db"
: >"$work/empty.db"
mkdir "$work/folder.db"
for verb in list "show x" "suggest x --profile $work/p.json"; do
	# shellcheck disable=SC2086
	fails "${verb%% *}: no ledger" 4 . --ledger "$work/none.db" $verb
	# shellcheck disable=SC2086
	fails "${verb%% *}: a ledger of garbage" 4 . --ledger "$work/garbage.db" $verb
	# shellcheck disable=SC2086
	fails "${verb%% *}: a folder as ledger" 4 . --ledger "$work/folder.db" $verb
done
# Damage that is met behind the opening: a page at a time.
"$ctl" --ledger "$db" list >"$work/whole" 2>"$work/err"
silent=
pages=$(($(stat -c %s "$db") / 4096))
for ((page = 1; page < pages; page++)); do
	cp "$db" "$work/page.db" && cp "$db-wal" "$work/page.db-wal" && cp "$db-shm" "$work/page.db-shm"
	printf 'xxxxxxxxxxxxxxxx' | dd of="$work/page.db" bs=4096 seek="$page" conv=notrunc status=none
	run --ledger "$work/page.db" list
	[ "$status" -eq 4 ] || { [ "$status" -eq 0 ] && cmp -s "$work/whole" "$work/out"; } || silent+=" $page:$status"
done
is "a damaged page is never passed over in silence" "$silent" ""
for verb in list status "explain docker:web"; do
	# shellcheck disable=SC2086 # words
	fails "an empty file as ledger of ${verb%% *}" 4 'empty.db is empty, and no ledger' --ledger "$work/empty.db" $verb
done
fails "a folder that is not there" 4 . --ledger "$work/no/where/ledger.db" list
fails "status: a ledger of garbage" 4 . --ledger "$work/garbage.db" status
if command -v sqlite3 >/dev/null; then
	cp "$db" "$work/newer.db"
	sqlite3 "$work/newer.db" "UPDATE meta SET value='9999' WHERE key='schema'" >/dev/null
	fails "a ledger of a newer version" 4 'newer' --ledger "$work/newer.db" list
else
	skip "a ledger of a newer version" "no sqlite3 program"
fi
echo garbage >"$db.tally"
fails "counters of garbage" 4 'cannot read the counters' --ledger "$db" status
rm -f "$db.tally"
if [ "$(id -u)" -ne 0 ]; then
	cp "$db" "$work/secret.db" && chmod 0 "$work/secret.db"
	fails "a ledger without permission" 4 . --ledger "$work/secret.db" list
	cp "$work/p.json" "$work/secret.json" && chmod 0 "$work/secret.json"
	fails "a profile without permission" 3 'cannot read' --ledger "$db" suggest docker:web --profile "$work/secret.json"
elif command -v setpriv >/dev/null; then
	mkdir "$work/closed" && cp "$db" "$work/closed/l.db" && chmod 0711 "$work"
	chmod 0700 "$work/closed"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$ctl" --ledger "$work/closed/l.db" list >"$work/out" 2>"$work/err"
	[ $? -eq 4 ] && [ "$(wc -l <"$work/err")" -eq 1 ]
	result $? "a ledger without permission"
else
	skip "a ledger without permission" "root, and no setpriv"
fi

# ---- profiles
refused() { # NAME PATTERN FILE
	rm -f "$work/new.json"
	fails "$1" 3 "$2" --ledger "$db" suggest docker:web --profile "$3" -o "$work/new.json" --json
	[ ! -e "$work/new.json" ]
	result $? "$1: nothing is written"
}

echo '{"ociVersion":"1.0.2","process":{},"linux":{"seccomp":{"defaultAction":"SCMP_ACT_LOG"}}}' >"$work/config.json"
cat >"$work/crd.json" <<'P'
{"apiVersion":"security-profiles-operator.x-k8s.io/v1beta1","kind":"SeccompProfile",
 "metadata":{"name":"x"},"spec":{"defaultAction":"SCMP_ACT_LOG"}}
P
: >"$work/nothing.json"
head -c 300 "$work/crd.json" | head -c 50 >"$work/half.json"
mkdir "$work/dir.json"
mkfifo "$work/fifo.json"
printf '{"defaultAction":"SCMP_ACT_LOG","x\0y":1}' >"$work/nul.json"
refused "a whole config.json" . "$work/config.json"
refused "a custom resource" . "$work/crd.json"
refused "an empty file" . "$work/nothing.json"
refused "half a file" . "$work/half.json"
refused "a file with a NUL byte" . "$work/nul.json"
refused "a folder as profile" 'it is a directory' "$work/dir.json"
refused "a pipe that nobody writes" 'no regular file' "$work/fifo.json"
refused "no such profile" 'no such file' "$work/missing.json"
truncate -s 5M "$work/huge.json"
refused "a profile of 5 MiB" 'larger than 4 MiB' "$work/huge.json"
fails "a folder as output" 3 'Is a directory' --ledger "$db" suggest docker:web --profile "$work/p.json" -o "$work/dir.json"
fails "a pipe as output" 3 'no regular file' --ledger "$db" suggest docker:web --profile "$work/p.json" -o "$work/fifo.json"
fails "an output that cannot be written" 3 'cannot write' --ledger "$db" suggest docker:web --profile "$work/p.json" -o "$work/no/dir/x.json"

# ---- journals to be replayed
fails "replay: a folder that is not there" 3 '/nonexistent cannot be read' \
	--ledger "$work/new.db" replay --journal --directory /nonexistent
fails "replay: a folder is the journal's" 2 'say --journal' --ledger "$work/new.db" replay --merge --directory "$work"
fails "replay: one journal" 2 'choose one' --ledger "$work/new.db" replay --journal --merge --directory "$work"
fails "replay: a journal is no argument" 2 'with --file' --ledger "$work/new.db" replay --journal "$work/records"
check_new() { ! ls "$work"/new.db* >/dev/null 2>&1; }
check_new
result $? "replay: what failed leaves no file"

# ---- standard output
for verb in status list "show docker:web" "suggest docker:web --profile $work/p.json" "decode $work/records"; do
	echo 'type=SECCOMP msg=audit(1.000:1): cut' >"$work/records"
	# shellcheck disable=SC2086
	"$ctl" --ledger "$db" $verb >/dev/full 2>"$work/err"
	[ $? -eq 3 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q 'No space left' "$work/err"
	result $? "${verb%% *}: a full output is said once"
done
done_testing
