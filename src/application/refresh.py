"""Trade a refresh token for the next one (docs/flow.md, R2 to R9 and R14)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.refresh_limit import RefreshLimit
from application.token_pair import TokenPair, TokenPairIssuer
from domain.audit import AuditAction, AuditEvent, AuditLog, Caller, event, session_ended
from domain.clock import Clock
from domain.errors import (
    EndReason,
    RefreshTokenForgedError,
    RefreshTokenSupersededError,
    SessionEndedError,
    StorageUnavailableError,
)
from domain.session import Over, SessionPolicy, SessionRepository, UserSession, Verdict, judge
from domain.token import RefreshToken
from domain.work import UnitOfWork

ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCommand:
    """A wish for the next tokens of a session.

    Attributes:
        presented: The token that came, told from forgeries already.
    """

    presented: RefreshToken
    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Rotate a session, so that a lost response costs nothing and a stolen token is found out."""

    limit: RefreshLimit
    sessions: SessionRepository
    work: UnitOfWork
    audit: AuditLog
    issuer: TokenPairIssuer
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, command: RefreshCommand) -> TokenPair:
        """Refresh.

        One statement in the usual case. When it changes nothing, the session is read and
        judged; whoever loses a race against another request judges again.

        Raises:
            TooManyAttemptsError: The session was refreshed too often; the storage wasn't asked.
            RefreshTokenSupersededError: Honest, but two rotations late; the session lives.
            SessionEndedError: The session is over, perhaps by this very token.
            StorageUnavailableError: The storage is away, or every round was lost.
        """
        presented = command.presented
        self.limit.count(presented.session_id, self.clock.now())  # R14
        for _ in range(ROUNDS):
            now = self.clock.now()
            found = await self._rotate(presented, presented.generation, now)  # R3
            if found is None:
                found = await self._resolve(presented, command.caller, now)
            if found is not None:
                return self.issuer.issue(found, presented, now)
        raise StorageUnavailableError

    async def _resolve(
        self, presented: RefreshToken, caller: Caller, now: datetime
    ) -> UserSession | None:
        found = await self.sessions.find(presented.session_id)
        verdict = judge(found, presented, now, self.policy)
        match verdict:
            case Over(reason):  # R2
                raise SessionEndedError(reason)
            case Verdict.ROTATE:
                return None
            case Verdict.REPLAY:  # R4
                await self._note(AuditAction.REFRESH_REPLAYED, presented, caller, now)
                return found
            case Verdict.SUPERSEDED:  # R5
                await self._note(AuditAction.REFRESH_SUPERSEDED, presented, caller, now)
                raise RefreshTokenSupersededError
            case Verdict.FAST_FORWARD:  # R6
                return await self._fast_forward(presented, caller, now)
            case Verdict.FORGED:  # R7
                await self._end(AuditAction.REFRESH_FORGED, presented, caller, now)
                raise RefreshTokenForgedError
            case Verdict.REUSE:  # R8
                await self._end(AuditAction.REFRESH_REUSED, presented, caller, now)
                raise SessionEndedError(EndReason.REUSE_DETECTED)

    async def _rotate(
        self, presented: RefreshToken, current: int, now: datetime
    ) -> UserSession | None:
        return await self.sessions.rotate(
            presented, current=current, now=now, idle=self.policy.idle
        )

    async def _fast_forward(
        self, presented: RefreshToken, caller: Caller, now: datetime
    ) -> UserSession | None:
        rotated = await self._rotate(presented, presented.generation - 1, now)
        if rotated is not None:
            await self._note(AuditAction.REFRESH_FAST_FORWARDED, presented, caller, now)
        return rotated

    async def _end(
        self, why: AuditAction, presented: RefreshToken, caller: Caller, now: datetime
    ) -> None:
        reason, session_id = EndReason.REUSE_DETECTED, presented.session_id
        async with self.work.begin() as work:
            if user_id := await work.sessions.end(presented, reason):
                await work.audit.append(
                    _seen(why, presented, caller, now),
                    *session_ended(now, caller, reason, user_id, session_id),
                )
                await work.commit()

    async def _note(
        self, action: AuditAction, presented: RefreshToken, caller: Caller, now: datetime
    ) -> None:
        await self.audit.append(_seen(action, presented, caller, now))


def _seen(
    action: AuditAction, presented: RefreshToken, caller: Caller, now: datetime
) -> AuditEvent:
    generation = str(presented.generation)
    return event(action, now, caller, session_id=presented.session_id, generation=generation)
