"""Passwords hashed with bcrypt, at the least cost it knows."""

from collections.abc import Iterator

import pytest

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.testing.ports.password_hasher import PasswordHasherSuite


@pytest.fixture
def hasher() -> Iterator[BcryptPasswordHasher]:
    hasher = BcryptPasswordHasher(rounds=4, workers=1, queue=8)
    yield hasher
    hasher.close()


class TestBcryptPasswordHasher(PasswordHasherSuite):
    pass
