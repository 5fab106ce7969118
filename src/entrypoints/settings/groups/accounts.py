"""Settings of accounts and their passwords."""

from dataclasses import dataclass
from typing import ClassVar

from latchkey.entrypoints.settings.kinds import BOOLEAN, always, integer
from latchkey.entrypoints.settings.variable import Change, Group, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings(Group):
    """How passwords are hashed, and how the first administrator is created."""

    title: ClassVar[str] = "Accounts"

    bcrypt_rounds: int = setting(
        "BCRYPT_ROUNDS",
        integer(10, 15),
        "12",
        test=Change(kind=integer(4, 15)),
        doc="The binary logarithm of bcrypt's cost; each step doubles the time that a login takes.",
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
