"""Lists of mails that show the wrong ones, and failed mails that are not tried again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from latchkey.adapters.memory.mail.queue import MemoryMailQueue
from latchkey.testing.ports import MailQueueSuite
from unit.testing.broken.fault import Fault
from unit.testing.broken.lists import LISTINGS, Listing
from unit.testing.broken.user_sessions import NOT_FOR_SESSIONS

Method = Callable[..., Any]
NOT_FOR_MAILS = NOT_FOR_SESSIONS


def _page(
    listing: Listing,
    is_wanted: Callable[[Any, str], bool] = lambda row, status: (
        (row.failure is not None) is (status == "failed")
    ),
) -> Method:
    async def page(self: Any, status: Any, *, after: Any, limit: int) -> Any:
        rows = (await self._access.read()).mails.rows()
        return listing.page((row for row in rows if is_wanted(row, status)), after, limit)

    return page


def _retry(
    change: Callable[[Any, Any, Any], Any], *, takes_waiting: bool = False, says: bool = True
) -> Method:
    async def retry(self: Any, mail_id: Any, now: Any, *, give_up_at: Any) -> bool:
        async with self._access.change() as tables:
            row = tables.mails.get(mail_id)
            if row is None or (row.failure is None and not takes_waiting):
                return False
            tables.mails.put(mail_id, change(row, now, give_up_at))
            return says

    return retry


def _due(row: Any, now: Any, give_up_at: Any) -> Any:
    mail = replace(row.mail, give_up_at=give_up_at)
    return replace(row, mail=mail, due_at=now, failure=None)


def faults() -> Iterator[Fault]:
    """Break the list of mails."""

    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"QueuedMails{name}", MailQueueSuite, MemoryMailQueue, **methods)

    for name, listing in LISTINGS.items():
        if name not in NOT_FOR_MAILS:
            yield broken(name, page=_page(listing))
    yield broken("AreListedWhatever", page=_page(Listing(), lambda *_: True))
    yield broken("AreListedIfTried", page=_page(Listing(), lambda row, _: row.attempts > 0))
    yield broken("StayFailed", retry=_retry(lambda row, *_: row))
    yield broken(
        "AreDueAtTheirOldTime",
        retry=_retry(lambda row, now, end: replace(_due(row, now, end), due_at=row.due_at)),
    )
    yield broken(
        "AreGivenUpAtOnce", retry=_retry(lambda row, now, _: replace(row, due_at=now, failure=None))
    )
    yield broken(
        "ForgetTheirAttempts",
        retry=_retry(lambda row, now, end: replace(_due(row, now, end), attempts=0)),
    )
    yield broken("AreTriedThoughWaiting", retry=_retry(_due, takes_waiting=True))
    yield broken("NeverSay", retry=_retry(_due, says=False))
