"""Exchange a refresh token for the next one (docs/flow.md, R2 to R9, R14 and R15)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from latchkey.application.observability.observer import Observer
from latchkey.application.sessions.refresh_limit import RefreshLimit
from latchkey.application.sessions.token_pair import TokenPair, TokenPairIssuer
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event, session_ended
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.factors.requirement import FactorRequirement
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import (
    RefreshTokenNeverIssuedError,
    RefreshTokenReusedError,
    RefreshTokenSupersededError,
    SessionEndedError,
)
from latchkey.domain.sessions.judge import Over, Verdict, judge
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import SessionPolicy, SessionRepository, UserSession
from latchkey.domain.sessions.takeovers import Takeovers
from latchkey.domain.unit_of_work import UnitsOfWork

ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCommand:
    """Request for the next tokens of a session.

    Attributes:
        presented: The client's refresh token, which was verified to be authentic.
    """

    presented: RefreshToken
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Rotate a session. Tolerates a lost response, and detects a stolen token."""

    limit: RefreshLimit
    sessions: SessionRepository
    units: UnitsOfWork
    audit: AuditLog
    takeovers: Takeovers
    issuer: TokenPairIssuer
    observer: Observer
    clock: Clock
    policy: SessionPolicy
    requirement: FactorRequirement

    async def __call__(self, command: RefreshCommand) -> TokenPair:
        """Issue the tokens of the next generation.

        Usually this takes one statement. If it changes nothing, the session is read and the token
        judged. A request that loses a race against another one tries again, up to `ROUNDS` times.

        Raises:
            TooManyAttemptsError: The session was refreshed too often. No storage was accessed.
            RefreshTokenSupersededError: The token is two rotations late, within the grace. The
                session stays active.
            SessionEndedError: The session has ended, possibly because of this token.
            StorageUnavailableError: The storage is unavailable, or every race was lost.
        """
        presented = command.presented
        self.limit.count(presented.session_id, self.clock.now())  # R14
        for _ in range(ROUNDS):
            now = self.clock.now()
            verdict = Verdict.ROTATE
            found = await self._rotate(presented, presented.generation, now)  # R3
            if found is None:
                verdict, found = await self._resolve(presented, command.source, now)
            if found is not None:
                await self._check_level(found, presented, command.source, now)
                self.observer.refreshed(verdict)
                return await self._issue(found, presented, now)
        raise StorageUnavailableError

    async def _issue(self, found: UserSession, presented: RefreshToken, now: datetime) -> TokenPair:
        """Issue the tokens next to those of other requests whose sessions were rotated just now.

        What one signature has brought into the processor's caches, the next one finds there, unless
        a response is written in between: docs/performance.md, "What options cost".
        """
        await asyncio.sleep(0)
        pair = self.issuer.issue(found, presented, now)
        await asyncio.sleep(0)
        return pair

    async def _resolve(
        self, presented: RefreshToken, source: RequestSource, now: datetime
    ) -> tuple[Verdict, UserSession | None]:
        found = await self.sessions.find(presented.session_id)
        verdict = await self._judge(found, presented, now)
        match verdict:
            case Over(reason):  # R2
                raise SessionEndedError(reason)
            case Verdict.ROTATE:
                return verdict, None
            case Verdict.REPLAY:  # R4
                await self._note(AuditAction.REFRESH_REPLAYED, presented, source, now)
                return verdict, found
            case Verdict.SUPERSEDED:  # R5
                await self._note(AuditAction.REFRESH_SUPERSEDED, presented, source, now)
                raise RefreshTokenSupersededError
            case Verdict.FAST_FORWARD:  # R6, R15
                return verdict, await self._fast_forward(found, presented, source, now)
            case Verdict.NEVER_ISSUED:  # R7
                await self._end(AuditAction.REFRESH_NEVER_ISSUED, presented, source, now)
                raise RefreshTokenNeverIssuedError
            case Verdict.REUSE:  # R8
                await self._end(AuditAction.REFRESH_REUSED, presented, source, now)
                raise RefreshTokenReusedError

    async def _judge(
        self, found: UserSession | None, presented: RefreshToken, now: datetime
    ) -> Verdict | Over:
        verdict = judge(found, presented, now, self.policy)
        if verdict is Verdict.NEVER_ISSUED:  # so rare that nobody else pays for the question
            taken_over_at = await self.takeovers.latest(now)
            return judge(found, presented, now, self.policy, taken_over_at)
        return verdict

    async def _rotate(
        self, presented: RefreshToken, current: int, now: datetime
    ) -> UserSession | None:
        return await self.sessions.rotate(
            presented, current=current, now=now, idle=self.policy.idle
        )

    async def _fast_forward(
        self,
        found: UserSession | None,
        presented: RefreshToken,
        source: RequestSource,
        now: datetime,
    ) -> UserSession | None:
        assert found is not None  # noqa: S101 - for the type checker alone
        rotated = await self._rotate(presented, found.session.generation, now)
        if rotated is not None:
            await self._note(AuditAction.REFRESH_FAST_FORWARDED, presented, source, now)
        return rotated

    async def _check_level(
        self, found: UserSession, presented: RefreshToken, source: RequestSource, now: datetime
    ) -> None:
        """End a session without the second factor that its user must have by now (Y15)."""
        if self.requirement.is_met(found.user.role, presented.means.level):
            return
        reason, user_id = EndReason.REVOKED, found.user.id
        async with self.units.begin() as unit:
            if await unit.sessions.end(presented, reason):
                ended = session_ended(now, source, reason, user_id, presented.session_id)
                await unit.audit.append(*ended)
                await unit.commit()
        raise SessionEndedError(reason)

    async def _end(
        self, why: AuditAction, presented: RefreshToken, source: RequestSource, now: datetime
    ) -> None:
        reason, session_id = EndReason.REUSE_DETECTED, presented.session_id
        async with self.units.begin() as unit:
            if user_id := await unit.sessions.end(presented, reason):
                await unit.audit.append(
                    _seen(why, presented, source, now),
                    *session_ended(now, source, reason, user_id, session_id),
                )
                await unit.commit()

    async def _note(
        self, action: AuditAction, presented: RefreshToken, source: RequestSource, now: datetime
    ) -> None:
        await self.audit.append(_seen(action, presented, source, now))


def _seen(
    action: AuditAction, presented: RefreshToken, source: RequestSource, now: datetime
) -> AuditEvent:
    generation = str(presented.generation)
    return event(action, now, source, session_id=presented.session_id, generation=generation)
