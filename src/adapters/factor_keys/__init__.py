"""Secrets of second factors, computed with keys."""

from latchkey.adapters.factor_keys.hmac_factor_keys import HmacFactorKeys

__all__ = ["HmacFactorKeys"]
