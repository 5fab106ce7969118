"""Common passwords as zxcvbn counts them."""

import pytest

from adapters.zxcvbn import ZxcvbnPasswordBlocklist
from contract.ports.password_blocklist import PasswordBlocklistSuite


@pytest.fixture(scope="module")
def blocklist() -> ZxcvbnPasswordBlocklist:
    return ZxcvbnPasswordBlocklist()


class TestZxcvbnPasswordBlocklist(PasswordBlocklistSuite):
    pass
