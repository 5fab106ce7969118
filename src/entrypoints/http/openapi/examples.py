"""Examples of request and response bodies for the OpenAPI document."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from msgspec import Struct

from latchkey.application.sessions.end_sessions import Scope
from latchkey.domain.accounts.registration import Registration
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import SignInWay
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.orders.order import OrderStatus
from latchkey.entrypoints.http.accounts.schemas import MessageBody
from latchkey.entrypoints.http.administration.schemas import (
    BootstrapBody,
    FoundUsers,
    ManagedUserBody,
    NewUserBody,
    SecondFactorKind,
    UserChangeBody,
    UserPage,
    UserStatus,
)
from latchkey.entrypoints.http.audit.schemas import EventBody, EventPage
from latchkey.entrypoints.http.health.schemas import HealthBody
from latchkey.entrypoints.http.keys.schemas import (
    EndedSessionsBody,
    JwkBody,
    JwkSetBody,
    MetadataBody,
)
from latchkey.entrypoints.http.links.schemas import LinkBody, ReadableLinkBody
from latchkey.entrypoints.http.mail.schemas import MailPage, QueuedMailBody, TestMailBody
from latchkey.entrypoints.http.openapi.example_user import ACCESS, EMAIL, NAME, USER
from latchkey.entrypoints.http.openapi.factor_examples import FACTORS
from latchkey.entrypoints.http.openapi.passkey_examples import PASSKEYS
from latchkey.entrypoints.http.orders.schemas import OrderBody, OrderPage
from latchkey.entrypoints.http.own_account.schemas import (
    AccountBody,
    DeletionBody,
    EmailChangeBody,
    NameChangeBody,
    NewEmailBody,
)
from latchkey.entrypoints.http.passwords.schemas import ChangeBody, ResetBody, ResetRequestBody
from latchkey.entrypoints.http.registration.schemas import (
    FeaturesBody,
    InvitationBody,
    InvitationPage,
    NewAccountBody,
    RegistrationBody,
    SentInvitationBody,
)
from latchkey.entrypoints.http.sessions.schemas import (
    AudienceBody,
    EndedBody,
    EndSessionsBody,
    EndUserSessionsBody,
    LoginAnswer,
    LoginBody,
    SessionBody,
    SessionPage,
    TokenBody,
)

_PASSWORD: Final = "correct horse battery"  # noqa: S105 - an example
_LINK: Final = "AX8BAZVgVE0geymfnYsoMfBGLQAAAAAB…"
_ENDED: Final = "eyJhbGciOiJFUzI1NiIsImtpZCI6IngiLCJ0eXAiOiJlbmRlZCtqd3QifQ.eyJpc3MiO….9d1f0b7c…"
_CURSOR: Final = "AAYtH3vcK8ABlWBUTSB5nrF-hWyxqi8N"
_ORDER: Final = OrderBody(
    id=UUID("01956054-4d20-799e-b17e-856cb1aa2f0d"),
    status=OrderStatus.PAID,
    total_cents=4_250,
    currency="EUR",
    created_at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
)
_JWK: Final = JwkBody(
    kty="EC",
    use="sig",
    alg="ES256",
    kid="cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
    crv="P-256",
    x="MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    y="4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
)

_SESSION: Final = SessionBody(
    id=UUID("01956054-4d20-7c44-8a51-3b0f6e0d9c21"),
    current=True,
    device="Firefox on Linux",
    address="203.0.113.7",
    signed_in_with=SignInWay.PASSWORD_AND_CODE,
    started_at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
    last_seen_at=datetime(2026, 3, 4, 11, 15, tzinfo=UTC),
    expires_at=datetime(2026, 3, 11, 11, 15, tzinfo=UTC),
)
_INVITATION: Final = SentInvitationBody(
    id=UUID("01956054-4d20-7a02-b1c3-5d6e7f809a1b"),
    email=EMAIL,
    role=Role.USER,
    expires_at=datetime(2026, 3, 11, 9, 30, tzinfo=UTC),
)

_EVENT_PAGE: Final = EventPage(
    items=[
        EventBody(
            id=UUID("01956054-4d20-7b2c-8f10-2a3b4c5d6e7f"),
            at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
            action=AuditAction.LOGIN_SUCCEEDED,
            user_id=USER.id,
            session_id=_SESSION.id,
            address="203.0.113.7",
            request_id="5f0c2a4e8d7b4b0c9a3e1d2c3b4a5968",
            detail={"device": "Firefox on Linux"},
        )
    ],
    next_cursor=_CURSOR,
)
_MAIL_PAGE: Final = MailPage(
    items=[
        QueuedMailBody(
            id=UUID("01956054-4d20-7d3a-9c41-7e8f90a1b2c3"),
            kind=MailKind.PASSWORD_CHANGED,
            to=EMAIL,
            user_id=USER.id,
            attempts=1,
            next_attempt_at=None,
            failure="550 5.1.1",
        )
    ],
    next_cursor=None,
)
EXAMPLES: Final[Mapping[str, Struct]] = MappingProxyType(
    {
        type(example).__name__: example
        for example in (
            LoginBody(email=EMAIL, password=_PASSWORD),
            BootstrapBody(email=EMAIL, password=_PASSWORD, name=NAME),
            NewUserBody(email=EMAIL, password=_PASSWORD, name=NAME, role=Role.USER),
            LoginAnswer(access_token=ACCESS, token_type="Bearer", expires_in=900, user=USER),  # noqa: S106 - a scheme
            TokenBody(access_token=ACCESS, token_type="Bearer", expires_in=900),  # noqa: S106 - a scheme
            AudienceBody(audience="orders"),
            JwkSetBody(keys=[_JWK]),
            MetadataBody(
                issuer="https://auth.example.com",
                jwks_uri="https://auth.example.com/.well-known/jwks.json",
                response_types_supported=[],
                id_token_signing_alg_values_supported=["ES256"],
            ),
            EndedSessionsBody(ended_sessions=_ENDED),
            MessageBody(message="Logged out successfully"),
            ResetRequestBody(email=EMAIL),
            ResetBody(token=_LINK, password=_PASSWORD),
            ChangeBody(current_password="staple horse battery", new_password=_PASSWORD),  # noqa: S106 - an example
            AccountBody(
                id=USER.id,
                email=EMAIL,
                name=NAME,
                role=Role.USER,
                created_at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
                pending_email="ada@example.org",
            ),
            NameChangeBody(name=NAME),
            EmailChangeBody(email="ada@example.org", current_password=_PASSWORD),
            DeletionBody(current_password=_PASSWORD),
            NewEmailBody(token=_LINK, password=_PASSWORD),
            FeaturesBody(
                registration=Registration.OPEN, mail=True, second_factors=True, passkeys=True
            ),
            RegistrationBody(email=EMAIL),
            NewAccountBody(token=_LINK, name=NAME, password=_PASSWORD),
            InvitationBody(email=EMAIL, role=Role.USER),
            _INVITATION,
            InvitationPage(items=[_INVITATION], next_cursor=None),
            LinkBody(token=_LINK),
            ReadableLinkBody(
                kind=LinkKind.PASSWORD_RESET,
                email=EMAIL,
                expires_at=datetime(2026, 3, 4, 10, 30, tzinfo=UTC),
            ),
            USER,
            OrderPage(items=[_ORDER], next_cursor=_CURSOR),
            UserPage(items=[USER], next_cursor=None),
            FoundUsers(items=[USER]),
            SessionPage(items=[_SESSION], next_cursor=None),
            EndSessionsBody(sessions=Scope.OTHERS),
            EndUserSessionsBody(sessions="all"),
            _EVENT_PAGE,
            _MAIL_PAGE,
            TestMailBody(email=EMAIL),
            UserChangeBody(disabled=True),
            ManagedUserBody(
                id=USER.id,
                email=EMAIL,
                name=NAME,
                role=Role.USER,
                status=UserStatus.DISABLED,
                created_at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
                second_factors=[SecondFactorKind.TOTP],
            ),
            EndedBody(ended=2),
            HealthBody(status="ok"),
            *FACTORS,
            *PASSKEYS,
        )
    }
)
"""One example for each request and success body, by the name of its schema."""
