"""The requests whose cost may grow with the number of users, and how long they take."""

import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from typing import Final, TypeAlias
from urllib.parse import urlencode

from bench.rows import PASSWORD
from bench.scale.client import Client, Request, refresh
from bench.scale.filling import AT_CAP, email_of
from bench.scale.site import Holder, Site
from latchkey.domain.kernel.page import Position
from latchkey.entrypoints.http.pagination import write_cursor

Times: TypeAlias = Mapping[str, tuple[Sequence[float], Sequence[float]]]
"""How long each kind of request took on two sites, s."""

FILTERED: Final = "users by role and status, of whom there are none"
_USERS: Final = "/api/admin/users"
_WARM_UP: Final = 10  # requests, in which the service prepares its statements


async def measure(sites: tuple[Site, Site], count: int) -> Times:
    """Send each kind of request to both sites by turns, so that other load slows both alike.

    Args:
        sites: With few users and with many.
        count: How many of each kind to time.
    """
    few, many = [await _requests(site, count + _WARM_UP) for site in sites]
    with Client(sites[0].url) as to_few, Client(sites[1].url) as to_many:
        return {name: _by_turns((to_few, few[name]), (to_many, many[name])) for name in few}


def _by_turns(
    *both: tuple[Client, Sequence[Request]],
) -> tuple[Sequence[float], Sequence[float]]:
    times: defaultdict[Client, list[float]] = defaultdict(list)
    for turn in range(len(both[0][1])):
        for client, requests in both[:: -1 if turn % 2 else 1]:
            times[client].append(client.timed(requests[turn]))
    few, many = (times[client][_WARM_UP:] for client, _ in both)
    return few, many


async def _requests(site: Site, count: int) -> Mapping[str, Sequence[Request]]:
    holders = await site.holders(count)
    admin = {"Authorization": (await site.administrator()).bearer}
    at_cap = cycle(map(email_of, AT_CAP))
    return {
        "login": [_login(holder.user.email.text) for holder in holders],
        "login at the cap of sessions": [_login(email) for email in islice(at_cap, count)],
        "refresh": [refresh(holder.cookie) for holder in holders],
        "own sessions": [
            Request(path="/api/auth/sessions", headers={"Authorization": holder.bearer})
            for holder in holders
        ],
        **_of_administrators(holders, admin),
    }


def _of_administrators(
    holders: Sequence[Holder], admin: Mapping[str, str]
) -> Mapping[str, Sequence[Request]]:
    def get(path: str, **query: str | None) -> Request:
        return Request(path=f"{path}?{urlencode(query)}", headers=admin)

    filtered = get(_USERS, role="ADMIN", status="disabled")
    return {
        "first page of users": [get(_USERS, limit="20") for _ in holders],
        "page of users in the middle": [get(_USERS, cursor=_after(holder)) for holder in holders],
        "search by the beginning of a name": [
            get(f"{_USERS}/search", query=_beginning(holder.user.name)) for holder in holders
        ],
        FILTERED: [filtered for _ in holders],
        "audit log of a user": [
            get("/api/admin/audit", user=str(holder.user.id)) for holder in holders
        ],
    }


def _login(email: str) -> Request:
    return Request(
        path="/api/auth/login",
        method="POST",
        headers={"Content-Type": "application/json"},
        body=json.dumps({"email": email, "password": PASSWORD}),
    )


def _after(holder: Holder) -> str | None:
    return write_cursor(Position(created_at=holder.user.created_at, id=holder.user.id))


def _beginning(name: str) -> str:
    return name[: random.randint(len("User 1"), len(name))]  # noqa: S311 - no secret
