# The whole vocabulary of working on Latchkey. `./justw` lists it, `./justw RECIPE` runs a recipe
# and needs nothing but python3.

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")

_list:
    @just --justfile "{{ justfile() }}" --list --unsorted

# Start the service, with an embedded PostgreSQL where DATABASE_URL is unset
[group("run")]
serve *options:
    @latchkey serve "$@"

# Start the service with a user and orders to try it on
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
test: check suites

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

# Hold a running service to the documented flow: `just prove http://127.0.0.1:8000`
[group("verify")]
prove url *arguments:
    pytest tests/contract/flow --base-url "$@"

# Mend what a machine can mend: the only recipe that edits the code
[group("change")]
fix:
    ruff check --fix
    ruff format

# Pin every dependency with its hashes, for all platforms and Pythons
[group("change")]
lock *options:
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --all-extras --group dev --generate-hashes --no-emit-index-url \
        --custom-compile-command "just lock" --output-file requirements.lock "$@"

# Build the wheel and the source distribution into dist/
[group("release")]
build:
    pyproject-build --no-isolation --outdir dist
