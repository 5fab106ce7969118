"""Bring the canonical forms of all stored e-mail addresses up to date."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Final

from latchkey.domain.accounts.email_address import EmailAddress, EmailAddressParser
from latchkey.domain.accounts.user import User, UserRepository
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.kernel.page import Position
from latchkey.domain.unit_of_work import UnitsOfWork

_PAGE: Final = 100  # users


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedEmails:
    """What a recomputation has found.

    Attributes:
        outdated: The addresses whose stored canonical form was outdated, with their new form.
        collisions: Groups of addresses that would get the same canonical form. If there are any,
            nothing was changed.
        unreadable: Stored texts that are not addresses. They stay as they are.
    """

    outdated: tuple[EmailAddress, ...] = ()
    collisions: tuple[tuple[str, ...], ...] = ()
    unreadable: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeEmails:
    """Recompute the canonical form of each stored e-mail address.

    Addresses that were inserted by other means, or by a release with other rules, may have
    another canonical form than the one that a login looks for.
    """

    addresses: EmailAddressParser
    users: UserRepository
    units: UnitsOfWork

    async def __call__(self) -> RecomputedEmails:
        """Recompute all of them in one transaction, or none.

        Raises:
            EmailTakenError: A user got one of the addresses in the meantime. Nothing was changed.
        """
        found, outdated = await self._examine(None)
        if not found.collisions:
            await self._set(outdated)
        return found

    async def check(self, limit: int) -> RecomputedEmails:
        """Return what a call would find among the newest users; changes nothing.

        Args:
            limit: The number of users to look at.
        """
        found, _ = await self._examine(limit)
        return found

    async def _examine(
        self, limit: int | None
    ) -> tuple[RecomputedEmails, list[tuple[User, EmailAddress]]]:
        holders: dict[str, list[str]] = defaultdict(list)
        outdated: list[tuple[User, EmailAddress]] = []
        unreadable: list[str] = []
        async for user in self._users(limit):
            email = self._parsed(user)
            if email is None:
                unreadable.append(user.email.text)
                continue
            holders[email.canonical].append(user.email.text)
            if email != user.email:
                outdated.append((user, email))
        found = RecomputedEmails(
            outdated=tuple(email for _, email in outdated),
            collisions=tuple(tuple(texts) for texts in holders.values() if len(texts) > 1),
            unreadable=tuple(unreadable),
        )
        return found, outdated

    async def _users(self, limit: int | None) -> AsyncIterator[User]:
        after: Position | None = None
        seen, is_over = 0, False
        while not is_over:
            page = await self.users.page(after=after, limit=_PAGE)
            for user in page.items:
                yield user
            seen += len(page.items)
            after = page.next
            is_over = after is None or (limit is not None and seen >= limit)

    def _parsed(self, user: User) -> EmailAddress | None:
        try:
            return self.addresses.parse(user.email.text)
        except InvalidInputError:
            return None

    async def _set(self, outdated: Iterable[tuple[User, EmailAddress]]) -> None:
        async with self.units.begin() as unit:
            for user, email in outdated:
                await unit.users.set_email(user.id, email)
            await unit.commit()
