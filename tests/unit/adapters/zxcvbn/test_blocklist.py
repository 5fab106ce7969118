"""The list itself, and when it is read."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Final

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped] # has none

from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist, blocklist
from latchkey.domain.accounts.password import Password, check_new_password
from latchkey.domain.kernel.errors import InvalidInputError

_PUBLISHED: Final[list[str]] = FREQUENCY_LISTS["passwords"]


@pytest.mark.requirement("PW-7")
def test_every_password_of_the_published_list_is_common() -> None:
    common = ZxcvbnPasswordBlocklist()

    assert len(_PUBLISHED) >= 3000
    assert all(common.contains(password) for password in _PUBLISHED)


@pytest.mark.parametrize("password", ["PASSWORD1", "pASSWORD1", "Password1"])
def test_a_common_password_is_common_in_any_case(password: str) -> None:
    assert ZxcvbnPasswordBlocklist().contains(password)


@pytest.mark.parametrize(
    "password", ["", "password1 ", "correct horse battery staple", "pass word 1"]
)
def test_any_other_password_is_not(password: str) -> None:
    assert not ZxcvbnPasswordBlocklist().contains(password)


@pytest.mark.requirement("PW-7")
def test_the_names_of_the_service_are_common_in_any_case() -> None:
    common = ZxcvbnPasswordBlocklist(service_words=("Straße-24",))

    assert ZxcvbnPasswordBlocklist().contains("LatchKey")
    assert common.contains("STRASSE-24")


@pytest.mark.parametrize("password", ["password1", "Latchkey"])
def test_the_policy_refuses_a_common_password(password: str) -> None:
    with pytest.raises(InvalidInputError, match="most common"):
        check_new_password(
            Password(password),
            name="Ada",
            email="ada@example.org",
            blocklist=ZxcvbnPasswordBlocklist(),
        )


def test_the_list_is_read_once_and_not_before_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def frequency_lists(*names: str) -> Iterator[list[str]]:
        read.extend(names)
        yield ["x"]

    monkeypatch.setattr(blocklist, "frequency_lists", frequency_lists)

    common = ZxcvbnPasswordBlocklist()
    before = list(read)
    answers = [common.contains("x"), common.contains("y"), common.contains("X")]

    assert (before, read) == ([], ["passwords"])
    assert answers == [True, False, True]


def test_nothing_else_of_the_package_is_loaded() -> None:
    program = (
        "import sys; from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist as B;"
        "assert B().contains('password1');"
        "print([name for name in sys.modules if name.startswith('zxcvbn')])"
    )

    printed = subprocess.check_output([sys.executable, "-c", program], text=True)  # noqa: S603 - our own program

    assert printed.strip() == "[]"
