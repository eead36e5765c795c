#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is said of journal entries is true: each kind has a text in the catalog that journalctl takes,
# each field is in the manual, and neither knows one that is not in the headers.
set -u
top=${srcdir:?}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

catalog=$top/systemd/seccompd.catalog
manual=$top/man/seccompd-journal-fields.7
work=$(mktemp -d) || bail "mktemp failed"
trap 'rm -rf "$work"' EXIT

ids=$(sed -n 's/^#define SECCOMPD_MESSAGE_.* "\([0-9a-f]\{32\}\)"$/\1/p' "$top/include/seccompd/message-ids.h" | sort)
fields=$(sed -n 's/^#define SECCOMPD_FIELD_.* "\([A-Z0-9_]*\)"$/\1/p' "$top/include/seccompd/journal-fields.h" | sort)
check "there are kinds and fields" test "$(wc -l <<<"$ids")" -ge 7 -a "$(wc -l <<<"$fields")" -ge 30

is "each kind has its text in the catalog, and no other has" "$(sed -n 's/^-- //p' "$catalog" | sort)" "$ids"
is "and stands in the manual" "$(sed -n 's/^\.It .*, Ql \([0-9a-f]\{32\}\)$/\1/p' "$manual" | sort)" "$ids"
is "each field stands in the manual" \
	"$(while read -r f; do grep -q "^\.It.* Ql $f\( \|\$\)" "$manual" || echo "$f"; done <<<"$fields")" ""
is "which knows no other" \
	"$(grep -o '\(SECCOMP\|K8S\)_[A-Z0-9_]*' "$manual" | sort -u | grep -vxF "$fields")" ""
is "nor does the catalog" "$(grep -o '@[A-Z0-9_]*@' "$catalog" | tr -d @ | sort -u | grep -vxF "$fields")" ""
is "each text has a subject and where to read on" \
	"$(grep -c '^Subject: ' "$catalog") $(grep -c '^Defined-By: seccompd$' "$catalog") $(grep -c '^Documentation: man:' "$catalog")" \
	"$(wc -l <<<"$ids" | sed 's/.*/& & &/')"
is "what the manual asks for by MESSAGE_ID is a kind" \
	"$(grep -o 'MESSAGE_ID=[0-9a-f]*' "$manual" | cut -d= -f2 | sort -u | grep -vxF "$ids")" ""

if ! command -v journalctl >/dev/null; then
	skip "journalctl takes the catalog" "there is no journalctl"
else
	mkdir -p "$work/usr/lib/systemd/catalog" "$work/var/lib/systemd/catalog"
	cp "$catalog" "$work/usr/lib/systemd/catalog/"
	is "journalctl takes the catalog" "$(journalctl --root="$work" --update-catalog 2>&1)" ""
	is "and finds each kind in it" \
		"$(while read -r id; do journalctl --root="$work" --dump-catalog "$id" 2>/dev/null | grep -q '^Subject: .' || echo "$id"; done <<<"$ids")" ""
fi
done_testing
