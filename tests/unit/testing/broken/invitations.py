"""Invitations that are listed though they have ended, and withdrawn with the wrong ones."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from latchkey.adapters.memory.links.invitations import MemoryInvitationRepository
from latchkey.adapters.memory.tables import Tables
from latchkey.testing.ports import InvitationRepositorySuite
from unit.testing.broken.fault import Decision, Fault, step
from unit.testing.broken.lists import LISTINGS, Listing
from unit.testing.broken.user_sessions import NOT_FOR_SESSIONS

Method = Callable[..., Any]
Test = Callable[..., bool]
ALL: Final = 1_000


def _is_unused(link: Any) -> bool:
    return link.invitation is not None and link.result_version is None


def _hides(newer: Any, link: Any, now: Any) -> bool:
    is_same = newer.email.canonical == link.email.canonical
    return is_same and newer.id > link.id and _is_unused(newer) and newer.expires_at > now


def _page(
    listing: Listing,
    *,
    is_open: Test = lambda link, now: _is_unused(link) and link.expires_at > now,
    is_taken: Test = lambda tables, link: tables.account_of(link.email) is not None,
    hides: Test = _hides,
) -> Method:
    async def page(self: Any, *, now: Any, after: Any, limit: int) -> Any:
        tables = await self._access.read()
        links = [link for link in tables.links.rows() if not is_taken(tables, link)]
        listed = [
            link
            for link in links
            if is_open(link, now) and not any(hides(newer, link, now) for newer in links)
        ]
        return listing.page(listed, after, limit)

    return page


def _withdraw(
    *,
    is_meant: Test = lambda link, named: link.email.canonical == named.email.canonical,
    is_kept: Test = lambda link: not _is_unused(link),
    is_named: Test = _is_unused,
    races: bool = False,
) -> Method:
    async def withdraw(self: Any, link_id: Any) -> Any:
        def decide(tables: Tables) -> Decision:
            named = tables.links.get(link_id)
            if named is None or not is_named(named):
                return None, []
            links = [link for link in tables.links.rows() if is_meant(link, named)]
            return named.email, [("links", link.id, None) for link in links if not is_kept(link)]

        return await step(self, decide, races=races)

    return withdraw


def _withdraw_others(is_withdrawn: Test) -> Method:
    async def withdraw_others(self: Any, email: Any, role: Any) -> None:
        async with self._access.change() as tables:
            for link in list(tables.links.rows()):
                if link.invitation and is_withdrawn(link, email, role):
                    tables.links.put(link.id, None)

    return withdraw_others


def _is_other(link: Any, email: Any, role: Any) -> bool:
    return bool(link.email.canonical == email.canonical and link.invitation.role is not role)


def _broken(name: str, **methods: Method) -> Fault:
    return Fault.of(
        f"Invitations{name}", InvitationRepositorySuite, MemoryInvitationRepository, **methods
    )


def _listed() -> Iterator[Fault]:
    for name, listing in LISTINGS.items():
        if name not in NOT_FOR_SESSIONS:
            yield _broken(name, page=_page(listing))
    plain = Listing()
    yield _broken(
        "AreListedThoughExpired", page=_page(plain, is_open=lambda link, _: _is_unused(link))
    )
    yield _broken(
        "AreListedThoughUsed",
        page=_page(plain, is_open=lambda link, now: link.invitation and link.expires_at > now),
    )
    yield _broken(
        "AreListedWithRegistrations",
        page=_page(
            plain, is_open=lambda link, now: link.result_version is None and link.expires_at > now
        ),
    )
    yield _broken("OfUsersAreListed", page=_page(plain, is_taken=lambda *_: False))
    yield _broken("AreListedTwice", page=_page(plain, hides=lambda *_: False))
    yield _broken(
        "AreHiddenByEnded",
        page=_page(
            plain,
            hides=lambda newer, link, _: (
                newer.email.canonical == link.email.canonical and newer.id > link.id
            ),
        ),
    )


def _withdrawn() -> Iterator[Fault]:
    yield _broken("AreKept", withdraw=_withdraw(is_kept=lambda _: True))
    yield _broken(
        "AreWithdrawnAlone", withdraw=_withdraw(is_meant=lambda link, named: link is named)
    )
    yield _broken("OfAllAreWithdrawn", withdraw=_withdraw(is_meant=lambda *_: True))
    yield _broken("ThatWereUsedWithdrawOthers", withdraw=_withdraw(is_named=lambda _: True))
    yield _broken(
        "AreWithdrawnWithTheUsed", withdraw=_withdraw(is_kept=lambda link: not link.invitation)
    )
    yield _broken(
        "AreWithdrawnWithRegistrations",
        withdraw=_withdraw(is_kept=lambda link: link.result_version is not None),
    )
    yield _broken("AreWithdrawnInARace", withdraw=_withdraw(races=True))
    yield _broken("ToOtherRolesStay", withdraw_others=_withdraw_others(lambda *_: False))
    yield _broken("ToOtherRolesGoThoughUsed", withdraw_others=_withdraw_others(_is_other))
    yield _broken(
        "ToAllRolesGo",
        withdraw_others=_withdraw_others(
            lambda link, email, _: _is_unused(link) and link.email.canonical == email.canonical
        ),
    )
    yield _broken(
        "OfOthersGo",
        withdraw_others=_withdraw_others(
            lambda link, _, role: _is_unused(link) and link.invitation.role is not role
        ),
    )


def faults() -> Iterator[Fault]:
    """Break the repository of invitations."""
    yield from _listed()
    yield from _withdrawn()
