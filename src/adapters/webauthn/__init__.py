"""What browsers send about passkeys, verified with the library fido2."""

from latchkey.adapters.webauthn.verifier import Fido2PasskeyVerifier

__all__ = ["Fido2PasskeyVerifier"]
