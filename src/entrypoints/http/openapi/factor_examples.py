"""Examples of bodies about second factors."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from latchkey.entrypoints.http.factors.remembered_schemas import (
    ForgetDevicesBody,
    ForgottenBody,
    RememberedDeviceBody,
)
from latchkey.entrypoints.http.factors.schemas import (
    ChallengeBody,
    ConfirmBody,
    EnrolledAnswer,
    EnrolmentBody,
    FactorBody,
    FactorsBody,
    NewTotpBody,
    RecoveryCodesBody,
    SecondFactorBody,
)
from latchkey.entrypoints.http.openapi.example_user import ACCESS, USER

_FACTOR: Final = UUID("01956054-4d20-7d55-8b62-4c1f7e0dad32")
_DEVICE: Final = UUID("01956064-b8a0-7c11-9f0a-2d5b8e6a1c07")
_TOTP: Final = "JBSWY3DPEHPK3PXP…"
_CHALLENGE: Final = "AQGVYFRNIHwAnypL4aXH84AAAAABacBmAA…"
_CODES: Final = ["5q3x-0rd7-…", "9hpe-t4wc-…"]


FACTORS: Final[tuple[Struct, ...]] = (
    SecondFactorBody(challenge=_CHALLENGE, factor="totp", code="287 082", remember_device=True),
    FactorsBody(
        items=[
            FactorBody(
                id=_FACTOR,
                kind="totp",
                name=None,
                synced=None,
                created_at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
                last_used_at=datetime(2026, 3, 4, 11, 15, tzinfo=UTC),
            )
        ],
        recovery_codes_left=10,
        accepted_passkeys=None,
        remembered_devices=[
            RememberedDeviceBody(
                id=_DEVICE,
                device="Firefox on Linux",
                created_at=datetime(2026, 3, 4, 11, 15, tzinfo=UTC),
                last_used_at=None,
                expires_at=datetime(2026, 4, 3, 11, 15, tzinfo=UTC),
            )
        ],
    ),
    NewTotpBody(
        id=_FACTOR,
        secret=_TOTP,
        uri=f"otpauth://totp/auth.example.com:ada@example.com?secret={_TOTP}"
        "&issuer=auth.example.com&algorithm=SHA1&digits=6&period=30",
    ),
    ForgetDevicesBody(devices=[_DEVICE]),
    ForgottenBody(forgotten=1),
    ConfirmBody(id=_FACTOR, code="287082"),
    ChallengeBody(challenge=_CHALLENGE),
    EnrolmentBody(challenge=_CHALLENGE, id=_FACTOR, code="287082"),
    EnrolledAnswer(
        access_token=ACCESS,
        token_type="Bearer",  # noqa: S106 - a scheme
        expires_in=900,
        user=USER,
        recovery_codes=_CODES,
    ),
    RecoveryCodesBody(
        access_token=ACCESS,
        token_type="Bearer",  # noqa: S106 - a scheme
        expires_in=900,
        recovery_codes=_CODES,
    ),
)
