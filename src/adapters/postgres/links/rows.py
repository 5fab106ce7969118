"""Rows of links."""

from typing import Any, Final

import asyncpg
from sqlalchemy import ColumnElement

from latchkey.adapters.postgres.links.tables import links
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import Role
from latchkey.domain.links.link import Binding, Invitation, Link
from latchkey.domain.links.link_token import LinkId, LinkKind

LINK: Final[tuple[ColumnElement[Any], ...]] = (
    links.c.id,
    links.c.kind,
    links.c.email.label("asked_for"),
    links.c.email_canonical.label("asked_for_canonical"),
    links.c.secret,
    links.c.expires_at,
    links.c.user_id.label("bound_to"),
    links.c.password_version.label("bound_version"),
    links.c.result_version,
    links.c.role.label("invited_as"),
    links.c.invited_by,
)
"""The columns of a link, by names that no column of a user has."""


def link_of(row: asyncpg.Record) -> Link:
    """Return the link of a row with the columns `LINK`."""
    bound_to, canonical = row["bound_to"], row["asked_for_canonical"]
    return Link(
        id=LinkId(row["id"]),
        kind=LinkKind(row["kind"]),
        email=EmailAddress(row["asked_for"] or canonical, canonical),
        secret=row["secret"],
        expires_at=row["expires_at"],
        invitation=_invitation_of(row),
        binding=Binding(user_id=bound_to, password_version=row["bound_version"])
        if bound_to
        else None,
        result_version=row["result_version"],
    )


def _invitation_of(row: asyncpg.Record) -> Invitation | None:
    if row["invited_as"] is None:
        return None
    return Invitation(role=Role(row["invited_as"]), by=row["invited_by"])
