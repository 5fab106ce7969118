"""Registration: who gets a link, who learns what, and whose account it becomes."""

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_invalid,
    assert_link_ended,
    assert_problem,
    assert_retry_later,
    assert_status,
    check_no_cookie,
    constant_body,
)
from latchkey.testing.flow.fixtures import Deploy, MakeUser, new_email
from latchkey.testing.flow.mailbox import (
    REGISTER,
    REGISTERED,
    invitation_token,
    link_in,
    mailbox,
    mails,
    registered,
    registration_tokens,
)
from latchkey.testing.flow.set_cookie import check_no_session
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

NAME = "Grace Hopper"
OTHER = f"{GOOD_PASSWORD}-other"
MANY = 60  # more than any sensible limit


@pytest.mark.promise("F51", "F52", "F55", "RG1", "RG2", "RG4")
@pytest.mark.requirement("RG-1")
async def test_a_link_in_a_mail_makes_an_account(visitor: Visitor) -> None:
    email = new_email()
    answered = await registered(visitor, f" {email} ")
    assert set(answered.json()) == {"message"}
    check_no_cookie(answered, "RG5")
    [mail] = await mails(visitor, email, 1, REGISTER)
    _, token = link_in(mail)

    read = await visitor.read_link(token)
    answer = await visitor.complete(token, NAME, GOOD_PASSWORD)

    assert_status(read, 200)
    assert (read.json()["kind"], read.json()["email"]) == ("registration", email)
    assert_status(answer, 201)
    check_no_session(answer)
    made = answer.json()
    assert set(made) == USER_MEMBERS
    assert (made["email"], made["name"], made["role"]) == (email, NAME, "USER")
    login = await visitor.login({"email": email, "password": GOOD_PASSWORD})
    assert_status(login, 200)
    assert login.json()["user"] == made


@pytest.mark.promise("RG5")
@pytest.mark.requirement("RG-1")
async def test_before_a_link_is_used_there_is_no_user(visitor: Visitor, admin: SignedIn) -> None:
    email = new_email()
    [token] = await registration_tokens(visitor, email)

    login = await visitor.login({"email": email, "password": GOOD_PASSWORD})
    made = await visitor.create_user(admin.access, NewUser.of(Account(email=email)).body)

    assert_problem(login, 401, "invalid_credentials")
    assert_status(made, 201)
    assert_link_ended(await visitor.complete(token, NAME, OTHER), "superseded")
    assert_status(await visitor.login({"email": email, "password": GOOD_PASSWORD}), 200)


@pytest.mark.promise("RG5", "RG8")
@pytest.mark.requirement("RG-1")
async def test_whoever_uses_a_link_chooses_everything_whoever_has_asked(visitor: Visitor) -> None:
    email = new_email()
    tokens = await registration_tokens(visitor, email, 3)

    answer = await visitor.complete(tokens[1], NAME, GOOD_PASSWORD)

    assert_status(answer, 201)
    for token in (tokens[0], tokens[2]):
        assert_link_ended(await visitor.complete(token, "Mallory", OTHER), "superseded")
        assert_link_ended(await visitor.read_link(token), "superseded")
    assert_status(await visitor.login({"email": email, "password": GOOD_PASSWORD}), 200)
    login = await visitor.login({"email": email, "password": OTHER})
    assert_problem(login, 401, "invalid_credentials")


@pytest.mark.promise("RG2", "RG3")
@pytest.mark.requirement("RG-2")
async def test_free_taken_and_disabled_addresses_get_the_same_response(
    visitor: Visitor, make_user: MakeUser, operator: Operator
) -> None:
    known, disabled = await make_user(), await make_user()
    await operator.disable(disabled.email)
    addresses = [known.email, disabled.email, new_email()]

    answers = [[await visitor.register(each) for _ in range(5)] for each in addresses]

    told = [
        [(each.status_code, constant_body(each), sorted(each.headers)) for each in of_one]
        for of_one in answers
    ]
    assert told[0] == told[1] == told[2]
    await mails(visitor, addresses[2], 1, REGISTER)
    for address in addresses[:2]:
        [mail, *_] = await mails(visitor, address, 1, REGISTERED)
        assert "?t=" not in mail["text"] + mail["html"]
        assert await mailbox(visitor, address, REGISTER) == []


@pytest.mark.promise("RG2")
async def test_a_user_is_told_at_the_address_that_is_stored(
    visitor: Visitor, user: Account
) -> None:
    await registered(visitor, user.email.upper())

    [mail] = await mails(visitor, user.email, 1, REGISTERED)

    assert mail["to"] == user.email


@pytest.mark.promise("ML10")
async def test_the_mail_is_in_the_language_of_the_request(visitor: Visitor) -> None:
    email = new_email()
    answer = await visitor.register(email, headers={"Accept-Language": "de-CH, en;q=0.5"})
    assert_status(answer, 202)

    [mail] = await mails(visitor, email, 1, "Konto anlegen")

    assert_status(await visitor.read_link(link_in(mail)[1]), 200)


@pytest.mark.promise("RG1", "RG4", "K8")
async def test_nothing_else_is_asked_for(visitor: Visitor) -> None:
    email = new_email()
    [token] = await registration_tokens(visitor, email)
    asked = {"email": email, "name": NAME, "password": GOOD_PASSWORD}
    made = {"token": token, "name": NAME, "password": GOOD_PASSWORD}

    early = await visitor.http.post("/api/auth/registrations", json=asked)
    another = await visitor.http.post(
        "/api/auth/registrations/complete", json=made | {"email": new_email()}
    )
    raised = await visitor.http.post(
        "/api/auth/registrations/complete", json=made | {"role": "ADMIN"}
    )

    assert early.status_code == 400
    assert_invalid(another, "email")
    assert_invalid(raised, "role")


@pytest.mark.promise("RG1", "K8")
@pytest.mark.parametrize(
    "email",
    [
        *("", "nobody", "x<victim@example.com", "victim@example.com."),
        *("victim,x@example.com", "a:victim@example.com"),
    ],
)
async def test_what_mail_cannot_go_to_is_rejected(visitor: Visitor, email: str) -> None:
    assert_invalid(await visitor.register(email), "email")


@pytest.mark.promise("RG1", "PR4", "N12")
@pytest.mark.requirement("RG-2")
async def test_one_client_can_ask_for_so_many_links_of_all_kinds(deploy: Deploy) -> None:
    deployment = await deploy(MAIL_LIMIT_SOURCE="2/1h")

    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        answers = [
            await visitor.register(new_email()),
            await visitor.request_reset(new_email()),
            await visitor.register(new_email()),
        ]

    assert [answer.status_code for answer in answers[:2]] == [202, 202]
    assert_retry_later(answers[2], 429, "too_many_mails")


@pytest.mark.promise("F50", "RG9")
@pytest.mark.requirement("RG-4")
@pytest.mark.parametrize("registration", ["open", "invitation", "off"])
async def test_a_deployment_says_who_may_register_and_lets_nobody_else(
    deploy: Deploy, registration: str
) -> None:
    deployment = await deploy(REGISTRATION=registration)

    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        features = await visitor.features()
        answer = await visitor.register(new_email())

    assert_status(features, 200)
    assert features.json() == {
        "registration": registration,
        "mail": True,
        "secondFactors": True,
        "passkeys": True,
    }
    if registration == "open":
        assert_status(answer, 202)
    else:
        assert_problem(answer, 403, "registration_closed")


@pytest.mark.promise("RG12", "M2")
@pytest.mark.requirement("RG-4")
async def test_where_domains_are_listed_no_other_address_registers(deploy: Deploy) -> None:
    deployment = await deploy(
        REGISTRATION="open", REGISTRATION_DOMAINS="latchkey.example, BÜCHER.example"
    )
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)

        for email in ("ada@Latchkey.example", "ada@xn--bcher-kva.example"):
            assert_status(await visitor.register(email), 202)
        for email in ("ada@example.com", "ada@mail.latchkey.example", "ada@latchkey.example.com"):
            assert_invalid(await visitor.register(email), "email")


@pytest.mark.promise("RG12", "F70")
async def test_an_invitation_may_go_to_any_domain(deploy: Deploy) -> None:
    deployment = await deploy(REGISTRATION="open", REGISTRATION_DOMAINS="latchkey.example")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        admin = await visitor.sign_in(deployment.admin)
        email = "invited@example.com"
        token = await invitation_token(visitor, admin.access, email)

        assert_status(await visitor.complete(token, NAME, GOOD_PASSWORD), 201)
