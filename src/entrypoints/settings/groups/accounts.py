"""Settings of accounts and their passwords."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Final

from latchkey.adapters.breached_passwords import BreachedPasswordsError, PrefixFile
from latchkey.domain.accounts.registration import Registration
from latchkey.entrypoints.settings.kinds import (
    BOOLEAN,
    DOMAINS,
    Kind,
    always,
    duration,
    integer,
    one_of,
    optional,
)
from latchkey.entrypoints.settings.variable import Change, Group, setting

LONGEST_LINK: Final = timedelta(hours=24)
"""Source: NIST SP 800-63B-4, section 4.2.2.2: what is sent by mail is good for a day at most."""


def _cannot_be_searched(path: Path) -> Iterator[str]:
    try:
        PrefixFile(path)
    except OSError as error:
        yield f"cannot be read ({error.strerror})"
    except BreachedPasswordsError as error:
        yield str(error)


_BREACHED: Final = Kind(
    form="a file of `latchkey breached-list`", parse=Path, check=_cannot_be_searched
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings(Group):
    """How passwords are hashed and reset, and how the first administrator is created."""

    title: ClassVar[str] = "Accounts"

    bcrypt_rounds: int = setting(
        "BCRYPT_ROUNDS",
        integer(10, 15),
        "12",
        test=Change(kind=integer(4, 15)),
        doc="The binary logarithm of bcrypt's cost; each step doubles the time that a login takes.",
    )
    breached_passwords: Path | None = setting(
        "BREACHED_PASSWORDS_FILE",
        optional(_BREACHED),
        doc="Passwords from breaches, which nobody may set.",
    )
    reset_lifetime: timedelta = setting(
        "RESET_TTL",
        duration(timedelta(minutes=5), LONGEST_LINK),
        "1h",
        doc="How long a link for a new password is good, counted from when it was asked for.",
    )
    registration: str = setting(
        "REGISTRATION",
        one_of(*Registration),
        "open",
        production=Change(default="invitation"),
        doc="Who may become a user besides those whom an administrator creates: nobody (off),"
        " whoever an administrator invites by mail (invitation), or anybody with a mailbox (open)."
        " Applies to links that were sent, too.",
    )
    registration_domains: frozenset[str] = setting(
        "REGISTRATION_DOMAINS",
        DOMAINS,
        "",
        doc="The domains of the addresses that may register, where REGISTRATION is open; a"
        " subdomain is another domain. Unset: any. Invitations may go to any address.",
    )
    registration_lifetime: timedelta = setting(
        "REGISTRATION_TTL",
        duration(timedelta(minutes=5), LONGEST_LINK),
        "24h",
        doc="How long a link for a new account is good, counted from when it was asked for.",
    )
    invitation_lifetime: timedelta = setting(
        "INVITATION_TTL",
        duration(timedelta(minutes=5), timedelta(days=30)),
        "7d",
        doc="How long an invitation is good. A shorter one ends earlier invitations, too.",
    )
    email_change_lifetime: timedelta = setting(
        "EMAIL_CHANGE_TTL",
        duration(timedelta(minutes=5), LONGEST_LINK),
        "24h",
        doc="How long a link to the new address of an account is good.",
    )
    allow_bootstrap: bool = setting(
        "ALLOW_BOOTSTRAP",
        BOOLEAN,
        "true",
        production=Change(
            default="false",
            kind=always(value=False, form="false in production (use `latchkey create-admin`)"),
        ),
        doc="Whether the first administrator may be created over HTTP. In production the service"
        " does not start with true.",
    )
