"""The service uses the cores that it may run on."""

import os

import pytest

from latchkey.entrypoints.cores import cores
from latchkey.entrypoints.settings import from_env

PRODUCTION = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql://u@h/db",
    "JWT_SECRET": os.urandom(32).hex(),
    "ALLOWED_HOSTS": "auth.example.com",
}


@pytest.fixture
def one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run on the first core of many, as `taskset` makes a process do."""
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("only Linux has CPU affinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})


@pytest.mark.usefixtures("one_core")
def test_cores_that_the_process_may_not_use_do_not_count() -> None:
    assert cores() == 1
    assert from_env(PRODUCTION).server.workers == 1
