"""`latchkey keys`: one file, changed so that one roll-out of it is a whole rotation."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result

from latchkey.adapters.keys.key_file import ScheduledKey, read, write
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.entrypoints.cli import main

SECRETS: Final = ("d", "p", "q", "dp", "dq", "qi")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def run(file: Path, *arguments: str, **environ: str) -> Result:
    given = {"JWT_KEYS_FILE": str(file), "JWT_ACCESS_TTL": "", **environ}
    return CliRunner(catch_exceptions=False).invoke(main, ["keys", *arguments], env=given)


def done(file: Path, *arguments: str, **environ: str) -> str:
    result = run(file, *arguments, **environ)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def jwks(file: Path) -> list[dict[str, Any]]:
    return [dict(jwk) for jwk in read(file.read_text())]


def kids(file: Path) -> list[str]:
    return [str(jwk["kid"]) for jwk in jwks(file)]


def states(file: Path, **environ: str) -> list[str]:
    return [re.split(r" {2,}", line)[2] for line in done(file, "list", **environ).splitlines()]


def instant(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


def in_the_past(file: Path, *ages: timedelta) -> list[str]:
    """Write keys that began to sign so long ago, and return their ids."""
    now = datetime.now(UTC)
    scheduled = [ScheduledKey(key=P256Key.generate(), signs_from=now - age) for age in ages]
    file.write_text(write(scheduled))
    return kids(file)


@pytest.mark.requirement("ER-6")
@pytest.mark.parametrize("alg", PRIVATE)
def test_a_new_file_has_one_key_and_is_readable_for_its_owner_alone(file: Path, alg: str) -> None:
    kid = done(file, "new", "--alg", alg)

    [jwk] = jwks(file)
    assert (jwk["kid"], jwk["alg"], "signsFrom" in jwk) == (kid, alg, False)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [*file.parent.iterdir()] == [file]


def test_es256_is_the_default(file: Path) -> None:
    done(file, "new")

    assert jwks(file)[0]["alg"] == "ES256"


def test_a_file_that_exists_is_kept(file: Path) -> None:
    done(file, "new")
    before = file.read_bytes()

    result = run(file, "new")

    assert (result.exit_code, file.read_bytes()) == (1, before)
    assert "latchkey keys rotate" in result.stderr


@pytest.mark.requirement("AT-18")
def test_a_rotation_is_one_change_of_the_file(file: Path) -> None:
    first = done(file, "new")

    before = datetime.now(UTC).replace(microsecond=0)
    second = done(file, "rotate", "--in", "3h")

    assert kids(file) == [first, second]
    starts = instant(jwks(file)[1]["signsFrom"])
    assert timedelta(0) <= starts - before - timedelta(hours=3) < timedelta(minutes=1)
    assert states(file) == ["signs", "next"]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.requirement("AT-18")
@pytest.mark.parametrize("after", ["59m", "0", "now", "-1h"])
def test_a_key_never_signs_before_it_was_published_for_an_hour(file: Path, after: str) -> None:
    done(file, "new")
    before = file.read_bytes()

    result = run(file, "rotate", f"--in={after}")

    assert result.exit_code == 2
    assert "must be a duration from 1h" in result.stderr
    assert file.read_bytes() == before


def test_a_rotation_says_by_when_the_file_must_be_everywhere(file: Path) -> None:
    done(file, "new")

    result = run(file, "rotate")

    starts = instant(jwks(file)[1]["signsFrom"])
    assert f"Roll the file out by {starts - timedelta(hours=1):%Y-%m-%d %H:%M:%S}" in result.stderr


def test_the_next_key_has_the_algorithm_of_the_newest_unless_another_is_named(file: Path) -> None:
    done(file, "new", "--alg", "EdDSA")
    done(file, "rotate")
    done(file, "rotate", "--in", "5h", "--alg", "RS256")
    done(file, "rotate", "--in", "9h")

    assert [jwk["alg"] for jwk in jwks(file)] == ["EdDSA", "EdDSA", "RS256", "RS256"]


def test_a_rotation_removes_keys_that_are_over(file: Path) -> None:
    hour = timedelta(hours=1)
    over, verifying, signing = in_the_past(file, 9 * hour, 3 * hour, timedelta(minutes=5))

    assert states(file) == ["over", "verifies", "signs"]
    new = done(file, "rotate")

    assert kids(file) == [verifying, signing, new]
    assert over not in file.read_text()


def test_how_long_a_key_outlives_its_turn_depends_on_the_lifetime_of_tokens(file: Path) -> None:
    in_the_past(file, timedelta(hours=9), timedelta(minutes=5))

    assert states(file) == ["verifies", "signs"]
    assert states(file, JWT_ACCESS_TTL="1m") == ["over", "signs"]


@pytest.mark.parametrize("command", ["list", "rotate", "export --jwks"])
def test_a_file_that_cannot_be_used_is_named_with_its_faults(file: Path, command: str) -> None:
    file.write_text(json.dumps({"keys": [{"kty": "oct", "k": "AAAA"}]}))

    result = run(file, *command.split())

    assert result.exit_code == 1
    assert result.stderr.startswith(f"{file}: JWT_KEYS: key 1 of 1 is symmetric")


def test_a_file_that_is_missing_is_named(file: Path) -> None:
    result = run(file, "list")

    assert result.exit_code == 1
    assert "cannot be read (No such file or directory)" in result.stderr


def test_without_a_file_the_variable_is_asked_for(tmp_path: Path) -> None:
    result = run(tmp_path, "list", JWT_KEYS_FILE="")

    assert result.exit_code == 1
    assert "JWT_KEYS_FILE" in result.stderr


def test_what_a_link_points_to_is_changed_and_the_link_stays(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    done(file, "new")
    link.symlink_to(file)

    done(link, "rotate")

    assert link.is_symlink()
    assert len(kids(file)) == 2


@pytest.mark.requirement("ER-2", "ER-6")
def test_no_command_prints_a_private_member(file: Path) -> None:
    outputs = [
        run(file, *arguments.split()).output
        for arguments in ("new", "rotate", "rotate --in 5h --alg RS256", "list", "export --jwks")
    ]

    secrets = [jwk[name] for jwk in jwks(file) for name in SECRETS if name in jwk]
    assert len(secrets) == 8
    assert [secret for secret in secrets if secret in "".join(outputs)] == []
