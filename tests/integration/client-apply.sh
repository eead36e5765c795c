#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# suggest --apply: the file is the old one or the new one, whole, whatever happens; and what cannot be
# changed so is left alone, in a sentence.
. "${srcdir:?}/tests/integration/client-lib.sh"

ledger=$work/good.db
"${builddir:?}/tests/integration/make-ledger" "$ledger" complete || exit 99
mkdir "$work/d" && cd "$work/d" || exit 99
old=$work/old.json
new=$work/new.json
printf '{\n\t"defaultAction": "SCMP_ACT_LOG",\n\t"syscalls": [\n\t\t{\n\t\t\t"names": ["read", "write"],\n\t\t\t"action": "SCMP_ACT_ALLOW"\n\t\t}\n\t]\n}\n' >"$old"
run --ledger "$ledger" suggest docker:web --profile "$old" --output profile
cp "$work/out" "$new"
! cmp -s "$old" "$new" || bail "nothing is offered"
apply=("$ctl" --ledger "$ledger" suggest docker:web --profile)

start() { # an empty folder with the old profile in it
	rm -rf "$work/d"/* && cp "$old" p.json && chmod 640 p.json
}

nothing_else() { # only p.json is there
	[ "$(ls -A)" = p.json ]
}

# ---- what it does
start
exits "without --apply nothing is written" 1 --ledger "$ledger" suggest docker:web --profile p.json
cmp -s p.json "$old" && nothing_else
result $? "without --apply the file and its folder are as before"
exits "--apply exits as suggest does" 1 --ledger "$ledger" suggest docker:web --profile p.json --apply
cmp -s p.json "$new" && cmp -s p.json.bak-*Z "$old" && [ "$(stat -c %a p.json p.json.bak-* | uniq)" = 640 ]
result $? "--apply: the new file, the old one beside it, the mode of both"
has "the report says the way back" '^p.json is patched. To go back: mv p.json.bak-[0-9]{8}T[0-9]{6}Z p.json$'
[ "$(ls p.json*)" = "$(printf 'p.json\n%s' p.json.bak-*Z)" ]
result $? "--apply leaves no other file"
exits "a second time there is nothing to apply" 1 --ledger "$ledger" suggest docker:web --profile p.json --apply
cmp -s p.json "$new" && [ "$(ls | wc -l)" -eq 2 ] && grep -q 'nothing is offered, so p.json was not changed' "$work/err"
result $? "a second time the file is left alone"
start
for format in json diff json-patch profile spo; do
	cp "$old" p.json
	run --ledger "$ledger" suggest docker:web --profile p.json --apply --output $format
	cmp -s p.json "$new" && grep -q 'p.json is patched. To go back' "$work/err" &&
		! grep -q 'is patched' "$work/out"
	result $? "--apply with --output $format"
done
start
run --ledger "$ledger" suggest docker:web --profile p.json --apply -o o.json
cmp -s p.json "$new" && cmp -s o.json "$new"
result $? "--apply and -o"

# ---- what it refuses
refuses() { # NAME PATTERN [FILE]
	fails "$1" 3 "$2" --ledger "$ledger" suggest docker:web --profile "${3:-p.json}" --apply
	cmp -s p.json "$old"
	result $? "$1: the file is as before"
}
start
ln p.json other.json
refuses "a file with two names" 'hard links'
start
ln -s p.json link.json
run --ledger "$ledger" suggest docker:web --profile link.json --apply
[ "$status" -eq 1 ] && [ -L link.json ] && cmp -s p.json "$new" && grep -q "the link leads to $work/d/p.json" "$work/out"
result $? "a link stays one, and the report names the file"
start
ln -s none dangling.json
refuses "a link to nothing" 'no such file' dangling.json
ln -sf p.json same.json
fails "-o on the very file" 2 'name the same file' --ledger "$ledger" suggest docker:web --profile p.json --apply -o same.json
rm same.json
for verb in suggest "promote --to log"; do
	# shellcheck disable=SC2086 # words
	fails "-o on what ${verb%% *} reads" 2 'would replace the profile that is read' \
		--ledger "$ledger" $verb docker:web --profile p.json -o ./p.json
done
cmp -s p.json "$old"
result $? "the profile is as before"
ln "$ledger" page.json
sum=$(sha256sum <"$ledger")
for out in "$ledger" page.json "$ledger.lock" "$ledger-wal"; do
	for how in "--profile p.json" --new "--profile p.json --tighten"; do
		# shellcheck disable=SC2086 # two words
		fails "-o $(basename "$out") with ${how##* }" 2 'would replace the ledger' \
			--ledger "$ledger" suggest docker:web $how -o "$out"
	done
done
[ "$(sha256sum <"$ledger")" = "$sum" ]
result $? "the ledger is as before"
rm page.json
fails "standard input" 2 'standard input is none' --ledger "$ledger" suggest docker:web --profile - --apply
printf '{"defaultAction":"SCMP_ACT_LOG","listenerPath":"/run/x"}' >listener.json
cp listener.json listener.orig
fails "a format that refuses" 3 'cannot say' --ledger "$ledger" suggest docker:web --profile listener.json \
	--apply --output spo -o o.json
cmp -s listener.json listener.orig && [ ! -e o.json ]
result $? "a format that refuses keeps the files from being written"

# ---- somebody else's file
if [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --clear-groups test -x "$ctl" 2>/dev/null; then
	start
	mkdir theirs && cp "$ledger"* theirs && chown -R 65534 theirs && cp "$old" theirs/p.json
	chmod 755 "$work" "$work/d"
	(cd theirs && setpriv --reuid=65534 --clear-groups "$ctl" --ledger good.db suggest docker:web \
		--profile p.json --apply >"$work/out" 2>"$work/err")
	status=$?
	[ "$status" -eq 3 ] && grep -q 'its owner can be kept by root alone' "$work/err" && cmp -s theirs/p.json "$old" &&
		[ "$(cd theirs && echo p.json*)" = p.json ]
	result $? "an owner that cannot be kept"
else
	skip "an owner that cannot be kept" "needs root, and a client that others can run"
fi

# ---- file systems that refuse
if [ "$(id -u)" -eq 0 ] && unshare -m sh -c 'mount --make-rprivate / && mount -t tmpfs none /mnt' 2>/dev/null; then
	export old new
	start
	unshare -m bash -c 'mount --make-rprivate / && mount --bind . . && mount -o remount,bind,ro . &&
		cd "$PWD" && "$@" p.json --apply' _ "${apply[@]}" >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -eq 3 ] && grep -q 'p.json was not changed.*backup.*Read-only' "$work/err" && cmp -s p.json "$old"
	result $? "a folder that is read-only"
	unshare -m bash -c 'mount --make-rprivate / && mount --bind p.json p.json && "$@" p.json --apply' \
		_ "${apply[@]}" >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -eq 3 ] && grep -q 'something is mounted on it' "$work/err" && cmp -s p.json "$old" && nothing_else
	result $? "a file that is mounted by itself"
	# Every size of what is left, from nothing to enough.
	bad=
	for blocks in 2 3 4 5; do
		unshare -m bash -c 'mount --make-rprivate / && mount -t tmpfs -o size='$((4096 * blocks))' none /mnt && cd /mnt &&
			head -c 3000 /dev/zero >fill && cp "$old" p.json && "$@" p.json --apply; s=$?
			cmp -s p.json "$new" && [ $s -eq 1 ] && [ "$(ls | wc -l)" -eq 3 ] && exit 1
			cmp -s p.json "$old" && [ $s -eq 3 ] && [ "$(ls | wc -l)" -eq 2 ] && exit 3
			ls -l; cat p.json; exit 9' _ "${apply[@]}" >"$work/out" 2>"$work/err"
		status=$?
		[ $status -eq 1 ] || [ $status -eq 3 ] || bad+=" $blocks:$status"
		seen+=$status
	done
	is "a file system that fills up: old or new, and no litter" "$bad" ""
	case $seen in
	*3*1) ok "the sizes did make a difference" ;;
	*) not_ok "the sizes did make a difference" "$seen $(cat "$work/err")" ;;
	esac
else
	skip "file systems that refuse" "needs root and mounts"
fi

# ---- interrupted anywhere
if ! command -v strace >/dev/null || ! strace -o /dev/null true 2>/dev/null; then
	skip "killed at any step" "no strace, or it may not trace"
	done_testing
fi
# The leak checker does not work under another tracer.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
# Every call that touches the folder, one after the other.
calls=openat,write,fchmod,fchown,utimensat,fsync,renameat
start
strace -f -o "$work/all" -e trace=$calls "${apply[@]}" p.json --apply >/dev/null 2>&1
pid=$(sed -n 's/ *renameat(.*//p' "$work/all") # calls are counted for each process
grep "^$pid " "$work/all" >"$work/trace"
steps=$(grep -n 'p.json.bak' "$work/trace" | head -n 1 | cut -d: -f1)
last=$(grep -n 'renameat' "$work/trace" | tail -n 1 | cut -d: -f1)
inject() { # WHAT NUMBER: into the NUMBERth of all these calls
	local call nth
	call=$(sed -n "$2s/^[0-9]* *\([a-z]*\)(.*/\1/p" "$work/trace")
	nth=$(head -n "$2" "$work/trace" | grep -c "^[0-9]* *$call(")
	strace -f -o /dev/null -e trace="$call" -e inject="$call:$1:when=$nth" "${apply[@]}" p.json --apply \
		>"$work/out" 2>"$work/err"
}
killed=0
bad=
for ((i = steps; i <= last + 1; i++)); do
	start
	inject signal=KILL $i
	[ $? -eq 137 ] && killed=$((killed + 1))
	{ cmp -s p.json "$old" || { cmp -s p.json "$new" && cmp -s p.json.bak-*Z "$old"; }; } || bad+=" $i"
done
is "killed at any step: the old file, or the new one with its backup" "$bad" ""
[ "$killed" -ge 8 ]
result $? "the kills hit ($killed)"
bad=
[ "$((last - steps))" -ge 8 ] || bad="only $((last - steps)) steps"
for ((i = steps; i < last; i++)); do
	start
	inject error=EIO $i
	[ $? -eq 3 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && cmp -s p.json "$old" && nothing_else || bad+=" $i:$(cat "$work/err")"
done
is "any step that fails: exit 3, one sentence, the old file, no litter" "$bad" ""
start
inject error=EIO "$last"
[ $? -eq 3 ] && cmp -s p.json "$old" && nothing_else
result $? "a rename that fails"
start
inject error=EIO $((last + 1))
[ $? -eq 3 ] && cmp -s p.json "$new" && grep -q 'may not outlast a loss of power.*the backup is p.json.bak-' "$work/err"
result $? "a folder that cannot be synced is told"

# ---- changed meanwhile, by another program that is quicker than the rename
meanwhile() { # COMMAND: when the temporary file is there, which the second fsync holds up
	start
	strace -f -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=1500000:when=2 "${apply[@]}" p.json --apply \
		>"$work/out" 2>"$work/err" &
	local pid=$!
	wait_until 20 eval '[ "$(ls | wc -l)" -eq 3 ]'
	eval "$1"
	wait "$pid"
	status=$?
	[ "$status" -eq 3 ] && grep -q 'it has changed since it was read' "$work/err" && nothing_else
}
meanwhile 'echo >>p.json' && [ "$(tail -n 1 p.json)" = "" ]
result $? "changed meanwhile: written to"
meanwhile 'cp "$old" p2 && mv p2 p.json' && cmp -s p.json "$old"
result $? "changed meanwhile: replaced, even by the same"
meanwhile 'chmod 600 p.json' && [ "$(stat -c %a p.json)" = 600 ]
result $? "changed meanwhile: its mode"
done_testing
