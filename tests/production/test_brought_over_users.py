"""Users who were brought over from another service, as the manual says."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import bcrypt
import pytest

from harness.service import Installation, Service
from production.deployment import PROXY, visitor_of

pytestmark = pytest.mark.anyio

MANUAL: Final = (Path(__file__).parents[2] / "docs" / "operations" / "users.md").read_text()
INSERT: Final = re.findall(
    r"^```sql\n(INSERT INTO users .*?)^```$", MANUAL, re.MULTILINE | re.DOTALL
)
NFC, NFD = "caf\u00e9-au-lait", "cafe\u0301-au-lait"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldUser:
    """A user of the other service.

    Attributes:
        version: What the hash begins with.
        cost: What it was made with.
    """

    email: str
    password: str
    version: bytes = b"2b"
    cost: int = 4

    @property
    def row(self) -> tuple[str, str]:
        """The address, and the hash that Node's bcrypt makes: as typed, cut at 72 bytes."""
        setting = bcrypt.gensalt(self.cost).replace(b"2b", self.version, 1)
        return self.email, bcrypt.hashpw(self.password.encode()[:72], setting).decode()


USERS: Final = {
    "six characters": OldUser(email="Six@old.example", password="sekret"),
    "an older version": OldUser(email="2a@old.example", password="sekret-2a", version=b"2a"),
    "of PHP": OldUser(email="2y@old.example", password="sekret-2y", version=b"2y"),
    "a tab": OldUser(email="tab@old.example", password="tab\there"),
    "not in NFC": OldUser(email="nfd@old.example", password=NFD),
    "common": OldUser(email="common@old.example", password="password"),
    "72 bytes": OldUser(email="72@old.example", password="violet-Kettle-41-harbour" * 3),
    "80 bytes": OldUser(email="80@old.example", password="violet-Kettle-41" * 5),
    "200 characters": OldUser(email="200@old.example", password="violet-41-" * 20),
    "an address in NFD": OldUser(email="Zoe\u0308@old.example", password="sekret-zoe"),
    "a domain beyond ASCII": OldUser(email="idn@B\u00fccher.example", password="sekret-idn"),
    "a domain of no host": OldUser(email="odd@Foo_Bar", password="sekret-odd"),
    "a quoted address": OldUser(email='"Q,x"@old.example', password="sekret-quoted"),
    "of our own cost": OldUser(email="cost@old.example", password="se\u0301kret", cost=10),
}


@pytest.fixture(scope="module")
def service(production: Installation) -> Iterator[Service]:
    asyncio.run(_bring_over(production.environ["DATABASE_URL"]))
    recomputed = production.run("recompute-emails")
    assert "idn@B\u00fccher.example is compared as idn@xn--bcher-kva.example." in recomputed.stdout
    assert "up to date: 1." in recomputed.stdout
    limits = {"TRUSTED_PROXIES": "127.0.0.1/32", "LOGIN_LIMIT_ADDRESS": "off"}
    with production.serving(WORKERS="1", **limits) as service:
        yield service


async def _bring_over(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            "CREATE TEMPORARY TABLE old_users (email text, name text, password text,"
            " created_at timestamptz)"
        )
        await connection.executemany(
            "INSERT INTO old_users VALUES ($1, 'Somebody', $2, now())",
            [user.row for user in USERS.values()],
        )
        for statement in INSERT:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _statuses(service: Service, email: str, *passwords: str) -> list[int]:
    async with service.client(PROXY) as http:
        visitor = visitor_of(http)
        return [
            (await visitor.login({"email": email, "password": password})).status_code
            for password in passwords
        ]


@pytest.mark.parametrize("user", USERS.values(), ids=USERS.keys())
async def test_a_user_who_was_brought_over_logs_in_again_and_again(
    service: Service, user: OldUser
) -> None:
    wrong = f"x{user.password[1:]}"

    statuses = await _statuses(
        service, user.email, wrong, user.password, user.password, wrong, user.password[:-1]
    )

    assert statuses == [401, 200, 200, 401, 401]


async def test_a_cut_password_counts_to_its_last_byte_after_the_first_login(
    service: Service,
) -> None:
    whole = USERS["80 bytes"].password

    statuses = await _statuses(
        service, USERS["80 bytes"].email, whole, whole[:72], f"{whole[:-1]}!", whole
    )

    assert statuses == [200, 401, 401, 200]


async def test_both_spellings_of_a_password_are_right_after_the_first_login(
    service: Service,
) -> None:
    statuses = await _statuses(service, USERS["not in NFC"].email, NFD, NFC)

    assert statuses == [200, 200]
