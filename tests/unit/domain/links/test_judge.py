"""What a presented link means: every case of docs/flow.md, written down once more."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import FoundLink, Link
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkId, LinkKind, LinkToken
from latchkey.testing.factories import password_hash
from latchkey.testing.frozen_clock import START
from unit.domain.links.cases import (
    BOUND,
    CREDENTIAL,
    DISABLED,
    HOUR,
    MICROSECOND,
    MOVED,
    TOKEN,
    UNBOUND,
    USER,
    found,
    used,
)


def test_the_token_of_a_bound_link_is_what_it_is_bound_to() -> None:
    assert BOUND.token == TOKEN
    assert UNBOUND.token is None


def test_a_link_is_good_as_long_as_nothing_has_changed() -> None:
    for age in (-HOUR, timedelta(0), HOUR - MICROSECOND):
        assert judge_link(found(), TOKEN, UNBOUND.expires_at - HOUR + age) is Standing.GOOD


@pytest.mark.parametrize("link", [BOUND, used()], ids=["unused", "used"])
def test_a_link_expires_at_its_instant(link: Link) -> None:
    for late in (timedelta(0), MICROSECOND, timedelta(days=400)):
        assert judge_link(found(link), TOKEN, TOKEN.expires_at + late) is LinkEnd.EXPIRED


def test_a_link_that_is_not_stored_is_withdrawn() -> None:
    assert judge_link(None, TOKEN, START) is LinkEnd.WITHDRAWN


@pytest.mark.parametrize("presented", [TOKEN, None])
def test_a_link_that_was_never_bound_is_withdrawn(presented: LinkToken | None) -> None:
    unbound = FoundLink(link=UNBOUND, credential=None)

    assert judge_link(unbound, presented, START) is LinkEnd.WITHDRAWN


@pytest.mark.parametrize(
    "change",
    [
        {"link_id": LinkId(uuid4())},
        {"password_version": 6},
        {"password_version": 8},
        {"expires_at": TOKEN.expires_at + timedelta(seconds=1)},
        {"secret": bytes(16)},
        {"secret": b""},
    ],
    ids=["id", "older", "newer", "expiry", "secret", "no secret"],
)
@pytest.mark.parametrize("link", [BOUND, used()], ids=["unused", "used"])
def test_a_token_that_the_stored_link_does_not_make_is_withdrawn(
    link: Link, change: dict[str, Any]
) -> None:
    assert judge_link(found(link), replace(TOKEN, **change), START) is LinkEnd.WITHDRAWN


@pytest.mark.parametrize(
    "change",
    [
        {"password_version": 6},
        {"password_version": 8},
        {"user": DISABLED},
        {"user": MOVED},
        {"user": replace(MOVED, disabled_at=START), "password_version": 9},
    ],
    ids=["older", "newer", "disabled", "moved", "all"],
)
def test_a_link_is_superseded_by_any_change_of_what_it_stands_on(change: dict[str, Any]) -> None:
    assert judge_link(found(**change), TOKEN, START) is LinkEnd.SUPERSEDED


@pytest.mark.parametrize(
    "user",
    [
        replace(USER, name="Another"),
        replace(USER, role=Role.ADMIN),
        replace(USER, email=replace(USER.email, text=USER.email.text.upper())),
    ],
    ids=["name", "role", "spelling"],
)
def test_a_link_stays_good_whatever_else_changes(user: object) -> None:
    changed = found(user=user, password_hash=password_hash())

    assert judge_link(changed, TOKEN, START) is Standing.GOOD


def test_a_link_whose_user_is_gone_is_superseded() -> None:
    gone = FoundLink(link=BOUND, credential=None)

    assert judge_link(gone, TOKEN, START) is LinkEnd.SUPERSEDED


@pytest.mark.parametrize("user", [USER, MOVED], ids=["same", "moved"])
def test_a_used_link_is_repeatable_while_its_password_is_the_current_one(user: object) -> None:
    assert judge_link(found(used(8), user=user, password_version=8), TOKEN, START) is (
        Standing.REPEATABLE
    )


@pytest.mark.parametrize(
    "change",
    [
        {"password_version": 7},
        {"password_version": 9},
        {"password_version": 8, "user": DISABLED},
    ],
    ids=["older", "newer", "disabled"],
)
def test_a_used_link_is_used_once_anything_has_changed_since(change: dict[str, Any]) -> None:
    assert judge_link(found(used(8), **change), TOKEN, START) is LinkEnd.USED


def test_a_used_link_whose_user_is_gone_is_used() -> None:
    gone = FoundLink(link=used(), credential=None)

    assert judge_link(gone, TOKEN, START) is LinkEnd.USED


VERSIONS: Final = (6, 7, 8, 9)
CASES: Final = list(
    product(
        (None, *VERSIONS),  # of its use
        VERSIONS,  # of the password now
        (USER, DISABLED, MOVED),
        (START, TOKEN.expires_at),
    )
)


@pytest.mark.parametrize(("result", "current", "user", "now"), CASES)
def test_each_combination_means_one_thing(
    result: int | None, current: int, user: User, now: datetime
) -> None:
    link = replace(BOUND, result_version=result)

    meaning = judge_link(found(link, user=user, password_version=current), TOKEN, now)

    is_usable = not user.is_disabled
    expected: Standing | LinkEnd
    if now is not START:
        expected = LinkEnd.EXPIRED
    elif result is None:
        is_same = is_usable and current == 7 and user is not MOVED
        expected = Standing.GOOD if is_same else LinkEnd.SUPERSEDED
    else:
        is_current = is_usable and result == current
        expected = Standing.REPEATABLE if is_current else LinkEnd.USED
    assert meaning is expected


@given(
    link=st.sampled_from([UNBOUND, BOUND, used(7), used(8)]),
    credential=st.none()
    | st.integers(0, 2**31).map(lambda version: replace(CREDENTIAL, password_version=version)),
    version=st.integers(0, 2**32 - 1),
    secret=st.binary(max_size=16) | st.just(TOKEN.secret),
    now=st.datetimes(timezones=st.just(START.tzinfo)),
)
def test_whatever_is_presented_a_link_is_good_only_with_all_that_it_stands_on(
    link: Link,
    credential: PasswordCredential | None,
    version: int,
    secret: bytes,
    now: datetime,
) -> None:
    presented = replace(TOKEN, password_version=version, secret=secret)

    meaning = judge_link(FoundLink(link=link, credential=credential), presented, now)

    if meaning is Standing.GOOD:
        assert link is BOUND
        assert credential is not None
        assert (version, secret, credential.password_version) == (7, TOKEN.secret, 7)
        assert now < TOKEN.expires_at


def test_a_link_says_nothing_of_its_secret_or_its_address() -> None:
    shown = repr(FoundLink(link=BOUND, credential=CREDENTIAL)) + repr(TOKEN)

    assert str(BOUND.secret) not in shown
    assert BOUND.email.canonical not in repr(BOUND)


def test_two_links_have_different_ids_and_secrets() -> None:
    first, second = (Link.ask(LinkKind.PASSWORD_RESET, USER.email, START, HOUR) for _ in range(2))

    assert first.id != second.id
    assert first.secret != second.secret
