"""The list of common passwords of zxcvbn."""

from latchkey.adapters.zxcvbn.blocklist import ZxcvbnPasswordBlocklist, frequency_lists

__all__ = ["ZxcvbnPasswordBlocklist", "frequency_lists"]
