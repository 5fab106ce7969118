"""What clients are told of a body that does not match the schema: a field, and JSON's own terms."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.kernel.errors import Violation
from latchkey.entrypoints.http.problems.decoding import violation_of

LONGEST = 64


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    id: str | list[str]
    is_good: bool = False


class Body(msgspec.Struct, forbid_unknown_fields=True):
    inner: Inner
    rows: list[Inner] = []


def told(body: object) -> Violation:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.json.decode(json.dumps(body), type=Body)
    return violation_of(refused.value)


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ([], "", "must be an object"),
        ({}, "inner", "is required"),
        ({"inner": {}}, "inner.id", "is required"),
        ({"inner": {"id": 7}}, "inner.id", "must be a string or an array"),
        ({"inner": {"id": "7", "is_good": "false"}}, "inner.is_good", "must be true or false"),
        ({"inner": {"id": "7"}, "rows": [{"id": "7"}, {}]}, "rows[1].id", "is required"),
        ({"inner": {"id": "7"}, "rows": None}, "rows", "must be an array"),
    ],
)
def test_a_field_is_named_with_its_path(body: object, field: str, message: str) -> None:
    assert told(body) == Violation(field, message)


@given(st.text(min_size=1).filter(lambda name: name not in {"inner", "rows"}))
def test_of_an_unknown_member_no_more_than_the_beginning_of_its_name_comes_back(name: str) -> None:
    for made_up in (name, f"a secret - at `$.{name}", f"{name}` - at `$.x", name * 40):
        violation = told({"inner": {"id": "7"}, made_up: 1})

        assert violation.message == "is not known"
        assert len(violation.field) <= LONGEST
        assert made_up.startswith(violation.field)
