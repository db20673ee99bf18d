#!/usr/bin/env bash
# Installs what is missing, and only that: a second run needs no network.
#   deploy/setup.sh LOCKFILE
set -euo pipefail
cd "$(dirname "$0")/.."
lock="$1"

lists=(deploy/system-packages.txt)
[ "$lock" != requirements-dev.lock ] || lists+=(deploy/system-packages-tests.txt)
mapfile -t wanted < <(cat "${lists[@]}" | grep -vE '^(#|$)')
missing=()
for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "installing: ${missing[*]}"
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -q
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        # Debian would make a cluster and start it; the tests start their own, in a folder.
        "${as_root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" |
            "${as_root[@]}" tee /etc/postgresql-common/createcluster.d/no-main.conf >/dev/null
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

if [ ! -x .venv/bin/python ]; then
    "$(command -v python3.11 || command -v python3)" -m venv .venv
fi
stamp=".venv/installed-$(sha256sum "$lock" pyproject.toml | sha256sum | cut -c1-16)"
if [ ! -e "$stamp" ]; then
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
    touch "$stamp"
fi
.venv/bin/python deploy/build_fonts.py build/fonts
