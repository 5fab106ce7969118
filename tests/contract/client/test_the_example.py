"""The example in docs/clients.md and in the README, as it is written there."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from harness.service import Service
from latchkey import client
from latchkey.client import LatchkeyError, Session
from latchkey.testing.flow.deployments import Account

ROOT: Final = Path(__file__).parents[3]
EXAMPLE: Final = ROOT / "tests" / "examples" / "orders.py"
NOWHERE: Final = "http://127.0.0.1:9"
UNAVAILABLE: Final = 75
ENDED: Final = 77


def orders(
    url: str, home: Path, *arguments: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the example in a process without a terminal."""
    return subprocess.run(  # noqa: S603 - our own example
        [sys.executable, "-W", "ignore", EXAMPLE, *arguments],
        env={"LATCHKEY_URL": url, "XDG_STATE_HOME": str(home), "PATH": "/usr/bin:/bin"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # getpass would read from the terminal of the tests
    )


def test_the_guide_shows_the_example() -> None:
    guide = (ROOT / "docs" / "clients.md").read_text()

    [shown] = re.findall(r"^```python orders\.py\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)

    assert EXAMPLE.read_text().endswith(f"\n{shown}")


def test_the_guide_names_each_error_that_is_raised() -> None:
    guide = (ROOT / "docs" / "clients.md").read_text()
    errors = {name for name in client.__all__ if name.endswith("Error")} - {LatchkeyError.__name__}

    assert set(re.findall(r"^\| `(\w+Error)`", guide, re.MULTILINE)) == errors


def test_a_login_lasts_from_one_run_to_the_next(
    service: Service, account: Account, tmp_path: Path
) -> None:
    given = f"{account.email}\n{account.password}\n"
    logged_in = orders(service.url, tmp_path, "login", given=given)
    assert logged_in.stdout.endswith(f"Logged in as {account.name}\n"), logged_in.stderr

    for _ in range(2):
        assert orders(service.url, tmp_path).returncode == 0

    assert orders(service.url, tmp_path, "logout").returncode == 0
    assert orders(service.url, tmp_path).returncode == ENDED


def test_a_session_that_has_ended_has_an_exit_status_of_its_own(
    service: Service, account: Account, tmp_path: Path
) -> None:
    file = tmp_path / "orders" / "cookies"
    elsewhere = Session(service.url, cookies=file)
    elsewhere.login(account.email, account.password)
    copy = file.read_bytes()
    elsewhere.logout()
    file.write_bytes(copy)

    done = orders(service.url, tmp_path)

    assert done.returncode == ENDED
    assert done.stderr == "orders: this session was ended by a logout; run: orders login\n"


def test_a_service_that_cannot_be_reached_has_another(
    service: Service, account: Account, tmp_path: Path
) -> None:
    file = tmp_path / "orders" / "cookies"
    Session(service.url, cookies=file).login(account.email, account.password)

    done = orders(NOWHERE, tmp_path)

    assert done.returncode == UNAVAILABLE
    assert "you stay logged in" in done.stderr
    assert orders(service.url, tmp_path).returncode == 0
