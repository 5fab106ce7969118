"""What `latchkey doctor` says about settings that the service would start with, or fail with."""

from pathlib import Path

from harness.service import Installation
from production.deployment import HOST

PASSWORD = "HVSdgBw1JMzvnBG2"


def test_the_doctor_warns_about_a_misspelt_name(production: Installation) -> None:
    ended = production.run("doctor", JWT_ACESS_TTL="5m", TRUSTED_PROXIES="127.0.0.1")

    warning = "JWT_ACESS_TTL: is not a setting; did you mean JWT_ACCESS_TTL?"
    assert f"warning {warning}" in ended.stdout.splitlines()
    assert ended.returncode == 0


def test_the_doctor_names_a_database_that_is_nowhere(production: Installation) -> None:
    dsn = f"postgresql://app:{PASSWORD}@nowhere.invalid/auth"

    ended = production.run("doctor", DATABASE_URL=dsn, TRUSTED_PROXIES="127.0.0.1")

    assert ended.returncode == 1
    database, mail, _, metrics = ended.stdout.splitlines()[-4:]
    assert database.startswith("error   database: no primary answers")
    assert mail == "ok      mail: off (SMTP_URL is unset)"
    assert metrics == "ok      metrics: off (METRICS_PORT is unset)"
    assert "cannot connect to nowhere.invalid:5432: gaierror" in ended.stderr
    assert PASSWORD not in ended.stdout + ended.stderr


def test_the_doctor_shows_when_each_key_signs(production: Installation, tmp_path: Path) -> None:
    path = str(tmp_path / "keys.json")
    first = production.run("keys", "new", "--out", path).stdout.strip()
    second = production.run("keys", "rotate", "--file", path).stdout.strip()

    ended = production.run(
        "doctor",
        TRUSTED_PROXIES="127.0.0.1",
        JWT_KEYS_FILE=path,
        JWT_ISSUER=f"https://{HOST}",
    )

    lines = [line for line in ended.stdout.splitlines() if "keys: " in line]
    assert lines[0].startswith(f"ok      keys: {first} (ES256) signs: published until ")
    assert lines[1].startswith(f"ok      keys: {second} (ES256) next: signs from ")
    assert len(lines) == 2
