"""The two schemes, and what is neither."""

import base64
import hashlib

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.bcrypt import stored_hash
from latchkey.adapters.bcrypt.stored_hash import StoredHash
from unit.adapters.bcrypt.vectors import UNREADABLE

_COST = 4


def _is_right(password: str, encoded: str) -> bool:
    found = StoredHash.parse(encoded)
    return found is not None and found.matches(password)


@pytest.mark.parametrize("password", ["password", "0" * 71, "€" * 23])
def test_below_72_bytes_a_hash_is_one_that_any_bcrypt_reads(password: str) -> None:
    encoded = stored_hash.make(password, _COST)

    assert encoded.startswith("$2b$04$")
    assert bcrypt.checkpw(password.encode(), encoded.encode())


@pytest.mark.requirement("PW-10")
@pytest.mark.parametrize("password", ["0" * 72, "€" * 24, "\U0001f98a" * 128])
def test_from_72_bytes_on_a_hash_says_that_it_is_prehashed(password: str) -> None:
    encoded = stored_hash.make(password, _COST)

    assert encoded.startswith("$bcrypt-sha256$v=2,t=2b,r=4$")
    assert _is_right(password, encoded)


def test_no_password_is_cut_at_72_bytes() -> None:
    shorter, longer = "0" * 71, "0" * 72
    of_shorter, of_longer = (stored_hash.make(password, _COST) for password in (shorter, longer))

    assert not _is_right(longer, of_shorter)
    assert not _is_right(shorter, of_longer)
    assert not _is_right("0" * 73, of_longer)


@pytest.mark.requirement("PW-10")
def test_a_prehash_can_not_be_tried_with_hashes_from_elsewhere() -> None:
    password = "0" * 73
    _, _, _, salt, digest = stored_hash.make(password, _COST).split("$")
    plain = f"$2b$04${salt}{digest}".encode()

    shucked = base64.b64encode(hashlib.sha256(password.encode()).digest())

    assert not bcrypt.checkpw(shucked, plain)


def test_hashes_of_one_password_differ() -> None:
    for password in ("0" * 71, "0" * 72):
        assert stored_hash.make(password, _COST) != stored_hash.make(password, _COST)


@pytest.mark.parametrize("encoded", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_hash_of_another_form_is_not_read(encoded: str) -> None:
    assert StoredHash.parse(encoded) is None


@given(st.from_regex(r"\$2[aby]\$0[4-5]\$[./A-Za-z0-9]{53}", fullmatch=True))
def test_whatever_is_read_can_be_checked(encoded: str) -> None:
    assert not _is_right("password", encoded)


def test_no_hash_is_shown() -> None:
    encoded = stored_hash.make("password", _COST)

    shown = repr(StoredHash.parse(encoded))

    assert encoded[-53:-31] not in shown
    assert encoded[-31:] not in shown
