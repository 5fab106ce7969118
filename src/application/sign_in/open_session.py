"""Open a session for a user who has proven who they are (docs/flow.md, L4)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.presented import genuine
from latchkey.application.sessions.token_pair import TokenPair, TokenPairIssuer
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import (
    AuditAction,
    AuditEvent,
    RequestSource,
    event,
    session_ended,
)
from latchkey.domain.factors.authentication import Authentication, Means, SecondMethod
from latchkey.domain.factors.gate import Challenge, Enrolment, gate
from latchkey.domain.factors.requirement import FactorRequirement
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork

MOST_ENDED: Final = 100
"""Sessions that one login ends at most, so that a lowered limit does not make a login slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The tokens of a new session, and its user."""

    tokens: TokenPair
    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenUser:
    """A user who has proven who they are, as read at one instant.

    Attributes:
        authentication: How they have proven it.
        password_version: The version that was read with the user. The session is opened only if
            it is still current.
        has_second_factor: Whether they had a second factor. The session is opened only if that is
            still so.
        replaces: The refresh tokens that the client holds already; any texts, or none.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
        is_known: Whether the user has signed in from this device before.
    """

    user: User
    authentication: Authentication
    password_version: int
    has_second_factor: bool
    replaces: tuple[str, ...] = field(repr=False)
    device_name: str = ""
    source: RequestSource
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Open a session, if the gate lets the user pass. Every way of signing in ends here.

    Attributes:
        notifies: Whether a user gets a notice of a sign-in from a device that is not known.
    """

    units: UnitsOfWork
    notices: Notices
    notifies: bool
    codec: RefreshTokenCodec
    issuer: TokenPairIssuer
    clock: Clock
    policy: SessionPolicy
    requirement: FactorRequirement

    async def __call__(self, proven: ProvenUser) -> LoggedIn | Challenge | Enrolment | None:
        """Open a session, and end the one that it replaces and those beyond the limit.

        Returns:
            The tokens, or what is missing; or None if the user was disabled, or the password or
            the second factor changed, since the user was read. Without tokens, nothing has changed.

        Raises:
            StorageUnavailableError: It is unknown whether the session was opened.
        """
        passed = self._passed(proven)
        if not isinstance(passed, Authentication):
            return passed
        async with self.units.begin() as unit:
            opened = await self._open(unit, proven, passed.means)
            if opened is not None:
                await unit.commit()
        return opened

    async def within(
        self, unit: UnitOfWork, proven: ProvenUser
    ) -> LoggedIn | Challenge | Enrolment | None:
        """Do the same within a unit of work. If it returns tokens, the caller must commit."""
        passed = self._passed(proven)
        if not isinstance(passed, Authentication):
            return passed
        return await self._open(unit, proven, passed.means)

    def _passed(self, proven: ProvenUser) -> Authentication | Challenge | Enrolment:
        answers = frozenset({SecondMethod.TOTP} if proven.has_second_factor else ())
        is_required = self.requirement.is_for(proven.user.role)
        return gate(proven.authentication, answers, is_required=is_required)

    async def _open(self, unit: UnitOfWork, proven: ProvenUser, means: Means) -> LoggedIn | None:
        now, user = self.clock.now(), proven.user
        token = RefreshToken.first(now, self.policy.absolute, means)
        session = Session.begin(token, user.id, now)
        is_added = await unit.sessions.add(
            session,
            password_version=proven.password_version,
            has_second_factor=proven.has_second_factor,
        )
        if not is_added:
            return None
        # its id sorts before those of the ends
        opening = _logged_in(proven, means, session.id, now)
        await unit.audit.append(opening, *await self._end_others(unit, proven, now))
        if self.notifies and not proven.is_known:
            address = proven.source.address
            await self.notices.write(unit, MailKind.NEW_SIGN_IN, user, now, address=address)
        opened = UserSession(session=session, user=user)
        return LoggedIn(tokens=self.issuer.issue(opened, token, now), user=user)

    async def _end_others(
        self, unit: UnitOfWork, proven: ProvenUser, now: datetime
    ) -> tuple[AuditEvent, ...]:
        ended = await unit.sessions.replace(
            proven.user.id,
            genuine(self.codec, proven.replaces, now),
            keep=self.policy.per_user,
            limit=MOST_ENDED,
        )
        source, reason = proven.source, EndReason.REPLACED
        return tuple(
            noted
            for session in ended
            for noted in session_ended(now, source, reason, session.user_id, session.id)
        )


def _logged_in(
    proven: ProvenUser, means: Means, session_id: SessionId, now: datetime
) -> AuditEvent:
    name = {"device": proven.device_name} if proven.device_name else {}
    proof = proven.authentication.factor
    factor = {"factor": proof.value} if proof else {}
    stood_in = proven.authentication.device
    remembered = {"remembered_device": str(stood_in)} if stood_in else {}
    return event(
        AuditAction.LOGIN_SUCCEEDED,
        now,
        proven.source,
        user_id=proven.user.id,
        session_id=session_id,
        signed_in_with=means.way,
        **name,
        **factor,
        **remembered,
    )
