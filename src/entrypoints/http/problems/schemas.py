"""Problem details (RFC 9457) as the OpenAPI document describes them."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.sessions.end_reason import EndReason


class FieldError(Struct, frozen=True):
    """One fault in one field of the request."""

    field: Annotated[
        str, Meta(description="The name of the field; empty for the request as a whole.")
    ]
    message: str


class ProblemBody(Struct, frozen=True, rename="camel"):
    """Problem details (RFC 9457)."""

    type: Annotated[str, Meta(description="`/problems/<code>`, a page that explains the problem.")]
    title: str
    status: int
    detail: str
    code: Annotated[str, Meta(description="Stable. Clients should branch on it.")]
    request_id: str
    errors: Annotated[
        list[FieldError] | UnsetType, Meta(description="Only with the code `invalid_request`.")
    ] = UNSET
    reason: Annotated[
        str | UnsetType,
        Meta(
            description="Only with the codes `session_ended` and `link_ended`.",
            extra_json_schema={"enum": sorted({*EndReason, *LinkEnd})},
        ),
    ] = UNSET
    challenge: Annotated[
        str | UnsetType, Meta(description="Only with the code `second_factor_required`.")
    ] = UNSET
    factors: Annotated[
        list[SecondMethod] | UnsetType,
        Meta(description="Only with the code `second_factor_required`: each is enough."),
    ] = UNSET
    expires_in: Annotated[
        int | UnsetType,
        Meta(
            description="Only with the code `second_factor_required`: how many seconds the"
            " challenge is good."
        ),
    ] = UNSET
    remember_device_for: Annotated[
        int | UnsetType | None,
        Meta(
            description="Only with the code `second_factor_required`: for how many seconds the"
            " device can be remembered, or null if it cannot."
        ),
    ] = UNSET
