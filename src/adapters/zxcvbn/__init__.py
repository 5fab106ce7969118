"""The most common passwords, as counted by zxcvbn."""

from latchkey.adapters.zxcvbn.blocklist import ZxcvbnPasswordBlocklist

__all__ = ["ZxcvbnPasswordBlocklist"]
