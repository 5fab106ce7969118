# Every command for working on Latchkey. `./justw` lists them, `./justw RECIPE` runs one; it needs
# only python3.

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")
# Images of Python may forbid it to keep compiled modules: each process would compile them anew.
export PYTHONDONTWRITEBYTECODE := ""

_list:
    @just --justfile "{{ justfile() }}" --list --unsorted

# Run the service with the built web pages, and an embedded PostgreSQL if DATABASE_URL is unset
[group("run")]
serve *options:
    @[[ -n "${FRONTEND_DIR:-}" || ! -d frontend/out ]] || export FRONTEND_DIR=frontend/out; \
        latchkey serve "$@"

# Create accounts with orders to try the service in development, and print their passwords
[group("run")]
demo *options:
    @latchkey demo "$@"

# Migrate the database's schema to the newest version
[group("run")]
migrate *options:
    @latchkey migrate "$@"

# Check the settings and the database, and print what is wrong
[group("run")]
doctor *options:
    @latchkey doctor "$@"

# Check lint and types, and test domain, application and architecture: seconds, for the inner loop
[group("verify")]
quick *arguments:
    ruff check --quiet
    mypy
    pytest -q tests/unit/domain tests/unit/application tests/unit/test_architecture.py "$@"

# Run everything that a change must pass: checks, Python tests and browser tests
[group("verify")]
test: verifiers _beside
    @echo "Ran check, tests and web-test; what was left out is named above."

[parallel] # each of them waits for half of its time
_beside: check tests web-test

# Install the libraries of the verifiers in docs/verifiers into .verifiers, where the tests run them
[group("verify")]
verifiers:
    #!/usr/bin/env bash
    set -euo pipefail
    pins=(docs/verifiers/package-lock.json docs/verifiers/requirements.lock)
    wanted=$(python -V; cat "${pins[@]}" | sha256sum)
    [[ "$(cat .verifiers/stamp 2>/dev/null || true)" != "$wanted" ]] || exit 0
    rm -rf .verifiers
    uv venv --quiet --python "$(command -v python)" .verifiers/python
    uv pip sync --quiet --require-hashes --python .verifiers/python docs/verifiers/requirements.lock
    if command -v npm >/dev/null; then
      cp docs/verifiers/package*.json .verifiers
      (cd .verifiers && unset NODE_ENV && npm ci --silent --no-audit --no-fund)
      echo "$wanted" > .verifiers/stamp
    fi

# Check lint, format, types and layers, without changing a file
[group("verify")]
check:
    ruff check
    ruff format --check
    mypy
    lint-imports

# Run the Python tests in four processes, since most of them wait; with arguments for pytest, in one
[group("verify")]
tests *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    if (($#)); then exec pytest "$@"; fi
    # The first time, compile the tests once, not in each process. What is wrong the run tells.
    compgen -G "tests/__pycache__/*pytest*" >/dev/null || pytest --collect-only -qq >/dev/null || true
    pytest -n 4 --dist loadscope

# Run the suites of the ports and the flow on the PostgreSQL whose programs are in a directory
[group("verify")]
test-postgres directory *arguments:
    LATCHKEY_TEST_POSTGRES="$(realpath "$1")" pytest tests/contract --deployment postgres \
        --ignore tests/contract/adapters/test_postgres_failover.py \
        --ignore tests/contract/adapters/test_embedded_postgres.py \
        --ignore tests/contract/adapters/test_embedded_identity.py "${@:2}"

# Build the web pages, check them, and run their unit tests
[group("verify")]
web-check:
    #!/usr/bin/env bash
    set -euo pipefail
    if ! command -v npm >/dev/null; then
      echo "LEFT OUT: all tests of the pages, which need Node 20." >&2
      [[ -z "${LATCHKEY_OMIT_NOTHING:-}" ]]
      exit
    fi
    NODE_ENV=production just web # as in a shell that is set up for the service (N9)
    unset NODE_ENV
    cd frontend
    npm run lint
    npm run typecheck
    npm run api -- --check
    npm run unit

# Check the web pages, run their unit tests and, if a Chromium is installed, the browser tests
[group("verify")]
web-test *arguments: web-check
    #!/usr/bin/env bash
    set -euo pipefail
    command -v npm >/dev/null || exit 0 # web-check has told what is left out
    export CHROMIUM_PATH="${CHROMIUM_PATH:-$(command -v chromium || true)}"
    export CHROMIUM_SHELL_PATH="${CHROMIUM_SHELL_PATH:-$(command -v chromium-headless-shell || true)}"
    if [[ ! -x "$CHROMIUM_PATH" ]]; then
      echo "LEFT OUT: the browser suite, which needs a Chromium (CHROMIUM_PATH)." >&2
      [[ -z "${LATCHKEY_OMIT_NOTHING:-}" ]]
      exit
    fi
    unset NODE_ENV
    cd frontend
    npm run e2e -- "$@"

# Fuzz the API and session lifecycles for SECONDS, or until stopped
[group("verify")]
fuzz seconds="":
    export LATCHKEY_FUZZ=1; until=$((SECONDS + ${1:-31536000})); \
        while ((SECONDS < until)); do pytest -qx tests/fuzz; done

# Simulate browsers for MINUTES (5) while workers and PostgreSQL are killed, and report what held
[group("verify")]
soak *options:
    @PYTHONPATH=tests python -m soak "$@"

# mail: kills while mails are sent. restore: a backup. lag: a standby takes over that has missed some
# seconds. image: a container. host: from a bare Debian. gap: replicas on a pair of servers. cells:
# two databases side by side.
# Rehearse one of mail, restore, lag, image, host, gap and cells, and report what held
[group("verify")]
drill name *options:
    @PYTHONPATH=tests python -m "soak.$1" "${@:2}"

# Test a running service against docs/flow.md: `just prove http://127.0.0.1:8000`
[group("verify")]
prove *arguments:
    @latchkey prove "$@"

# Load-test our own service, or `--base-url URL --email EMAIL` (needs wrk; takes some minutes)
[group("verify")]
bench *options:
    PYTHONPATH=tests python -m bench load "$@"

# Measure what a refresh costs PostgreSQL with 10^4 to 10^7 sessions, or with `--sessions`
[group("verify")]
bench-growth *options:
    PYTHONPATH=tests python -m bench growth "$@"

# Compare requests with 10^4 and with 10^6 users, and refreshes beside pruning, or with `--users`
[group("verify")]
bench-scale *options:
    PYTHONPATH=tests python -m bench scale "$@"

# Compare the CPU time of our own connection pool with asyncpg's
[group("verify")]
bench-pool *options:
    PYTHONPATH=tests python -m bench pool "$@"

# Compare the CPU time with a private key, and with metrics, with that of the defaults (needs wrk)
[group("verify")]
bench-options *options:
    PYTHONPATH=tests python -m bench options "$@"

# Profile a worker under each load (needs wrk)
[group("verify")]
bench-profile *options:
    PYTHONPATH=tests python -m bench profile "$@"

# Apply automatic lint fixes and formatting; the only recipe that edits code
[group("change")]
fix:
    ruff check --fix
    ruff format

# Regenerate docs/openapi.json and the front end's types
[group("change")]
openapi:
    latchkey openapi > docs/openapi.json
    [[ ! -d frontend/node_modules ]] || npm --prefix frontend run api

# Regenerate .env.example and the table of settings in docs/operations/settings.md
[group("change")]
settings:
    python tests/repository/settings_table.py

# Draft a migration from what the tables have beyond the migrations: `just migration "Add phones"`
[group("change")]
migration message:
    python tests/repository/draft_migration.py "$1"

# Regenerate the list of tests in docs/security.md from the tests' markers
[group("change")]
security:
    python tests/repository/security_table.py

# Pin every dependency with its hashes, for all platforms and Python versions
[group("change")]
lock *options:
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --all-extras --group dev --generate-hashes --no-emit-index-url \
        --custom-compile-command "just lock" --output-file requirements.lock "$@"
    uv pip compile --quiet --universal --python-version 3.11 --group release \
        --generate-hashes --no-emit-index-url \
        --custom-compile-command "just lock" --output-file release/requirements.lock "$@"
    uv pip compile docs/verifiers/requirements.txt --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url \
        --custom-compile-command "just lock" --output-file docs/verifiers/requirements.lock "$@"
    uv pip compile deploy/patroni/requirements.txt --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url \
        --custom-compile-command "just lock" --output-file deploy/patroni/requirements.lock "$@"

# NODE_ENV is a setting of the service (N9). Here it would leave out packages or break the build.

# Build the web pages into frontend/out, where `serve` finds them (needs Node 20)
[group("pages")]
web: _packages
    cd frontend && unset NODE_ENV && npm run build

# Serve the web pages from source on port 3000; needs a running `serve`
[group("pages")]
web-dev: _packages
    cd frontend && unset NODE_ENV && npm run dev

# Install the packages of the pages, unless those of the lock are installed
_packages:
    #!/usr/bin/env bash
    set -euo pipefail
    cd frontend && unset NODE_ENV
    wanted=$(node --version; cat package.json package-lock.json | sha256sum)
    [[ "$(cat node_modules/.stamp 2>/dev/null || true)" != "$wanted" ]] || exit 0
    npm ci --no-audit --no-fund # empties node_modules first
    echo "$wanted" > node_modules/.stamp

# Take the README's screenshots of the web pages
[group("pages")]
screenshots: web
    cd frontend && npm run screenshots

# Build the wheel and the source distribution into dist/
[group("release")]
build:
    pyproject-build --no-isolation --outdir dist

# Make the files of a release in dist/, check them, and tag the commit, or not with `--dry-run`
[group("release")]
release *options:
    @python -m release "$@"
