"""Check the password of the signed-in user (docs/flow.md, CP1 and Y12)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from latchkey.application.passwords.attempts import PasswordAttempts, of_session
from latchkey.domain.accounts.errors import PasswordIncorrectError
from latchkey.domain.accounts.password import Password, PasswordHasher
from latchkey.domain.accounts.password_credential import (
    PasswordCredential,
    PasswordCredentialRepository,
)
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.factors.freshness import check_fresh
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentPassword:
    """Check a password that a sensitive change needs, although the session is active.

    All attempts of one session are counted together, whatever they are for.

    Attributes:
        max_age: How long ago the sign-in of a user with a second factor may be, timedelta > 0.
    """

    attempts: PasswordAttempts
    credentials: PasswordCredentialRepository
    hasher: PasswordHasher
    audit: AuditLog
    clock: Clock
    max_age: timedelta

    @asynccontextmanager
    async def checked(
        self, user: User, by: Principal, password: Password, source: RequestSource
    ) -> AsyncIterator[PasswordCredential]:
        """Provide the credential that the password is right for.

        If the body raises PasswordHasherBusyError, the attempt does not count.

        Args:
            user: The signed-in user, as stored now.
            by: The principal of the same user.
            password: As typed.
            source: Where the request came from.

        Raises:
            ReauthenticationRequiredError: The user has a second factor, and the sign-in is too long
                ago, or has not proven it. The password was not looked at, nor an attempt counted.
            TooManyAttemptsError: Too many passwords were tried in this session.
            PasswordIncorrectError: The password is wrong. The session is kept.
            PasswordHasherBusyError: Too many passwords are queued. The attempt does not count.
        """
        holder = of_session(by.session_id)
        found = await self.credentials.by_email(user.email)
        self._check_fresh(found, by)
        async with self.attempts.counted(holder):
            expected = found.password_hash if found else None
            is_right = await self.hasher.verify(password, expected, holder.queues_as)
            if found is None or found.user.id != user.id or not is_right:
                await self._note(by, source)
                raise PasswordIncorrectError
            yield found

    def _check_fresh(self, found: PasswordCredential | None, by: Principal) -> None:
        """Check the sign-in, if it has proven more than the password that is typed now."""
        if found is not None and found.has_second_factor:
            check_fresh(
                by.signed_in_at,
                by.means.level,
                self.clock.now(),
                max_age=self.max_age,
                has_second_factor=True,
            )

    async def _note(self, by: Principal, source: RequestSource) -> None:
        failed = AuditAction.PASSWORD_ATTEMPT_FAILED
        now = self.clock.now()
        await self.audit.append(event(failed, now, source, user_id=by.id, session_id=by.session_id))
