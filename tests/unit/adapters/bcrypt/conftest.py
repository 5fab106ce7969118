"""A hasher with one thread and two places to wait, and gauges on bcrypt."""

from collections.abc import Iterator

import bcrypt
import pytest

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from unit.adapters.bcrypt.gauges import ROUNDS, Gate, Meter


@pytest.fixture
def hasher() -> Iterator[BcryptPasswordHasher]:
    hasher = BcryptPasswordHasher(rounds=ROUNDS, workers=1, queue=2)
    yield hasher
    hasher.close()


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    meter = Meter()
    for name in ("hashpw", "checkpw"):
        monkeypatch.setattr(bcrypt, name, meter.watch(getattr(bcrypt, name)))
    return meter


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(bcrypt, "hashpw", gate.hashpw)
    yield gate
    gate.opened.set()
