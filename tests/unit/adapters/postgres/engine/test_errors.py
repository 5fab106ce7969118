"""Failures of statements are outages, faults, or errors of the domain."""

import asyncpg
import pytest

from latchkey.adapters.postgres.engine.errors import reraise
from latchkey.domain.accounts.errors import EmailTakenError
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError


def failure(state: str, **fields: str) -> asyncpg.PostgresError:
    """Make the error of a server's message."""
    codes = {"S": "ERROR", "C": state, "M": "said the server", **fields}
    error: asyncpg.PostgresError = asyncpg.PostgresError.new(codes)
    return error


@pytest.mark.parametrize(
    "state",
    ["08006", "25006", "40001", "40P01", "53300", "55P03", "57014", "57P01", "58030", "XX000"],
)
def test_what_may_succeed_later_is_an_outage(state: str) -> None:
    with pytest.raises(StorageUnavailableError):
        reraise(failure(state))


@pytest.mark.parametrize(
    "state", ["22P05", "22021", "23502", "23505", "3F000", "42501", "42703", "42P01", "54000"]
)
def test_what_fails_again_is_a_fault_in_the_words_of_the_server(state: str) -> None:
    with pytest.raises(StorageFaultError, match="said the server"):
        reraise(failure(state))


def test_a_constraint_with_a_meaning_is_an_error_of_the_domain() -> None:
    with pytest.raises(EmailTakenError):
        reraise(failure("23505", n="email_key"), {"email_key": EmailTakenError})


def test_a_fault_shows_no_value_of_a_row() -> None:
    with pytest.raises(StorageFaultError) as fault:
        reraise(failure("23502", D="Failing row contains (violet)."))

    assert "violet" not in str(fault.value)
    assert fault.value.__suppress_context__


def test_a_fault_shows_no_value_that_cannot_be_encoded() -> None:
    with pytest.raises(StorageFaultError) as fault:
        reraise(asyncpg.DataError("invalid input for query argument $1: 'violet'"))

    assert "violet" not in str(fault.value)
