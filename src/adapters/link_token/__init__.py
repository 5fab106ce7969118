"""Link tokens that can be verified without any storage."""

from latchkey.adapters.link_token.codec import HmacLinkTokenCodec

__all__ = ["HmacLinkTokenCodec"]
