"""Users' display names."""

import pytest

from latchkey.domain.accounts.user import check_name
from latchkey.domain.kernel.errors import InvalidInputError, Violation


@pytest.mark.parametrize(
    "name", ["A", "Ada Lovelace", " Ada ", "Zoë 🦊", "李", "a" * 200, "🦊" * 200]
)
def test_1_to_200_characters_are_a_name(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", " ", "\u3000\u00a0", "a" * 201])
def test_nothing_and_too_much_are_none(name: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_name(name)

    assert refusal.value.violations == (Violation("name", "must have 1 to 200 characters"),)


@pytest.mark.parametrize("character", ["\x00", "\n", "\r", "\x1b", "\x7f", "\x9f", "\udfff"])
def test_a_name_has_no_control_characters(character: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_name(f"Ada{character}Lovelace")

    assert refusal.value.violations == (Violation("name", "must not have control characters"),)
