"""What a link to another address means: every case, written down once more."""

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Final

import pytest

from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import Binding, FoundLink, Link
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkKind
from latchkey.testing.factories import address
from latchkey.testing.frozen_clock import START
from unit.domain.links.cases import CREDENTIAL, DISABLED, HOUR, MOVED, TOKEN, USER

WANTED: Final = address("wanted@example.org")
CHANGE: Final = replace(
    Link.ask(LinkKind.EMAIL_CHANGE, WANTED, START, HOUR),
    binding=Binding(user_id=USER.id, password_version=7),
)
HAS_IT: Final = replace(USER, email=WANTED)
USERS: Final = {
    "as before": USER,
    "moved elsewhere": MOVED,
    "has it": HAS_IT,
    "spelled otherwise": replace(USER, email=replace(WANTED, text="WANTED@example.org")),
    "disabled": DISABLED,
    "disabled with it": replace(HAS_IT, disabled_at=START),
    "gone": None,
}
CASES: Final = list(product((None, 7), (6, 7, 8), USERS, (START, CHANGE.expires_at)))


@pytest.mark.requirement("EC-3")
@pytest.mark.parametrize(
    ("result", "current", "user", "now"),
    CASES,
    ids=[
        f"{'used' if result else 'unused'}-{current}-{user}-{'late' if now > START else 'early'}"
        for result, current, user, now in CASES
    ],
)
def test_each_combination_means_one_thing(
    result: int | None, current: int, user: str, now: datetime
) -> None:
    found = USERS[user]
    known = replace(CREDENTIAL, password_version=current)
    credential = replace(known, user=found) if found else None
    link = replace(CHANGE, result_version=result)

    meaning = judge_link(FoundLink(link=link, credential=credential), CHANGE.token, now)

    is_same = current == 7 and user not in {"disabled", "disabled with it", "gone"}
    expected: Standing | LinkEnd
    if now is not START:
        expected = LinkEnd.EXPIRED
    elif result is None:
        expected = Standing.GOOD if is_same else LinkEnd.SUPERSEDED
    else:
        has_it = user in {"has it", "spelled otherwise"}
        expected = Standing.REPEATABLE if is_same and has_it else LinkEnd.USED
    assert meaning is expected


@pytest.mark.parametrize("changed", ["kind", "secret", "link_id"])
def test_another_token_changes_no_address(changed: str) -> None:
    token = CHANGE.token
    assert token is not None
    forged = replace(token, **{changed: getattr(TOKEN, changed)})

    meaning = judge_link(FoundLink(link=CHANGE, credential=CREDENTIAL), forged, START)

    assert meaning is LinkEnd.WITHDRAWN
