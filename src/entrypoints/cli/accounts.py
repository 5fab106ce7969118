"""Commands for the accounts of people: made, shut out, changed."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from application.create_user import CreateUserCommand
from domain.audit import Caller
from domain.errors import InvalidInputError, LatchkeyError
from domain.password import Password
from domain.user import EmailAddress, Role, User
from entrypoints.cli.environment import fail, load
from entrypoints.container import Container
from entrypoints.storage import database, operating

T = TypeVar("T")

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, one line."
)


def operate(work: Callable[[Container], Awaitable[T]]) -> T:
    """Do a piece of work with the use cases; what it refuses becomes a line and exit status 1."""

    async def run(dsn: str) -> T:
        async with operating(settings, dsn) as container:
            return await work(container)

    settings, _ = load()
    with database(settings) as dsn:
        try:
            return asyncio.run(run(dsn))
        except InvalidInputError as error:
            fail(*(f"{v.field}: {v.message}" for v in error.violations))
        except LatchkeyError as error:
            fail(f"{error.code}: {type(error).__doc__}")


@click.command("create-admin")
@click.option("--email", prompt="E-mail", help="The administrator's e-mail address.")
@click.option("--name", prompt="Name", help="The administrator's name.")
@password_option
def create_admin(email: str, name: str, *, password_stdin: bool) -> None:
    """Make an administrator, the first or another.

    The password is asked for, or read from standard input; never give one as an argument,
    where other processes and the shell's history can see it.
    """
    password = _password(from_stdin=password_stdin)

    async def create(container: Container) -> User:
        user: User = await container.create_user()(
            CreateUserCommand(
                by=None,
                email=email,
                name=name,
                password=password,
                role=Role.ADMIN,
                caller=Caller(),
            )
        )
        return user

    user = operate(create)
    click.secho(f"{user.email} is an administrator.", fg="green")


@click.command("disable-user")
@click.argument("email")
def disable_user(email: str) -> None:
    """Shut a user out and end all of their sessions at once."""

    async def disable(container: Container) -> bool:
        user = await _known(container, email)
        return await container.disable_user()(user.id, Caller())

    operate(disable)
    click.secho(f"{email} is shut out.", fg="green")


@click.command("set-role")
@click.argument("email")
@click.argument("role", type=click.Choice([*Role], case_sensitive=False))
def set_role(email: str, role: Role) -> None:
    """Give a user another role: ADMIN or USER. Their next refresh brings it."""

    async def change(container: Container) -> bool:
        user = await _known(container, email)
        return await container.change_role()(user.id, Role(role), Caller())

    operate(change)
    click.secho(f"{email} is {Role(role)}.", fg="green")


@click.command("set-password")
@click.argument("email")
@password_option
def set_password(email: str, *, password_stdin: bool) -> None:
    """Give a user another password and end all of their sessions at once."""
    password = _password(from_stdin=password_stdin)

    async def change(container: Container) -> None:
        user = await _known(container, email)
        await container.change_password()(user, password, Caller())

    operate(change)
    click.secho(f"{email} has another password.", fg="green")


async def _known(container: Container, email: str) -> User:
    user: User | None = await container.users().by_email(EmailAddress.parse(email))
    if user is None:
        fail(f"There is no user {email}.")
    return user


def _password(*, from_stdin: bool) -> Password:
    if from_stdin:
        return Password(sys.stdin.readline().rstrip("\r\n"))
    return Password(click.prompt("Password", hide_input=True, confirmation_prompt=True))
