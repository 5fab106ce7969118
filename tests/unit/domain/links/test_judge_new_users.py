"""What a link means that makes a user: every case, written down once more."""

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Final

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import Binding, FoundLink, Link
from latchkey.domain.links.link_end import LinkEnd
from latchkey.testing.frozen_clock import START
from unit.domain.links.cases import (
    CREDENTIAL,
    DISABLED,
    INVITATIONS,
    MOVED,
    REGISTRATION,
    TOKEN,
    USER,
)


def test_the_token_of_a_link_that_makes_a_user_replaces_no_password() -> None:
    for link in (REGISTRATION, *INVITATIONS.values()):
        token = link.token
        assert token is not None
        assert (token.kind, token.link_id, token.password_version) == (link.kind, link.id, 0)
        assert (token.expires_at, token.secret) == (link.expires_at, link.secret)


MADE: Final = Binding(user_id=USER.id, password_version=0)
HOLDERS: Final = {
    "nobody": None,
    **{
        f"{name} {version}": replace(CREDENTIAL, user=user, password_version=version)
        for name, user in {"enabled": USER, "disabled": DISABLED, "moved": MOVED}.items()
        for version in (1, 2)
    },
}
NEW_USERS: Final = list(
    product(
        (REGISTRATION, *INVITATIONS.values()),
        (False, True),  # used
        HOLDERS,
        (False, True),  # whoever has invited is an administrator
        (START, REGISTRATION.expires_at),
    )
)


@pytest.mark.parametrize(
    ("asked", "is_used", "holder", "is_vouched", "now"),
    NEW_USERS,
    ids=[
        f"{link.invitation.role if link.invitation else 'open'}-{'used' if used else 'unused'}-"
        f"{holder}-{'vouched' if vouched else 'alone'}-{'late' if now > START else 'early'}"
        for link, used, holder, vouched, now in NEW_USERS
    ],
)
def test_each_combination_of_a_link_that_makes_a_user_means_one_thing(
    asked: Link,
    is_used: bool,  # noqa: FBT001 - given by pytest
    holder: str,
    is_vouched: bool,  # noqa: FBT001 - given by pytest
    now: datetime,
) -> None:
    token = asked.token
    link = replace(asked, binding=MADE, result_version=1) if is_used else asked
    presented = FoundLink(link=link, credential=HOLDERS[holder], is_vouched=is_vouched)

    meaning = judge_link(presented, token, now)

    expected: Standing | LinkEnd
    if now is not START:
        expected = LinkEnd.EXPIRED
    elif is_used:
        is_current = holder in {"enabled 1", "moved 1"}
        expected = Standing.REPEATABLE if is_current else LinkEnd.USED
    elif holder != "nobody":
        expected = LinkEnd.SUPERSEDED
    elif asked is INVITATIONS[Role.ADMIN] and not is_vouched:
        expected = LinkEnd.WITHDRAWN
    else:
        expected = Standing.GOOD
    assert meaning is expected


@pytest.mark.parametrize("changed", ["kind", "secret", "password_version", "link_id"])
@pytest.mark.parametrize("link", [REGISTRATION, *INVITATIONS.values()])
def test_another_token_makes_no_user(link: Link, changed: str) -> None:
    token, other = link.token, TOKEN
    assert token is not None
    forged = replace(token, **{changed: getattr(other, changed)})

    meaning = judge_link(FoundLink(link=link, credential=None, is_vouched=True), forged, START)

    assert meaning is LinkEnd.WITHDRAWN
