"""Secrets that are written to a file are nobody else's."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from latchkey.entrypoints.cli import main

LINE = r"^{}=[\w-]{{64}}$"


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def add(file: Path) -> Result:
    return CliRunner().invoke(main, ["secrets", "--to", str(file)])


def test_a_new_file_is_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / ".env"

    added = add(file)

    assert added.exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for name in ("JWT_SECRET", "REFRESH_SECRET", "FACTOR_SECRET"):
        assert re.search(LINE.format(name), file.read_text(), re.MULTILINE)
        assert name not in added.output


def test_what_a_file_has_stays_and_is_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("APP_ENV=production\nJWT_SECRET=\n# JWT_SECRET=none\nPORT=80")

    added = add(file)

    assert added.exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().splitlines()[:4] == [
        *("APP_ENV=production", "JWT_SECRET=", "# JWT_SECRET=none", "PORT=80")
    ]
    assert len(file.read_text().splitlines()) == 7


@pytest.mark.parametrize(
    "line", ["JWT_SECRET=old", "export REFRESH_SECRET = old", "FACTOR_SECRET=old"]
)
def test_a_secret_that_is_set_is_not_overridden(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(line)

    added = add(file)

    assert added.exit_code == 1
    assert "already sets" in added.output
    assert file.read_text() == line


def test_a_file_that_cannot_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    added = add(tmp_path / "nowhere" / ".env")

    assert added.exit_code == 1
    assert len(added.output.splitlines()) == 1
