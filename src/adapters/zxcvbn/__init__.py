"""The list of common passwords of zxcvbn."""

from latchkey.adapters.zxcvbn.blocklist import ZxcvbnPasswordBlocklist

__all__ = ["ZxcvbnPasswordBlocklist"]
