#!/usr/bin/env bash
# Makes build/invoice-terminal_VERSION_ARCHITECTURE.deb: the product with all its Python packages, of
# the locked versions, for Debian's own Python. Needs the set-up of `make setup`; no root.
set -euo pipefail
cd "$(dirname "$0")/.."
python=/usr/bin/python3
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -1)
series=$($python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$series" ] ||
    { echo "the set-up's Python is not $series, that of $python" >&2; exit 1; }
architecture=$(dpkg --print-architecture)
# The same commit gives the same files and times.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y pyproject.toml)
export SOURCE_DATE_EPOCH
umask 022

root=build/package
rm -rf "$root"
lib="$root/usr/lib/kiosk/python"
site="$lib/lib/python$series/site-packages"
mkdir -p "$site" "$lib/bin" "$root/DEBIAN"
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
pip wheel --no-index --no-deps --no-build-isolation --wheel-dir build/wheel .
pip install --require-hashes --only-binary :all: --no-compile --target "$site" -r requirements.lock
pip install --no-index --no-deps --no-compile --target "$site" "build/wheel/invoice_terminal-$version-py3-none-any.whl"
# Programs of the packages: ours is the only one that is called.
rm -rf "$site/bin"
# A virtual environment by hand: Python finds its packages by this file beside bin/.
printf 'home = /usr/bin\ninclude-system-site-packages = false\n' >"$lib/pyvenv.cfg"
ln -s /usr/bin/python"$series" "$lib/bin/python"
# Compiled here: the root of a terminal is better read-only.
$python -m compileall -q --invalidation-mode unchecked-hash -s "$root" -p / "$site" >/dev/null

put() { install -D -m "$1" "$2" "$root/$3"; }
put 755 deploy/package/kiosk usr/bin/kiosk
for program in x-authority x-ready make-terminal; do
    put 755 "deploy/package/lib/$program" "usr/lib/kiosk/$program"
done
for font in build/fonts/*.otf build/fonts/*.ttf; do
    put 644 "$font" "usr/share/kiosk/fonts/$(basename "$font")"
done
for unit in deploy/systemd/*.service; do
    put 644 "$unit" "usr/lib/systemd/system/$(basename "$unit")"
done
put 644 deploy/udev/90-kiosk.rules usr/lib/udev/rules.d/90-kiosk.rules
put 644 deploy/polkit/50-kiosk.rules usr/share/polkit-1/rules.d/50-kiosk.rules
put 644 deploy/sysusers.d/kiosk.conf usr/lib/sysusers.d/kiosk.conf
put 644 deploy/tmpfiles.d/kiosk.conf usr/lib/tmpfiles.d/kiosk.conf
for file in deploy/package/etc/*; do
    put 644 "$file" "etc/kiosk/$(basename "$file")"
done
for file in deploy/package/machine/*; do
    put 644 "$file" "usr/share/kiosk/machine/$(basename "$file")"
done
# With what they show and link to; the pictures of all screens are for developers.
for page in docs/*.md docs/pictures/* docs/troubles/*; do
    put 644 "$page" "usr/share/doc/kiosk/${page#docs/}"
done
PYTHONPATH=. .venv/bin/python -m kiosk reference --man "$root/usr/share/man/man1"
gzip -9n "$root"/usr/share/man/man1/*.1
mkdir -p "$root/usr/share/bash-completion/completions"
_KIOSK_COMPLETE=bash_source PYTHONPATH=. .venv/bin/python -m kiosk \
    >"$root/usr/share/bash-completion/completions/kiosk"
put 644 deploy/package/copyright usr/share/doc/invoice-terminal/copyright

for script in postinst prerm postrm; do
    put 755 "deploy/package/debian/$script" "DEBIAN/$script"
done
(cd "$root" && find etc -type f -printf '/%p\n' | sort) >"$root/DEBIAN/conffiles"
# What the product needs, without what only its building and its tests need.
depends=$(grep -vE '^(#|$|python3-venv|fonts-|xvfb|xdotool)' deploy/system-packages.txt | paste -sd, | sed 's/,/, /g')
next="${series%.*}.$((${series#*.} + 1))"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" \
    -e "s/@DEPENDS@/python3 (>= $series), python3 (<< $next), $depends/" \
    -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$root" | cut -f1)/" \
    deploy/package/debian/control >"$root/DEBIAN/control"
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
package="build/invoice-terminal_${version}_$architecture.deb"
dpkg-deb --root-owner-group -Zxz -z3 --build "$root" "$package" >/dev/null
rm -rf "$root"
echo "$package"
