#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# identify on every reference vector: with an empty root, and with the state that its runtime would
# have left there.
. "${srcdir:?}/tests/integration/client-lib.sh"

vectors=$srcdir/../shared/data/cgroup_vectors.json
[ -e "$vectors" ] || skip_all "the reference vectors are not here"
command -v jq >/dev/null || skip_all "needs jq"
empty=$work/empty
mkdir "$empty"

# Whose answer depends on the reader's own cgroup, which is no part of the vector.
jq -c '[.[] | select(.expect | has("prefix") | not)]' "$vectors" >"$work/vectors"

answer_all() { # ROOT: for all vectors, or with a folder N for the Nth
	local form text root n=0
	jq -j '.[] | .form, "\u0000", .cgroup, "\u0000"' "$work/vectors" | while IFS= read -r -d '' form && IFS= read -r -d '' text; do
		root=$1
		[ ! -d "$1/$n" ] || root=$1/$n
		n=$((n + 1))
		if [ "$form" = file ]; then
			printf %s "$text" >"$work/cgroup"
			"$ctl" identify --json --state-root "$root" --cgroup-file "$work/cgroup" 2>>"$work/err"
		else
			"$ctl" identify --json --state-root "$root" "--cgroup=$text" 2>>"$work/err"
		fi || echo '{}'
	done
}

# What differs, one line for each vector.
compare() { # ANSWERS EXPECTATION-FILTER
	jq -r -n --slurpfile v "$work/vectors" --slurpfile a "$1" '
		range($v[0] | length) as $i | $v[0][$i] as $vector | ($vector.expect | '"$2"') as $e | $a[$i] as $got
		| select($e != null)
		| [("kind", "runtime", "id", "name", "pod_uid", "unit", "container", "outer_id", "confirmed") as $k
			| select(($e | has($k)) and $e[$k] != $got[$k]) | "\($k): \($e[$k]) is \($got[$k])"]
		| select(length > 0) | "\($vector.cgroup[0:120] | tojson): \(join(", "))"'
}

answer_all "$empty" >"$work/answers"
compare "$work/answers" '(.without_state // .)' >"$work/out"
[ ! -s "$work/out" ]
result $? "without state: $(jq length "$work/vectors") vectors"
[ "$(jq -s '[.[] | select(.confirmed)] | length' "$work/answers")" = 0 ]
result $? "without state nothing is confirmed"

# ---- state as each runtime leaves it, for the outermost container of each vector ---------------

put() { # FILE TEXT
	mkdir -p "${1%/*}" && printf '%s\n' "$2" >"$1"
}

make_state() { # ROOT RUNTIME NAMESPACE ID PATH
	local spec tasks=$1/run/containerd/io.containerd.runtime.v2.task store=$1/var/lib/containers/storage/overlay-containers
	local cgroup=\"${5//\\/\\\\}\"
	spec="{\"linux\":{\"cgroupsPath\":$cgroup}}"
	case $2 in
	docker) put "$1/var/lib/docker/containers/$4/config.v2.json" "{\"ID\":\"$4\"}" &&
		put "$tasks/moby/$4/config.json" "$spec" ;;
	containerd | cri-unknown) put "$tasks/${3:-k8s.io}/$4/config.json" "$spec" ;;
	podman) put "$store/containers.json" "[{\"id\":\"$4\",\"names\":[]}]" &&
		put "$store/$4/userdata/config.json" "$spec" ;;
	crio) put "$store/$4/userdata/config.json" "${spec%\}},\"annotations\":{\"io.container.manager\":\"cri-o\"}}" ;;
	lxc) put "$1/var/lib/lxc/$4/config" "" ;;
	nspawn) put "$1/run/systemd/machines/$4" "NAME=$4
CLASS=container" ;;
	runc) put "$1/run/runc/$4/state.json" "{\"id\":\"$4\"}" ;;
	crun) put "$1/run/crun/$4/status" "{\"cgroup-path\":$cgroup}" ;;
	esac
}

# Root's only: a user's state must be the user's own.
mkdir "$work/state"
n=0 made=0
while IFS=$'\t' read -r runtime namespace id && IFS= read -r -d '' path; do
	if [ "$id" != - ]; then
		make_state "$work/state/$n" "$runtime" "${namespace#-}" "$id" "$path" && made=$((made + 1))
	fi
	n=$((n + 1))
done < <(jq -j '
	# the line that names the container, up to the element that does
	def own($id): .cgroup | split("\n") | map(select(contains($id)))[0] // "" | sub("^[0-9]+:[^:]*:"; "") | sub("^(/\\.\\.)+/"; "/")
		| index($id) as $at | if $at then .[0:$at] + $id + (.[$at + ($id | length):] | sub("[/ ].*"; "")) else . end;
	.[] | . as $vector | .expect as $e | ($e.outer_id // $e.id // "-") as $id
	| [$e.outer_runtime // $e.runtime // "-", $e.namespace // "-",
		(if $e.container and $e.uid == null then $id else "-" end)] | @tsv + "\n", ($vector | own($id)) + "\u0000"' "$work/vectors")

answer_all "$work/state" >"$work/answers"
# Where the path leaves the runtime open, state has the word.
compare "$work/answers" 'if (.runtime // "" | endswith("-unknown")) then del(.runtime, .name) else del(.name) end' >"$work/out"
[ ! -s "$work/out" ]
result $? "with state: the same answers, and a container where only state tells"
jq -r -n --slurpfile v "$work/vectors" --slurpfile a "$work/answers" '
	range($v[0] | length) as $i | $v[0][$i] as $vector
	| select($vector.expect | .container and .uid == null and .outer_id == null
		and (.runtime | IN("docker", "containerd", "cri-unknown", "podman", "crio", "lxc", "runc", "crun")))
	| select($a[$i].confirmed | not) | $vector.cgroup[0:200] | tojson' >"$work/out"
[ ! -s "$work/out" ]
result $? "with state: $made containers, confirmed"
[ "$(jq -s '[.[] | select(.confirmed and (.outer_id != null or (.container | not)))] | length' "$work/answers")" = 0 ]
result $? "no nested claim, and nothing but a container, is confirmed"

done_testing
