"""The lock: what is installed is what was locked, bit by bit."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PIN: Final = re.compile(r"[a-z0-9-]+==[^\s;]+")
HASH: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@pytest.mark.requirement("ER-8")
@pytest.mark.parametrize(
    ("lock", "at_least"),
    [
        ("requirements.lock", 31),
        ("docs/verifiers/requirements.lock", 31),
        ("deploy/patroni/requirements.lock", 11),
    ],
)
def test_each_package_is_pinned_with_its_hashes(lock: str, at_least: int) -> None:
    text = (ROOT / lock).read_text()

    packages = [part for part in re.split(r"\n(?! )", text) if part and not part.startswith("#")]

    assert len(packages) >= at_least
    assert [part for part in packages if not (PIN.match(part) and HASH.search(part))] == []
