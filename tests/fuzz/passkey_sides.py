"""The way to the passkeys of a service: over HTTP, on any adapters."""

import asyncio

import httpx

from contract.flow.in_process import InProcessDeployment
from fuzz.oracle import Outcome
from fuzz.sides import Reply, Side
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.passkey_users import page_of
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.soft_authenticator import Ceremony, Json, SoftPasskey


class PasskeySide:
    """Sends the requests of browsers with passkeys.

    Attributes:
        name: That of the side with the same people.
    """

    def __init__(
        self, side: Side, deployment: InProcessDeployment, http: httpx.AsyncClient
    ) -> None:
        """Go to the deployment of a side."""
        self.name = side.name
        self._side = side
        self._deployment = deployment
        self._visitor = Visitor(http=http, cookie_name=deployment.cookie_name)

    async def login(self, account: Account) -> str:
        """Log in with a password alone; return the code of the answer."""
        body = (await self._visitor.login(account.credentials)).json()
        return str(body.get("code", "ok"))

    async def ask(self) -> Json:
        """Ask for a challenge."""
        options: Json = (await self._visitor.ask_passkey()).json()["publicKey"]
        return options

    async def begin(self, access: str) -> tuple[Outcome, Json]:
        """Begin to add a passkey."""
        answer = await self._visitor.begin_passkey(access)
        if not answer.is_success:
            return _refusal(answer), {}
        return Outcome(), answer.json()["publicKey"]

    async def add(self, access: str, made: SoftPasskey, options: Json) -> tuple[Reply, str]:
        """Add it; return its id, too."""
        answer = await self._visitor.add_passkey(access, made.attest(options, self._how(made)))
        reply = self._reply(answer)
        items = (await self._visitor.factors(reply.access)).json()["items"]
        return reply, items[-1]["id"]

    async def sign_in(self, made: SoftPasskey, options: Json, times: int) -> list[Reply]:
        """Sign in with one signature, in so many tabs at once."""
        signed = made.sign(options, self._how(made))
        answers = (self._visitor.login_passkey(signed) for _ in range(times))
        return [self._reply(answer) for answer in await asyncio.gather(*answers)]

    async def remove(self, access: str, passkey_id: str | None) -> Reply:
        """Remove one passkey, or all factors."""
        if passkey_id is None:
            return self._reply(await self._visitor.remove_factors(access))
        return self._reply(await self._visitor.remove_passkey(access, passkey_id))

    async def shown(self, access: str) -> tuple[Outcome, list[str]]:
        """Look at one's own passkeys."""
        answer = await self._visitor.factors(access)
        if not answer.is_success:
            return _refusal(answer), []
        return Outcome(), [item["id"] for item in answer.json()["items"]]

    def _how(self, made: SoftPasskey) -> Ceremony:
        return Ceremony(origin=page_of(self._deployment, made.rp_id))

    def _reply(self, answer: httpx.Response) -> Reply:
        if not answer.is_success:
            assert "set-cookie" not in answer.headers
            return Reply(_refusal(answer))
        cookie, access = SetCookie.of(answer), answer.json()["accessToken"]
        outcome = Outcome(
            generation=self._side.generation(cookie.value),
            lasts=cookie.max_age,
            role=Anatomy.of(access).claims["role"],
        )
        return Reply(outcome, access=access, refresh=cookie.value)


def _refusal(answer: httpx.Response) -> Outcome:
    return Outcome(code=answer.json()["code"])
