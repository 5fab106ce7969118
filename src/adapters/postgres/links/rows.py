"""Reads links, also together with the users whom they concern."""

from typing import Any, Final

import asyncpg
from sqlalchemy import ColumnElement, and_, case, literal_column, or_, select

from latchkey.adapters.postgres.accounts.rows import CREDENTIAL, credential_of
from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.links.tables import links
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import Role
from latchkey.domain.links.link import Binding, FoundLink, Invitation, Link
from latchkey.domain.links.link_token import LinkId, LinkKind

RESETS: Final[ColumnElement[str]] = literal_column(f"'{LinkKind.PASSWORD_RESET}'")
_ADMIN: Final[ColumnElement[str]] = literal_column(f"'{Role.ADMIN}'")

_holders = users.alias("holders")
_inviters = users.alias("inviters")
_holder = (
    select(_holders.c.id)
    .where(
        _holders.c.email_canonical == links.c.email_canonical,
        links.c.kind != RESETS,
    )
    .scalar_subquery()
)
_is_vouched = and_(
    links.c.role.is_not(None),
    or_(
        links.c.invited_by.is_(None),
        select(_inviters.c.id)
        .where(
            _inviters.c.id == links.c.invited_by,
            _inviters.c.role == _ADMIN,
            _inviters.c.disabled_at.is_(None),
        )
        .exists(),
    ),
)
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

FOUND: Final = select(*LINK, _is_vouched.label("is_vouched"), *CREDENTIAL).select_from(
    links.outerjoin(
        users,
        users.c.id == case((links.c.user_id.is_not(None), links.c.user_id), else_=_holder),
    )
)
"""Links, each with its user: add the condition that chooses them."""


def found_of(row: asyncpg.Record) -> FoundLink:
    """Return the link of a row of `FOUND`."""
    credential = credential_of(row) if row["user_id"] else None
    return FoundLink(link=link_of(row), credential=credential, is_vouched=row["is_vouched"])


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
