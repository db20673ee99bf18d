#!/usr/bin/env bash
# Installs the package into a fresh Debian, runs it there as its own user, and removes it.
#   deploy/test_install.sh PACKAGE.deb      needs root and the network; three to five minutes
set -euo pipefail
cd "$(dirname "$0")/.."
package="$1"
root="${TMPDIR:-/tmp}/kiosk-test-install.$$"
mounted=()
clean() {
    for place in "${mounted[@]}"; do umount "$place" || true; done
    # Never through something that is still mounted.
    mountpoint -q "$root/proc" || rm -rf --one-file-system "$root" "$root.log"
}
trap clean EXIT
deploy/image/root.sh "$root"
for kind in proc:proc tmpfs:dev/shm devpts:dev/pts; do
    place="$root/${kind#*:}"
    mkdir -p "$place"
    mount -t "${kind%%:*}" "${kind%%:*}" "$place"
    mounted+=("$place")
done
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
as_kiosk() { in_root setpriv --reuid kiosk --regid kiosk --init-groups "$@"; }
fail() { echo "test-install: $*" >&2; exit 1; }

cp "$package" "$root/tmp/terminal.deb"
in_root apt-get update -q >"$root.log" 2>&1 || { tail "$root.log"; fail "apt-get update"; }
in_root apt-get install -y -q --no-install-recommends /tmp/terminal.deb xvfb xdotool >"$root.log" 2>&1 ||
    { tail -20 "$root.log"; fail "the package does not install"; }

echo "== files and user"
in_root test "$(in_root stat -c '%U %a' /var/lib/kiosk)" = "kiosk 700" || fail "state folder"
in_root getent passwd kiosk | grep -q nologin || fail "somebody can sign in as kiosk"
[ -z "$(find "$root/usr/lib/kiosk" "$root/usr/bin/kiosk" -perm /022 ! -type l)" ] || fail "others can write"

echo "== version"
as_kiosk kiosk --version

echo "== doctor: what is wrong is that nothing is set up yet"
found=$(as_kiosk kiosk doctor --json || true)
echo "$found" | in_root python3 -c '
import json, sys
ids = {one["id"] for one in json.load(sys.stdin)["faults"]}
print(sorted(ids))
assert {"daemon_not_running", "not_enrolled"} <= ids, ids
assert not ids & {"fonts_missing", "library_unsafe", "settings_missing", "settings_wrong"}, ids
'

echo "== a walk through the main job, on simulated devices, as the terminal's user"
as_kiosk timeout 180 sh -c 'cd /var/lib/kiosk && kiosk demo --state walk/state --out walk/out --walk' >"$root.log" 2>&1 ||
    { tail -30 "$root.log"; fail "the walk"; }
tail -3 "$root.log"
rm -rf "$root/var/lib/kiosk/walk"

echo "== a terminal is made of it"
in_root /usr/lib/kiosk/make-terminal >/dev/null
for unit in daemon display screen; do
    in_root systemctl is-enabled -q "kiosk-$unit.service" || fail "kiosk-$unit is not enabled"
done
[ "$(in_root systemctl get-default)" = graphical.target ] || fail "default target"

echo "== a second installation keeps what was set"
echo 'number = "77"' >>"$root/etc/kiosk/terminal.toml"
in_root apt-get install -y -q --reinstall --no-install-recommends -o Dpkg::Options::=--force-confold \
    /tmp/terminal.deb >"$root.log" 2>&1 || { tail -20 "$root.log"; fail "reinstall"; }
grep -q '"77"' "$root/etc/kiosk/terminal.toml" || fail "settings were overwritten"

echo "== removed, nothing of the product runs or is left, what is owed stays"
in_root systemctl -q disable kiosk-daemon kiosk-display kiosk-screen
touch "$root/var/lib/kiosk/queue.db"
in_root apt-get purge -y -q invoice-terminal >"$root.log" 2>&1 || { tail -20 "$root.log"; fail "purge"; }
[ ! -e "$root/usr/lib/kiosk" ] && [ ! -e "$root/usr/bin/kiosk" ] && [ ! -e "$root/etc/kiosk" ] ||
    fail "files are left: $(find "$root/usr/lib/kiosk" "$root/etc/kiosk" 2>/dev/null | head -5)"
[ -e "$root/var/lib/kiosk/queue.db" ] || fail "the state folder was deleted"
echo "test-install: well"
