#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What packages and images are made of, as far as that can be told without a network: the RPM spec names each file
# that is installed, the image has each library and the manifest each right and path that the daemon wants. That
# Fedora builds the RPM, that the image builds and that an API server takes the manifest is not tested here.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

builddir=$(cd "${builddir:?}" && pwd)
contrib=$srcdir/contrib
unset MAKEFLAGS MAKELEVEL MFLAGS

# ---- where files go, as Fedora has it (and Debian, but for zsh's completions and the units)
make -C "$builddir" -s install DESTDIR="$work/tree" prefix=/usr sysconfdir=/etc systemdsystemunitdir=/usr/lib/systemd/system \
	sysusersdir=/usr/lib/sysusers.d catalogdir=/usr/lib/systemd/catalog >"$work/log" 2>&1 ||
	bail "make install failed: $(tail -n 3 "$work/log")"
installed=$(cd "$work/tree" && find . -type f | sed 's/^\.//' | sort)
check "files are installed" test "$(wc -l <<<"$installed")" -ge 24
is "in folders that Debian and Fedora know" "$(grep -vE '^(/etc/seccompd/|/usr/(bin|sbin|libexec)/|/usr/lib/(systemd/(system|catalog)|sysusers\.d)/|/usr/share/(seccompd|man/man[1578]|bash-completion/completions|zsh/site-functions|fish/vendor_completions\.d)/)[^/]+$' <<<"$installed")" ""
is "programs alone may be run" "$(cd "$work/tree" && find . -type f -perm /111 | sed 's/^\.//' | sort | xargs)" \
	"/usr/bin/seccompctl /usr/libexec/seccompd-open /usr/sbin/seccompd"

# ---- the RPM
version=$(sed -n 's/^AC_INIT(\[seccompd\], \[\(.*\)\])/\1/p' "$srcdir/configure.ac")
if ! command -v rpmspec >/dev/null; then
	skip "the RPM spec" "rpmspec is not installed (Debian: rpm)"
else
	define() {
		rpmspec -D '_unitdir /usr/lib/systemd/system' -D '_sysusersdir /usr/lib/sysusers.d' -D '_sysconfdir /etc' \
			-D '_prefix /usr' -D '_libexecdir /usr/libexec' "$@" "$contrib/seccompd.spec"
	}
	check "rpmspec takes it" define -P
	is "its version is ours" "$(define -q --srpm --qf '%{version}' 2>"$work/err")" "$version"
	is "and it complains of nothing" "$(cat "$work/err")" ""
	# "%dir" and "%doc" aside; a folder stands for what is in it, man pages may be packed.
	define -P 2>/dev/null | sed -n '/^%files/,/^%changelog/s/^\(%config([a-z]*) \)\{0,1\}\(\/[^ ]*\)$/\2/p' >"$work/files"
	is "it has each file that is installed" "$(while read -r file; do
		grep -qxF -e "$file" -e "$file*" -e "${file%/*}/" "$work/files" || echo "$file"
	done <<<"$installed")" ""
	is "and no other" "$(while read -r file; do
		[ -e "$work/tree${file%\*}" ] || echo "$file"
	done <"$work/files")" ""
	is "it wants each library that configure does" \
		"$(sed -n 's/^PKG_CHECK_MODULES(\[[A-Z_]*\], \[\([a-z0-9-]*\) >= \([0-9.]*\)\].*/pkgconfig(\1) >= \2/p' "$srcdir/configure.ac" |
			while read -r want; do grep -q "^BuildRequires: *$want\$" "$contrib/seccompd.spec" || echo "$want"; done)" ""
fi
# The pages that are for users, and that README.md and SECURITY.md send them to.
pages=$(grep -hoE 'docs/[A-Z]+\.md' "$srcdir/README.md" "$srcdir/SECURITY.md" | grep -vE 'ARCHITECTURE|HACKING' | sort -u)
check "there are pages" test "$(wc -l <<<"$pages")" -ge 4
is "the RPM has them" "$(sed -n 's/^%doc //p' "$contrib/seccompd.spec" | tr ' ' '\n' | grep '^docs/' | sort)" "$pages"
is "and Debian's package" "$(grep '^docs/' "$srcdir/debian/seccompd.docs" | sort)" "$pages"
is "debian/ has our version" "$(sed -n '1s/^seccompd (\(.*\)-[^-]*) .*/\1/p' "$srcdir/debian/changelog")" "$version"

# ---- the image
file=$contrib/Containerfile
is "the image is made in two stages, of one system" "$(grep '^FROM ' "$file" | cut -d' ' -f2 | uniq -c | xargs)" "2 docker.io/library/debian:12-slim"
is "each line begins with an instruction, or goes on" "$(awk '!more && !/^(#|$|FROM|RUN|WORKDIR|COPY|ENTRYPOINT|CMD) ?/; { more = /\\$/ }' "$file")" ""
is "what builds it is what ./quickstart installs" \
	"$(sed -n '/^FROM .* AS build/,/^WORKDIR/p' "$file" | grep -oE '\b[a-z0-9.-]+-dev\b' | sort)" \
	"$(sed -n '/^BUILD_PACKAGES=/,/"$/p' "$srcdir/quickstart" | grep -oE '\b[a-z0-9.-]+-dev\b' | grep -v cmocka | sort)"
libraries=$(ldd "$builddir/seccompd" "$builddir/seccompctl" 2>/dev/null | sed -n 's/^	\([^ ]*\) => \(\/[^ ]*\).*/\1 \2/p' | sort -u)
needed=$(for program in seccompd seccompctl; do
	readelf -d "$builddir/$program" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
done | sort -u)
if ! command -v dpkg-query >/dev/null || ! command -v readelf >/dev/null || [ -z "$libraries" ]; then
	skip "the image has each library" "no dpkg-query or readelf"
else
	is "the image has each library" "$(for library in $needed; do
		path=$(sed -n "s|^$library ||p" <<<"$libraries" | head -n 1)
		package=$(dpkg-query -S "$(readlink -f "$path")" 2>/dev/null | head -n 1 | cut -d: -f1)
		case $package in
		'' | libc6 | libasan* | libubsan* | libtsan* | libgcc*) ;;
		*) sed -n '/^FROM .*slim$/,$p' "$file" | grep -qw -- "$package" || echo "$package" ;;
		esac
	done)" ""
fi

# ---- the manifest
if ! python3 -c 'import yaml' 2>/dev/null; then
	skip "the manifest" "there is no python3-yaml"
	done_testing
fi
cat >"$work/judge.py" <<'END'
import sys, yaml
faults = []
def known(where, what, keys, needed=()):
    for k in what:
        if k not in keys.split():
            faults.append("%s: what is %s" % (where, k))
    for k in needed:
        if k not in what:
            faults.append("%s: no %s" % (where, k))
docs = [d for d in yaml.safe_load_all(open(sys.argv[1])) if d]
if [(d["apiVersion"], d["kind"]) for d in docs] != [("v1", "Namespace"), ("apps/v1", "DaemonSet")]:
    faults.append("kinds")
ds = docs[1]
if ds["metadata"]["namespace"] != docs[0]["metadata"]["name"]:
    faults.append("namespace")
known("spec", ds["spec"], "selector updateStrategy template minReadySeconds revisionHistoryLimit", ("selector", "template"))
t = ds["spec"]["template"]
if ds["spec"]["selector"]["matchLabels"].items() - t["metadata"]["labels"].items():
    faults.append("the selector finds no pod")
pod = t["spec"]
known("pod", pod, "hostNetwork hostPID automountServiceAccountToken enableServiceLinks terminationGracePeriodSeconds "
      "nodeSelector tolerations containers volumes", ("containers", "volumes"))
if pod["hostNetwork"] is not True or pod["hostPID"] is not True or pod["automountServiceAccountToken"] is not False:
    faults.append("namespaces, or a token")
volumes = {}
for v in pod["volumes"]:
    known("volume", v, "name hostPath configMap", ("name",))
    volumes[v["name"]] = v
    if "hostPath" in v:
        known("hostPath", v["hostPath"], "path type", ("path", "type"))
        if v["hostPath"]["type"] not in ("Directory", "DirectoryOrCreate", "File"):
            faults.append("type of " + v["name"])
if len(pod["containers"]) != 1:
    faults.append("containers")
c = pod["containers"][0]
known("container", c, "name image imagePullPolicy args securityContext resources livenessProbe volumeMounts", ("name", "image"))
s = c["securityContext"]
known("securityContext", s, "privileged allowPrivilegeEscalation readOnlyRootFilesystem runAsUser runAsGroup seccompProfile capabilities")
if s["privileged"] or s["allowPrivilegeEscalation"] or not s["readOnlyRootFilesystem"] or s["runAsUser"] != 0:
    faults.append("privileges")
if s["capabilities"] != {"drop": ["ALL"], "add": ["AUDIT_READ", "DAC_READ_SEARCH", "NET_ADMIN"]}:
    faults.append("capabilities")
if s["seccompProfile"] != {"type": "RuntimeDefault"}:
    faults.append("a profile")
known("probe", c["livenessProbe"], "exec initialDelaySeconds periodSeconds timeoutSeconds", ("exec",))
mounted = set()
for m in c["volumeMounts"]:
    known("mount", m, "name mountPath readOnly", ("name", "mountPath"))
    v = volumes.get(m["name"])
    if v is None or m["mountPath"] in mounted:
        faults.append("mount of " + m["name"])
        continue
    mounted.add(m["mountPath"])
    if "hostPath" in v and v["hostPath"]["path"] != m["mountPath"]:
        faults.append(m["mountPath"] + " is another path on the host")
    if m.get("readOnly", False) == (m["name"] in ("ledger", "tally")):
        faults.append(m["mountPath"] + " is read-only or not")
    if m["mountPath"].rstrip("/") in ("", "/run", "/var/run", "/var", "/etc", "/run/containerd", "/proc"):
        faults.append(m["mountPath"] + " is more than is needed")
for v in pod["volumes"]:
    if v.get("hostPath", {}).get("type") == "DirectoryOrCreate" and "/log" in v["hostPath"]["path"]:
        faults.append("journald would find a folder that it did not make")
if {m["name"] for m in c["volumeMounts"]} != set(volumes):
    faults.append("a volume that nothing mounts")
print(*sorted(set(faults)), sep="\n")
for p in sorted(mounted):
    print(p, file=sys.stderr)
print(c["image"], *c.get("args", []), file=open(sys.argv[2], "w"))
END
is "the manifest has what it needs, and no more" "$(python3 "$work/judge.py" "$contrib/daemonset.yaml" "$work/command" 2>"$work/mounted")" ""
is "its image has our version" "$(cut -d' ' -f1 "$work/command")" "localhost/seccompd:$version"
is "its arguments are the daemon's" "$(cut -d' ' -f2- "$work/command" | tr ' ' '\n' | while read -r option; do
	"$builddir/seccompd" --help | grep -q -- "^  $option " || echo "$option"
done)" ""
is "the ledger, the tally and the cgroups are where the daemon looks" \
	"$(grep -cxE '/var/lib/seccompd|/run/seccompd|/sys/fs/cgroup' "$work/mounted")" 3
is "containerd's state is where seccompd-open looks" "$(sed -n 's|^/run/containerd/||p' "$work/mounted" | xargs)" \
	"io.containerd.runtime.v2.task runc"
check "and that is what it opens" grep -q '"io.containerd.runtime.v2.task"' "$srcdir/daemon/open-rule.c"
check "profiles are where seccompctl looks" grep -q "$(grep kubelet "$work/mounted")" "$srcdir/lib/config/profile-path.h"
done_testing
