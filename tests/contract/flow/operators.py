"""Operators and forgers of our own deployments: what they know is what we configured."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from typing_extensions import override

from latchkey.application.administration.change_user import ChangeUserCommand
from latchkey.application.administration.create_user import CreateUserCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction, RequestSource
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.orders.order import Order, OrderId, OrderStatus
from latchkey.domain.sessions.refresh_token import RefreshTokenCodec
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import Settings
from latchkey.testing.flow.deployments import Account, Forger, Operator

_CALLER: Final = RequestSource(request_id="the-operator")
_LONG_AGO: Final = datetime(1970, 1, 2, tzinfo=UTC)


class ContainerOperator(Operator):
    """Works with the service's own use cases, as the command line does."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._orders = 0

    @override
    async def create(self, account: Account, role: Role) -> None:
        await self._container.create_user()(
            CreateUserCommand(
                by=None,
                email=account.email,
                name=account.name,
                password=Password(account.password),
                role=role,
                source=_CALLER,
            )
        )

    @override
    async def disable(self, email: str) -> None:
        await self._change(email, disabled=True)

    @override
    async def enable(self, email: str) -> None:
        await self._change(email, disabled=False)

    @override
    async def set_role(self, email: str, role: Role) -> None:
        await self._change(email, role=role)

    @override
    async def set_password(self, email: str, password: str) -> None:
        user = await self._user(email)
        await self._container.set_password()(user, Password(password), _CALLER)

    @override
    async def reset_factors(self, email: str) -> None:
        await self._container.reset_factors()(await self._user(email), _CALLER)

    @override
    async def add_orders(self, email: str, totals: Sequence[int]) -> None:
        user = await self._user(email)
        now = self._container.storage().clock.now()
        orders = [
            _order(user, total, now + timedelta(milliseconds=self._orders + place))
            for place, total in enumerate(totals)
        ]
        self._orders += len(orders)
        await self._container.storage().orders.add(*orders)

    @override
    async def audited(self, session_id: str) -> list[AuditAction]:
        wanted = AuditFilter(session_id=SessionId(UUID(session_id)))
        return [
            event.action for event in await self._container.storage().audit.read(wanted, limit=100)
        ]

    async def _change(
        self, email: str, *, role: Role | None = None, disabled: bool | None = None
    ) -> None:
        user = await self._user(email)
        await self._container.change_user()(
            ChangeUserCommand(
                by=None, user_id=user.id, role=role, disabled=disabled, source=_CALLER
            )
        )

    async def _user(self, email: str) -> User:
        user: User | None = await self._container.storage().users.by_email(
            self._container.addresses().parse(email)
        )
        assert user is not None, email
        return user


def _order(user: User, total: int, at: datetime) -> Order:
    return Order(
        id=OrderId(new_id(at)),
        user_id=user.id,
        status=OrderStatus.PAID,
        total_cents=total,
        currency="EUR",
        created_at=at,
    )


class SecretForger(Forger):
    """Knows the signing secrets."""

    def __init__(self, settings: Settings, codec: RefreshTokenCodec) -> None:
        self._key = settings.tokens.access_secrets[0].encode()
        self._codec = codec

    @override
    def sign(self, signing_input: bytes) -> bytes:
        return hmac.digest(self._key, signing_input, hashlib.sha256)

    @override
    def refresh_token(self, like: str, *, ahead: int = 0, secret: bytes | None = None) -> str:
        genuine = self._codec.decode(like, _LONG_AGO)
        generation = min(genuine.generation + ahead, 2**32 - 1)
        forged = replace(genuine, generation=generation, secret=secret or genuine.secret)
        return self._codec.encode(forged)
