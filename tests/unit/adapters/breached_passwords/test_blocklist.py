"""A list with breached passwords beside the common ones."""

from hashlib import sha1
from pathlib import Path

import pytest

from latchkey.adapters.breached_passwords import BreachedPasswordBlocklist, PrefixFile, write
from latchkey.domain.accounts.password import Password, check_new_password
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.testing.fakes import WordList

KNOWN = "Grüße aus Zürich, 1987"


@pytest.fixture
def blocklist(tmp_path: Path) -> BreachedPasswordBlocklist:
    with (tmp_path / "breached").open("wb") as file:
        write([sha1(KNOWN.encode()).hexdigest()], file)  # noqa: S324 - as published
    return BreachedPasswordBlocklist(WordList(), PrefixFile(tmp_path / "breached"))


def faults(text: str, blocklist: BreachedPasswordBlocklist) -> list[str]:
    try:
        check_new_password(Password(text), name="Ada", email="a@b.example", blocklist=blocklist)
    except InvalidInputError as error:
        return [each.message for each in error.violations]
    return []


@pytest.mark.requirement("PW-7")
def test_a_breached_password_is_refused_and_says_why(blocklist: BreachedPasswordBlocklist) -> None:
    assert faults(KNOWN, blocklist) == ["is known from a breach, here or elsewhere"]


@pytest.mark.parametrize("other", [KNOWN.lower(), f"{KNOWN}!", f" {KNOWN}"])
def test_another_password_is_accepted(blocklist: BreachedPasswordBlocklist, other: str) -> None:
    assert faults(other, blocklist) == []
