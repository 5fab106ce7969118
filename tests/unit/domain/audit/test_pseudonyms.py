"""Names in the audit log for what must not be there as it is."""

import pytest

from latchkey.domain.audit.pseudonyms import Pseudonyms

pytestmark = pytest.mark.requirement("LG-12")


def test_a_pseudonym_is_the_truncated_hmac_of_the_rfc() -> None:
    pseudonyms = Pseudonyms(b"\x0c" * 20)

    name = pseudonyms.of("Test With Truncation")  # RFC 4231, section 4.6

    assert name == "a3b6167473100ee06e0c796c2955552b"


def test_another_key_gives_other_pseudonyms() -> None:
    names = {Pseudonyms(bytes([number]) * 32).of("ada@example.org") for number in range(9)}

    assert len(names) == 9
