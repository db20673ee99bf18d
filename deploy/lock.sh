#!/usr/bin/env bash
# Pins requirements*.in with hashes. Addresses of indexes never go into the lock.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m venv build/lock && build/lock/bin/pip install -q uv
for name in requirements requirements-dev; do
    build/lock/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header \
        --python-version 3.11 "$name.in" -o "$name.lock"
done
