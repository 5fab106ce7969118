"""Which language a mail is written in, whatever is wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.mail.language import best_language

AVAILABLE = ("de", "en", "pt-BR")


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        (["de"], "de"),
        (["DE"], "de"),
        (["de-CH"], "de"),
        (["de-Latn-CH-1996"], "de"),
        (["fr", "de"], "de"),
        (["fr-CA", "de-AT", "en"], "de"),
        (["pt-br"], "pt-BR"),
        (["pt"], "en"),
        (["d", "e-n"], "en"),
        (["", "-", "fr"], "en"),
        ([], "en"),
    ],
)
def test_the_wanted_language_that_is_available_is_chosen(wanted: list[str], best: str) -> None:
    assert best_language(wanted, AVAILABLE, "en") == best


@given(st.lists(st.text()))
def test_nothing_that_was_wanted_is_ever_returned_as_it_is(wanted: list[str]) -> None:
    assert best_language(wanted, AVAILABLE, "fallback") in {*AVAILABLE, "fallback"}
