"""Settings that limit how often something may be tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from latchkey.application.mail.mail_throttle import MailLimits
from latchkey.application.sign_in.login_throttle import LoginLimits
from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings.kinds import RATE
from latchkey.entrypoints.settings.variable import Group, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrottlingSettings(Group):
    """How often something may be tried; None turns a limit off."""

    title: ClassVar[str] = "Limits"

    account: Rate | None = setting(
        "LOGIN_LIMIT_ACCOUNT",
        RATE,
        "10/15m",
        doc="The limit of login attempts for one account from one address or one known device.",
    )
    address: Rate | None = setting(
        "LOGIN_LIMIT_ADDRESS",
        RATE,
        "100/15m",
        doc="The limit of login attempts from one address over all accounts. For IPv6, that of the"
        " first 64 bits; the first 56 bits have 4 times as much, and the first 48 bits 16 times.",
    )
    successes: Rate | None = setting(
        "LOGIN_LIMIT_SUCCESSES",
        RATE,
        "60/15m",
        doc="The limit of logins to one account that succeed, from everywhere.",
    )
    refresh: Rate | None = setting(
        "REFRESH_LIMIT",
        RATE,
        "120/1m",
        doc="The limit of refreshes of one session in each worker.",
    )

    mails_to_address: Rate | None = setting(
        "MAIL_LIMIT_ADDRESS",
        RATE,
        "3/1h",
        doc="The limit of mails with links that one address asks for, to one e-mail address. All"
        " addresses together may ask for 5 times as many.",
    )
    mails_by_source: Rate | None = setting(
        "MAIL_LIMIT_SOURCE",
        RATE,
        "20/1h",
        doc="The limit of mails with links that one address asks for, to all e-mail addresses. For"
        " IPv6 as in LOGIN_LIMIT_ADDRESS.",
    )

    @property
    def mail_limits(self) -> MailLimits:
        """The limits of mails that anybody may ask for."""
        return MailLimits(address=self.mails_to_address, source=self.mails_by_source)

    @property
    def login_limits(self) -> LoginLimits:
        """The limits of login attempts."""
        return LoginLimits(account=self.account, address=self.address, successes=self.successes)

    @override
    def cautions(self) -> Iterator[str]:
        if self.account is None:
            yield "LOGIN_LIMIT_ACCOUNT: is off, so an account's password can be guessed at any rate"
        if self.address is None:
            yield "LOGIN_LIMIT_ADDRESS: is off, so one address can try passwords of all accounts"
        if self.successes is None:
            yield (
                "LOGIN_LIMIT_SUCCESSES: is off, so a client with one password can log in, and fill"
                " the tables, at any rate"
            )
        if self.refresh is None:
            yield "REFRESH_LIMIT: is off, so a client with one token can refresh at any rate"
        if self.mails_to_address is None:
            yield "MAIL_LIMIT_ADDRESS: is off, so anybody can fill a user's mailbox"
        if self.mails_by_source is None:
            yield "MAIL_LIMIT_SOURCE: is off, so one address can ask for mails to all users"
