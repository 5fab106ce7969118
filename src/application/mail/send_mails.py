"""Send the mails of the outbox (docs/flow.md, ML2, ML3 and ML5)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from latchkey.application.links.prepare_link import AddressTaken, PreparedLink, PrepareLink
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.mail.backoff import wait_after
from latchkey.domain.mail.mail import IF_TAKEN, LINKED, Mail, MailedLink
from latchkey.domain.mail.outbox import Claim, Outbox
from latchkey.domain.mail.transport import (
    MailComposer,
    MailDelayedError,
    MailRefusedError,
    MailTransport,
)
from latchkey.domain.unit_of_work import UnitsOfWork

EXPIRED: Final = "expired"
NO_ADDRESS: Final = "address"


class Outcome(StrEnum):
    """What became of a claimed mail."""

    SENT = "mail_sent"
    DELAYED = "mail_delayed"
    FAILED = "mail_failed"
    EXPIRED = "mail_expired"
    UNNEEDED = "mail_unneeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a claimed mail, and why.

    Attributes:
        reason: Such as "550 5.1.1"; "" for a mail that was sent, or is sent to nobody.
    """

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMails:
    """Claim mails, and hand each over to the mail server.

    While a mail is handed over no transaction is open. If this process dies, the mail is due again
    when its claim ends. If the mail server has taken it by then, it gets a second copy, with the
    same bytes and the same `Message-ID`.

    Attributes:
        lease: How long a mail is claimed, longer than an attempt to send takes.
    """

    outbox: Outbox
    units: UnitsOfWork
    prepare_link: PrepareLink
    addresses: EmailAddressParser
    composer: MailComposer
    transport: MailTransport
    clock: Clock
    lease: timedelta

    async def claim(self, limit: int) -> tuple[Claim, ...]:
        """Claim mails that are due.

        Raises:
            StorageUnavailableError: It is unknown whether mails were claimed.
        """
        now = self.clock.now()
        return await self.outbox.claim(now, until=now + self.lease, limit=limit)

    async def send(self, claim: Claim) -> Delivery:
        """Send a claimed mail, and note what became of it.

        Raises:
            StorageUnavailableError: It could not be noted. The mail is due again when its claim
                ends, even if it was sent.
        """
        if self.clock.now() >= claim.mail.give_up_at:
            return await self._give_up(claim, AuditAction.MAIL_EXPIRED, EXPIRED)
        link = None
        if claim.mail.kind in LINKED:
            prepared = await self._prepared(claim.mail)
            if prepared is None:
                await self.outbox.remove(claim.mail.id)
                return Delivery(outcome=Outcome.UNNEEDED)
            mail, link = prepared
            claim = replace(claim, mail=mail)
        return await self._hand_over(claim, link)

    async def _prepared(self, mail: Mail) -> tuple[Mail, MailedLink | None] | None:
        """Return a mail with its recipient and its link, or None if it must not be sent."""
        match await self.prepare_link(LinkId(mail.id)):
            case PreparedLink(user=user, email=email, token=token, expires_at=expires_at):
                user_id = user.id if user else None
                link = MailedLink(token=token, expires_at=expires_at)
                return replace(mail, recipient=email, user_id=user_id), link
            case AddressTaken(user=user):
                told = replace(mail, kind=IF_TAKEN[mail.kind])
                return replace(told, recipient=user.email, user_id=user.id), None
            case None:
                return None

    async def _hand_over(self, claim: Claim, link: MailedLink | None) -> Delivery:
        try:
            self.addresses.parse_new(claim.mail.recipient.text)
            await self.transport.send(self.composer.compose(claim.mail, link))
        except InvalidInputError:  # the address of a user who was brought over
            return await self._give_up(claim, AuditAction.MAIL_FAILED, NO_ADDRESS)
        except MailRefusedError as error:
            return await self._give_up(claim, AuditAction.MAIL_FAILED, error.reason)
        except MailDelayedError as error:
            return await self._postpone(claim, error.reason)
        return await self._remove(claim)

    async def _remove(self, claim: Claim) -> Delivery:
        async with self.units.begin() as unit:
            if await unit.outbox.remove(claim.mail.id):
                await unit.audit.append(self._event(AuditAction.MAIL_SENT, claim, {}))
            await unit.commit()
        return Delivery(outcome=Outcome.SENT)

    async def _give_up(self, claim: Claim, action: AuditAction, reason: str) -> Delivery:
        async with self.units.begin() as unit:
            if await unit.outbox.give_up(claim, reason):
                await unit.audit.append(self._event(action, claim, {"reason": reason}))
            await unit.commit()
        return Delivery(outcome=Outcome(action), reason=reason)

    async def _postpone(self, claim: Claim, reason: str) -> Delivery:
        wait = wait_after(claim.attempts, secrets.randbelow(1_000) / 1_000)
        await self.outbox.postpone(claim, self.clock.now() + wait)
        return Delivery(outcome=Outcome.DELAYED, reason=reason)

    def _event(self, action: AuditAction, claim: Claim, why: Mapping[str, str]) -> AuditEvent:
        mail, now = claim.mail, self.clock.now()
        what = {"kind": mail.kind, "mail": str(mail.id), "attempts": str(claim.attempts)}
        return AuditEvent(
            id=new_id(now),
            at=now,
            action=action,
            source=RequestSource(),
            user_id=mail.user_id,
            detail={**what, **why},
        )
