"""What a hasher takes for right, and the work it does to find out."""

from typing import Final

import bcrypt
import pytest

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.domain.accounts.password import Password, PasswordHash
from unit.adapters.bcrypt.gauges import PASSWORD, ROUNDS, Meter
from unit.adapters.bcrypt.vectors import PLAIN, PREHASHED, UNREADABLE

LONG: Final = Password("0" * 128)
NFD: Final = Password("cafe\u0301 au lait")


def _made_at(cost: int, password: Password = PASSWORD) -> PasswordHash:
    return _made_elsewhere(password.reveal(), cost)


def _made_elsewhere(typed: str, cost: int = ROUNDS) -> PasswordHash:
    """Hash what was typed as Node's bcrypt does: not normalised, and cut at 72 bytes."""
    return PasswordHash(bcrypt.hashpw(typed.encode()[:72], bcrypt.gensalt(cost)).decode())


@pytest.mark.anyio
@pytest.mark.parametrize(("password", "encoded"), [*PLAIN, *PREHASHED])
async def test_a_published_hash_knows_its_password_and_no_other(
    hasher: BcryptPasswordHasher, password: str, encoded: str
) -> None:
    stored = PasswordHash(encoded)

    assert await hasher.verify(Password(password), stored)
    assert not await hasher.verify(Password("x" + password[1:]), stored)


@pytest.mark.requirement("PW-5", "LG-2", "LG-3")
@pytest.mark.anyio
@pytest.mark.parametrize(
    ("password", "stored"),
    [
        pytest.param(PASSWORD, _made_at(ROUNDS), id="right"),
        pytest.param(Password("wrong horse"), _made_at(ROUNDS), id="wrong"),
        pytest.param(PASSWORD, None, id="nobody"),
        pytest.param(PASSWORD, _made_at(4), id="right, of two costs less"),
        pytest.param(Password("wrong horse"), _made_at(4), id="wrong, of two costs less"),
        pytest.param(LONG, _made_at(ROUNDS), id="too long for it"),
        pytest.param(LONG, None, id="long, nobody"),
        pytest.param(Password("0" * 4000), _made_at(ROUNDS), id="much too long"),
        pytest.param(Password("short"), _made_at(ROUNDS), id="too short"),
        pytest.param(Password(""), _made_at(ROUNDS), id="empty"),
        pytest.param(Password("with\0nul in it"), _made_at(ROUNDS), id="NUL"),
        pytest.param(Password("\ud800 a lone surrogate"), _made_at(ROUNDS), id="surrogate"),
        pytest.param(Password("tab\there"), _made_elsewhere("tab\there"), id="right, with a tab"),
        pytest.param(LONG, _made_elsewhere("0" * 128), id="right, of a cut password"),
        *(pytest.param(PASSWORD, PasswordHash(text), id="unreadable") for text in UNREADABLE),
    ],
)
async def test_every_check_takes_the_work_of_the_configured_cost(
    hasher: BcryptPasswordHasher, meter: Meter, password: Password, stored: PasswordHash | None
) -> None:
    await hasher.verify(password, stored)

    assert meter.work == 2**ROUNDS


@pytest.mark.requirement("LG-2")
@pytest.mark.anyio
@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(_made_at(ROUNDS, NFD), id="right, in NFC"),
        pytest.param(_made_elsewhere("cafe\u0301 au lait"), id="right, as typed"),
        pytest.param(_made_elsewhere("cafe\u0301 au lait", 4), id="right, of two costs less"),
        pytest.param(_made_at(ROUNDS), id="wrong"),
        pytest.param(None, id="nobody"),
        pytest.param(PasswordHash("plain text"), id="unreadable"),
    ],
)
async def test_a_password_of_two_spellings_takes_twice_the_work_whatever_the_outcome(
    hasher: BcryptPasswordHasher, meter: Meter, stored: PasswordHash | None
) -> None:
    await hasher.verify(NFD, stored)

    assert meter.work == 2 * 2**ROUNDS


@pytest.mark.anyio
@pytest.mark.parametrize(
    "typed", ["sekret", "a", "tab\there", "cafe\u0301 au lait", "x" * 512, "\u20ac" * 40, "0" * 72]
)
async def test_a_hash_from_elsewhere_knows_the_password_as_it_was_typed(
    hasher: BcryptPasswordHasher, typed: str
) -> None:
    stored = _made_elsewhere(typed)

    assert await hasher.verify(Password(typed), stored)
    assert not await hasher.verify(Password(f"x{typed[1:]}!"), stored)


@pytest.mark.anyio
async def test_a_hash_of_a_cut_password_is_replaced_by_one_of_all_of_it(
    hasher: BcryptPasswordHasher,
) -> None:
    typed = "violet-Kettle-41-harbour-" * 4
    stored = _made_elsewhere(typed)
    assert await hasher.verify(Password(typed[:72]), stored), "nothing else is known of it"
    assert hasher.is_outdated(stored, Password(typed))

    upgraded = await hasher.hash(Password(typed))

    assert await hasher.verify(Password(typed), upgraded)
    assert not await hasher.verify(Password(typed[:72]), upgraded)
    assert not hasher.is_outdated(upgraded, Password(typed))


@pytest.mark.anyio
@pytest.mark.parametrize("size", range(68, 76))
async def test_nothing_longer_matches_a_hash_of_this_service(
    hasher: BcryptPasswordHasher, size: int
) -> None:
    stored = await hasher.hash(Password("0" * size))
    longer = ["0" * (size + more) for more in (1, 2, 4, 72)]

    assert [await hasher.verify(Password(text), stored) for text in longer] == [False] * 4


@pytest.mark.anyio
@pytest.mark.parametrize("encoded", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_a_hash_that_can_not_be_read_is_no_ones(
    hasher: BcryptPasswordHasher, encoded: str
) -> None:
    assert not await hasher.verify(PASSWORD, PasswordHash(encoded))


@pytest.mark.requirement("PW-6")
@pytest.mark.anyio
async def test_a_nul_does_not_repeat_a_password(hasher: BcryptPasswordHasher) -> None:
    stored = _made_at(ROUNDS, Password("password"))
    repeated = "password\0password"
    assert bcrypt.checkpw(repeated.encode(), stored.encoded.encode()), "bcrypt sees no difference"

    assert not await hasher.verify(Password(repeated), stored)


@pytest.mark.requirement("PW-8")
@pytest.mark.anyio
async def test_a_hash_is_made_at_the_configured_cost(
    hasher: BcryptPasswordHasher, meter: Meter
) -> None:
    stored = [await hasher.hash(password) for password in (PASSWORD, LONG)]

    assert meter.work == 2 * 2**ROUNDS
    assert stored[0].encoded.startswith("$2b$06$")
    assert stored[1].encoded.startswith("$bcrypt-sha256$v=2,t=2b,r=6$")


@pytest.mark.parametrize(
    ("encoded", "is_outdated"),
    [
        ("$2b$06$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", False),
        ("$2b$07$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", False),
        ("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", True),
        ("$2a$06$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", True),
        ("$2y$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", True),
        (
            "$bcrypt-sha256$v=2,t=2b,r=6$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            False,
        ),
        (
            "$bcrypt-sha256$v=2,t=2b,r=5$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            True,
        ),
        ("plain text", True),
    ],
)
def test_a_hash_of_lower_cost_or_older_scheme_is_outdated(
    hasher: BcryptPasswordHasher, encoded: str, *, is_outdated: bool
) -> None:
    assert hasher.is_outdated(PasswordHash(encoded), PASSWORD) is is_outdated


def test_no_password_is_shown(hasher: BcryptPasswordHasher) -> None:
    assert "horse" not in f"{hasher!r} {PASSWORD!r} {PASSWORD} {vars(hasher)!r}"
