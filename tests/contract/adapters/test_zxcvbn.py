"""Common passwords as zxcvbn counts them."""

import pytest

from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.testing.ports.password_blocklist import PasswordBlocklistSuite


@pytest.fixture(scope="module")
def blocklist() -> ZxcvbnPasswordBlocklist:
    return ZxcvbnPasswordBlocklist()


class TestZxcvbnPasswordBlocklist(PasswordBlocklistSuite):
    pass
