"""Identifiers that sort by time of birth."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.kernel.identifier import first_id_of, new_id
from latchkey.testing.frozen_clock import START

MILLISECOND = timedelta(milliseconds=1)
INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the time zone
    timezones=st.just(UTC),
)


@given(at=INSTANTS)
def test_an_identifier_is_a_uuid_of_version_7(at: datetime) -> None:
    identifier = new_id(at)

    assert identifier.version == 7
    assert identifier.variant == RFC_4122


def test_an_identifier_begins_with_unix_milliseconds() -> None:
    # the example of RFC 9562, appendix A.6
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)

    assert str(new_id(at)).startswith("017f22e2-79b0-7")


@given(at=INSTANTS)
def test_a_later_millisecond_makes_a_greater_identifier(at: datetime) -> None:
    earlier = min(at, datetime.max.replace(tzinfo=UTC) - MILLISECOND)

    assert new_id(earlier) < new_id(earlier + MILLISECOND)


def test_identifiers_of_one_instant_differ() -> None:
    assert len({new_id(START) for _ in range(1000)}) == 1000


def test_identifiers_of_one_instant_sort_as_they_were_made() -> None:
    made = [new_id(START) for _ in range(10_000)]

    assert made == sorted(made)


def test_30_bits_are_random_and_the_last_12_are_reserved() -> None:
    identifiers = [new_id(START).int & ((1 << 42) - 1) for _ in range(200)]
    ever_set, always_set = 0, (1 << 42) - 1
    for identifier in identifiers:
        ever_set |= identifier
        always_set &= identifier

    assert ever_set ^ always_set == (1 << 42) - (1 << 12)
    assert ever_set % (1 << 12) == 0


@given(at=INSTANTS)
def test_the_first_identifier_of_an_instant_is_the_floor_of_all(at: datetime) -> None:
    floor = first_id_of(at)

    assert floor <= new_id(at)
    assert floor.version == 7
    assert floor.int & 0x0FFF_3FFF_FFFF_FFFF_FFFF == 0


def test_the_first_identifier_of_an_instant_is_above_all_before() -> None:
    floor = first_id_of(START)

    assert all(new_id(START - MILLISECOND) < floor for _ in range(100))
