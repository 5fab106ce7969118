"""What an `Accept-Language` wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.entrypoints.http.languages import languages_of


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", ()),
        ("de", ("de",)),
        ("de-CH, en", ("de-CH", "en")),
        ("en;q=0.5, de;q=0.8 ,fr", ("fr", "de", "en")),
        ("en;q=0.8,de;q=0.8", ("en", "de")),
        ("de;q=0, en", ("en",)),
        ("*, de;q=0.1", ("de",)),
        ("de ; q=1.000", ("de",)),
        ("de;q=2, <script>, en", ("en",)),
        (",,;q=1", ()),
    ],
)
def test_the_languages_come_in_the_order_of_their_weight(
    header: str, wanted: tuple[str, ...]
) -> None:
    assert languages_of(header) == wanted


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    for language in languages_of(header):
        assert language.replace("-", "").isalnum()


def test_a_long_header_is_cut() -> None:
    assert len(languages_of("de," * 10_000)) < 100
