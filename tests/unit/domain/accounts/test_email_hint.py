"""What of an e-mail address is shown to somebody who may know it already."""

import pytest

from latchkey.domain.accounts.email_address import EmailAddress


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("grace@example.org", "g…@example.org"),
        ("g@Bücher.example", "g…@Bücher.example"),
        ('"a@b"@example.org', '"…@example.org'),
    ],
)
def test_a_hint_has_the_first_character_and_the_domain(text: str, hint: str) -> None:
    assert EmailAddress(text, text).hint == hint
