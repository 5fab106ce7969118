"""What a challenge is bound to."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.factors.pending_sign_in import BINDING_BYTES, PendingSignIn
from latchkey.testing.factories import UserFactory
from latchkey.testing.frozen_clock import START

CREDENTIAL: Final = PasswordCredential(
    user=UserFactory.build(), password_hash=PasswordHash("one"), password_version=1
)
OTHERS: Final = {
    "another user": replace(CREDENTIAL, user=UserFactory.build()),
    "another password": replace(CREDENTIAL, password_hash=PasswordHash("two")),
}


def test_a_challenge_is_good_for_five_minutes_in_whole_seconds() -> None:
    pending = PendingSignIn.begin(CREDENTIAL, START + timedelta(milliseconds=800))

    assert pending.expires_at == (START + timedelta(minutes=5)).replace(microsecond=0)


def test_a_challenge_is_of_its_credential_whatever_else_changes() -> None:
    pending = PendingSignIn.begin(CREDENTIAL, START)

    assert pending.is_of(replace(CREDENTIAL, has_second_factor=True, password_version=2))
    assert len(pending.binding) == BINDING_BYTES


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_a_challenge_is_of_no_other_user_and_no_other_password(other: PasswordCredential) -> None:
    assert not PendingSignIn.begin(CREDENTIAL, START).is_of(other)


def test_without_the_stored_hash_nobody_makes_a_challenge() -> None:
    known = PendingSignIn.begin(CREDENTIAL, START)

    made_up = replace(known, binding=bytes(BINDING_BYTES))

    assert not made_up.is_of(CREDENTIAL)
