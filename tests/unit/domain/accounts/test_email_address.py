"""E-mail addresses: which two are the same, and which may be set."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latchkey.adapters.idna import IdnaDomainNames
from latchkey.domain.accounts.email_address import MAX_EMAIL_BYTES, EmailAddress, EmailAddressParser
from latchkey.domain.kernel.errors import InvalidInputError, Violation

LONGEST = f"{'a' * 64}@{'.'.join(['b' * 63, 'c' * 63, 'd' * 61])}"
PARSER = EmailAddressParser(domains=IdnaDomainNames())
DEVELOPMENT = EmailAddressParser(domains=IdnaDomainNames(), min_labels=1)

TOO_LONG = Violation("email", "must have at most 254 bytes")
DOMAIN = Violation("email", "must have a valid domain")
LOCAL = Violation("email", "must not have quotes, brackets, commas or stray dots before the @")
LONG_LOCAL = Violation("email", "must have at most 64 bytes before the @")


def canonical(text: str) -> str:
    return PARSER.parse(text).canonical


def parsed_if_new(text: str) -> EmailAddress | None:
    try:
        return PARSER.parse_new(text)
    except InvalidInputError:
        return None


def violations_of_new(text: str, parser: EmailAddressParser = PARSER) -> tuple[Violation, ...]:
    try:
        parser.parse_new(text)
    except InvalidInputError as refusal:
        return refusal.violations
    return ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada@example.org", "ada@example.org"),
        ("Ada.LOVELACE@Example.ORG", "ada.lovelace@example.org"),
        ("ada+tag@example.org", "ada+tag@example.org"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ("ada@stra\u00dfe.example", "ada@xn--strae-oqa.example"),
        ("ada@b\u3002example", "ada@b.example"),
        ("ÄDA@example.org", "Äda@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
    ],
)
def test_an_address_has_one_canonical_form(text: str, expected: str) -> None:
    assert canonical(text) == expected
    assert PARSER.parse_new(text) == PARSER.parse(text)


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
        ("a.da@example.org", "ada@example.org"),
        ("ada@fa\u00df.example", "ada@fass.example"),  # two domains with two owners, each
        ("ada@stra\u00dfe.example", "ada@strasse.example"),
        ("a@\u03b2\u03cc\u03bb\u03bf\u03c2.example", "a@\u03b2\u03cc\u03bb\u03bf\u03c3.example"),
        ("ada@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example",  # a joiner counts
         "ada@\u0646\u0627\u0645\u0647\u0627\u06cc.example"),
    ],
)  # fmt: skip
def test_addresses_that_only_look_alike_are_different(one: str, another: str) -> None:
    assert canonical(one) != canonical(another)
    assert parsed_if_new(one)
    assert parsed_if_new(another)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("zo\u00eb@example.org", "zoe\u0308@example.org"),  # NFC and NFD
        ("\u212aim@example.org", "kim@example.org"),  # the Kelvin sign is a K by NFC
        ("ada@b\u00fccher.example", "ada@bu\u0308cher.example"),
        ("ada@\uff45xample.org", "ada@example.org"),  # UTS 46 folds widths
        ("ada@stra\u00dfe.example", "ada@xn--strae-oqa.example"),
        ("ada@STRA\u1e9eE.example", "ada@xn--strae-oqa.example"),
    ],
)
def test_spellings_of_one_address_are_the_same(one: str, another: str) -> None:
    assert canonical(one) == canonical(another)


def test_an_address_is_shown_as_given() -> None:
    address = PARSER.parse_new("Ada@B\u00fccher.example")

    assert str(address) == address.text == "Ada@B\u00fccher.example"


def test_an_address_is_kept_in_nfc() -> None:
    address = PARSER.parse_new("Zoe\u0308@example.org")

    assert address.text == "Zo\u00eb@example.org"


@pytest.mark.parametrize("text", ["", "ada", "@", "ada@", "@example.org", "a@b@c", "a@@b", "@@"])
def test_an_address_has_one_at_with_something_on_both_sides(text: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        PARSER.parse(text)

    message = "must have exactly one @, with text on both sides"
    assert refusal.value.violations == (Violation("email", message),)


@pytest.mark.parametrize(
    "character",
    [" ", "\t", "\r", "\n", "\x00", "\x1b", "\x7f", "\u0085", "\u00a0", "\u00ad", "\u200b",
     "\u200f", "\u202e", "\u2028", "\u2029", "\u3000", "\ufeff", "\ud800"],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}a@b.c", "a{}b@c.d", "a@b{}c.d", "a@b.c{}"])
def test_an_address_has_no_blanks_or_control_characters(around: str, character: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        PARSER.parse(around.format(character))

    message = "must not contain spaces or control characters"
    assert refusal.value.violations == (Violation("email", message),)


@pytest.mark.parametrize("text", ["a\u200db@example.org", "\u200ca@example.org"])
def test_a_local_part_has_no_joiners(text: str) -> None:
    with pytest.raises(InvalidInputError):
        PARSER.parse(text)


@pytest.mark.parametrize(
    "domain",
    [".", ".example", "a..b", "a..", "b" * 64 + ".example", "\u00fc" * 64 + ".example",
     "b\u2026c.example", "example.org.", "example.org\u3002", "\u2603.example", "xn--n3h.example",
     "foo_bar.example", "-a.example", "a-.example", "ab--cd.example", "xn--.example",
     "xn--a.example", "a\u200db.example", "192.0.2.1", "[192.0.2.1]", "[IPv6:2001:db8::1]",
     "example.org(x)", "example.org,x", "example.org>", "x<y.example", "example.org:25",
     "example.org;x", "a%b.example", "b\uff20c.example", "b\ufe6bc.example", "b\ufc5ec.example",
     "example", "localhost", "1.2", "a/b.example", "\\.example", "*.example"],
)  # fmt: skip
def test_a_new_address_has_the_domain_of_a_host(domain: str) -> None:
    assert violations_of_new(f"a@{domain}") == (DOMAIN,)
    assert PARSER.parse(f"a@{domain}").text == f"a@{domain}"


def test_in_development_a_host_of_one_label_will_do() -> None:
    assert violations_of_new("admin@localhost", DEVELOPMENT) == ()
    assert violations_of_new("admin@foo_bar", DEVELOPMENT) == (DOMAIN,)
    assert violations_of_new("admin@1", DEVELOPMENT) == (DOMAIN,)


@pytest.mark.parametrize(
    "local",
    ['"ada"', '"a"b', "x<victim", "a:victim", "victim,x", "a;b", "(c)ada", "ada(c)", "a[b]",
     "a\\b", ".ada", "ada.", "a..b", ".", '"<script>"', "';droptable"],
)  # fmt: skip
def test_a_new_address_has_a_dot_atom_before_the_at(local: str) -> None:
    assert violations_of_new(f"{local}@example.org") == (LOCAL,)
    assert PARSER.parse(f"{local}@example.org").text == f"{local}@example.org"


@pytest.mark.parametrize(
    "local", ["a", "a.b.c", "!#$%&'*+-/=?^_`{|}~", "a-b", "\u00e4", "\u674e.\u5c0f\u9f99", "a" * 64]
)
def test_a_dot_atom_may_be_set(local: str) -> None:
    assert violations_of_new(f"{local}@example.org") == ()


@pytest.mark.parametrize("local", ["a" * 65, "\u00e4" * 33])
def test_a_new_address_has_at_most_64_bytes_before_the_at(local: str) -> None:
    assert violations_of_new(f"{local}@example.org") == (LONG_LOCAL,)
    assert PARSER.parse(f"{local}@example.org").text == f"{local}@example.org"


def test_an_address_may_have_254_bytes() -> None:
    address = PARSER.parse_new(LONGEST)

    assert len(address.text.encode()) == MAX_EMAIL_BYTES == 254


@pytest.mark.parametrize(
    "text",
    [
        f"a{LONGEST}",
        f"\u00e4{LONGEST[1:]}",  # as many characters, one byte more
        f"{'a' * 64}@" + "\u00fc." * 25 + "example",  # its ASCII form is longer than it is
        f"{'a' * 16_000}@example.org",
    ],
)
def test_an_address_has_at_most_254_bytes(text: str) -> None:
    assert violations_of_new(text) == (TOO_LONG,)


def test_a_refusal_never_repeats_the_address() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        PARSER.parse("canary\r\nForged: line@example.org")

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
@example(local="a", domain="example.org\u3002")
def test_a_canonical_form_is_its_own_canonical_form(local: str, domain: str) -> None:
    try:
        once = canonical(f"{local}@{domain}")
    except InvalidInputError:
        return

    assert canonical(once) == once


LABELS = st.text(
    alphabet=st.characters(categories=["Ll", "Lo", "Nd", "Mn"]), min_size=1, max_size=8
)


@given(local=st.text(min_size=1, max_size=20), domain=st.lists(LABELS, min_size=1, max_size=3))
@example(local="ada", domain=["stra\u00dfe", "example"])
def test_an_address_that_may_be_set_is_one_mailbox(local: str, domain: list[str]) -> None:
    address = parsed_if_new(f"{local}@{'.'.join(domain)}")
    if address is None:
        return

    left, _, right = address.canonical.partition("@")
    assert right.isascii()
    assert right == right.lower()
    assert not set(right) - set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert not set(left) & set('"(),:;<>@[\\] \t\r\n')
    assert PARSER.parse_new(address.canonical).canonical == address.canonical
