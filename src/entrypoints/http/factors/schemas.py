"""Request and response bodies for second factors: JSON with camelCase members."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import Meta, Struct

from latchkey.application.enrolment.confirm_totp import FactorsChanged
from latchkey.application.enrolment.list_factors import ListedFactors
from latchkey.application.enrolment.pending_totp import BegunTotp
from latchkey.application.sign_in.required_factor import EnrolledLoggedIn
from latchkey.domain.factors.factor import TotpFactor
from latchkey.domain.factors.passkey import Passkey
from latchkey.entrypoints.http.accounts.schemas import Typed
from latchkey.entrypoints.http.factors.passkey_options import AcceptedPasskeysBody
from latchkey.entrypoints.http.factors.remembered_schemas import RememberedDeviceBody
from latchkey.entrypoints.http.sessions.schemas import LoginAnswer, TokenBody

Code = Annotated[
    str,
    Meta(
        description="As typed: 6 digits of an app, or the 12 letters and digits of a recovery code."
        " Blanks, and hyphens in recovery codes, are ignored.",
        examples=["287082"],
    ),
]

Challenge = Annotated[
    str, Meta(description="That of the login's problem, `second_factor_required`.")
]


RecoveryCodes = Annotated[
    list[str],
    Meta(
        description="Shown once. Empty if the earlier ones stay good.",
        examples=[["5q3x-0rd7-…"]],
    ),
]


class SecondFactorBody(Typed, frozen=True, rename="camel"):
    """The answer to a challenge."""

    challenge: Challenge
    factor: Annotated[Literal["totp", "recovery_code"], Meta(description="What the code is of.")]
    code: Code
    remember_device: Annotated[
        bool,
        Meta(
            description="Whether the password shall be enough on this device, for the"
            " `rememberDeviceFor` seconds of the login's problem. Ignored if that was null."
        ),
    ] = False


class ChallengeBody(Typed, frozen=True):
    """A challenge that asks for a second factor that there is none of."""

    challenge: Challenge


class EnrolmentBody(Typed, frozen=True):
    """A challenge, and a code that shows that the app has the secret."""

    challenge: Challenge
    id: UUID
    code: Code


class FactorBody(Struct, frozen=True, rename="camel"):
    """A second factor."""

    id: UUID
    kind: Literal["totp", "passkey"]
    name: Annotated[str | None, Meta(description="Of a passkey only.")]
    created_at: datetime
    last_used_at: Annotated[
        datetime, Meta(description="When it was accepted last, to half a minute or a few minutes.")
    ]
    synced: Annotated[
        bool | None,
        Meta(description="Of a passkey only: whether the user's other devices can have it, too."),
    ]

    @classmethod
    def of(cls, factor: TotpFactor) -> Self:
        """Encode a confirmed factor."""
        used_at = factor.last_used_at or factor.created_at
        return cls(
            id=factor.id,
            kind="totp",
            name=None,
            created_at=factor.created_at,
            last_used_at=used_at,
            synced=None,
        )

    @classmethod
    def of_passkey(cls, passkey: Passkey) -> Self:
        """Encode a passkey."""
        return cls(
            id=passkey.id,
            kind="passkey",
            name=passkey.name,
            created_at=passkey.created_at,
            last_used_at=passkey.last_used_at,
            synced=passkey.is_synced,
        )


class FactorsBody(Struct, frozen=True, rename="camel"):
    """The second factors of the signed-in user."""

    items: list[FactorBody]
    recovery_codes_left: Annotated[int, Meta(ge=0)]
    accepted_passkeys: AcceptedPasskeysBody | None
    remembered_devices: Annotated[list[RememberedDeviceBody], Meta(description="The newest first.")]

    @classmethod
    def of(cls, listed: ListedFactors) -> Self:
        """Encode the factors that are confirmed."""
        totp = listed.found.totp
        return cls(
            items=[
                *([FactorBody.of(totp)] if totp else []),
                *map(FactorBody.of_passkey, listed.passkeys),
            ],
            recovery_codes_left=listed.found.recovery_codes_left,
            accepted_passkeys=AcceptedPasskeysBody.of(listed.passkeys),
            remembered_devices=[*map(RememberedDeviceBody.of, listed.remembered)],
        )


class NewTotpBody(Typed, frozen=True):
    """An authenticator app that is not confirmed yet. Its secret is never shown again."""

    id: UUID
    secret: Annotated[
        str,
        Meta(description="In base32, to type into an app.", examples=["JBSWY3DPEHPK3PXP…"]),
    ]
    uri: Annotated[str, Meta(description="The same as an `otpauth:` address, for a QR code.")]

    @classmethod
    def of(cls, begun: BegunTotp) -> Self:
        """Encode a factor with its secret."""
        return cls(id=begun.id, secret=begun.secret, uri=begun.uri)


class ConfirmBody(Typed, frozen=True):
    """A code that shows that the app has the secret."""

    id: UUID
    code: Code


class RecoveryCodesBody(TokenBody, frozen=True, rename="camel", kw_only=True):
    """The access token of the session that replaces all others, and new recovery codes."""

    recovery_codes: RecoveryCodes

    @classmethod
    def of_change(cls, changed: FactorsChanged) -> Self:
        """Encode a change."""
        body = TokenBody.of(changed.tokens.access)
        return cls(
            access_token=body.access_token,
            token_type=body.token_type,
            expires_in=body.expires_in,
            recovery_codes=[code.shown() for code in changed.codes],
        )


class EnrolledAnswer(LoginAnswer, frozen=True, rename="camel", kw_only=True):
    """What a login gets, and new recovery codes."""

    recovery_codes: RecoveryCodes

    @classmethod
    def of_enrolment(cls, logged_in: EnrolledLoggedIn) -> Self:
        """Encode the result of a login that has added a second factor."""
        login = LoginAnswer.of_login(logged_in)
        return cls(
            access_token=login.access_token,
            token_type=login.token_type,
            expires_in=login.expires_in,
            user=login.user,
            recovery_codes=[code.shown() for code in logged_in.codes],
        )
