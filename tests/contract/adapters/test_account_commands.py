"""What operators do to accounts at the command line, in a real database."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeVar
from uuid import uuid4

import pytest
from anyio import to_thread
from click.testing import CliRunner, Result

from contract.flow.in_process import ENVIRON
from latchkey.application.administration.create_user import CreateUserCommand
from latchkey.application.passwords.reset_password import ResetPasswordCommand
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.errors import InvalidCredentialsError
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.links.errors import LinkEndedError
from latchkey.domain.unit_of_work import UnitOfWork
from latchkey.entrypoints.cli import main
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import operating
from latchkey.testing.factories import SOURCE, totp_factor
from latchkey.testing.ports.passkeys import passkey
from latchkey.testing.ports.remembered_devices import remembered_device

pytestmark = pytest.mark.anyio

T = TypeVar("T")
PASSWORD: Final = Password("correct horse battery staple")
NEW: Final = Password("another horse, another staple")
LINK: Final = re.compile(r"^https://pages\.example/link/\?t=([\w-]{100})\n$")


@dataclass(frozen=True)
class Commands:
    """A database, what runs `latchkey` on it, and a user in it."""

    dsn: str
    user: User

    @property
    def email(self) -> str:
        return self.user.email.text

    async def run(self, *command: str, given: str | None = None, **environ: str) -> Result:
        runner, variables = CliRunner(), {**ENVIRON, "DATABASE_URL": self.dsn, **environ}
        return await to_thread.run_sync(
            lambda: runner.invoke(main, command, input=given, env=variables)
        )

    async def noted(self) -> list[dict[str, object]]:
        """Return the events of the user's id, oldest first."""
        lines = (await self.run("audit", "--json", "--limit", "10000")).stdout.splitlines()
        return [e for line in lines if (e := json.loads(line))["userId"] == str(self.user.id)]

    async def work(self, work: Callable[[Container], Awaitable[T]]) -> T:
        return await working(self.dsn, work)

    async def log_in(self, password: Password = PASSWORD) -> None:
        command = PasswordLoginCommand(
            email=self.email, password=password, replaces=(), source=SOURCE
        )
        await self.work(lambda container: container.password_login()(command))


async def working(dsn: str, work: Callable[[Container], Awaitable[T]]) -> T:
    async with operating(from_env(ENVIRON), dsn) as container:
        return await work(container)


@pytest.fixture
async def commands(shared_database: str) -> Commands:
    command = CreateUserCommand(
        by=None,
        email=f"ada.{uuid4()}@example.com",
        name="Ada",
        password=PASSWORD,
        role=Role.USER,
        source=SOURCE,
    )
    user: User = await working(shared_database, lambda container: container.create_user()(command))
    return Commands(shared_database, user)


async def with_an_app(container: Container, user: User) -> None:
    factor = totp_factor()
    unit: UnitOfWork
    async with container.storage().units.begin() as unit:
        await unit.factors.enrol(user.id, factor)
        await unit.factors.confirm(user.id, factor.id, 1)
        await unit.recovery_codes.replace(user.id, [bytes([each]) * 32 for each in range(3)])
        await unit.factors.enrol(user.id, totp_factor())
        now = container.storage().clock.now()
        device = replace(remembered_device(user.id), expires_at=now + timedelta(hours=1))
        await unit.remembered_devices.add(device, keep=1)
        await unit.commit()


async def with_a_passkey(container: Container, user: User) -> None:
    unit: UnitOfWork
    async with container.storage().units.begin() as unit:
        await unit.passkeys.add(user.id, passkey())
        await unit.recovery_codes.replace(user.id, [bytes([each]) * 32 for each in range(3)])
        await unit.commit()


async def test_a_deleted_user_cannot_log_in_and_leaves_the_address(commands: Commands) -> None:
    await commands.log_in()

    deleted = await commands.run("delete-user", commands.email, "--yes")
    again = await commands.run("delete-user", commands.email, "--yes")

    assert (deleted.exit_code, again.exit_code) == (0, 1)
    assert deleted.stdout == f"The account of {commands.email} is deleted.\n"
    assert again.stderr == f"No user has the e-mail address {commands.email}.\n"
    assert commands.email not in (await commands.run("users")).stdout
    with pytest.raises(InvalidCredentialsError):
        await commands.log_in()
    *_, gone, ended = await commands.noted()
    assert (gone["action"], gone["detail"]) == ("user_deleted", {"by": "command line"})
    assert ended["detail"] == {"reason": "account_deleted", "by": "command line"}
    told = (await commands.run("mail")).stdout
    assert [
        line for line in told.splitlines() if " account_deleted " in line and commands.email in line
    ]


async def test_a_deletion_that_nobody_can_confirm_needs_its_option(commands: Commands) -> None:
    ended = await commands.run("delete-user", commands.email, given="y\n")

    assert ended.exit_code == 1
    assert ended.stderr.endswith("nobody can be asked; use --yes\n")
    assert commands.email in (await commands.run("users")).stdout


async def test_sessions_are_listed_and_ended(commands: Commands) -> None:
    await commands.log_in()
    await commands.log_in()

    listed = await commands.run("sessions", commands.email)
    ended = await commands.run("sessions", commands.email, "--end")
    after = await commands.run("sessions", commands.email)

    form = (
        r"[\da-f-]{36} began=\S+ \S+ seen=\S+ \S+ ends=\S+ \S+ from=192\.0\.2\.1 with=password"
        r" device=-"
    )
    assert [bool(re.fullmatch(form, line)) for line in listed.stdout.splitlines()] == [True] * 2
    assert ended.stdout == f"Sessions of {commands.email} that have ended: 2.\n"
    assert (after.exit_code, after.stdout) == (0, "")
    details = [e["detail"] for e in await commands.noted() if e["action"] == "session_ended"]
    assert details == [{"reason": "revoked", "by": "command line"}] * 2


async def test_factors_are_listed_without_what_they_are_made_of(commands: Commands) -> None:
    none = await commands.run("factors", commands.email)
    await commands.work(lambda container: with_an_app(container, commands.user))

    listed = await commands.run("factors", commands.email)

    assert none.stdout == f"{commands.email} has no second factor.\n"
    instant = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.fullmatch(
        rf"[\da-f-]{{36}} app added={instant} used=1970-01-01 00:00:30\n"
        r"recovery codes left: 3\n"
        rf"[\da-f-]{{36}} app added={instant} not confirmed\n"
        rf"[\da-f-]{{36}} remembered added={instant} used=never until={instant}"
        r" device='Firefox on Linux'\n",
        listed.stdout,
    )


async def test_passkeys_are_listed_without_what_devices_know_them_by(commands: Commands) -> None:
    await commands.work(lambda container: with_a_passkey(container, commands.user))

    listed = await commands.run("factors", commands.email)

    instant = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.fullmatch(
        rf"[\da-f-]{{36}} passkey added={instant} used={instant} for=[\w.]+ name=.+\n"
        r"recovery codes left: 3\n",
        listed.stdout,
    )


@pytest.mark.requirement("RP-11")
async def test_a_printed_link_sets_a_new_password_once(commands: Commands) -> None:
    printed = await commands.run(
        "reset-link",
        commands.email,
        PUBLIC_URL="https://pages.example",
        CORS_ORIGINS="https://pages.example",
    )
    found = LINK.match(printed.stdout)
    assert found, printed.stderr
    set_new = ResetPasswordCommand(token=found[1], password=NEW, source=SOURCE)
    await commands.work(lambda container: container.reset_password()(set_new))

    await commands.log_in(NEW)
    again = ResetPasswordCommand(token=found[1], password=PASSWORD, source=SOURCE)
    with pytest.raises(LinkEndedError):
        await commands.work(lambda container: container.reset_password()(again))

    [asked] = [e for e in await commands.noted() if e["action"] == "password_reset_requested"]
    assert asked["detail"] == {"by": "command line"}
    assert found[1] not in json.dumps(await commands.noted())


@pytest.mark.requirement("RP-11")
async def test_a_disabled_user_gets_no_link(commands: Commands) -> None:
    await commands.run("disable-user", commands.email)

    ended = await commands.run("reset-link", commands.email)

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{commands.email} is disabled: run `latchkey enable-user")
    assert "password_reset_requested" not in {e["action"] for e in await commands.noted()}


@pytest.mark.parametrize("command", ["sessions", "factors", "reset-link"])
async def test_who_is_nobody_is_an_error(commands: Commands, command: str) -> None:
    ended = await commands.run(command, "nobody@example.com")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "No user has the e-mail address nobody@example.com.\n"
