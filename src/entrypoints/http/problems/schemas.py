"""Problem details (RFC 9457) as the OpenAPI document describes them."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from latchkey.domain.sessions.end_reason import EndReason


class FieldError(Struct, frozen=True):
    """One thing that is wrong with one field."""

    field: Annotated[str, Meta(description="The member's name; empty for the whole.")]
    message: str


class ProblemBody(Struct, frozen=True, rename="camel"):
    """Problem details (RFC 9457)."""

    type: Annotated[str, Meta(description="`/problems/<code>`, a page that explains it.")]
    title: str
    status: int
    detail: str
    code: Annotated[str, Meta(description="Stable; branch on this.")]
    request_id: str
    errors: Annotated[list[FieldError] | UnsetType, Meta(description="With `invalid_request`.")] = (
        UNSET
    )
    reason: Annotated[EndReason | UnsetType, Meta(description="With `session_ended`.")] = UNSET
