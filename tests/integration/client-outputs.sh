#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What suggest prints in each format, put to use by the programs that it is for: patch, git, a JSON
# Patch library, a YAML reader. The files are written in every way that people write them.
. "${srcdir:?}/tests/integration/client-lib.sh"

ledger=$work/good.db
"${builddir:?}/tests/integration/make-ledger" "$ledger" complete || exit 99
python=
for p in python3 /usr/bin/python3; do
	"$p" -c 'import jsonpatch, yaml' 2>/dev/null && python=$p && break
done
cd "$work" || exit 99

cat >tabs.json <<'P'
{
	"defaultAction": "SCMP_ACT_LOG",
	"architectures": ["SCMP_ARCH_X86_64"],

	"syscalls": [
		{
			"names": [
				"close",
				"read",
				"write"
			],
			"action": "SCMP_ACT_ALLOW"
		}
	]
}
P
sed 's/\t/  /g' tabs.json >spaces.json
sed 's/$/\r/' tabs.json >crlf.json
printf '%s' "$(cat tabs.json)" >no-end.json
printf '%s' "$(cat crlf.json)" >crlf-no-end.json
tr -d '\n\t' <tabs.json >one-line.json
{ tr -d '\n\t' <tabs.json && echo; } >one-line-end.json
printf '\n\n  \n' | cat - tabs.json >blank-lines.json
printf '{"syscalls":[{"action":"SCMP_ACT_ALLOW","names":["write","close","read"]},\n{"names":["bpf"],"action":"SCMP_ACT_ERRNO","errnoRet":1}],\n"defaultAction":"SCMP_ACT_LOG"}\n' >odd-order.json
printf '{"defaultAction":"SCMP_ACT_LOG"}' >bare.json
printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":[]}\n' >empty-list.json
printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["re\\u0061d","write"],"action":"SCMP_ACT_ALLOW"}]}\n' >escaped-name.json
printf '{"defaultAction":"SCMP_ACT_LOG","x-note":"\303\244 \\ud83d\\ude00 \302\233 a/b~c","syscalls":[{"comment":"\342\200\256","names":["write"],"action":"SCMP_ACT_ALLOW"}]}\n' >notes.json
printf '{\n "defaultAction" : "SCMP_ACT_ERRNO" ,\n "defaultErrnoRet" : 38 ,\n "syscalls" : [ { "names" : [ "read" , "write" ] , "action" : "SCMP_ACT_ALLOW" , "args" : null } ]\n}\n' >wide.json
cat >yaml.json <<'P'
{ "defaultAction": "SCMP_ACT_LOG", "syscalls": [ { "action": "SCMP_ACT_ALLOW", "names": [
 "no", "1e3", "null", "~", "a: b", "- x", "#c", "'q'", "\"dq\"", "back\\slash", "ä", "\ud83d\ude00", "read", "no" ] } ] }
P
python3 - <<'P' 2>/dev/null || cp tabs.json many.json
import json
names = ["x%04d" % i for i in range(1500)] + ["read"]
json.dump({"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": names, "action": "SCMP_ACT_ALLOW"}]},
          open("many.json", "w"), indent=1)
P
names=(tabs spaces crlf no-end crlf-no-end one-line one-line-end blank-lines odd-order bare empty-list
	escaped-name notes wide yaml many)
for f in "$srcdir"/../shared/data/profiles/{moby-default-v0.2.3,containers-common-seccomp}.json; do
	[ -e "$f" ] || continue
	# so that there is something to add
	grep -v '"mincore"' "$f" >"$(basename "$f")" && names+=("$(basename "$f" .json)")
done

suggest() { # FILE FORMAT [ARGS...]: into $work/out
	local file=$1 format=$2
	shift 2
	run --ledger "$ledger" suggest docker:web --for docker --profile "$file" --output "$format" "$@"
}

# Called as use_$1.
# shellcheck disable=SC2317
use_patch() { patch -s -p0 <d; }
# shellcheck disable=SC2317
use_git() { git apply d; }

tools=()
for tool in patch git; do
	command -v $tool >/dev/null && tools+=("$tool") || skip "$tool takes the diffs" "no $tool"
done
declare -A unfit

# The diff makes the whole file of --output profile, byte for byte, in FOLDER: by each tool, or it is unfit.
applies() { # FILE FOLDER NAME
	local tool
	cp -- "$1" before
	suggest "$1" profile
	cp out want
	suggest "$1" diff
	cp out diff
	for tool in "${tools[@]}"; do
		(cd -- "$2" && cp "$work/diff" d && "use_$tool" && rm d) >err 2>&1 && cmp -s -- "$1" want || unfit[$tool]+=" $3"
		cp -- before "$1"
	done
}

# ---- diff and profile
for n in "${names[@]}"; do
	applies "$n.json" . "$n"
done
for tool in "${tools[@]}"; do is "$tool makes the whole file of each diff" "${unfit[$tool]:-}" ""; done
unfit=()
mkdir -p 'sub/in ner'
for n in 'a b.json' ' lead' 'trail ' $'t\tab' $'n\nl' 'q"uote' 'back\slash' 'ä.json' $'\xff.json' -dash \
	sub/x.json './sub/y.json' 'sub/in ner/ä "z".json' "$work/sub/abs.json" 'sub/../up.json'; do
	case $n in /*) cp tabs.json "$n" ;; *) cp tabs.json "./$n" ;; esac
	folder=.
	case $n in /* | *..*) folder=$(dirname -- "$n") ;; esac
	applies "$n" "$folder" "$(printf %q "$n")"
done
for tool in "${tools[@]}"; do is "$tool finds the file by each name" "${unfit[$tool]:-}" ""; done
if command -v git >/dev/null && git init -q repo 2>/dev/null; then
	mkdir -p repo/a/b && cp tabs.json repo/a/b/p.json
	(cd repo && "$ctl" --ledger "$ledger" suggest docker:web --profile a/b/p.json --output diff >d; git apply d)
	! cmp -s tabs.json repo/a/b/p.json
	result $? "git apply at the top of a repository"
	cp tabs.json repo/a/b/p.json
	(cd repo/a && "$ctl" --ledger "$ledger" suggest docker:web --profile b/p.json --output diff >d; git apply d)
	! cmp -s tabs.json repo/a/b/p.json
	result $? "git apply in a folder of a repository"
else
	skip "git apply at the top of a repository" "no git"
	skip "git apply in a folder of a repository" "no git"
fi
suggest tabs.json profile
cp out patched.json
suggest patched.json diff
[ "$status" -eq 1 ] && [ ! -s out ]
result $? "nothing more to add: an empty diff"
suggest patched.json profile
cmp -s out patched.json
result $? "nothing more to add: the file as it is"
suggest patched.json json-patch
is "nothing more to add: an empty JSON Patch" "$(cat out)" "[]"

# ---- JSON Patch and SPO, judged by others
if [ -z "$python" ]; then
	skip "JSON Patch and SPO, as a library and a YAML reader see them" "no python3 with jsonpatch and yaml"
	skip "SPO: the manifest makes the same filter" "no python3 with jsonpatch and yaml"
else
	cat >judge.py <<'P'
import json, jsonpatch, sys, yaml
def judge_patch(doc, want, out, at):
    text = open(out, "rb").read()
    assert all(32 <= b < 127 or b == 10 for b in text), "bytes that are no plain ASCII"
    ops = json.loads(text)
    patch = jsonpatch.JsonPatch(ops)
    assert patch.apply(doc) == want, "another document"
    assert ops == [] or ops[0]["op"] == "test" and ops[0]["path"] == at, "no test at the start"
    # Whatever changes in the profile, and the patch again, are no longer what it was made for.
    def places(value, path=""):
        yield path, value
        if isinstance(value, dict):
            for k, v in value.items():
                yield from places(v, path + "/" + k.replace("~", "~0").replace("/", "~1"))
        elif isinstance(value, list):
            for i, v in enumerate(value[:40]):
                yield from places(v, path + "/%d" % i)
    part = jsonpatch.JsonPointer(at).resolve(doc)
    for path, value in list(places(part, at)) if ops else []:
        for change in ([{"op": "replace", "path": path, "value": "other"}],
                       [{"op": "add", "path": path + "/-", "value": "more"}] if isinstance(value, list) else []):
            if not change or path == "":
                continue
            other = jsonpatch.apply_patch(doc, change)
            try:
                patch.apply(other, in_place=True)
            except jsonpatch.JsonPatchException:
                continue
            raise AssertionError("applies to a file changed at " + path)
def judge_spo(doc, want, out, spec):
    m = yaml.load(open(out), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert m["apiVersion"] == "security-profiles-operator.x-k8s.io/v1beta1" and m["kind"] == "SeccompProfile"
    assert set(m) == {"apiVersion", "kind", "metadata", "spec"} and m["metadata"] == {"name": "docker-web"}
    assert set(m["spec"]) <= {"defaultAction", "architectures", "syscalls", "flags"}
    for rule in m["spec"].get("syscalls", []):
        assert rule["names"] and len(set(rule["names"])) == len(rule["names"])
        assert all(isinstance(n, str) for n in rule["names"])
    if not any("includes" in r or "excludes" in r for r in want.get("syscalls", [])):
        said = [list(dict.fromkeys(r["names"])) for r in want.get("syscalls", [])]
        assert [r["names"] for r in m["spec"].get("syscalls", [])] == said, "other names"
    if "defaultErrnoRet" in want:
        m["spec"]["defaultErrnoRet"] = want["defaultErrnoRet"]
    if "defaultErrno" in want:
        m["spec"]["defaultErrnoRet"] = {"ENOSYS": 38, "EPERM": 1}[want["defaultErrno"]]
    json.dump(m["spec"], open(spec, "w"))
# Each line: what to judge, the file before and after, what was printed, and where. Says what failed.
for line in sys.stdin:
    kind, before, after, out, where = line.rstrip("\n").split(" ")
    try:
        judge = judge_patch if kind == "patch" else judge_spo
        judge(json.load(open(before, newline="")), json.load(open(after, newline="")), out, where)
    except Exception as e:
        print(kind, before, type(e).__name__, e)
P
	for n in "${names[@]}"; do
		dialect=docker
		[ "$n" != containers-common-seccomp ] || dialect=podman
		suggest "$n.json" profile --for $dialect
		cp out "want-$n.json"
		suggest "$n.json" json-patch --for $dialect
		cp out "$n.patch"
		echo "patch $n.json want-$n.json $n.patch " >>cases
		suggest "$n.json" spo --for $dialect
		cp out "$n.yaml"
		echo "spo $n.json want-$n.json $n.yaml spec-$n.json" >>cases
	done
	is "JSON Patch and SPO, as a library and a YAML reader see them" "$("$python" judge.py <cases 2>&1)" ""
	bad=
	for n in "${names[@]}"; do
		dialect=docker
		[ "$n" != containers-common-seccomp ] || dialect=podman
		[ -s "$n.patch" ] && run diff "want-$n.json" "spec-$n.json" --for $dialect
		[ "$status" -eq 0 ] || bad+=" $n"
	done
	is "SPO: the manifest makes the same filter" "$bad" ""
fi

# ---- a profile within a file
printf '{"a":[{"n":1}],\n"li/nux~":{"seccomp":%s},\n"z":"\303\244"}\n' "$(cat crlf-no-end.json)" >config.json
at='/li~1nux~0/seccomp'
suggest config.json profile --at "$at"
cp out want
suggest config.json diff --at "$at"
if command -v patch >/dev/null; then
	cp config.json save && patch -s -p0 <out && cmp -s config.json want
	result $? "a part of a file: the diff is of the whole"
	cp save config.json
else
	skip "a part of a file: the diff is of the whole" "no patch"
fi
suggest config.json json-patch --at "$at"
if [ -n "$python" ]; then
	is "a part of a file: so is the JSON Patch" \
		"$(echo "patch config.json want out $at" | "$python" judge.py 2>&1)" ""
else
	skip "a part of a file: so is the JSON Patch" "no python3 with jsonpatch"
fi
suggest config.json spo --at "$at"
[ "$status" -eq 1 ] && grep -q '"mincore"' out
result $? "a part of a file: the manifest is of the part"
printf '{"apiVersion":"security-profiles-operator.x-k8s.io/v1","kind":"SeccompProfile","metadata":{"name":"mine"},"spec":{"defaultAction":"SCMP_ACT_LOG","syscalls":[]}}' >crd.json
run --ledger "$ledger" suggest docker:web --for spo --profile crd.json --output spo
has "a manifest keeps its name" '^  name: "mine"$'

# ---- the words of it
cp tabs.json plain.json
printf '{"defaultAction":"SCMP_ACT_LOG","listenerPath":"/run/x.sock"}' >listener.json
fails "spo refuses what it cannot say" 3 'cannot say listenerPath' --ledger "$ledger" suggest docker:web \
	--profile listener.json --output spo
fails "an unknown format" 2 'report, json, diff, json-patch, profile.*not "x.json"; -o names a file' \
	--ledger "$ledger" suggest docker:web --profile plain.json --output x.json
fails "two formats" 2 'not both' --ledger "$ledger" suggest docker:web --profile plain.json --output diff --json
exits "one format, said twice" 1 --ledger "$ledger" suggest docker:web --profile plain.json --output json --json
exits "the report" 1 --ledger "$ledger" suggest docker:web --profile notes.json
has "the report begins with what it comes to" '^docker:web: 4 calls recorded; the patch is for 2, 2 stay out of the profile'
has "the report says what to do" '^Next: the same with --apply changes the file'
! LC_ALL=C grep -qP '\xc2\x9b|\xe2\x80\xae' out
result $? "what the file holds does not reach the terminal raw"
exits "suggest --help lists the formats" 0 suggest --help
has "suggest --help lists the formats: SPO" '^ +spo '
fails "getopt complains in the verb's name" 2 "^seccompctl suggest: .*--foo" suggest --foo
fails "getopt complains in the program's name" 2 "^seccompctl: .*--foo" --foo
for args in --help --version "suggest --help" "lint --help"; do
	# shellcheck disable=SC2086
	"$ctl" $args >/dev/full 2>err
	[ $? -eq 3 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q 'standard output: No space left' err
	result $? "$args: an output that cannot be written"
done
"$ctl" --ledger "$ledger" suggest docker:web --profile tabs.json >&- 2>err
[ $? -eq 3 ] && grep -q 'standard output: Bad file descriptor' err
result $? "a standard output that is closed"
bad=
# shellcheck disable=SC2016
for n in 'a b' "it's" '$(x)' '-x' 'ä' $'n\nl' 'a\b'; do
	cp tabs.json "./$n"
	suggest "./$n" report --apply
	cp "./$n" patched
	eval "$(sed -n 's/.*To go back: //p' out)"
	{ cmp -s tabs.json "./$n" && ! cmp -s tabs.json patched; } || bad+=" $n"
done
is "the way back is a command that a shell understands" "$bad" ""
done_testing
