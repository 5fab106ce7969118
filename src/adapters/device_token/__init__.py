"""Device tokens that authenticate themselves."""

from latchkey.adapters.device_token.codec import HmacDeviceTokenCodec

__all__ = ["HmacDeviceTokenCodec"]
