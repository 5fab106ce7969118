"""What must be kept secret may be in files."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from latchkey.entrypoints.settings import Settings, SettingsError, from_env
from unit.entrypoints.settings.test_from_env import OTHER_SECRET, PRODUCTION, SECRET

pytestmark = pytest.mark.requirement("ER-6")

URL = "postgresql://app:hush@db/auth"
FILES: Mapping[str, str] = {
    "/run/jwt": f"{SECRET}\n",
    "/run/refresh": OTHER_SECRET,
    "/run/both": f"{SECRET},{OTHER_SECRET}\r\n",
    "/run/url": f"{URL}\n",
    "/run/empty": "\n",
    "/run/commas": ",\n",
    "/run/weak": "weakness-weakness",
}
Value = Callable[[Settings], object]


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings of production, with other ones and with `FILES`."""
    return from_env({**PRODUCTION, **environ}, FILES.__getitem__)


def faults_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read(environ)
    return caught.value.faults


def failing(error: Exception) -> Callable[[str], str]:
    def read_file(_: str) -> str:
        raise error

    return read_file


@pytest.mark.parametrize(
    ("name", "path", "value", "expected"),
    [
        ("JWT_SECRET", "/run/jwt", lambda each: each.tokens.access_secrets, (SECRET,)),
        (
            "JWT_SECRET",
            "/run/both",
            lambda each: each.tokens.access_secrets,
            (SECRET, OTHER_SECRET),
        ),
        (
            "REFRESH_SECRET",
            "/run/refresh",
            lambda each: each.tokens.refresh_secrets,
            (OTHER_SECRET,),
        ),
        ("DATABASE_URL", "/run/url", lambda each: each.database.url, URL),
    ],
)
def test_a_secret_can_be_in_a_file(name: str, path: str, value: Value, expected: object) -> None:
    settings = read({name: "", f"{name}_FILE": path})

    assert value(settings) == expected


def test_a_file_is_read_from_the_disk(tmp_path: Path) -> None:
    (tmp_path / "jwt").write_text(f"{SECRET}\n")

    settings = from_env({"JWT_SECRET_FILE": str(tmp_path / "jwt")})

    assert settings.tokens.access_secrets == (SECRET,)


@pytest.mark.parametrize("name", ["JWT_SECRET", "DATABASE_URL"])
def test_a_secret_both_in_a_file_and_beside_it_is_refused(name: str) -> None:
    faults = faults_of({f"{name}_FILE": "/run/url" if name == "DATABASE_URL" else "/run/jwt"})

    assert faults == (f"{name}_FILE: is set beside {name}; must be set alone",)


@pytest.mark.parametrize("name", ["JWT_SECRET", "REFRESH_SECRET", "DATABASE_URL"])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileNotFoundError(2, "No such file or directory"), "(No such file or directory)"),
        (PermissionError(13, "Permission denied"), "(Permission denied)"),
        (UnicodeDecodeError("utf-8", b"hush\xff", 4, 5, "invalid start byte"), "not valid UTF-8"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_with_one_line(
    name: str, error: Exception, reason: str
) -> None:
    environ = {**PRODUCTION, name: "", f"{name}_FILE": "/run/misplaced-secret"}

    with pytest.raises(SettingsError) as caught:
        from_env(environ, failing(error))

    (fault,) = caught.value.faults
    assert fault.startswith(f"{name}_FILE: ")
    assert reason in fault
    assert "must" in fault
    assert "misplaced" not in fault


@pytest.mark.parametrize("name", ["JWT_SECRET", "REFRESH_SECRET", "DATABASE_URL"])
def test_an_empty_file_is_refused(name: str) -> None:
    [fault] = faults_of({name: "", f"{name}_FILE": "/run/empty"})

    assert fault.startswith(f"{name}_FILE: is the path of an empty file; must be the path of ")


@pytest.mark.parametrize(
    "environ", [{"JWT_SECRET": ","}, {"JWT_SECRET": "", "JWT_SECRET_FILE": "/run/commas"}]
)
def test_a_list_without_a_secret_in_it_is_refused(environ: Mapping[str, str]) -> None:
    faults = faults_of(environ)

    assert [fault.partition(";")[0] for fault in faults] == ["JWT_SECRET: contains no secret"]


def test_a_weak_secret_in_a_file_is_refused_and_not_shown() -> None:
    (fault,) = faults_of({"JWT_SECRET": "", "JWT_SECRET_FILE": "/run/weak"})

    assert fault.startswith("JWT_SECRET: is 17 bytes long; must be at least 32 ")
    assert "weakness" not in fault


@pytest.mark.parametrize(
    "environ",
    [
        {"REFRESH_SECRET": SECRET},
        {"REFRESH_SECRET": f"{OTHER_SECRET},{SECRET}"},
        {"REFRESH_SECRET_FILE": "/run/jwt"},
        {"REFRESH_SECRET_FILE": "/run/both"},
    ],
)
def test_one_secret_does_not_serve_two_purposes_wherever_it_is(environ: Mapping[str, str]) -> None:
    faults = faults_of(environ)

    assert faults == ("REFRESH_SECRET: is the same as JWT_SECRET; must be a different secret",)


def test_a_byte_order_mark_is_no_part_of_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n")

    settings = from_env({**PRODUCTION, "JWT_SECRET": "", "JWT_SECRET_FILE": str(file)})

    assert settings.tokens.access_secrets == (SECRET,)
