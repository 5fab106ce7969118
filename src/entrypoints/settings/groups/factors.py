"""Settings of second factors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from typing_extensions import override

from latchkey.domain.accounts.user import Role
from latchkey.domain.factors.remembered_device import LONGEST
from latchkey.domain.factors.requirement import FactorRequirement
from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings.groups.tokens import SECRETS, STRONG_SECRETS
from latchkey.entrypoints.settings.kinds import RATE, Kind, duration, optional
from latchkey.entrypoints.settings.variable import Change, Group, setting


def _roles(text: str) -> tuple[str, ...]:
    return tuple(Role(name).value for name in text.replace(",", " ").split())


LOCALHOST: Final = "localhost"
_LABEL: Final = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"({_LABEL}\.)*{_LABEL}")


def is_name(host: str) -> bool:
    """Return whether a host is a name, in lower case, and not an IP address.

    Source: WHATWG URL, section 3.5 (a host whose last label is a number is an address).
    """
    return bool(_NAME.fullmatch(host)) and not host.rpartition(".")[2].isdigit()


def without_port(host: str) -> str:
    """Return a host of a `Host` header without its port."""
    return host if host.endswith("]") else host.partition(":")[0]


def _rp_id(text: str) -> str:
    if not is_name(text):
        raise ValueError(text)
    return text


RP_ID: Final = Kind(form="a host name in lower case, e.g. example.com", parse=_rp_id)
ROLES: Final = Kind(form=f"roles, separated by commas: {', '.join(Role)}", parse=_roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSettings(Group):
    """How second factors are computed, and how often they may be tried.

    Attributes:
        secrets: The first computes what is new, all of them what is stored. If empty, nobody can
            add a second factor.
        limit: For one account, over everything; None for no limit.
    """

    title: ClassVar[str] = "Second factors"

    secrets: tuple[str, ...] = setting(
        "FACTOR_SECRET",
        SECRETS,
        is_secret=True,
        production=Change(kind=STRONG_SECRETS),
        doc="Computes the secrets of authenticator apps, and the hashes of recovery codes. Must not"
        " be lost: without it, users with a second factor cannot sign in. May be a list: the first"
        " computes what is new, all of them what there is. If unset: created at the first start,"
        " and kept in LATCHKEY_HOME; in production nobody can add a second factor.",
    )
    limit: Rate | None = setting(
        "FACTOR_LIMIT",
        RATE,
        "10/15m",
        doc="The limit of codes that may be tried for one account, from everywhere.",
    )
    fresh: timedelta = setting(
        "FRESH",
        duration(timedelta(seconds=30), timedelta(hours=1)),
        "5m",
        doc="How long after a sign-in its session can change the user's second factors, and the"
        " password and address of a user who has one, or delete the account.",
    )

    required_roles: tuple[str, ...] = setting(
        "MFA_REQUIRED_ROLES",
        ROLES,
        doc="The roles whose users must have a second factor: who has none adds one at the next"
        " login, before there is a session. If unset: no role.",
    )

    trust: timedelta | None = setting(
        "DEVICE_TRUST",
        optional(duration(timedelta(minutes=1), LONGEST)),
        doc="How long users may have a device remembered, on which the password is then enough. Not"
        " for roles in MFA_REQUIRED_ROLES. If unset: never.",
    )

    rp_id: str | None = setting(
        "PASSKEY_RP_ID",
        optional(RP_ID),
        doc="The host name that passkeys are bound to: that of the pages, or a domain above it."
        " With another one, all passkeys are lost. If unset: the host of PUBLIC_URL, or else the"
        " one name in ALLOWED_HOSTS. If neither is a name, there are no passkeys.",
    )

    @property
    def requirement(self) -> FactorRequirement:
        """Who must have a second factor, in the domain's terms."""
        return FactorRequirement(roles=frozenset(map(Role, self.required_roles)))

    @override
    def cautions(self) -> Iterator[str]:
        if self.limit is None:
            yield "FACTOR_LIMIT: is off, so who knows a password can guess the code at any rate"
