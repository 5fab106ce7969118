"""What holds for every row of the table of settings."""

import json
import subprocess
import sys
from collections import Counter
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.entrypoints.settings import Environment, Settings, SettingsError, from_env
from latchkey.entrypoints.settings.variable import Variable, table
from unit.entrypoints.settings.test_from_env import PRODUCTION, SECRET
from unit.entrypoints.settings.test_private_keys import KEYS

ROWS: list[Variable[Any]] = [*chain(*table(Settings).values())]
NAMES = [name for row in ROWS for name in row.names]
SECRET_NAMES = [row.name for row in ROWS if row.is_secret]
VALUES = st.text() | st.text("0123456789smhdwPT:/,.*[]-_@#? \udcff")
OF_FORM = {
    "DATABASE_URL": "postgresql://app:HVSdgBw1JMzvnBG2@db/kXh8dUS0",
    "SMTP_URL": "smtp://app:HVSdgBw1JMzvnBG2@mail.example.com",
    "JWT_KEYS": KEYS,
}
HEAVY = (
    "aiosmtplib",
    "sqlalchemy",
    "asyncpg",
    "litestar",
    "msgspec",
    "click",
    "structlog",
    "cryptography",
)


def faults_of(environ: dict[str, str]) -> tuple[str, ...]:
    try:
        from_env(environ)
    except SettingsError as error:
        return error.faults
    return ()


def test_a_name_is_in_one_row_alone() -> None:
    assert [name for name, count in Counter(NAMES).items() if count > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("environment", Environment)
def test_a_default_would_be_accepted_if_it_were_set(
    row: Variable[Any], environment: Environment
) -> None:
    rule = row.rules[environment]

    value = rule.default_value

    assert not value or not [*rule.kind.check(value)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_documented_in_whole_sentences(row: Variable[Any]) -> None:
    assert row.doc[0].isupper()
    assert row.doc.endswith(".")
    assert not row.rules[Environment.DEVELOPMENT].kind.form.endswith(".")


@given(
    name=st.sampled_from([name for name in NAMES if not name.endswith("_FILE")]),
    value=VALUES,
    production=st.booleans(),
)
def test_any_value_is_accepted_or_refused_with_a_line_that_says_what_it_must_be(
    name: str,
    value: str,
    production: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    usual = PRODUCTION if production else {}

    faults = faults_of({**usual, name: value})

    assert [fault for fault in faults if "; must be " not in fault or "\n" in fault] == []


@given(name=st.sampled_from(SECRET_NAMES), value=st.text(st.characters(min_codepoint=0x100)))
def test_no_fault_shows_any_of_a_secret(name: str, value: str) -> None:
    shown = "".join(faults_of({name: value}))

    assert set(value) & set(shown) == set()


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_no_secret_is_shown_by_the_settings(name: str) -> None:
    value = OF_FORM.get(name, SECRET)
    shown = json.loads(value)["keys"][0]["d"] if name == "JWT_KEYS" else value
    beside = {"MAIL_FROM": "a@example.com", "MAIL_CONTACT": "b@example.com"}

    settings = from_env({name: value, **beside})

    assert not any(secret in repr(settings) for secret in (shown, SECRET, "HVSdgBw1JMzvnBG2"))


def test_reading_the_settings_imports_neither_the_server_nor_the_database() -> None:
    program = (
        "import sys; from latchkey.entrypoints.settings import from_env; from_env({});"
        f"print(*set(sys.modules) & set({HEAVY!r}))"
    )

    ended = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "\n"
