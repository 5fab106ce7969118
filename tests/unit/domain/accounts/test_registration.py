"""Which addresses may register, by their domains."""

import pytest

from latchkey.domain.accounts.registration import RegistrationDomains
from latchkey.testing.factories import address


@pytest.mark.parametrize(
    ("names", "email", "is_included"),
    [
        ([], "ada@anything.example", True),
        (["example.org"], "ada@example.org", True),
        (["example.org"], "ADA@EXAMPLE.ORG", True),
        (["example.com", "example.org"], "ada@example.org", True),
        (["xn--bcher-kva.example"], "ada@b\u00fccher.example", True),
        (["example.org"], "ada@mail.example.org", False),
        (["mail.example.org"], "ada@example.org", False),
        (["example.org"], "ada@example.org.example.com", False),
        (["example.org"], "ada@badexample.org", False),
        (["fass.example"], "ada@fa\u00df.example", False),
    ],
)
def test_only_addresses_of_the_domains_are_included(
    names: list[str],
    email: str,
    is_included: bool,  # noqa: FBT001 - given by pytest
) -> None:
    domains = RegistrationDomains(names=frozenset(names))

    assert domains.include(address(email)) is is_included
