# The whole vocabulary of working on Latchkey. `./justw` lists it, `./justw RECIPE` runs a recipe
# and needs nothing but python3.

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")

_list:
    @just --justfile "{{ justfile() }}" --list --unsorted

# Run the service, with an embedded PostgreSQL where DATABASE_URL is unset, and the built pages
[group("run")]
serve *options:
    @[[ -n "${FRONTEND_DIR:-}" || ! -d frontend/out ]] || export FRONTEND_DIR=frontend/out; \
        latchkey serve "$@"

# Make accounts with orders to try a development service with, and print them
[group("run")]
demo *options:
    @latchkey demo "$@"

# Bring the database's schema up to date
[group("run")]
migrate *options:
    @latchkey migrate "$@"

# Tell what is wrong with the settings and the database, before it goes wrong
[group("run")]
doctor *options:
    @latchkey doctor "$@"

# Run everything a change has to pass: the checks and all suites
[group("verify")]
test: check suites web-test
    @echo "Ran check, suites and web-test; what was left out is named above."

# Lint, format, types and layers; changes nothing
[group("verify")]
check:
    ruff check
    ruff format --check
    mypy
    lint-imports

# Run the Python suites, or the part of them that the pytest arguments name
[group("verify")]
suites *arguments:
    pytest "$@"

# Check the pages, run their unit tests and, where a Chromium is found, the browser suite
[group("verify")]
web-test *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    if ! command -v npm >/dev/null; then
      echo "LEFT OUT: all tests of the pages, which need Node 20." >&2
      [[ -z "${LATCHKEY_OMIT_NOTHING:-}" ]]
      exit
    fi
    just web
    cd frontend
    npm run lint
    npm run typecheck
    npm run api -- --check
    npm run unit
    export CHROMIUM_PATH="${CHROMIUM_PATH:-$(command -v chromium || true)}"
    if [[ ! -x "$CHROMIUM_PATH" ]]; then
      echo "LEFT OUT: the browser suite, which needs a Chromium (CHROMIUM_PATH)." >&2
      [[ -z "${LATCHKEY_OMIT_NOTHING:-}" ]]
      exit
    fi
    npm run e2e -- "$@"

# Try ever new requests and lives of sessions, in rounds: for so many seconds, or until stopped
[group("verify")]
fuzz seconds="":
    export LATCHKEY_FUZZ=1; until=$((SECONDS + ${1:-31536000})); \
        while ((SECONDS < until)); do pytest -qx tests/fuzz; done

# Let browsers work for so many minutes (5) while workers and PostgreSQL are killed, and tell what held
[group("verify")]
soak *options:
    @PYTHONPATH=src:tests python -m soak "$@"

# Hold a running service to the documented flow: `just prove http://127.0.0.1:8000`
[group("verify")]
prove url *arguments:
    pytest tests/contract/flow --base-url "$@"

# Put the flow under load, our own service or `--base-url URL --email EMAIL` (needs wrk; some minutes)
[group("verify")]
bench *options:
    python -m bench load "$@"

# Tell what a refresh costs PostgreSQL with 10^4 to 10^7 sessions, or `--sessions` of your choice
[group("verify")]
bench-growth *options:
    python -m bench growth "$@"

# Tell where a worker's time goes under each load (needs wrk)
[group("verify")]
bench-profile *options:
    python -m bench profile "$@"

# Mend what a machine can mend: the only recipe that edits the code
[group("change")]
fix:
    ruff check --fix
    ruff format

# Write docs/openapi.json anew, and the types that the pages have from it
[group("change")]
openapi:
    latchkey openapi > docs/openapi.json
    [[ ! -d frontend/node_modules ]] || npm --prefix frontend run api

# Write the tests that docs/security.md names anew, from what they are tagged with
[group("change")]
security:
    python tests/repository/security_table.py

# Pin every dependency with its hashes, for all platforms and Pythons
[group("change")]
lock *options:
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --all-extras --group dev --generate-hashes --no-emit-index-url \
        --custom-compile-command "just lock" --output-file requirements.lock "$@"

# Build the pages into frontend/out, which `serve` then serves (needs Node 20)
[group("pages")]
web:
    cd frontend && npm ci --no-audit --no-fund && npm run build

# Serve the pages from their sources on port 3000, beside a running `serve`
[group("pages")]
web-dev:
    cd frontend && npm ci --no-audit --no-fund && npm run dev

# Take the pictures of the pages that the README shows
[group("pages")]
pictures: web
    cd frontend && npm run pictures

# Build the wheel and the source distribution into dist/
[group("release")]
build:
    pyproject-build --no-isolation --outdir dist
