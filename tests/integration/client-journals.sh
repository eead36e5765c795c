#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# replay --journal of a folder in which not every file is a sound journal.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

remote=/lib/systemd/systemd-journal-remote
[ -x "$remote" ] || skip_all "no $remote"
mkdir "$work/dir"
for i in {1..60}; do
	printf '__REALTIME_TIMESTAMP=%d\n_BOOT_ID=%032d\nMESSAGE=x\nSECCOMP_LEDGER=%032d\n\n' $((1700000000000000 + i * 1000000)) 1 7
done >"$work/export"
"$remote" -o "$work/dir/good.journal" "$work/export" >/dev/null 2>&1
check "there is a journal" test -s "$work/dir/good.journal"
run replay --journal --directory "$work/dir" --ledger "$work/one.db" --json
good=$(sed -n 's/.*"entries":\([0-9]*\),.*/\1/p' "$work/out")
is "which has entries" "$status $good" "0 60"
head -c 10000 "$work/dir/good.journal" >"$work/dir/cut.journal"
head -c 9000 /dev/urandom >"$work/dir/noise.journal"
: >"$work/dir/empty.journal"
# Its head is sound, what stands behind it is not.
cp "$work/dir/good.journal" "$work/dir/broken.journal"
head -c 400000 /dev/zero | tr '\0' '\377' | dd of="$work/dir/broken.journal" bs=1 seek=5000 conv=notrunc status=none
ln -s nowhere "$work/dir/gone.journal"
mkdir "$work/dir/folder.journal"
exits "unsound files beside it" 0 replay --journal --directory "$work/dir" --ledger "$work/two.db" --json
check "hide none of its entries" test "$(sed -n 's/.*"entries":\([0-9]*\),.*/\1/p' "$work/out")" -ge 60
for file in cut noise empty; do
	check "$file: is named, with the reason" grep -q "/$file.journal cannot be read and was left out: it is no journal, or a damaged one" "$work/err"
	has "$file: and in JSON" "\"unreadable\":\[.*/$file\.journal"
done
plain "one line each"
for file in cut noise empty; do
	fails "$file: alone it is an error" 3 "/$file.journal cannot be read: it is no journal, or a damaged one" \
		replay --journal --file "$work/dir/$file.journal" --ledger "$work/three.db"
done
# What is hit depends on the journal's own hashes: its entries, or what sd-journal needs to open it.
run replay --journal --file "$work/dir/broken.journal" --ledger "$work/four.db"
case $status in
0) ok "what a sound head has nothing sound behind is read as far as it goes" ;;
3) check "what has no sound head is an error" grep -q "/broken.journal cannot be read: it is no journal, or a damaged one" "$work/err" ;;
*) not_ok "a journal with nothing sound in it is read as far as it goes, or an error" "$(cat "$work/err")" ;;
esac
rm -f "$work"/four.db*
check "and no ledger is made" test ! -e "$work/three.db"
done_testing
