from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.kernel.page import Position
from latchkey.entrypoints.http.pagination import read_cursor, write_cursor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
positions = st.builds(
    Position,
    created_at=st.timedeltas(timedelta(days=-25_000), timedelta(days=100_000)).map(EPOCH.__add__),
    id=st.uuids(),
)


@given(positions)
def test_a_cursor_gives_back_its_position_to_the_microsecond(position: Position) -> None:
    assert read_cursor(write_cursor(position)) == position


def test_the_end_and_the_beginning_have_no_cursor() -> None:
    assert write_cursor(None) is None
    assert read_cursor(None) is None


@given(st.text() | st.text(alphabet="ABCabc012-_", min_size=32, max_size=32))
def test_any_text_is_a_position_or_is_refused(text: str) -> None:
    with suppress(InvalidInputError):
        assert read_cursor(text) is not None


@pytest.mark.parametrize("text", ["", "zz", "=" * 32, "é" * 32, "+" + "A" * 31, "A" * 31 + "/"])
def test_what_the_service_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_cursor(text)

    assert caught.value.violations[0].field == "cursor"
