"""Whom mails go to, and what a stranger can put into them."""

import asyncio

import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_status
from latchkey.testing.flow.fixtures import Deploy, MakeUser, new_email
from latchkey.testing.flow.mailbox import LULL, REGISTER, RESET, asked, link_in, mailbox, mails
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

CANARY = "evil.example"
CLAIMS = {
    "User-Agent": f"{CANARY}/1.0",
    "Accept-Language": CANARY,
    "Referer": f"https://{CANARY}/",
    "X-Forwarded-Host": CANARY,
    "Forwarded": f"host={CANARY}",
    "X-Request-ID": CANARY,
}


@pytest.mark.promise("PR2", "M2")
@pytest.mark.parametrize(
    ("local", "domain", "alike"),
    [("{}", "xn--fa-hia", "{}@fass"), ("{}i", "fass", "{}\N{LATIN SMALL LETTER DOTLESS I}@fass")],
    ids=["a sharp s", "a dotless i"],
)
async def test_an_address_that_only_looks_alike_gets_no_link(
    visitor: Visitor, make_user: MakeUser, local: str, domain: str, alike: str
) -> None:
    name = new_email().partition("@")[0]
    owner = f"{local.format(name)}@{domain}.example"
    await make_user(email=owner)

    await asked(visitor, f"{alike.format(name)}.example")
    await asked(visitor, owner)

    await mails(visitor, owner, 1, RESET)
    await asyncio.sleep(LULL)
    assert len(await mailbox(visitor, owner, RESET)) == 1
    assert await mailbox(visitor, f"{alike.format(name)}.example", RESET) == []


@pytest.mark.promise("ML9", "LK1")
async def test_no_mail_with_a_link_contains_what_a_stranger_has_typed(
    visitor: Visitor, admin: SignedIn
) -> None:
    named = NewUser.of(Account(email=new_email()), "ADMIN", name=f"https://{CANARY}/").body
    assert_status(await visitor.create_user(admin.access, named), 201)
    inviting = await visitor.sign_in(Account(email=named["email"], password=named["password"]))
    registered, invited, changed = (new_email() for _ in range(3))

    answers = [
        await visitor.register(registered, headers=CLAIMS),
        await visitor.register(named["email"], headers=CLAIMS),
        await visitor.invite(inviting.access, invited, "USER"),
        await visitor.request_email_change(
            inviting.access, changed, inviting.account.password, headers=CLAIMS
        ),
    ]

    assert [answer.status_code for answer in answers] == [202, 202, 201, 202]
    for email, count in ((registered, 1), (invited, 1), (changed, 1), (named["email"], 3)):
        assert CANARY not in str(await mails(visitor, email, count))


@pytest.mark.promise("LK1", "N12")
async def test_a_link_leads_to_the_pages_whatever_the_request_names(deploy: Deploy) -> None:
    pages, other = "https://pages.example", "https://other.example"
    deployment = await deploy(PUBLIC_URL=pages, CORS_ORIGINS=f"{pages},{other}")
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        for claim in ({"Host": CANARY}, {"Origin": other}, {"Origin": pages}):
            email = new_email()
            assert_status(await visitor.register(email, headers=claim), 202)
            [mail] = await mails(visitor, email, 1, REGISTER)
            assert link_in(mail)[0] == pages
