"""The program can be ended from its first moment on, and does not load what it does not need."""

import resource
import subprocess
import sys
from typing import Final

import pytest

HEAVY: Final = ("litestar", "sqlalchemy", "asyncpg", "granian", "alembic", "dependency_injector")
MIGRATING: Final = ("advanced_alchemy", "alembic", "sqlalchemy.orm")
MOST_CPU_TIME: Final = 0.4  # s
ROUNDS: Final = 5

RUN: Final = """
import sys
from latchkey.entrypoints.program import run
sys.argv = ["latchkey", *sys.argv[1:]]
try:
    run()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""
SERVE: Final = "import sys, latchkey.entrypoints.cli.serve; print(*sys.modules)"
AT_EACH_STEP: Final = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(f"latchkey.entrypoints.cli.{name}")
    print(name, *sys.modules)
"""
COLLECTS: Final = """
import gc
from latchkey.entrypoints.cli import main
main(["secrets"], standalone_mode=False)
print(gc.isenabled())
"""
FIRST_HANDLER: Final = """
import signal, sys
def handle(number, handler):
    print(number, "click" in sys.modules)
    sys.exit()
signal.signal = handle
from latchkey.entrypoints.program import run
run()
"""


def python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )


def cpu_time_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("command", ["--help", "--version", "secrets"])
def test_a_command_without_a_database_loads_nothing_heavy(command: str) -> None:
    loaded = set(python(RUN, command).stderr.split())

    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_commands_with_a_database_load_no_server() -> None:
    modules = ("operation", "accounts", "audit", "mail", "sessions")
    for line in python(AT_EACH_STEP, *modules).stdout.splitlines():
        module, *loaded = line.split()

        assert "asyncpg" in loaded
        assert not {"litestar", "granian", *MIGRATING} & set(loaded), module


def test_the_service_loads_the_framework_but_neither_orm_nor_alembic() -> None:
    loaded = set(python(SERVE).stdout.split())

    assert {"litestar", "granian", "latchkey.entrypoints.http.app"} <= loaded
    assert loaded.isdisjoint(MIGRATING)


def test_migrations_can_still_be_loaded_after_the_framework() -> None:
    program = (
        "import latchkey.entrypoints.http, latchkey.adapters.postgres.migrations as m; print(m)"
    )

    assert "migrations" in python(program).stdout


def test_help_takes_little_cpu_time() -> None:
    taken = []
    for _ in range(ROUNDS):
        before = cpu_time_of_children()
        python(RUN, "--help")
        taken.append(cpu_time_of_children() - before)

    assert min(taken) < MOST_CPU_TIME


def test_a_command_runs_with_the_garbage_collector() -> None:
    assert python(COLLECTS).stdout.splitlines()[-1] == "True"


def test_sigterm_is_handled_before_the_command_line_is_loaded() -> None:
    assert python(FIRST_HANDLER).stdout.split() == ["15", "False"]
