"""Common passwords as zxcvbn counts them."""

import pytest

from contract.ports.password_blocklist import PasswordBlocklistSuite
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist


@pytest.fixture(scope="module")
def blocklist() -> ZxcvbnPasswordBlocklist:
    return ZxcvbnPasswordBlocklist()


class TestZxcvbnPasswordBlocklist(PasswordBlocklistSuite):
    pass
