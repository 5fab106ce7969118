"""The command `latchkey audit`, which shows the audit log."""

import asyncio
import json
from contextlib import nullcontext, suppress
from uuid import UUID

import click

from latchkey.application.audit.follow import AuditFollower
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.cli.operation import known_user, operate
from latchkey.entrypoints.container import Container

_ACTIONS = [str(action) for action in AuditAction]  # click would offer an enumeration's names
_PAUSE = 1.0  # seconds between two reads


@click.command()
@click.option(
    "--action",
    type=click.Choice(_ACTIONS),
    metavar="ACTION",
    help=f"Only events of this type: {', '.join(_ACTIONS)}.",
)
@click.option("--user", "email", help="Only events of the user with this e-mail address.")
@click.option(
    "--session", "session_id", type=click.UUID, help="Only events of the session with this id."
)
@click.option("--request", "request_id", help="Only events of the request with this id.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="The maximum number of events; the newest are shown.",
)
@click.option("--follow", is_flag=True, help="Also show new events, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def audit(  # noqa: PLR0913 - one for each option
    action: str | None,
    email: str | None,
    session_id: UUID | None,
    request_id: str | None,
    limit: int,
    *,
    follow: bool,
    as_json: bool,
) -> None:
    """Show the audit log of accounts and sessions.

    The oldest event comes first. For example: latchkey audit --user ada@example.com --follow
    """

    async def show(container: Container) -> None:
        wanted = AuditFilter(
            action=AuditAction(action) if action else None,
            user_id=(await known_user(container, email)).id if email else None,
            session_id=SessionId(session_id) if session_id else None,
            request_id=request_id,
        )
        follower = AuditFollower(container.storage().audit, container.storage().clock, wanted)
        for event in await follower.newest(limit):
            _print(event, as_json=as_json)
        while follow:
            await asyncio.sleep(_PAUSE)
            with suppress(StorageUnavailableError):  # the next look finds what this one missed
                async for event in follower.new():
                    _print(event, as_json=as_json)

    with suppress(KeyboardInterrupt) if follow else nullcontext():
        operate(show)


def _print(event: AuditEvent, *, as_json: bool) -> None:
    click.echo(json.dumps(_members(event)) if as_json else _line(event))


def _members(event: AuditEvent) -> dict[str, object]:
    return {
        "id": str(event.id),
        "at": event.at.isoformat(),
        "action": event.action,
        "userId": str(event.user_id) if event.user_id else None,
        "sessionId": str(event.session_id) if event.session_id else None,
        "address": event.source.address,
        "requestId": event.source.request_id,
        "detail": dict(event.detail),
    }


def _line(event: AuditEvent) -> str:
    detail = " ".join(f"{name}={value}" for name, value in event.detail.items())
    whose = f"user={event.user_id or '-'} session={event.session_id or '-'}"
    where = f"from={event.source.address or '-'} request={event.source.request_id or '-'}"
    return f"{event.at:%Y-%m-%d %H:%M:%S} {event.action:<22} {whose} {where} {detail}".rstrip()
