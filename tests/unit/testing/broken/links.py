"""Links that are bound to others, used twice, or deleted too early, and tokens of links."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from latchkey.adapters.link_token import HmacLinkTokenCodec
from latchkey.adapters.memory.links.links import MemoryLinkRepository
from latchkey.domain.links.link import Binding, FoundLink
from latchkey.testing.ports import LinkRepositorySuite, LinkTokenCodecSuite
from unit.testing.broken.fault import Fault, step

LINKS: Final = MemoryLinkRepository
ENCODE, DECODE = HmacLinkTokenCodec.encode, HmacLinkTokenCodec.decode
STRAY: Final = " \n\0=."
AGES_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

Method = Callable[..., Any]


def _bind(
    *,
    is_whose: Callable[[Any, Any], bool] = lambda user, link: (
        user.email.canonical == link.email.canonical
    ),
    takes_disabled: bool = False,
    again: bool = False,
    all_links: bool = False,
) -> Method:
    async def bind(self: Any, link_id: Any) -> None:
        async with self._access.change() as tables:
            for link in list(tables.links.rows()):
                if (link.id != link_id and not all_links) or (link.binding and not again):
                    continue
                for account in tables.accounts.rows():
                    user, version = account.user, account.password_version
                    if is_whose(user, link) and (takes_disabled or not user.is_disabled):
                        binding = Binding(user_id=user.id, password_version=version)
                        tables.links.put(link.id, replace(link, binding=binding))

    return bind


def _use(*, checks: bool = True, races: bool = False, all_links: bool = False) -> Method:
    async def use(self: Any, link_id: Any, *, result_version: int) -> Any:
        def decide(tables: Any) -> Any:
            rows = [row for row in tables.links.rows() if row.id == link_id or all_links]
            unused = [row for row in rows if row.result_version is None or not checks]
            changed = [replace(row, result_version=result_version) for row in unused]
            return bool(changed), [("links", row.id, row) for row in changed]

        return await step(self, decide, races=races)

    return use


async def _find_by_address(self: Any, link_id: Any) -> Any:
    tables = await self._access.read()
    link = tables.links.get(link_id)
    if link is None:
        return None
    account = tables.account_of(link.email) if link.binding else None
    return FoundLink(link=link, credential=account)


async def _find_without_credential(self: Any, link_id: Any) -> Any:
    found = await LINKS_FIND(self, link_id)
    return found and replace(found, credential=None)


LINKS_FIND: Final = MemoryLinkRepository.find


async def _add_unbound(self: Any, link: Any) -> None:
    await LINKS_ADD(self, replace(link, binding=None))


LINKS_ADD: Final = MemoryLinkRepository.add


def _use_for(*, checks: bool = True, races: bool = False, binds: bool = True) -> Method:
    async def use_for(self: Any, link_id: Any, user_id: Any) -> Any:
        def decide(tables: Any) -> Any:
            link = tables.links.get(link_id)
            if link is None or (checks and link.result_version is not None):
                return False, []
            made = Binding(user_id=user_id, password_version=0) if binds else None
            return True, [("links", link_id, replace(link, binding=made, result_version=1))]

        return await step(self, decide, races=races)

    return use_for


async def _find_without_holder(self: Any, link_id: Any) -> Any:
    found = await LINKS_FIND(self, link_id)
    return replace(found, credential=None) if found and not found.link.binding else found


def _find_vouched(is_vouched: Callable[[Any, Any], bool]) -> Method:
    async def find(self: Any, link_id: Any) -> Any:
        found = await LINKS_FIND(self, link_id)
        if not found or not found.link.invitation:
            return found
        inviter = (await self._access.read()).accounts.get(found.link.invitation.by)
        return replace(found, is_vouched=is_vouched(found, inviter)) if inviter else found

    return find


async def _find_vouched_by_users(self: Any, link_id: Any) -> Any:
    found = await LINKS_FIND(self, link_id)
    if found and found.link.invitation and found.link.invitation.by is None:
        return replace(found, is_vouched=False)
    return found


def _prune(is_old: Callable[[Any, Any], bool], size: Callable[[int], int] = int) -> Method:
    async def prune(self: Any, created_before: Any, *, limit: int) -> int:
        async with self._access.change() as tables:
            rows = [row for row in tables.links.rows() if is_old(row, created_before)]
            for row in rows[: size(limit)]:
                tables.links.put(row.id, None)
            return len(rows[: size(limit)])

    return prune


def _is_old(row: Any, before: Any) -> bool:
    return bool(row.expires_at - timedelta(hours=1) < before)


def _link_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"Links{name}", LinkRepositorySuite, MemoryLinkRepository, **methods)

    yield broken("AreAddedUnbound", add=_add_unbound)
    yield broken("AreBoundToAnybody", bind=_bind(is_whose=lambda *_: True))
    yield broken("AreBoundToTheDisabled", bind=_bind(takes_disabled=True))
    yield broken("AreBoundAgain", bind=_bind(again=True))
    yield broken("AreAllBound", bind=_bind(all_links=True))
    yield broken("FollowTheAddress", find=_find_by_address)
    yield broken("HaveNoUser", find=_find_without_credential)
    yield broken("AreUsedTwice", use=_use(checks=False))
    yield broken("AreAllUsed", use=_use(all_links=True))
    yield broken("AreUsedInARace", use=_use(races=True))
    yield broken("AreFoundWithoutAHolder", find=_find_without_holder)
    yield broken("AreAlwaysVouchedFor", find=_find_vouched(lambda *_: True))
    yield broken(
        "AreVouchedForByTheDisabled",
        find=_find_vouched(lambda _, inviter: inviter.user.role == "ADMIN"),
    )
    yield broken(
        "AreVouchedForByUsers",
        find=_find_vouched(lambda _, inviter: not inviter.user.is_disabled),
    )
    yield broken("OfOperatorsAreNotVouchedFor", find=_find_vouched_by_users)
    yield broken("MakeTwoUsers", use_for=_use_for(checks=False))
    yield broken("MakeUsersInARace", use_for=_use_for(races=True))
    yield broken("ForgetWhomTheyMade", use_for=_use_for(binds=False))
    yield broken("ArePrunedYoung", prune=_prune(lambda *_: True))
    yield broken("ArePrunedTooMany", prune=_prune(_is_old, lambda limit: limit + 1))


def _token_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"LinkTokens{name}", LinkTokenCodecSuite, HmacLinkTokenCodec, **methods)

    yield broken("NeverExpire", decode=lambda self, encoded, _: DECODE(self, encoded, AGES_AGO))
    yield broken(
        "ExpireLate", decode=lambda self, encoded, now: DECODE(self, encoded, now - MICROSECOND)
    )
    yield broken(
        "AreStripped", decode=lambda self, encoded, now: DECODE(self, encoded.strip(STRAY), now)
    )
    yield broken(
        "LoseTheVersion",
        encode=lambda self, token: ENCODE(self, replace(token, password_version=0)),
    )


def faults() -> Iterator[Fault]:
    """Break links and their tokens."""
    yield from _link_faults()
    yield from _token_faults()
