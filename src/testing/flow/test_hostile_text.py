"""Texts that are meant to be expensive to process: each is rejected like any other wrong text."""

import unicodedata

import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_invalid, assert_problem
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

MARKS = "a" + "\u0345" * 1_950 + "\u0334" * 1_950
TEXTS = {"marks": MARKS, "letters": "a" * 7_500, "one mark": "\u0334" * 2_500}


@pytest.mark.promise("L1", "L3", "W6")
@pytest.mark.requirement("LG-10")
async def test_a_login_with_a_text_without_end_is_a_wrong_one(
    visitor: Visitor, user: Account
) -> None:
    expected = await visitor.login(user.credentials | {"password": "violet-kettle-41"})
    bodies = [
        body
        for text in TEXTS.values()
        for body in (
            user.credentials | {"password": text},
            {"email": text, "password": user.password},
            {"email": f"{text}@example.com", "password": text},
            {"email": f"ada@{text}.example", "password": text},
        )
    ]

    answers = [await visitor.login(body) for body in bodies]

    for answer in answers:
        problem = assert_problem(answer, 401, "invalid_credentials")
        assert problem | {"requestId": ""} == expected.json() | {"requestId": ""}


@pytest.mark.promise("U2", "M1", "W1", "B3")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("field", ["email", "password", "name"])
async def test_a_new_user_with_a_text_without_end_is_a_bad_request(
    visitor: Visitor, admin: SignedIn, field: str, text: str
) -> None:
    body = NewUser.of(Account(email=new_email())).body | {field: text}

    answer = await visitor.create_user(admin.access, body)

    assert_invalid(answer, field)


@pytest.mark.promise("W1", "W2")
@pytest.mark.requirement("PW-4")
async def test_the_longest_spelling_of_a_password_is_accepted(
    visitor: Visitor, admin: SignedIn
) -> None:
    composed = ("\u1f82\u1f92\u1fa2\u1f83\u1f93" * 26)[:128]
    decomposed = unicodedata.normalize("NFD", composed)
    account = Account(email=new_email(), password=decomposed)

    created = await visitor.create_user(admin.access, NewUser.of(account).body)
    answer = await visitor.login(account.credentials | {"password": composed})

    assert len(decomposed) == 4 * len(composed)
    assert (created.status_code, answer.status_code) == (201, 200)
