"""Domain names: which are the same, and which are none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latchkey.adapters.idna import IdnaDomainNames

DOMAINS = IdnaDomainNames()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("example.com", "example.com"),
        ("EXAMPLE.Com", "example.com"),
        ("localhost", "localhost"),
        ("fa\u00df.example", "xn--fa-hia.example"),
        ("FA\u1e9e.example", "xn--fa-hia.example"),
        ("XN--FA-HIA.example", "xn--fa-hia.example"),
        ("fass.example", "fass.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("\uff45xample\uff0ecom", "example.com"),
        ("3com.example", "3com.example"),
    ],
)
def test_spellings_of_a_name_have_one_ascii_form(name: str, expected: str) -> None:
    assert DOMAINS.to_ascii(name) == expected


@pytest.mark.parametrize(
    "name",
    ["", ".", "a..b", ".a", "a.", "a\u3002", "a b", "a_b", "a@b", "a\uff20b", "a\nb", "a\0b", "-a",
     "a-", "ab--cd", "xn--", "xn--a", "xn--n3h", "\u2603", "\u05d0b", "a\u200db", "\ud800",
     "a" * 64, ".".join(["a" * 50] * 6)],
)  # fmt: skip
def test_what_no_host_is_called_has_none(name: str) -> None:
    assert DOMAINS.to_ascii(name) is None


@given(name=st.text(max_size=80) | st.from_regex(r"(xn--)?[a-z0-9-]{1,12}(\.xn--[a-z0-9-]{1,9})?"))
@example(name="xn--\u00fc")
@example(name="\u2488com")
def test_an_ascii_form_is_its_own(name: str) -> None:
    form = DOMAINS.to_ascii(name)
    if form is None:
        return

    assert DOMAINS.to_ascii(form) == DOMAINS.to_ascii(form.upper()) == form
    assert not set(form) - set("abcdefghijklmnopqrstuvwxyz0123456789-.")
