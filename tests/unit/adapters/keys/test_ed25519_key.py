"""A kind of key that is not shipped keeps the same promises: nothing in them is about secrets."""

import pytest

from ed25519_key import Ed25519Key
from unit.adapters.keys.suite import KeySuite


@pytest.fixture
def key() -> Ed25519Key:
    return Ed25519Key.of(b"k" * 32)


@pytest.fixture
def foreign() -> Ed25519Key:
    return Ed25519Key.of(b"f" * 32)


class TestEd25519Key(KeySuite):
    pass
