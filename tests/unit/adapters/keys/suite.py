"""What every kind of key promises."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latchkey.adapters.keys import SigningKey, VerifyingKeySet

_any_binding = settings(
    suppress_health_check=[
        HealthCheck.differing_executors,  # a suite is bound more than once
        HealthCheck.function_scoped_fixture,  # a key has no state to be reset
    ]
)


class KeySuite:
    """Bind it to a kind of key with the fixtures `key` and `foreign`, two different keys."""

    @_any_binding
    @given(st.binary())
    def test_what_a_key_signs_it_verifies(self, key: SigningKey, message: bytes) -> None:
        assert key.verifying.verify(message, key.sign(message))

    def test_a_key_does_not_change_by_its_use(self, key: SigningKey) -> None:
        signature = key.sign(b"message")

        verified = [key.verifying.verify(b"message", signature) for _ in range(3)]

        assert verified == [True, True, True]
        assert key.verifying.verify(b"message", key.sign(b"message"))

    @_any_binding
    @given(st.binary())
    def test_what_another_key_signs_it_refuses(
        self, key: SigningKey, foreign: SigningKey, message: bytes
    ) -> None:
        assert not key.verifying.verify(message, foreign.sign(message))

    @_any_binding
    @given(st.binary(), st.binary())
    def test_a_signature_is_good_for_its_message_only(
        self, key: SigningKey, message: bytes, other: bytes
    ) -> None:
        assert key.verifying.verify(other, key.sign(message)) == (other == message)

    @_any_binding
    @given(st.binary(max_size=200))
    def test_any_bytes_are_no_signature(self, key: SigningKey, signature: bytes) -> None:
        assert key.verifying.verify(b"message", signature) is False

    def test_a_signature_with_another_bit_is_refused(self, key: SigningKey) -> None:
        signature = key.sign(b"message")
        bits = [1 << position for position in range(8 * len(signature))]

        accepted = [
            bit
            for bit in bits
            if key.verifying.verify(
                b"message", (int.from_bytes(signature) ^ bit).to_bytes(len(signature))
            )
        ]

        assert accepted == []

    def test_a_signature_cut_or_extended_is_refused(self, key: SigningKey) -> None:
        signature = key.sign(b"message")
        changed = [b"", signature[:-1], signature[1:], signature + b"\0", b"\0" + signature]

        assert [each for each in changed if key.verifying.verify(b"message", each)] == []

    def test_two_keys_have_two_names(self, key: SigningKey, foreign: SigningKey) -> None:
        assert key.verifying.kid != foreign.verifying.kid

    def test_the_verifying_part_cannot_sign(self, key: SigningKey) -> None:
        with pytest.raises(AttributeError, match="sign"):
            key.verifying.sign(b"message")  # type: ignore[attr-defined]

    def test_a_signing_key_does_not_pass_for_one_that_only_verifies(self, key: SigningKey) -> None:
        with pytest.raises(AttributeError, match="kid"):
            VerifyingKeySet([key])  # type: ignore[list-item]
