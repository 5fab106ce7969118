"""Clients as browsers are: tabs, lost answers, patience, and a cookie jar that knows no history."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from random import Random
from typing import Final

import httpx

from harness.wire import Wire
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from production.deployment import HOST
from soak.tally import Tally

PATIENCE: Final = 50.0  # s for one answer; less than the grace
_THINKS: Final = 0.2  # s at most, between two things
_WAITS: Final = 0.5  # s at most, before it asks again
_TABS: Final = 10
_NOT_NOW: Final = 503


class Browser:
    """Somebody who stays signed in whatever happens to the service, until they log out.

    Attributes:
        account: Whose browser it is; nobody else's.
    """

    def __init__(
        self,
        visitor: Visitor,
        account: Account,
        tally: Tally,
        chance: Random,
        connect: Callable[[], AbstractAsyncContextManager[Wire]],
    ) -> None:
        """Begin signed out; `connect` opens a connection to what the visitor speaks to."""
        self.account = account
        self._connect = connect
        self._visitor = visitor
        self._tally = tally
        self._chance = chance
        self._access = ""
        self._received: list[str] = []

    @property
    def _cookie(self) -> str:
        return self._received[-1]

    async def live(self, has_ended: asyncio.Event) -> None:
        """Do one thing after the other; in the end, see whether the session is whole."""
        habits = {
            self._refreshes: 50,
            self._loses_an_answer: 15,
            self._opens_tabs: 10,
            self._looks_around: 22,
            self._leaves_and_returns: 3,
        }
        await self._logs_in()
        while not has_ended.is_set():
            await asyncio.sleep(_THINKS * self._chance.random())
            (habit,) = self._chance.choices([*habits], [*habits.values()])
            await habit()
        await self._is_whole()

    async def _logs_in(self) -> None:
        answer = await self._asks("login", lambda: self._visitor.login(self.account.credentials))
        self._received.clear()
        self._takes(answer)

    async def _refreshes(self) -> None:
        cookie = self._cookie
        self._takes(await self._asks("refresh", lambda: self._visitor.refresh(cookie)))

    async def _loses_an_answer(self) -> None:
        """Send a refresh and be gone before its answer; then ask again with the same cookie."""
        request = (
            f"POST /api/auth/refresh HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
            f"Cookie: {self._visitor.cookie_name}={self._cookie}\r\nContent-Length: 0\r\n\r\n"
        )
        with suppress(OSError):
            async with self._connect() as connection:
                await connection.send(request.encode())
                await asyncio.sleep(self._chance.choice([0, 0.001, 0.01]))
        self._tally.count("refreshes whose answer nobody read")
        await self._refreshes()

    async def _opens_tabs(self) -> None:
        cookie = self._cookie
        answers = await asyncio.gather(
            *(self._asks("refresh", lambda: self._visitor.refresh(cookie)) for _ in range(_TABS))
        )
        self._tally.count(f"times that {_TABS} tabs refreshed at once")
        given = {_kind(answer) for answer in answers}
        tokens = {SetCookie.of(answer).value for answer in answers if answer.is_success}
        self._tally.demand(f"tabs got {sorted(given)}", holds=len(given) == len(tokens) == 1)
        self._takes(answers[0])

    async def _looks_around(self) -> None:
        access = self._access
        me = await self._asks("me", lambda: self._visitor.me(access))
        self._tally.demand(f"not signed in any more: {_kind(me)}", holds=me.is_success)
        orders = await self._asks("orders", lambda: self._visitor.orders(access))
        self._tally.demand(f"no orders: {_kind(orders)}", holds=orders.is_success)

    async def _leaves_and_returns(self) -> None:
        cookie = self._cookie
        logout = await self._asks("logout", lambda: self._visitor.logout(cookie))
        self._tally.demand(f"no logout: {_kind(logout)}", holds=logout.is_success)
        answer = await self._asks("refresh after a logout", lambda: self._visitor.refresh(cookie))
        is_over = answer.json().get("reason") == "logged_out"
        self._tally.demand(f"a logout was forgotten: {_kind(answer)}", holds=is_over)
        await self._logs_in()

    async def _is_whole(self) -> None:
        """Refresh twice with one cookie, then with what that gave: no other session came of it."""
        cookie = self._cookie
        await self._refreshes()
        again = await self._asks("refresh", lambda: self._visitor.refresh(cookie))
        is_same = again.is_success and SetCookie.of(again).value == self._cookie
        self._tally.demand(f"a session has forked: {_kind(again)}", holds=is_same)
        await self._refreshes()
        self._tally.count("sessions that were whole in the end")

    async def _asks(
        self, what: str, ask: Callable[[], Awaitable[httpx.Response]]
    ) -> httpx.Response:
        """Ask until there is an answer other than to wait."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await ask()
                except httpx.TransportError:
                    self._tally.count("connections that broke")
                else:
                    self._tally.answered(what, answer)
                    if answer.status_code != _NOT_NOW:
                        return answer
                await asyncio.sleep(_WAITS * self._chance.random())

    def _takes(self, answer: httpx.Response) -> None:
        """Take what an answer gives; whoever is refused, or given an old token, has lost out."""
        if not answer.is_success:
            self._tally.demand(f"a session was lost: {_kind(answer)}", holds=False)
            raise LostError
        given = SetCookie.of(answer).value
        self._tally.demand("a token was given twice", holds=given not in self._received)
        self._received.append(given)
        self._access = answer.json()["accessToken"]


def _kind(answer: httpx.Response) -> str:
    """Say what an answer is, without any secret in it."""
    if answer.is_success:
        return str(answer.status_code)
    problem = answer.json()
    known = (problem[name] for name in ("code", "reason") if name in problem)  # not of a proxy
    return " ".join([str(answer.status_code), *known])


class LostError(Exception):
    """A browser has no session any more, and may not go on as if it had."""
