"""What browsers send about passkeys, verified with fido2."""

import pytest

from latchkey.adapters.webauthn import Fido2PasskeyVerifier
from latchkey.testing.ports import PasskeyVerifierSuite
from latchkey.testing.ports.passkey_verifier import ORIGIN, RP_ID


@pytest.fixture
def passkey_verifier() -> Fido2PasskeyVerifier:
    return Fido2PasskeyVerifier(RP_ID, ORIGIN.__eq__)


class TestFido2PasskeyVerifier(PasskeyVerifierSuite):
    pass
