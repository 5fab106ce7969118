"""Commands that create and change accounts."""

import sys
from dataclasses import replace

import click

from latchkey.application.administration.bootstrap import Bootstrap, BootstrapCommand
from latchkey.application.administration.change_user import ChangeUserCommand
from latchkey.application.administration.create_user import CreateUserCommand
from latchkey.application.administration.prepare_user import NewUser
from latchkey.domain.accounts.errors import AlreadyBootstrappedError
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import RequestSource
from latchkey.entrypoints.cli.operation import known_user, operate
from latchkey.entrypoints.cli.prompt import asked, confirmed
from latchkey.entrypoints.container import Container

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, one line."
)


@click.command("create-admin")
@click.option("--email", help="The administrator's e-mail address.")
@click.option("--name", help="The administrator's name.")
@password_option
@click.option("--if-none", is_flag=True, help="Do nothing if there is an administrator already.")
def create_admin(
    email: str | None, name: str | None, *, password_stdin: bool, if_none: bool
) -> None:
    """Create an administrator, the first or another.

    For example: latchkey create-admin --email ada@example.com --name Ada

    The command asks for the password, or reads it from standard input. There is no option for it,
    since other processes and the shell's history could see it there.

    With --if-none the command can be repeated, as each deployment does: once there is an
    administrator, it changes nothing, and its exit status is 0.
    """
    new = NewUser(
        email=email or asked("E-mail", "--email"),
        name=name or asked("Name", "--name"),
        password=_password(from_stdin=password_stdin),
    )
    try:
        create = _create_first if if_none else _create
        user = operate(lambda container: create(container, new))
    except AlreadyBootstrappedError:
        click.echo("There is an administrator already; nothing was changed.")
    else:
        click.secho(f"{user.email} is an administrator.", fg="green")


async def _create(container: Container, new: NewUser) -> User:
    command = CreateUserCommand(
        by=None,
        email=new.email,
        name=new.name,
        password=new.password,
        role=Role.ADMIN,
        source=RequestSource(),
    )
    user: User = await container.create_user()(command)
    return user


async def _create_first(container: Container, new: NewUser) -> User:
    command = BootstrapCommand(
        email=new.email, name=new.name, password=new.password, source=RequestSource()
    )
    bootstrap: Bootstrap = replace(container.bootstrap(), is_allowed=True)  # here it always is
    return await bootstrap(command)


@click.command("disable-user")
@click.argument("email")
def disable_user(email: str) -> None:
    """Disable a user and end all of their sessions.

    The user can neither log in nor refresh any more. Access tokens stay valid until they expire
    (JWT_ACCESS_TTL), but not for /api/auth/me and /api/admin.
    """
    operate(lambda container: _change(container, email, disabled=True))
    click.secho(f"{email} is disabled.", fg="green")


@click.command("enable-user")
@click.argument("email")
def enable_user(email: str) -> None:
    """Let a disabled user log in again.

    Sessions that ended when the user was disabled stay ended.
    """
    operate(lambda container: _change(container, email, disabled=False))
    click.secho(f"{email} is enabled.", fg="green")


@click.command("set-role")
@click.argument("email")
@click.argument("role", type=click.Choice([*Role], case_sensitive=False), metavar="ROLE")
def set_role(email: str, role: Role) -> None:
    """Set a user's role: ADMIN or USER.

    The next refresh brings the new role; /api/admin checks it immediately.
    """
    operate(lambda container: _change(container, email, role=Role(role)))
    click.secho(f"{email} is {Role(role)}.", fg="green")


async def _change(
    container: Container, email: str, *, role: Role | None = None, disabled: bool | None = None
) -> User:
    user = await known_user(container, email)
    command = ChangeUserCommand(
        by=None, user_id=user.id, role=role, disabled=disabled, source=RequestSource()
    )
    changed: User = await container.change_user()(command)
    return changed


@click.command("set-password")
@click.argument("email")
@password_option
def set_password(email: str, *, password_stdin: bool) -> None:
    """Set a user's password and end all of their sessions.

    The command asks for the password, or reads it from standard input.
    """
    password = _password(from_stdin=password_stdin)

    async def change(container: Container) -> bool:
        user = await known_user(container, email)
        await container.set_password()(user, password, RequestSource())
        return user.is_disabled

    is_disabled = operate(change)
    click.secho(f"The password of {email} is set.", fg="green")
    if is_disabled:
        click.secho(f"{email} stays disabled, until `latchkey enable-user {email}`.", fg="yellow")


@click.command("reset-factors")
@click.argument("email")
def reset_factors(email: str) -> None:
    """Remove a user's second factors.

    For users who have lost their authenticator app and all recovery codes. Make sure who is asking:
    afterwards, the password alone signs them in. All of their sessions end.
    """

    async def reset(container: Container) -> bool:
        user = await known_user(container, email)
        return await container.reset_factors()(user, RequestSource())

    if operate(reset):
        click.secho(f"{email} has no second factor any more.", fg="green")
    else:
        click.echo(f"{email} has no second factor; nothing was changed.")


@click.command("delete-user")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask whether to delete it.")
def delete_user(email: str, *, yes: bool) -> None:
    """Delete a user's account for good.

    All sessions and links of the user end, and the address is free at once. Orders and the audit
    log keep the user's id. The only enabled administrator cannot be deleted.

    The command asks before, unless --yes is given.
    """
    if not yes:
        confirmed(f"Delete the account of {email} for good?", "--yes")

    async def delete(container: Container) -> None:
        user = await known_user(container, email)
        await container.delete_user()(user.id, RequestSource())

    operate(delete)
    click.secho(f"The account of {email} is deleted.", fg="green")


def _password(*, from_stdin: bool) -> Password:
    if from_stdin:
        return Password(sys.stdin.readline().rstrip("\r\n"))
    return Password(asked("Password", "--password-stdin", is_secret=True))
