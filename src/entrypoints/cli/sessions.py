"""`latchkey sessions`."""

import click

from latchkey.application.administration.end_user_sessions import EndUserSessionsCommand
from latchkey.application.sessions.list_sessions import ListedSession
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.kernel.page import Position
from latchkey.entrypoints.cli.operation import known_user, operate
from latchkey.entrypoints.container import Container

_PAGE = 100  # sessions, the most at once


@click.command()
@click.argument("email")
@click.option("--end", is_flag=True, help="End all of them, and tell the user by mail.")
def sessions(email: str, *, end: bool) -> None:
    """List where a user is signed in, or end it all.

    The newest session comes first: id, when it began, when it was last refreshed, when it ends
    unless it is refreshed, the address of the login, what the user has signed in with (password,
    password_and_code or passkey), and the device.

    With --end, nobody can refresh them any more. Access tokens stay valid until they expire
    (JWT_ACCESS_TTL), but not for /api/auth/me and /api/admin.
    """
    if end:
        count = operate(lambda container: _end(container, email))
        click.secho(f"Sessions of {email} that have ended: {count}.", fg="green")
    else:
        operate(lambda container: _show(container, email))


async def _show(container: Container, email: str) -> None:
    user = await known_user(container, email)
    after: Position | None = None
    is_over = False
    while not is_over:
        page = await container.list_user_sessions()(None, user.id, after=after, limit=_PAGE)
        for session in page.items:
            click.echo(_line(session))
        after, is_over = page.next, page.next is None


async def _end(container: Container, email: str) -> int:
    user = await known_user(container, email)
    command = EndUserSessionsCommand(by=None, user_id=user.id, chosen=None, source=RequestSource())
    count: int = await container.end_user_sessions()(command)
    return count


def _line(session: ListedSession) -> str:
    began, seen, ends = (
        f"{at:%Y-%m-%d %H:%M:%S}"
        for at in (session.started_at, session.last_seen_at, session.expires_at)
    )
    where = f"from={session.address or '-'} with={session.signed_in_with or '-'}"
    where = f"{where} device={session.device or '-'}"
    return f"{session.id} began={began} seen={seen} ends={ends} {where}"
