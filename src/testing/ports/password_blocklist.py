"""What a list of common passwords promises."""

import pytest

from latchkey.domain.accounts.password import PasswordBlocklist


class PasswordBlocklistSuite:
    """All that a list of common passwords promises. Asks for the fixture `blocklist`."""

    @pytest.mark.parametrize(
        "password", ["12345678", "password", "qwertyuiop", "iloveyou", "password1", "trustno1"]
    )
    def test_what_everybody_tries_is_common(
        self, blocklist: PasswordBlocklist, password: str
    ) -> None:
        assert blocklist.contains(password)

    @pytest.mark.parametrize("password", ["PASSWORD", "Password", "pASSWORD", "ILoveYou"])
    def test_case_makes_no_difference(self, blocklist: PasswordBlocklist, password: str) -> None:
        assert blocklist.contains(password)

    def test_the_name_of_the_service_is_common(self, blocklist: PasswordBlocklist) -> None:
        assert blocklist.contains("Latchkey")

    @pytest.mark.parametrize(
        "password", ["", "a horse, a staple, 4 batteries", "\ud800", "pass\0word"]
    )
    def test_what_nobody_tries_is_not_common(
        self, blocklist: PasswordBlocklist, password: str
    ) -> None:
        assert not blocklist.contains(password)
