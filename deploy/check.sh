#!/usr/bin/env bash
# The checks of `make test`, in the order in which they fail fastest.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
$bin/ruff format --check .
$bin/ruff check .
$bin/lint-imports --no-cache
$bin/basedpyright
[ "${1:-}" = "--no-tests" ] || $bin/python -m pytest
