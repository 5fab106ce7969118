"""Request and response bodies for remembered devices."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import Meta, Struct

from latchkey.domain.factors.remembered_device import RememberedDevice, RememberedDeviceId


class RememberedDeviceBody(Struct, frozen=True, rename="camel"):
    """A device on which the password is enough."""

    id: UUID
    device: Annotated[
        str | None,
        Meta(description="The browser and system, if known.", examples=["Firefox on Linux"]),
    ]
    created_at: Annotated[datetime, Meta(description="When the second factor was proven.")]
    last_used_at: Annotated[
        datetime | None, Meta(description="When it last stood in for a code; null if never.")
    ]
    expires_at: datetime

    @classmethod
    def of(cls, remembered: RememberedDevice) -> Self:
        """Encode a device."""
        return cls(
            id=remembered.id,
            device=remembered.name or None,
            created_at=remembered.created_at,
            last_used_at=remembered.last_used_at,
            expires_at=remembered.expires_at,
        )


class ForgetDevicesBody(Struct, forbid_unknown_fields=True, frozen=True):
    """Which devices to forget."""

    devices: Annotated[
        Annotated[list[UUID], Meta(min_length=1, max_length=100)] | Literal["all"],
        Meta(description="1 to 100 ids of remembered devices, or `all`."),
    ]

    @property
    def chosen(self) -> Collection[RememberedDeviceId] | None:
        """The devices to forget, in the terms of the use case."""
        if isinstance(self.devices, str):
            return None
        return [RememberedDeviceId(each) for each in self.devices]


class ForgottenBody(Struct, frozen=True):
    """How many devices were forgotten."""

    forgotten: Annotated[int, Meta(ge=0)]
