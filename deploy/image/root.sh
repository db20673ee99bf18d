#!/usr/bin/env bash
# Makes the root of a terminal from Debian's own packages and ours: needs root and the network.
#   deploy/image/root.sh DIR [PACKAGE.deb]      without the package: a bare Debian 12
# The mirror is that of this machine's apt, or MIRROR. To a disk: see docs/operator.md.
set -euo pipefail
root="$1"
package="${2:-}"
[ "$(id -u)" = 0 ] || { echo "needs root" >&2; exit 2; }
if ! command -v debootstrap >/dev/null; then
    apt-get update -q
    apt-get install -y -q --no-install-recommends debootstrap
fi
mirror="${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | grep -m1 '/debian/\?$')}"
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >"$root.log" ||
    { tail -20 "$root.log" >&2; exit 1; }
printf 'deb %s bookworm main\ndeb %s bookworm-updates main\ndeb %s bookworm-security main\n' \
    "$mirror" "$mirror" "${mirror%/}-security" >"$root/etc/apt/sources.list"
# Nothing is started while it is installed.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
# The way to the mirror, where it is not a direct one.
for file in /etc/apt/apt.conf.d/*proxy*; do
    [ ! -e "$file" ] || cp "$file" "$root/etc/apt/apt.conf.d/"
done
[ -n "$package" ] || exit 0

cp "$package" "$root/tmp/terminal.deb"
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
in_root apt-get update -q
in_root apt-get install -y -q /tmp/terminal.deb linux-image-amd64 openssh-server
in_root /usr/lib/kiosk/make-terminal
in_root apt-get clean
rm "$root/tmp/terminal.deb" "$root/usr/sbin/policy-rc.d"
# Each terminal draws its own: the machine's number and its host keys.
: >"$root/etc/machine-id"
rm -f "$root"/etc/ssh/ssh_host_*_key*
