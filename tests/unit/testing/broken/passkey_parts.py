"""Passkeys that are believed too much, and challenges that are good for too long or for others."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from latchkey.adapters.passkey_challenge import HmacPasskeyChallengeCodec
from latchkey.adapters.webauthn import Fido2PasskeyVerifier
from latchkey.adapters.webauthn.client_data import GET, ClientData
from latchkey.adapters.webauthn.signatures import Attested, DeviceState
from latchkey.domain.factors.errors import ChallengeInvalidError, PasskeyInvalidError
from latchkey.domain.factors.passkey import PasskeyUse
from latchkey.testing.ports import PasskeyChallengeCodecSuite, PasskeyVerifierSuite
from latchkey.testing.ports.passkey_verifier import ORIGIN
from unit.testing.broken.fault import Fault

Method = Callable[..., Any]
CODEC: Final = HmacPasskeyChallengeCodec
ENCODE_CREATION: Final = CODEC.encode_creation
DECODE_REQUEST, DECODE_CREATION = CODEC.decode_request, CODEC.decode_creation
READ: Final = CODEC._decode  # noqa: SLF001 - to break it
VERIFIER: Final = Fido2PasskeyVerifier
CREATED, USED, CHALLENGE_OF = VERIFIER.created, VERIFIER.used, VERIFIER.challenge_of
HOLDS: Final = VERIFIER._check  # noqa: SLF001 - to break it
ASKED: Final = ClientData.check
STRAY: Final = " \n\0="
MICROSECOND: Final = timedelta(microseconds=1)
AGES_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
NOBODY: Final = UUID(int=0)


def _late(decode: Method) -> Method:
    return lambda self, encoded, now: decode(self, encoded, now - MICROSECOND)


def _for_ever(decode: Method) -> Method:
    return lambda self, encoded, _: decode(self, encoded, AGES_AGO)


def _without_key(self: Any, label: bytes, encoded: str, size: int) -> bytes:
    try:
        body: bytes = READ(self, label, encoded, size)
    except ChallengeInvalidError:
        if len(encoded) != (size + 32) // 3 * 4 or not encoded.isascii():
            raise
        return base64.urlsafe_b64decode(encoded)[:size]
    return body


def _request_of_either_kind(self: Any, encoded: str, now: datetime) -> UUID:
    try:
        return DECODE_REQUEST(self, encoded, now)
    except ChallengeInvalidError:
        return DECODE_CREATION(self, encoded, now).id


def _challenge_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"Challenges{name}", PasskeyChallengeCodecSuite, CODEC, **methods)

    yield broken("OfSignInsNeverExpire", decode_request=_for_ever(DECODE_REQUEST))
    yield broken("OfPasskeysNeverExpire", decode_creation=_for_ever(DECODE_CREATION))
    yield broken("OfSignInsExpireLate", decode_request=_late(DECODE_REQUEST))
    yield broken("OfPasskeysExpireLate", decode_creation=_late(DECODE_CREATION))
    yield broken(
        "ForgetTheUser",
        encode_creation=lambda self, each: ENCODE_CREATION(self, replace(each, user_id=NOBODY)),
    )
    yield broken(
        "ForgetTheHandle",
        encode_creation=lambda self, each: ENCODE_CREATION(
            self, replace(each, user_handle=bytes(32))
        ),
    )
    yield broken(
        "AreStripped",
        _decode=lambda self, label, encoded, size: READ(self, label, encoded.strip(STRAY), size),
    )
    yield broken("AreOfAnyKey", _decode=_without_key)
    yield broken("AreOfEitherKind", decode_request=_request_of_either_kind)


def _held(**ignored: Any) -> Method:
    return lambda self, state: HOLDS(self, replace(state, **ignored))


def _of_any_party(self: Any, state: DeviceState) -> None:
    HOLDS(self, replace(state, rp_id_hash=self._rp_id_hash))


def _asked(**ignored: Any) -> Method:
    return lambda self, kind, is_own: ASKED(replace(self, **ignored), kind, is_own)


def _used_unsigned(self: Any, passkey: Any, assertion: Any) -> PasskeyUse:
    ClientData.read(assertion.client_data).check(GET, self._is_own)
    state = DeviceState.read(assertion.authenticator_data)
    self._check(state)
    is_of_user = assertion.user_handle in {None, passkey.user_handle}
    if assertion.credential_id != passkey.credential_id or not is_of_user:
        raise PasskeyInvalidError
    return PasskeyUse(sign_count=state.sign_count, is_backed_up=state.is_backed_up)


def _used_in_order(self: Any, passkey: Any, assertion: Any) -> PasskeyUse:
    use: PasskeyUse = USED(self, passkey, assertion)
    if use.sign_count < passkey.sign_count:
        raise PasskeyInvalidError
    return use


def _created_by_known_makers(self: Any, attestation: Any) -> Any:
    if b"packed" in attestation.attestation_object:
        raise PasskeyInvalidError
    return CREATED(self, attestation)


def _created_by_what_is_signed(self: Any, attestation: Any) -> Any:
    signed = Attested.read(attestation.attestation_object).credential_id
    return CREATED(self, replace(attestation, credential_id=signed))


def _challenge_of_own_pages(self: Any, client_data: bytes) -> str:
    ClientData.read(client_data).check(GET, self._is_own)
    return CHALLENGE_OF(self, client_data)


def _challenge_of_anything(self: Any, client_data: bytes) -> str:
    try:
        return CHALLENGE_OF(self, client_data)
    except PasskeyInvalidError:
        return ""


def _verifier_faults() -> Iterator[Fault]:
    def broken(name: str, owner: type = VERIFIER, /, **methods: Method) -> Fault:
        return Fault.of(f"PasskeysAre{name}", PasskeyVerifierSuite, owner, **methods)

    yield broken("OfAnyRelyingParty", _check=_of_any_party)
    yield broken("OfAnyUser", _check=_held(is_verified=True))
    yield broken("OfNobody", _check=_held(is_present=True))
    yield broken("BackedUpAnyhow", _check=_held(is_backed_up=False))
    yield broken("OfAnyPage", ClientData, check=_asked(origin=ORIGIN))
    yield broken("OfAnyFrame", ClientData, check=_asked(is_framed=False))
    yield broken(
        "OfEitherCeremony",
        ClientData,
        check=lambda self, _, is_own: ASKED(self, self.kind, is_own),
    )
    yield broken("Unsigned", used=_used_unsigned)
    yield broken("Counted", used=_used_in_order)
    yield broken(
        "OfAnotherUser",
        used=lambda self, passkey, each: USED(self, passkey, replace(each, user_handle=None)),
    )
    yield broken(
        "OfAnotherDevice",
        used=lambda self, passkey, each: USED(
            self, passkey, replace(each, credential_id=passkey.credential_id)
        ),
    )
    yield broken("OfKnownMakers", created=_created_by_known_makers)
    yield broken("AddedUnderAnyId", created=_created_by_what_is_signed)
    yield broken("ReadAfterTheyAreVerified", challenge_of=_challenge_of_own_pages)
    yield broken("ReadFromAnything", challenge_of=_challenge_of_anything)


def faults() -> Iterator[Fault]:
    """Break what has no storage behind it."""
    yield from _challenge_faults()
    yield from _verifier_faults()
