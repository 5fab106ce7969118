"""What commands make of the environment and of the file `.env`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from latchkey.entrypoints.cli import main
from latchkey.entrypoints.cli.environment import load
from unit.entrypoints.settings.test_private_keys import WITH_KEYS

OF_CONDA = "x86_64-conda-linux-gnu"
PRODUCTION = {
    "APP_ENV": "production",
    "JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4",
    "DATABASE_URL": "postgresql://app@db/auth",
    "ALLOWED_HOSTS": "auth.example.com",
}


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("HOST", "APP_ENV", "NODE_ENV"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*command: str) -> Result:
    return CliRunner(catch_exceptions=False).invoke(main, command)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("PORT=80\n".encode("utf-16"), "is not valid UTF-8 in line 1"),
        ("PORT=80\n".encode("utf-16-le"), "contains zero bytes, as UTF-16 does"),
        (b"PORT=80\n# caf\xe9\n", "is not valid UTF-8 in line 2"),
    ],
    ids=["utf-16", "utf-16-without-mark", "latin-1"],
)
def test_a_file_in_another_encoding_is_told_in_one_line(
    directory: Path, content: bytes, wrong: str
) -> None:
    (directory / ".env").write_bytes(content)

    ended = run("doctor")

    assert ended.exit_code == 1
    assert ended.stderr.splitlines() == [f".env: {wrong}; must be a text file in UTF-8"]


def test_a_file_that_cannot_be_read_is_told_in_one_line(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    (directory / ".env").touch()
    monkeypatch.setattr(Path, "read_text", refuse)

    ended = run("doctor")

    assert ended.exit_code == 1
    [line] = ended.stderr.splitlines()
    assert (
        line == ".env: cannot be read (Permission denied); must be a file that this user may read"
    )


def test_a_byte_order_mark_is_no_part_of_the_first_name(directory: Path) -> None:
    (directory / ".env").write_bytes(b"\xef\xbb\xbfPORT=8123\n")

    settings, _ = load(changes_nothing=True)

    assert settings.server.port == 8123


def test_private_keys_are_one_line_of_the_file(directory: Path) -> None:
    keys = json.dumps(json.loads(WITH_KEYS["JWT_KEYS"]))
    others = {**WITH_KEYS, "JWT_KEYS": keys, "PORT": "8123"}
    (directory / ".env").write_text("".join(f"{name}={others[name]}\n" for name in others))

    settings, _ = load(changes_nothing=True)

    assert len(settings.tokens.keys) == 1
    assert settings.server.port == 8123


def test_private_keys_in_several_lines_are_refused_and_not_shown(directory: Path) -> None:
    (directory / ".env").write_text("".join(f"{name}={WITH_KEYS[name]}\n" for name in WITH_KEYS))

    ended = run("doctor")

    assert ended.exit_code == 1
    assert [line for line in ended.stderr.splitlines() if line.startswith("JWT_KEYS: ")]
    assert json.loads(WITH_KEYS["JWT_KEYS"])["keys"][0]["d"] not in ended.output


def test_a_host_that_a_shell_has_set_is_ignored_with_a_warning(
    directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOST", OF_CONDA)
    (directory / ".env").write_text("HOST=127.0.0.2\n")

    settings, environ = load(changes_nothing=True)

    assert settings.server.host == environ["HOST"] == "127.0.0.2"
    assert capsys.readouterr().err.startswith(f"HOST: is {OF_CONDA!r}, as conda or a shell sets it")


def test_a_host_in_the_file_is_meant(directory: Path) -> None:
    (directory / ".env").write_text(f"HOST={OF_CONDA}\n")

    ended = run("doctor")

    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"HOST: is {OF_CONDA!r}; must be an IP address")


def test_in_production_every_host_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**PRODUCTION, "HOST": OF_CONDA}.items():
        monkeypatch.setenv(name, value)

    ended = run("doctor")

    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"HOST: is {OF_CONDA!r}; must be an IP address")


def test_the_doctor_makes_nothing_where_nothing_is(directory: Path) -> None:
    ended = run("doctor")

    assert ended.exit_code == 0
    assert ended.stdout.splitlines() == [
        "ok      settings: development",
        "ok      database: none yet; `latchkey serve` creates it in .latchkey",
        "ok      mail: kept and shown on /mailbox",
        "ok      keys: JWT_SECRET signs access tokens; other services cannot verify them",
        "ok      metrics: off (METRICS_PORT is unset)",
    ]
    assert [*directory.iterdir()] == []


def test_a_home_that_cannot_be_made_is_told_in_one_line(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (directory / "file").touch()
    monkeypatch.setenv("LATCHKEY_HOME", "file/home")

    ended = run("prune")

    assert ended.exit_code == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith("LATCHKEY_HOME: file/home cannot be used (Not a directory); must be")


@pytest.mark.parametrize(("mode", "is_warned"), [(0o644, True), (0o640, False), (0o600, False)])
def test_the_doctor_warns_about_secrets_that_everybody_may_read(
    directory: Path, monkeypatch: pytest.MonkeyPatch, mode: int, *, is_warned: bool
) -> None:
    of_file, of_env = directory / "refresh", directory / ".env"
    of_file.write_text("9a1be07c5d3f42a8b6e1907f2c4d5e6a8b0c1d2e3f405162")
    of_env.write_text(f"JWT_SECRET={PRODUCTION['JWT_SECRET']}\n")
    for file in (of_file, of_env):
        file.chmod(mode)
    monkeypatch.setenv("REFRESH_SECRET_FILE", str(of_file))

    ended = run("doctor")

    warned = [line for line in ended.stdout.splitlines() if line.startswith("warning")]
    fault = f"every user of this machine may read the file (mode {mode:o}); chmod o= it"
    named = [f"warning .env: {fault}", f"warning REFRESH_SECRET_FILE: {fault}"]
    assert warned == (named if is_warned else [])


def test_a_file_without_secrets_may_be_read_by_everybody(directory: Path) -> None:
    (directory / ".env").write_text("PORT=8123\n")
    (directory / ".env").chmod(0o644)

    assert "warning" not in run("doctor").stdout
