"""What a presented link means.

A link for a new password replaces one password of one user, and is good once:

    asked for ──── bound to user, password version and address ──── used: a new version
                        │                                              │
                        └─ any other change of these: superseded       └─ any later change: used

A link that makes a user stands on there being none, and on who has invited:

    asked for ──── good while nobody has the address ──── used: a new user, and their password
                        │                                              │
                        ├─ anybody has the address: superseded         └─ any later change: used
                        └─ invites an administrator, but by who is none any more: withdrawn

A link for another address stands on the user and the password, whatever the address is now:

    asked for ──── bound to user and password version ──── used: the address is the link's
                        │                                              │
                        └─ any change of the password: superseded      └─ any later change: used

A link that was used stays known while what it set, password or address, is current. So a client
whose response was lost can repeat its request with the same password.

`judge_link` implements this picture as a pure, total function.
"""

import hmac
from datetime import datetime
from enum import Enum, auto

from latchkey.domain.accounts.user import Role
from latchkey.domain.links.link import FoundLink, Link
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkKind, LinkToken


class Standing(Enum):
    """What a link can still be used for."""

    GOOD = auto()  # use it
    REPEATABLE = auto()  # it was used, and what it set is current: answer as then, change nothing


def judge_link(
    found: FoundLink | None, presented: LinkToken | None, now: datetime
) -> Standing | LinkEnd:
    """Return what a presented link means.

    Pure and total: accepts any link, any authentic token and any instant. A token that the stored
    link does not make counts as withdrawn, as if there were no such link.

    Args:
        found: The link that the token names, with its users, or None if there is none.
        presented: A token that was verified to be authentic, or None for that of a link that was
            never bound.
        now: The time of presentation.
    """
    if found is None or presented is None or not _is_made_by(found.link, presented):
        return LinkEnd.WITHDRAWN
    if now >= presented.expires_at:
        return LinkEnd.EXPIRED
    if found.link.result_version is not None:
        is_current = _is_current(found, found.link.result_version)
        return Standing.REPEATABLE if is_current else LinkEnd.USED
    if found.link.kind.makes_user:
        return _judge_new_user(found)
    moves = found.link.kind is LinkKind.EMAIL_CHANGE
    if not _is_enabled_at(found, presented.password_version) or (_has_moved(found) and not moves):
        return LinkEnd.SUPERSEDED
    return Standing.GOOD


def _judge_new_user(found: FoundLink) -> Standing | LinkEnd:
    """Return what a link means that makes a user, and was not used."""
    if found.credential is not None:
        return LinkEnd.SUPERSEDED
    invitation = found.link.invitation
    if invitation is not None and invitation.role is Role.ADMIN and not found.is_vouched:
        return LinkEnd.WITHDRAWN
    return Standing.GOOD


def _is_made_by(link: Link, presented: LinkToken) -> bool:
    issued = link.token
    if issued is None or not hmac.compare_digest(issued.secret, presented.secret):
        return False
    return issued == presented


def _is_current(found: FoundLink, result_version: int) -> bool:
    """Return whether what the use of a link has made is still so."""
    has_moved_on = found.link.kind is LinkKind.EMAIL_CHANGE and _has_moved(found)
    return _is_enabled_at(found, result_version) and not has_moved_on


def _is_enabled_at(found: FoundLink, version: int) -> bool:
    """Return whether the user is enabled and has this password version."""
    credential = found.credential
    if credential is None or credential.user.is_disabled:
        return False
    return credential.password_version == version


def _has_moved(found: FoundLink) -> bool:
    """Return whether the user has another address than that of the link."""
    return found.credential is None or found.credential.user.email.canonical != (
        found.link.email.canonical
    )
