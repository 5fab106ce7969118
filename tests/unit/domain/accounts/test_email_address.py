"""E-mail addresses: what may be one, and which two are the same."""

from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latchkey.domain.accounts.email_address import MAX_EMAIL_BYTES, EmailAddress
from latchkey.domain.kernel.errors import InvalidInputError, Violation

LONGEST = f"{'a' * 64}@{'.'.join(['b' * 63, 'c' * 63, 'd' * 61])}"


def canonical(text: str) -> str:
    return EmailAddress.parse(text).canonical


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada@example.org", "ada@example.org"),
        ("Ada.LOVELACE@Example.ORG", "ada.lovelace@example.org"),
        ("ada+tag@example.org", "ada+tag@example.org"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ("ada@b\u3002example", "ada@b.example"),
        ("ÄDA@example.org", "Äda@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
        ("'; DROP TABLE users; --@example.org".replace(" ", ""), "';droptableusers;--@example.org"),
        ('"<script>"@example.org', '"<script>"@example.org'),
    ],
)
def test_an_address_has_one_canonical_form(text: str, expected: str) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("k\u0131m@example.org", "kim@example.org"),  # dotless i
        ("\u0130da@example.org", "ida@example.org"),  # I with a dot
        ("\u017fam@example.org", "sam@example.org"),  # long s
        ("\uff41da@example.org", "ada@example.org"),  # full-width a
        ("stra\u00dfe@example.org", "strasse@example.org"),
        ("\u00e4da@example.org", "\u00c4da@example.org"),  # only ASCII letters are folded
        ("\u0430da@example.org", "ada@example.org"),  # Cyrillic a
        ("ada@example.org", "ada@example.org."),
        ("a.da@example.org", "ada@example.org"),
    ],
)
def test_addresses_that_only_look_alike_are_different(one: str, another: str) -> None:
    assert canonical(one) != canonical(another)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("zo\u00eb@example.org", "zoe\u0308@example.org"),  # NFC and NFD
        ("\u212aim@example.org", "kim@example.org"),  # the Kelvin sign is a K by NFC
        ("ada@b\u00fccher.example", "ada@bu\u0308cher.example"),
        ("ada@\uff45xample.org", "ada@example.org"),  # IDNA folds widths
    ],
)
def test_spellings_of_one_address_are_the_same(one: str, another: str) -> None:
    assert canonical(one) == canonical(another)


def test_an_address_is_shown_as_given() -> None:
    address = EmailAddress.parse("Ada@B\u00fccher.example")

    assert str(address) == address.text == "Ada@B\u00fccher.example"


def test_an_address_is_kept_in_nfc() -> None:
    address = EmailAddress.parse("Zoe\u0308@example.org")

    assert address.text == "Zo\u00eb@example.org"


@pytest.mark.parametrize("text", ["", "ada", "@", "ada@", "@example.org", "a@b@c", "a@@b", "@@"])
def test_an_address_has_one_at_with_something_on_both_sides(text: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        EmailAddress.parse(text)

    message = "must have exactly one @, with text on both sides"
    assert refusal.value.violations == (Violation("email", message),)


@pytest.mark.parametrize(
    "character",
    [" ", "\t", "\r", "\n", "\x00", "\x1b", "\x7f", "\u0085", "\u00a0", "\u00ad", "\u200b",
     "\u200d", "\u200f", "\u202e", "\u2028", "\u2029", "\u3000", "\ufeff", "\ud800"],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}a@b.c", "a{}b@c.d", "a@b{}c.d", "a@b.c{}"])
def test_an_address_has_no_blanks_or_control_characters(around: str, character: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        EmailAddress.parse(around.format(character))

    message = "must not contain spaces or control characters"
    assert refusal.value.violations == (Violation("email", message),)


@pytest.mark.parametrize(
    "domain", [".", ".example", "a..b", "a..", "b" * 64, "\u00fc" * 64, "b\u2026c.example"]
)
def test_an_address_has_a_domain_that_idna_takes(domain: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        EmailAddress.parse(f"a@{domain}")

    assert refusal.value.violations == (Violation("email", "must have a valid domain"),)


@pytest.mark.parametrize("domain", ["b\uff20c.example", "b\ufe6bc.example", "b\ufc5e"])
def test_a_domain_has_nothing_of_which_idna_makes_an_at_or_a_blank(domain: str) -> None:
    with pytest.raises(InvalidInputError):
        EmailAddress.parse(f"a@{domain}")


def test_an_address_may_have_254_bytes() -> None:
    address = EmailAddress.parse(LONGEST)

    assert len(address.text.encode()) == MAX_EMAIL_BYTES == 254


@pytest.mark.parametrize(
    "text",
    [
        f"a{LONGEST}",
        f"\u00e4{LONGEST[1:]}",  # as many characters, one byte more
        "a@" + "\u00fc." * 60 + "example",  # its IDNA form is longer than it is
        f"{'a' * 16_000}@example.org",
    ],
)
def test_an_address_has_at_most_254_bytes(text: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        EmailAddress.parse(text)

    assert refusal.value.violations == (Violation("email", "must have at most 254 bytes"),)


@pytest.mark.parametrize("domain", ["\u00fc" * 16_000, "\u00fc." * 8_000])
def test_a_long_domain_is_refused_before_idna_has_its_work_with_it(domain: str) -> None:
    before = process_time()

    with pytest.raises(InvalidInputError):
        EmailAddress.parse(f"a@{domain}")

    assert process_time() - before < 0.03


def test_a_refusal_never_repeats_the_address() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        EmailAddress.parse("canary\r\nForged: line@example.org")

    assert "canary" not in str(refusal.value)


@given(text=st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        form = canonical(text)
    except InvalidInputError:
        form = "refused@"

    assert form.count("@") == 1


@given(local=st.text(min_size=1, max_size=20), domain=st.text(min_size=1, max_size=20))
@example(local="a", domain="\ufc5e")
def test_a_canonical_form_is_its_own_canonical_form(local: str, domain: str) -> None:
    try:
        once = canonical(f"{local}@{domain}")
    except InvalidInputError:
        return

    assert canonical(once) == once
