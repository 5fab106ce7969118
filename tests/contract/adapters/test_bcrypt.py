"""Passwords hashed with bcrypt, at nearly the least cost it knows."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.testing.ports import PasswordHasherSuite


@pytest.fixture
def hasher() -> Iterator[BcryptPasswordHasher]:
    with closing(BcryptPasswordHasher(rounds=5, workers=1, queue=8)) as hasher:
        yield hasher


@pytest.fixture
async def outdated_hash() -> PasswordHash:
    with closing(BcryptPasswordHasher(rounds=4, workers=1, queue=8)) as weaker:
        return await weaker.hash(Password("correct horse"))


class TestBcryptPasswordHasher(PasswordHasherSuite):
    pass
