"""The query parameters of lists."""

from typing import Annotated

from litestar.params import QueryParameter

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="At most so many items.")]
CursorParameter = Annotated[
    str | None, QueryParameter(name="cursor", description="`nextCursor` of the page before.")
]
