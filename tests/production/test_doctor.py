"""What `latchkey doctor` says about settings that the service would start with, or fail with."""

from harness.service import Installation

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
    database, mail, metrics = ended.stdout.splitlines()[-3:]
    assert database.startswith("error   database: no primary answers")
    assert mail == "ok      mail: off (SMTP_URL is unset)"
    assert metrics == "ok      metrics: off (METRICS_PORT is unset)"
    assert "cannot connect to nowhere.invalid:5432: gaierror" in ended.stderr
    assert PASSWORD not in ended.stdout + ended.stderr
