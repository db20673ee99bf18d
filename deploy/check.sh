#!/usr/bin/env bash
# The checks of `make test`, in the order in which they fail fastest.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
$bin/ruff format --check .
$bin/ruff check .
$bin/lint-imports --no-cache
$bin/basedpyright
# Two at a time, a file never divided: most tests wait for a process rather than for the processor.
# The seed is for those that are made from sets: both must find the same tests.
[ "${1:-}" != "--no-tests" ] || exit 0
# A short folder: the workers' names make paths longer, and a socket's path has 107 bytes.
base=$(mktemp -d /tmp/t-XXXX)
trap 'rm -rf "$base"' EXIT
PYTHONHASHSEED=0 $bin/python -m pytest -n 2 --dist loadfile --basetemp="$base"
