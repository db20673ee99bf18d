#!/usr/bin/env bash
# Installs an earlier package into a fresh Debian, updates it, runs what came as its own user, goes
# back, and removes it. Needs root and the network; five minutes on a machine that does nothing else.
#   deploy/test_install.sh PACKAGE.deb [EARLIER.deb]
# Without an earlier package the same one is said to be earlier.
set -euo pipefail
cd "$(dirname "$0")/.."
package="$1"
before="${2:-$1}"
root="${TMPDIR:-/tmp}/kiosk-test-install.$$"
mounted=()
clean() {
    for place in "${mounted[@]}"; do umount "$place" || true; done
    # Never through something that is still mounted.
    mountpoint -q "$root/proc" || rm -rf --one-file-system "$root" "$root.log" "$root.before"
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

install() { # FILE OPTIONS...
    local file="$1"
    shift
    in_root apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "$@" "$file" \
        >"$root.log" 2>&1 || { tail -20 "$root.log"; fail "$file does not install"; }
}

# Earlier: a lower version, with a file that the new one does not have any more.
dpkg-deb -R "$before" "$root.before"
sed -i 's/^Version: .*/Version: 0.0.1/' "$root.before/DEBIAN/control"
echo "of an earlier version" >"$root.before/usr/lib/kiosk/gone"
dpkg-deb --root-owner-group -Znone --build "$root.before" "$root/tmp/earlier.deb" >/dev/null
rm -rf "$root.before"
cp "$package" "$root/tmp/terminal.deb"
in_root apt-get update -q >"$root.log" 2>&1 || { tail "$root.log"; fail "apt-get update"; }
install /tmp/earlier.deb xvfb xdotool

echo "== an update keeps what was set and what is owed, and leaves nothing of before"
sed -i 's/^\[terminal\]$/&\nnumber = "77"/' "$root/etc/kiosk/terminal.toml"
echo owed >"$root/var/lib/kiosk/owed"
chown --reference="$root/var/lib/kiosk" "$root/var/lib/kiosk/owed"
install /tmp/terminal.deb
grep -q '"77"' "$root/etc/kiosk/terminal.toml" || fail "settings were overwritten"
as_kiosk grep -q owed /var/lib/kiosk/owed || fail "the state folder was changed"
[ ! -e "$root/usr/lib/kiosk/gone" ] || fail "a file of the earlier version is left"

echo "== files and user"
in_root test "$(in_root stat -c '%U %a' /var/lib/kiosk)" = "kiosk 700" || fail "state folder"
in_root getent passwd kiosk | grep -q nologin || fail "somebody can sign in as kiosk"
[ -z "$(find "$root/usr/lib/kiosk" "$root/usr/bin/kiosk" -perm /022 ! -type l)" ] || fail "others can write"

for file in lib/systemd/system/kiosk-training.service lib/systemd/system/kiosk-stick@.service \
    share/polkit-1/rules.d/50-kiosk.rules lib/udev/rules.d/90-kiosk.rules share/man/man1/kiosk-training-start.1.gz \
    share/doc/kiosk/technician.md share/doc/kiosk/pictures/staff-sign-in.png \
    share/doc/kiosk/troubles/printer_paper_out.md; do
    [ -s "$root/usr/$file" ] || fail "/usr/$file is missing"
done

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

echo "== a PDF is drawn and a stick is read by confined processes, as the terminal's user"
as_kiosk env KIOSK_FONTS=/usr/share/kiosk/fonts /usr/lib/kiosk/python/bin/python -I - <<'PYTHON' ||
import asyncio
from datetime import date
from pathlib import Path

from central.sandbox.mint import Mint
from kiosk.preview.preview import Picture, preview
from kiosk.stick.reading import read_stick

today = date(2026, 11, 24)
invoice = Mint("install").invoice()
font = Path("/usr/share/kiosk/fonts/NotoSansSC-Regular.otf")
drawn = asyncio.run(preview(invoice.pdf(font), within_s=60))
assert isinstance(drawn, Picture), drawn
print("picture", drawn.width, drawn.height)
here = Path("/var/lib/kiosk/stick")
here.mkdir()
(here / "invoice.ofd").write_bytes(invoice.ofd())
read = asyncio.run(read_stick(here, today, ""))
assert len(read.files) == 1 and read.files[0].invoices, read
print("stick", len(read.files[0].invoices))
PYTHON
    fail "a confined process does not do its work"
rm -r "$root/var/lib/kiosk/stick"

echo "== a training wants a screen, and says so before it touches anything"
said=$(as_kiosk kiosk training run --by 1001 2>&1 || true)
grep -q DISPLAY <<<"$said" || fail "training without a screen: $said"
[ ! -e "$root/var/lib/kiosk/queue.db" ] || fail "training without a screen made a queue"

echo "== systemd understands the units where they are"
said=$(in_root sh -c 'systemd-analyze verify --man=no /usr/lib/systemd/system/kiosk-*.service' 2>&1 | grep kiosk | grep -v /usr/bin/Xorg || true)
[ -z "$said" ] || fail "$said"

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

echo "== the way back to the earlier version keeps them too"
install /tmp/earlier.deb --allow-downgrades
grep -q '"77"' "$root/etc/kiosk/terminal.toml" || fail "settings were overwritten"
[ -e "$root/usr/lib/kiosk/gone" ] || fail "this is not the earlier version"
as_kiosk grep -q owed /var/lib/kiosk/owed || fail "the state folder was changed"

echo "== removed, nothing of the product runs or is left, what is owed stays"
in_root systemctl -q disable kiosk-daemon kiosk-display kiosk-screen
touch "$root/var/lib/kiosk/queue.db"
in_root apt-get purge -y -q invoice-terminal >"$root.log" 2>&1 || { tail -20 "$root.log"; fail "purge"; }
[ ! -e "$root/usr/lib/kiosk" ] && [ ! -e "$root/usr/bin/kiosk" ] && [ ! -e "$root/etc/kiosk" ] ||
    fail "files are left: $(find "$root/usr/lib/kiosk" "$root/etc/kiosk" 2>/dev/null | head -5)"
[ -e "$root/var/lib/kiosk/queue.db" ] || fail "the state folder was deleted"
echo "test-install: well"
