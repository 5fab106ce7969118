"""The list of common passwords keeps its promises with a file of breached ones beside it."""

from pathlib import Path

import pytest

from latchkey.adapters.breached_passwords import BreachedPasswordBlocklist, PrefixFile, write
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.testing.ports import PasswordBlocklistSuite


@pytest.fixture(scope="module")
def blocklist(tmp_path_factory: pytest.TempPathFactory) -> BreachedPasswordBlocklist:
    path: Path = tmp_path_factory.mktemp("breached") / "list"
    with path.open("wb") as file:
        write(["0" * 40], file)
    return BreachedPasswordBlocklist(ZxcvbnPasswordBlocklist(), PrefixFile(path))


class TestBreachedPasswordBlocklist(PasswordBlocklistSuite):
    pass
